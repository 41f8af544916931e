# The frame of the open desk, and the short messages in its corner.

admin-window-title = { $place } · Gridkey dashboard

admin-place-home = Home
admin-place-customers = Customers
admin-place-new-customer = New customer
admin-place-import = Import customers
admin-place-customer = Customer
admin-place-keys = Keys
admin-place-make-key = Make a key
admin-place-batch = Make many keys
admin-place-key = Key
admin-place-keys-ending = Keys that end soon
admin-place-unblock = New PIN for a key
admin-place-sessions = Sessions
admin-place-arrears = Arrears and bills
admin-place-payment = Payment
admin-place-audit = Audit

admin-role-operator = Operator
admin-role-security-officer = Security officer
admin-role-auditor = Auditor

admin-shell-key-until = Key valid until { $date }
admin-shell-offline = The server is not reached. What you see was heard { $ago } ({ $time }); nothing can be done until it is back.
admin-shell-offline-empty = The server is not reached; nothing can be done until it is back.
admin-age = As of { $time }
admin-lost-back = To the home screen

admin-barred-title = Your role does not allow this
admin-barred-text = Ask a colleague with the right role. What each role may do stands in the administrators' manual.

admin-news-key-made = Key number { $number } is made
admin-news-imported = { $good ->
    [one] 1 customer is there now
   *[other] { $good } customers are there now
 }
admin-news-imported-some = { $bad ->
    [one] 1 could not be made.
   *[other] { $bad } could not be made.
 }
admin-news-saved = { $name } is saved
admin-news-saved-text = In the folder { $folder }.
admin-news-open = Open
admin-news-not-saved = The file was not saved

admin-done-create = Customer { $customer } is made
admin-done-update = Customer { $customer } is changed
admin-done-key = Done: key { $key }…
admin-done-cut = Session { $session } is cut
admin-done-push = Bill { $bill } is sent again
admin-done-refund = The refund of payment { $payment } is under way
admin-done-export = The case { $case } is exported
admin-done-crl = The revocation list is saved
admin-done-unblock = The key has a new issued PIN
admin-done-pin = Your PIN is changed

admin-failed-create = Customer { $customer } was not made
admin-failed-update = Customer { $customer } was not changed
admin-failed-key = Not done: key { $key }…
admin-failed-cut = Session { $session } was not cut
admin-failed-push = Bill { $bill } was not sent
admin-failed-refund = Payment { $payment } was not refunded
admin-failed-export = The case { $case } was not exported
admin-failed-crl = The revocation list was not saved
admin-failed-unblock = The key's PIN was not set
admin-failed-pin = Your PIN was not changed
