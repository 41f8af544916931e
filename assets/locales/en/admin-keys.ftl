# Keys: lists, one key, making, batches, PINs set anew.

keys-title = Keys
keys-lists = Lists of keys
keys-all = All keys
keys-ending = Ending soon
keys-loading = Fetching the keys
keys-make = Make a key
keys-batch = Batch
keys-unblock = Set a PIN anew
keys-search = Fingerprint, token, certificate or customer number
keys-clear = Show all keys
keys-none = No keys yet
keys-none-text = Keys appear here once they are issued.
keys-none-found = No key fits
keys-none-found-text = Check the number, or look among all states and holders.
keys-none-found-more = Only the { $count } newest keys were searched. Load more of them, or type the customer's whole number.
keys-under-way = Keys are being made.
keys-under-way-over = Keys were made; their papers are still here.
keys-under-way-letters = { $count ->
    [one] 1 PIN letter is not in its envelope yet.
   *[other] { $count } PIN letters are not in their envelopes yet.
 }
keys-under-way-show = Show
keys-crl-text = Everybody may check certificates against the revocation list; the server publishes a new one whenever a key ends.
keys-crl-save = Save the newest list

keys-column-holder = Holder
keys-column-state = State
keys-column-since = Since
keys-column-key = Fingerprint
keys-column-token = Token
keys-column-until = Valid until
keys-column-advice = What to do
keys-column-action = Action

keys-whose = Whose
keys-whose-all = All
keys-whose-customers = Customers
keys-whose-admins = Administrators
keys-whose-customer = Customer
keys-whose-admin = Administrator
keys-holder-customer = Customer { $customer }
keys-of-customer = Key of customer { $customer }
keys-of-admin = Key of { $name }
keys-holder-named = { $name } ({ $customer })
keys-holder-admin = { $name }, { $role }

keys-state-any = Every state
keys-state-blank = Blank
keys-state-issued = Issued
keys-state-bound = Bound
keys-state-unbound = Given back
keys-state-lost = Lost
keys-state-revoked = Revoked
keys-state-expired = Expired
keys-state-replaced = Replaced

keys-left-today = ends today
keys-left = { $days ->
    [one] 1 day left
   *[other] { $days } days left
 }
keys-left-over = { $days ->
    [one] ended yesterday
   *[other] ended { $days } days ago
 }
keys-days = { $days } days
keys-ending-within = Ending within
keys-ending-text = Bound keys whose time is nearly over, the most urgent first.
keys-ending-none = No key ends within { $days } days
keys-ending-none-text = Holders are reminded by their app from two thirds of a key's life on, and renew it there with their PIN.
keys-replace-one = Replace the key of { $name }
keys-advice-holder-renews = Nothing yet: the holder is asked to renew it in the app.
keys-advice-call-holder = Call the holder: the app renews it with the PIN. If that cannot be done, replace it.
keys-advice-succeeded = Renewed: the new key is bound, this one goes by itself.
keys-advice-make-another = A security officer makes another for the post, and this one is given back.
keys-advice-over = Its time is over: the holder needs another key.

# One key
keys-one = Key
keys-one-loading = Fetching the key
keys-certificate = Certificate
keys-holder = Holder
keys-valid = Valid
keys-valid-span = { $from } to { $until }
keys-renewal = Renewal
keys-renewal-from = by its holder, from { $date }
keys-token = Token
keys-token-number = serial number { $serial }
keys-token-not-told = not told
keys-fingerprint = Fingerprint
keys-serial = Certificate number
keys-issuer = Issued by
keys-use = Good for
keys-use-customer = logging in and signing orders (Ed25519), with a second certificate for what is kept offline (X25519)
keys-use-admin = logging in and signing acts (Ed25519)
keys-succeeds = In the place of
keys-successor = Its place was taken by

keys-life = Life
keys-reason-issued = certificates issued
keys-reason-handed-over = handed over
keys-reason-renewed = renewed by its holder
keys-reason-renewal-failed = the renewal was not finished
keys-reason-by-operator = on the server itself
keys-actor-you = you
keys-actor-server = the server
keys-actor-platform = the payment platform
keys-actor-operator = on the server itself

keys-acts = What can be done
keys-acts-own = This is your own key. Nobody acts on the own key: ask a colleague.
keys-acts-over = Its life is over. Nothing leads back from here.
keys-acts-none = Your role changes nothing about this key.
keys-live = { $count ->
    [one] 1 live session
   *[other] { $count } live sessions
 }
keys-act-bind = Bind
keys-act-bind-for = Hand it to its holder: from then on it opens the account.
keys-act-replace = Replace
keys-act-replace-for = Make another key in its place. Bills, payments and history stay.
keys-act-unbind = Take back
keys-act-unbind-for = The holder gave it back. The account stays.
keys-act-lose = Report lost
keys-act-lose-for = It is gone, or somebody else may have it.
keys-act-revoke = Revoke
keys-act-revoke-for = Withdraw its certificates: misuse, or a mistake when it was made.

keys-ask-bind = Bind this key?
keys-ask-unbind = Take this key back?
keys-ask-lose = Report this key lost?
keys-ask-revoke = Revoke this key?
keys-once-sessions = { $count ->
    [0] Nobody is logged in with it now; from this second nobody can.
    [one] Its live session is cut within a second.
   *[other] Its { $count } live sessions are cut within a second.
 }
keys-once-orders = Orders it signed that are not at the bank yet are refused.
keys-once-crl = A new revocation list is published at once.
keys-once-unbind = This cannot be taken back. The token can be set up again.
keys-once-lose = This cannot be taken back. If it turns up, it is set up again as a new key.
keys-once-revoke = This cannot be taken back.
keys-reason = Reason
keys-reason-hint = Kept in the audit chain with your name.
keys-reason-empty = Write the reason in a few words.
keys-reason-long = Too long: { $length } bytes, at most { $most }.
keys-reason-like-unbind = Company moved away, key handed in at the counter
keys-reason-like-lose = Holder called: left in a taxi
keys-reason-like-revoke = Made for the wrong customer
keys-reason-like-replace = Token worn out

keys-done-unbind = The key is taken back
keys-done-lose = The key is shut out
keys-done-revoke = The key is revoked
keys-done-sessions = { $count ->
    [0] Nobody was logged in with it.
    [one] 1 live session was cut.
   *[other] { $count } live sessions were cut.
 }
keys-done-orders = { $count ->
    [0] No order was waiting.
    [one] 1 waiting order was refused.
   *[other] { $count } waiting orders were refused.
 }
keys-done-crl = A new revocation list is published.
keys-done-next = The account, its bills and payments stay as they are. Another key opens them again.
keys-done-close = Done
keys-done-make = Make its replacement

keys-bind-text = From then on it opens the account. The PIN letter goes by another way.
keys-place = Where does it belong?
keys-place-beside = Beside the holder's other keys
keys-place-beside-for = All of them open the account.
keys-place-of = In the place of { $key }
keys-place-of-for = { $state } since { $date }.
keys-place-of-bound = It goes at once; its sessions are cut. Orders it signed go on.

# Making one
keys-make-text = From a blank token in the reader to a bound key in its holder's hand.
keys-makes-none = Your role makes no keys
keys-makes-none-text = Operators make customers' keys, security officers make administrators'.
keys-step-whom = Whom is it for?
keys-step-token = Which token?
keys-step-pin = The token's SO PIN
keys-find = Customer
keys-find-like = Beginning of a number, or part of a name
keys-find-first = Choose a customer.
keys-find-loading = Looking for customers
keys-find-none = No customer fits “{ $text }”.
keys-find-more = There are more: type more of the number or name.
keys-found = Customers found
keys-other-customer = Another customer
keys-post = Name of the post
keys-post-hint = It stands in the certificate, such as desk-3. Letters, digits, dashes and dots.
keys-post-bad = 1 to 40 letters, digits, dashes or dots.
keys-post-role = Role
keys-role-operator-may = Serves customers: keys, bills, payments.
keys-role-security-officer-may = Makes administrators' keys, ends any key, reads the audit chain.
keys-role-auditor-may = Reads and verifies everything, changes nothing.
keys-bind-later = Do not bind it yet
keys-bind-later-hint = For a key that goes by post: it opens nothing until it has arrived and somebody binds it here.

keys-tokens-loading = Looking at the readers
keys-tokens-none = Put a blank token into the reader
keys-tokens-none-text = This page notices it by itself.
keys-tokens-none-set-up = Put the token into the reader
keys-tokens-none-set-up-text = Blank tokens have no PIN to set anew and are not shown.
keys-tokens-used = { $count ->
    [one] Show 1 token that is not blank
   *[other] Show { $count } tokens that are not blank
 }
keys-token-blank = Blank token
keys-token-ready = Ready
keys-token-used = Not blank
keys-token-locked = PIN locked
keys-token-of-customer = Key of customer { $customer }
keys-token-of-admin = Key of administrator { $name }
keys-token-choose = Choose a token.
keys-token-not-erased = This token is not blank. Tick the box to erase it, or choose another.
keys-erase-text = Everything on it is lost for good: keys, certificates, PIN. A key that is still bound should be ended first.
keys-erase = Erase “{ $label }”, serial number { $serial }
keys-erase-label = Erase “{ $label }”
keys-label = Label on the token
keys-label-hint = Shown wherever the token is plugged in. At most { $most } bytes.
keys-label-bad = 1 to { $most } bytes are needed; a Chinese character takes three.

keys-so = SO PIN
keys-so-again = SO PIN again
keys-so-hint = The PIN of the token's security officer, set when the token was set up.
keys-so-hint-fresh = 6 characters or more, of your choice. It is set on the blank token now and is needed to set a forgotten PIN anew. Nobody can read it from the token: keep it safe.
keys-so-hint-batch = 6 characters or more, of your choice. It is set on every blank token of the batch, and is needed later to set a forgotten PIN anew.
keys-so-empty = Type the SO PIN.
keys-so-short = Too short: at least { $least } characters.
keys-so-different = The two do not match.
keys-so-characters = This cannot be a PIN: it holds characters no keyboard types.

keys-make-begin = Make the key
keys-make-sum-nobody = Nobody is chosen yet.
keys-make-sum-customer = For customer { $customer }
keys-make-sum-instead = For customer { $customer }, in another key's place
keys-make-sum-admin = For administrator { $name }

keys-making-title = Making a key
keys-steps = Steps
keys-step-waiting = next
keys-step-running = under way
keys-step-done = done
keys-step-failed = failed
keys-make-set-up = Set up the token
keys-make-set-up-doing = Label and PINs are set; whatever was on it goes.
keys-make-pairs = Make the key pairs
keys-make-pairs-doing = On the token; they never leave it. This can take a minute.
keys-make-challenge = Ask for a challenge
keys-make-challenge-doing = The server makes one that is good once.
keys-make-prove = Prove the pairs
keys-make-prove-doing = The token answers the challenge with both keys.
keys-make-issue = Issue the certificates
keys-make-issue-doing = The server verifies the answer and certifies the pairs.
keys-make-write = Write and read back
keys-make-write-doing = The certificates go onto the token.
keys-make-bind = Bind
keys-make-bind-doing = The key is given to its holder.
keys-make-revoke = Withdraw what was issued
keys-make-revoke-doing = So that nothing usable is left behind.

keys-put-in = Put a blank token into the reader
keys-put-in-text = One that comes now is taken by itself. One that is in a reader already is chosen below.
keys-put-in-watching = Watching the readers
keys-use-token = Use this token
keys-working = Leave the token where it is
keys-working-text = It is being written to.
keys-take-out = Done. Take the token out
keys-take-out-text = Serial number { $serial }. The next one follows as soon as it is gone.
keys-finished = Nothing more to do
keys-away = The token was pulled out
keys-away-text = Put the token with serial number { $serial } back. Only that one goes on where it stopped.
keys-away-other = Another token is in a reader. It is not touched.
keys-away-waiting = Waiting for { $serial }
keys-give-up = Give it up
keys-give-up-title = Give this token up?
keys-give-up-text = What was issued for it is revoked. The token can be set up again from the beginning.
keys-give-up-no = Go on waiting
keys-make-back = Back to the form
keys-make-again = Try again
keys-waits-too = The form for customer { $customer } opens as soon as this is over.
keys-skipped-title = No key was made
keys-skipped-text = Nothing was written and nothing was issued.

keys-failed-title = The key was not made
keys-left-behind = What is left behind
keys-left-nothing = Nothing: the token was not changed, and the server issued nothing.
keys-left-token = The token was set up and holds no certificate: it is as good as blank. The server issued nothing.
keys-left-withdrawn = The token was set up. Certificates were issued and are revoked again: nobody can use them.
keys-left-issued = Certificates were issued, and it is not known whether they are revoked. Nobody can use them until the key is bound; look among the issued keys.
keys-unbound-title = Look before you go on
keys-unbound-text = The certificates are on the token, but whether the key is bound is not known. Its page tells; if it is still issued, bind it there.
keys-unbound-look = See the key

# Handing over
keys-made-title = The key is made
keys-made-text = Hand it over with the record. The PIN goes by another way.
keys-made-not-bound = It is issued and not bound: it opens nothing until somebody binds it on its page.
keys-made-by = Made by
keys-made-by-at = { $by }, { $time }
keys-record = Record
keys-print-record = Print the record
keys-save-record = Save as text
keys-record-saved = Saved in your downloads.
keys-record-not-saved = It could not be saved. Print it instead.
keys-show-key = See the key
keys-letter = PIN letter
keys-letter-text = The only paper with the PIN. Print it, put it into its envelope, and send it by another way than the key. The holder chooses an own PIN at the first use.
keys-print-letter = Print the letter
keys-letter-envelope = It is in its envelope
keys-letter-done = In its envelope. The PIN is wiped here.
keys-letter-lost-title = { $count ->
    [one] Leave without the PIN letter?
   *[other] Leave without { $count } PIN letters?
 }
keys-letter-lost-text = The PIN is wiped and cannot be shown again. Without it the key needs its PIN set anew.
keys-letter-lost-yes = Leave it
keys-letter-lost-no = Stay here
keys-next-title = Next
keys-next-text = Take this token out first.
keys-next = Make the next key

keys-record-heading = Record of a USBKEY
keys-record-received = The holder has received the key. Its PIN comes by another way and is changed at the first use. A lost key is reported at once, by day and by night.
keys-record-by = Handed over by
keys-record-to = Received by
keys-record-date = Date
keys-record-line = { $name }: { $value }
keys-letter-heading = PIN letter
keys-letter-to = For { $holder } only
keys-letter-made = Made
keys-letter-pin = First PIN
keys-letter-step-1 = Plug the key in and start the app. Type this PIN.
keys-letter-step-2 = Choose your own PIN at once. This one then works no more.
keys-letter-step-3 = Destroy this letter. Nobody will ever ask you for your PIN.
keys-paper-envelope = Key lost, or this envelope was open? Call { $number } at once.
keys-paper-envelope-none = Key lost, or this envelope was open? Call your power company at once.
keys-paper-lost = Key lost? Call { $number } at once.
keys-paper-lost-none = Key lost? Call your power company at once.

# Batches
keys-batch-text = One token after another, for a list of customers.
keys-batch-add = Add customers
keys-batch-search = Search
keys-batch-paste = Paste or file
keys-batch-list = Customer numbers
keys-batch-list-hint = Apart by spaces, commas or lines; or a CSV with the column customer.
keys-batch-take = Add to the list
keys-batch-file = Read a file
keys-batch-file-bad = The file cannot be read as text in UTF-8.
keys-batch-read = { $count ->
    [0] No customer number was found.
    [one] 1 customer number read.
   *[other] { $count } customer numbers read.
 }
keys-batch-repeated = { $count ->
    [one] 1 stood there twice and is taken once.
   *[other] { $count } stood there again and are taken once.
 }
keys-batch-surplus = { $count ->
    [one] 1 more was left out: a batch holds { $most }.
   *[other] { $count } more were left out: a batch holds { $most }.
 }
keys-batch-faults = { $count ->
    [one] 1 entry is no customer number:
   *[other] { $count } entries are no customer numbers:
 }
keys-batch-fault = Line { $line }: { $text }
keys-batch-faults-more = and { $count } more
keys-batch-chosen = Customers ({ $count })
keys-batch-clear = Empty the list
keys-batch-none = Nobody is on the list yet
keys-batch-none-text = Search customers, paste their numbers or read them from a file.
keys-batch-place = No.
keys-batch-customer = Customer
keys-batch-name = Name
keys-batch-looking = looking…
keys-batch-no-such = No such customer
keys-batch-remove = Remove
keys-batch-remove-one = Remove customer { $customer }
keys-batch-tokens = Tokens
keys-batch-begin = { $count ->
    [0] Begin
    [one] Begin with 1 key
   *[other] Begin with { $count } keys
 }
keys-batch-nobody = Put customers on the list first.
keys-batch-unknown = { $count ->
    [one] 1 customer does not exist. Remove it from the list.
   *[other] { $count } customers do not exist. Remove them from the list.
 }
keys-batch-running = Making keys
keys-batch-over = The batch is done
keys-batch-progress = { $done } of { $all }
keys-batch-next = Go on without waiting
keys-batch-skip = Skip this customer
keys-batch-stop = Stop the batch
keys-batch-stopping = Stops after this key.
keys-batch-result = Result
keys-batch-again = Once more
keys-batch-papers = Each record and each letter prints on a sheet of its own, in the order of the list.
keys-batch-leave = Done with this batch
keys-job-waiting = Waiting
keys-job-running = Its turn
keys-job-made = Made
keys-job-letter = PIN letter not in its envelope yet
keys-job-failed = Not made
keys-job-unbound = Look at the key
keys-job-skipped = Skipped
keys-tally-made = made
keys-tally-unbound = to look at
keys-tally-failed = not made
keys-tally-skipped = skipped
keys-print-records = { $count ->
    [one] Print 1 record
   *[other] Print { $count } records
 }
keys-print-letters = { $count ->
    [0] No letters left
    [one] Print 1 PIN letter
   *[other] Print { $count } PIN letters
 }
keys-letters-envelopes = All are in their envelopes

# A PIN set anew
keys-unblock-text = For a holder who forgot the PIN or locked the key. Keys and certificates on the token stay.
keys-unblock-token = Which token?
keys-unblock-sum = The token gets a new PIN, printed as a letter. Its holder changes it at the first use.
keys-unblock-begin = Set a new PIN
keys-unblock-done = The token of { $holder } has a new PIN
