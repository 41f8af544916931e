# What happened: in the panel, as toasts and as desktop notifications.

notices-title = News
notices-open = { $count ->
    [0] News
    [one] News, 1 unread
   *[other] News, { $count } unread
 }
notices-none = Nothing new
notices-none-text = New bills, arrears and payment results appear here.
notices-read = Mark all as read
notices-go = Open

notice-arrears-raised = Arrears: { $open } overdue
notice-arrears-escalated = Arrears: { $open } still overdue
notice-arrears-eased = Arrears have fallen to { $open }
notice-arrears-cleared = Nothing is overdue any more
notice-arrears-text-none = Everything that was overdue is paid.
notice-arrears-text-reminder = Please pay soon. Late charge so far: { $late }.
notice-arrears-text-warning = Overdue for more than two weeks. Late charge so far: { $late }.
notice-arrears-text-final = Overdue for more than 30 days: the supply may be cut off. Late charge so far: { $late }.

notice-bill = New bill: { $total }
notice-bill-text = { $month }, to be paid by { $due }.
notice-bill-text-no-month = To be paid by { $due }.

notice-payment-queued = { $amount } waits in the queue
notice-payment-submitted = { $amount } sent to the power company
notice-payment-accepted = { $amount } is being prepared
notice-payment-pending = { $amount } can be paid at the bank
notice-payment-paid = { $amount } paid
notice-payment-refused = { $amount } was not paid
notice-payment-expired = The payment of { $amount } has expired
notice-payment-cancelled = The payment of { $amount } was withdrawn
notice-payment-unknown = { $amount }: the bank has not told the outcome
notice-payment-refunding = { $amount } is being refunded
notice-payment-refunded = { $amount } was refunded
notice-payment-not-refunded = { $amount } was not refunded
notice-payment-was-queued = It had waited on this device.

notice-key-expiring = Your key has to be renewed
notice-key-renewed = Your key was renewed
notice-key-renewed-text = Its certificate is valid until { $until }.
notice-key-renewal-failed = The renewal of your key was not finished
notice-key-renewal-failed-text = Nobody signed in with the new certificate within a day, so it was withdrawn. The present one goes on until { $until }: renew it again under “Account”.
notice-key-replaced = A key was replaced
notice-key-lost = A key was reported lost
notice-key-lost-text = It is shut out. If that was not you, call your power company.
notice-key-unbound = A key was taken off your account
notice-key-bound = A key was added to your account
notice-key-bound-text = If that was not you, call your power company.
notice-key-other = Something about your keys changed

notice-missed = Messages were missed
notice-missed-text = Everything was loaded anew: what you see is current.
notice-paused = Alarms are paused
notice-paused-text = They come again as soon as the key is plugged in and unlocked.

done-account-saved = Saved
done-settings-saved = Saved
done-pin-changed = The PIN was changed
done-acknowledged = Marked as seen
done-queue-sent = The queue was sent
done-cancelled = Withdrawn
done-other = Done
done-file-saved = { $name } was saved
done-file-saved-text = In { $folder }
done-file-open = Open
failed-file = The file was not saved
