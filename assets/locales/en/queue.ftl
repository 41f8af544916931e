### What waits on this device.

queue-title = Payment queue
queue-subtitle = Signed here, sent when you are online
queue-none = Nothing waits
queue-none-text = Payments that you sign while offline wait here until they are sent.
queue-pay = Pay a bill
queue-caption = Payments that wait on this device, oldest first
queue-total = Waiting
queue-count = { $count ->
    [one] { $count } payment
   *[other] { $count } payments
}
queue-limits = Limits
queue-cap-order = { $cap } for one payment
queue-cap-total = { $cap } for all that wait
queue-left = { $left } more may be queued
queue-column-for = For
queue-column-amount = Amount
queue-column-until = Expires
queue-column-state = State
queue-column-action = Action
queue-until-in = in { $duration }
queue-lapsed = expired
queue-send = Send now
queue-sending = Sending what waits…
queue-send-offline = You are offline. It is sent by itself as soon as you are online.
queue-send-failed = Not everything could be sent.
queue-cancel = Withdraw
queue-cancel-one = Withdraw payment of { $amount }
queue-cancel-title = Withdraw this payment?
queue-cancel-text = { $amount } for { $what } will not be sent. The bill stays open.
queue-cancel-text-account = { $amount } on account will not be sent.
queue-cancel-yes = Withdraw payment
queue-cancel-no = Keep it
queue-in-doubt-hint = It may have arrived, so it can be withdrawn only when the server has answered.
queue-once = Each order is sent as you signed it and counts once, however often it is sent.
queue-signed = Signed { $date }
queue-order-time = An order waits for at most { $duration }, then it expires unpaid
