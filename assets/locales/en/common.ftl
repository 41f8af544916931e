# Words that several screens share.

do-retry = Try again
do-back = Back
do-cancel = Cancel
do-save = Save
do-refresh = Refresh

place-overview = Overview
place-electricity = Electricity
place-bills = Bills
place-bill = Bill
place-pay = Pay
place-payments = Payments
place-payment = Payment
place-queue = Queue
place-alarms = Alarms
place-account = Account
place-settings = Settings
place-setup = Set-up check
place-help = Help
place-lost = Not found
place-gate = Unlock
place-locked = Locked

lost-title = There is nothing here
lost-text = The link leads to a page that this version does not have.
lost-back = To the overview

age-kept = Kept on this device, as of { $time }

unit-kwh = kWh
unit-mwh = MWh
unit-kw = kW
unit-kva = kVA
unit-kv = kV

level-none = In order
level-reminder = Reminder
level-warning = Warning
level-final = Final notice

payment-state-queued = Queued offline
payment-state-submitted = Sent
payment-state-accepted = Being prepared
payment-state-pending = To be paid at the bank
payment-state-paid = Paid
payment-state-refused = Not paid
payment-state-expired = Expired
payment-state-cancelled = Withdrawn
payment-state-unknown = Asking the bank
payment-state-refunding = Refund under way
payment-state-refunded = Refunded
payment-state-in-doubt = Sent, waiting for an answer

payment-text-queued = Signed and kept on this device. It is sent as soon as the server can be reached.
payment-text-submitted = The power company has the order and will prepare the bank page.
payment-text-accepted = The power company is preparing the bank page.
payment-text-pending = Open the bank page and confirm there. Nothing is debited before.
payment-text-paid = The bank confirmed the debit.
payment-text-refused = Nothing was debited. The bills can be paid again.
payment-text-expired = Its time passed. Nothing was debited. The bills can be paid again.
payment-text-cancelled = Withdrawn before it was paid. Nothing was debited.
payment-text-unknown = The bank has not told the outcome yet. It is asked again by itself; do not pay a second time.
payment-text-refunding = The money is on its way back.
payment-text-refunded = The money went back to the account it came from.
payment-text-in-doubt = The order went out and no answer came. It counts once, however often it is sent; do not pay a second time.

payment-reason-gateway-confirmed = Confirmed by the bank
payment-reason-gateway-refused = The bank refused it
payment-reason-pay-timeout = Nobody confirmed at the bank in time
payment-reason-unused = The bank page was not opened for a week
payment-reason-not-after-passed = The order's last day has passed
payment-reason-by-customer = Withdrawn by you
payment-reason-asking = The bank has not told the outcome yet
payment-reason-gateway-unreachable = The bank cannot be reached; it is asked again
payment-reason-key-lost = The key that signed it was reported lost
payment-reason-key-unbound = The key that signed it is no longer valid for this account
payment-reason-submitted = Sent to the power company
payment-reason-signed = Signed with your key
payment-reason-server = As the server says
payment-reason-taken-over = Taken over by the payment platform
payment-reason-already-paid = The bill was already paid
payment-reason-bill-in-payment = Another payment for the bill is under way
payment-reason-amount-changed = The amount owed had changed
payment-reason-cap-exceeded = Above the limit of the power company
payment-reason-order-expired = The order's last day has passed
payment-reason-order-refused = The power company did not accept the signature
payment-reason-key-not-bound = The key is not valid for this account
payment-reason-refund-asked = The power company asked for it to be given back
payment-reason-gateway-refunded = The bank confirmed that the money went back
payment-reason-refund-refused = The bank did not give it back; it stays paid
payment-reason-refund-not-reached = The bank could not be reached to give it back; it stays paid
payment-reason-credit-used = It could not be given back because the credit was used; it stays paid
payment-reason-other = Reason given by the server: { $word }

bill-state-open = Open
bill-state-overdue = Overdue
bill-state-in-payment = Being paid
bill-state-paid = Paid
