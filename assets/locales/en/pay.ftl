### Making an order: what, how much, from what, signed with the key.

pay-title = Pay
pay-what = What to pay
pay-what-bills = Bills
pay-what-account = An amount on account
pay-choose-bills = Bills to pay
pay-no-open = No bill is open
pay-no-open-text = Everything is paid. You can pay an amount on account: it is set off against later bills.
pay-pay-on-account = Pay on account
pay-bill-open = { $amount } open · due { $date }
pay-bill-label = Bill for { $month }, meter { $meter }
pay-how-much = How much
pay-full = All of it
pay-part = A part
pay-part-amount = Part to pay for { $month }, yuan
pay-on-account-amount = Amount, yuan
pay-on-account-hint = It stays on your account and is set off against later bills.
pay-amount-empty = Type an amount.
pay-amount-malformed = Type yuan with at most two decimals, such as 1,234.50.
pay-amount-zero = Type more than 0.00.
pay-amount-above-open = Only { $open } is open.
pay-amount-too-large = The amount is too large.
pay-from = Pay with
pay-way-gateway = UnionPay gateway
pay-way-gateway-hint = After signing you confirm on your bank's page, in your browser.
pay-way-mandate = Debit under a mandate
pay-way-mandate-hint = The amount is debited without a bank page.
pay-sum = To pay
pay-review = Review
pay-nothing-chosen = Choose what to pay first.

## Review

pay-review-title = Review and sign
pay-review-order = The order your key signs
pay-review-bills = For
pay-review-on-account = On account
pay-review-from = Pay with
pay-review-customer = Customer
pay-review-until = Valid until
pay-review-share = { $month }: { $amount }
pay-review-share-part = { $month }: { $amount }, part of { $open }
pay-back = Change
pay-pin = PIN of your USBKEY
pay-pin-hint = It signs this order. Nothing is paid before you confirm at the bank.
pay-pin-empty = Type the PIN to sign.
pay-pin-length = The PIN has { $min } to { $max } characters.
pay-sign = Sign and pay
pay-sign-queue = Sign and queue payment
pay-signing = Signing and sending the order…
pay-signing-queue = Signing and storing the order…

## Offline

pay-offline = You are offline.
pay-offline-text = Nothing can be paid now. You can queue the payment on this device: it is sent once when you are online again, until { $until }.
pay-offline-choose = Queue this payment on this device
pay-offline-choose-hint = Sent once after reconnecting, valid until { $until }, then it expires unpaid.
pay-went-offline = The connection was lost. Nothing was sent. Wait until it is back, or queue the payment.
pay-came-online = You are online again: this payment will be sent at once.
pay-limit-order = Limit per payment { $cap }
pay-limit-queue = Waiting { $queued } of at most { $cap }
pay-above-order = Above the limit of { $cap } for one payment. Pay less, or in parts.
pay-above-queue = { $queued } wait already; together at most { $cap } may wait. Send or withdraw some first.
pay-limits = Limits of this device

## Outcome

pay-existing = A payment for this is under way.
pay-existing-text = It has not ended yet. A second one is not made, so that you don't pay twice.
pay-see-existing = See that payment
pay-unknown = The outcome is not known yet.
pay-unknown-text = The order was sent and no answer came. It is being asked about; don't pay again.
pay-something-else = Pay something else
pay-see-payments = See your payments
pay-changed = The bills have changed meanwhile. Look at the order again.
