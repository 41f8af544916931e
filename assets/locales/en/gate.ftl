# Before the account is open: key, PIN, curtain.

gate-starting = Starting
gate-starting-text = Looking for keys and reading the set-up.

gate-broken-title = This program is not ready yet
gate-broken-action = See the set-up check

gate-insert-title = Plug in your key
gate-insert-text = Put the USBKEY from your power company into this device. This page notices it by itself.
gate-insert-waiting = Waiting for a key

gate-choose-title = Which key?
gate-choose-text = Several keys are plugged in. Choose the one for the account you want to open.
gate-choose-one-title = Use this key?
gate-choose-one = It is the only key plugged in. Choose it, or plug in another.
gate-choose-unusable = One key is plugged in, but it cannot be used here.
gate-choose-list = Keys plugged in
gate-key-holder = Customer { $customer }
gate-key-issuer = issued by { $issuer }
gate-key-until = valid until { $date }
gate-key-serial = Serial number { $serial }
gate-key-other = Another key

gate-pin-title = Unlock your key
gate-pin-text = Its certificate was read. The PIN proves that the key is in your hands.
gate-pin-label = PIN
gate-pin-hint = { $min } to { $max } characters
gate-pin-hint-least = At least { $min } characters
gate-pin-submit = Unlock and connect
gate-pin-offline = No network? With a key used here before you can work offline.
gate-pin-first = Your PIN letter holds the first PIN. You will choose your own next.
gate-pin-empty = Type the PIN first.
gate-pin-wrong-characters = This cannot be a PIN: it holds characters no keyboard types.
gate-tries-exact = { $tries ->
    [one] 1 try left
   *[other] { $tries } tries left
 } before the key locks.
gate-tries-low = A wrong PIN was typed before. The key counts wrong PINs and locks when there are too many.
gate-tries-final = 1 try left before the key locks.
gate-other-key = Use another key
gate-check-setup = Check set-up
gate-help = Help

gate-last-title = Spend the last try?
gate-last-text = If the PIN is wrong once more, the key locks. Then only the power company can open it. If you are not sure, call first.
gate-last-confirm = I am sure of my PIN
gate-last-cancel = Not now

gate-locked-key-title = The key is locked
gate-locked-key-again = I have it unlocked: check again

gate-unlocking-title = Opening your account
gate-step-pin = The key checks the PIN
gate-step-store = The data kept here is opened
gate-step-session = A secure session is set up
gate-step-done = done
gate-step-waiting = next

gate-first-title = Choose your own PIN
gate-first-text = The PIN you were given works only once. Choose one that nobody else knows.
gate-first-new = New PIN
gate-first-again = New PIN again
gate-first-submit = Set PIN and go on
gate-first-different = The two do not match.
gate-first-short = Too short: at least { $min } characters.
gate-first-long = Too long: at most { $max } characters.
gate-first-busy = The key takes the new PIN

gate-curtain-title = Locked
gate-curtain-text = Your screens are hidden. The session goes on and alarms still come.
gate-curtain-submit = Show again
gate-curtain-logout = Log out instead

gate-lost = Lost your key? Call { $number } at once: it is shut out within a second.
gate-lost-no-number = Lost your key? Call your power company at once: it is shut out within a second.
