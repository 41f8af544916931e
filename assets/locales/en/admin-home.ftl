# Home of the dashboard: what needs somebody, and the live figures.

home-title = Home
home-loading = Loading the figures
home-up = Server { $version }, up for { $up }
home-as-of = as of { $time }
home-now = now

home-well = All is well
home-well-text = Everything answers, no payment is in doubt, no key is about to end.

home-heed = Needs attention
home-heed-part = No answer: { $what }
home-heed-part-hsm = Nobody can log in and no receipt can be signed until it answers. Check its connection and its host.
home-heed-part-store = Nothing can be read or written until it answers. Check its service and the disk.
home-heed-part-platform = Bills and payments stand still; signed orders wait and are sent later by themselves.
home-heed-part-other = Some of the service may not work until it answers.
home-heed-crl-overdue = The revocation list is overdue
home-heed-crl-overdue-text = A new one was due { $time }. Others may go on trusting keys that were withdrawn since.
home-heed-no-crl = No revocation list was published yet
home-heed-no-crl-text = The first one is made with the first key that ends, or with the next daily run.
home-heed-unknown = { $count ->
    [one] 1 payment waits for the bank’s word
   *[other] { $count } payments wait for the bank’s word
 }
home-heed-unknown-text = The gateway is asked again by itself. If it lasts for hours, ask the bank with the reference.
home-heed-refused = { $count } refused logins within two hours
home-heed-refused-text = Somebody may be trying keys that are not theirs, or a program keeps coming back with an ended one.
home-heed-not-lodged = The audit chain was last lodged { $time }
home-heed-never-lodged = The audit chain was never lodged
home-heed-not-lodged-text = Until its head stands at the platform, a cut end would not be noticed.
home-heed-ending = { $count ->
    [one] 1 key ends within { $days } days
   *[other] { $count } keys end within { $days } days
 }
home-heed-ending-text = Holders renew with their PIN by themselves. Look after those who do not.
home-way-payments = See payments
home-way-audit = See audit
home-way-keys = See keys

home-sessions = Logged in now
home-sessions-unit = { $count ->
    [one] customer
   *[other] customers
 }
home-sessions-admins = { $count ->
    [one] and 1 administrator
   *[other] and { $count } administrators
 }
home-sessions-of = { $count ->
    [one] out of 1 bound key
   *[other] out of { $count } bound keys
 }
home-logins = Logins today
home-logins-label = Logins by hour
home-logins-hour = { $time }: { $logins } logins, { $failed } refused
home-logins-failed = { $count } refused
home-logins-none-failed = none refused
home-hours-most = { $what }; most at { $most }
home-hours-none = { $what }; none in 24 hours
home-paid = Paid today
home-paid-label = Paid by hour
home-paid-hour = { $time }: { $count } payments, { $amount }
home-paid-count = { $count ->
    [one] 1 payment
   *[other] { $count } payments
 }
home-arrears = Overdue
home-arrears-customers = { $count ->
    [one] 1 customer
   *[other] { $count } customers
 }
home-arrears-late = { $amount } late charges
home-arrears-age = counted { $age }
home-arrears-unknown = The billing platform cannot be asked now.
home-open = Payments under way
home-open-text = signed, not settled yet
home-open-unknown = Outcome unknown
home-open-refunding = Being refunded
home-keys = Keys
home-keys-bound = bound
home-keys-issued = Issued, not bound
home-keys-lost = Reported lost
home-keys-revoked = Revoked
home-keys-ending = End within { $days } days

home-health = Service
home-part-hsm = Security module
home-part-store = Database
home-part-platform = Billing platform
home-part-answers = answers in { $milliseconds } ms
home-part-silent = does not answer
home-crl = Revocation list
home-crl-none = Revocation list: none yet
home-crl-note = { $entries ->
    [one] 1 entry
   *[other] { $entries } entries
 }, made { $age }
home-audit = Audit chain
home-audit-note = { $entries } entries, lodged { $age }
home-audit-not-lodged = { $entries } entries, not lodged yet

# Words that the dashboard's lists and questions share.

parts-more = Show more
parts-shown-so-far = { $count } shown, there are more
parts-shown-all = { $count ->
    [one] 1 in all
   *[other] { $count } in all
 }
parts-reason = Reason
parts-reason-hint = A few words; they are signed and kept in the audit chain.
parts-reason-empty = Say why, in a few words.
parts-reason-long = Too long: at most { $most } bytes.
