### Payments: history and one payment.

payments-title = Payments
payments-caption = Payments of { $month }
payments-filter = Show
payments-filter-all = All
payments-filter-under-way = Under way
payments-filter-paid = Paid
payments-filter-not-paid = Not paid
payments-search = Search
payments-search-hint = Amount, month, bill or reference
payments-none = No payments yet
payments-none-text = Payments that you sign appear here, with every state and the receipt.
payments-none-found = Nothing found
payments-none-found-text = No payment fits what you look for.
payments-show-all = Show all payments
payments-pay = Pay a bill
payments-column-date = Signed
payments-column-for = For
payments-column-amount = Amount
payments-column-state = State
payments-open-one = Payment of { $amount }, { $date }
payments-for-one = { $month }
payments-for-two = { $first } and { $second }
payments-for-more = { $first } and { $more } more
payments-on-account = On account






## One payment

payment-back = All payments
payment-heading = Payment: { $what }
payment-number = Payment { $payment }
payment-for = For
payment-from = Paid with
payment-from-gateway = UnionPay gateway
payment-from-mandate = Debit under a mandate
payment-signed = Signed
payment-until = Valid until
payment-reference = Bank reference
payment-timeline = What happened
payment-open-bank = Open the bank page
payment-bank-hint = Opens { $host } in your browser. The address works once.
payment-bank-again = Get a fresh bank page
payment-check = Check now
payment-unknown-hint = You need not do anything. This page changes by itself when the bank answers.
payment-cancel = Withdraw payment
payment-cancel-title = Withdraw this payment?
payment-cancel-text = { $amount } will not be paid, and the bills stay open. This cannot be undone.
payment-cancel-yes = Withdraw payment
payment-cancel-no = Keep it
payment-again = Pay again
payment-queue = See what waits

## Receipt

payment-receipt = Receipt
payment-receipt-waiting = The receipt comes with the next connection.
payment-receipt-verified = Verified on this device
payment-receipt-signature = Signed by the power company's receipt key, certified up to the company root
payment-receipt-payment = Says paid, for this payment and this customer
payment-receipt-own = For exactly the order that this device signed
payment-receipt-foreign = The order was signed on another device; this one cannot compare it
payment-receipt-booked = Booked
payment-receipt-amount = Amount paid
payment-receipt-payee = Paid to
payment-receipt-payer = Paid by
payment-receipt-customer = Customer
payment-receipt-order = Order fingerprint
payment-receipt-save = Save receipt
payment-receipt-print = Print
payment-receipt-bad = The receipt could not be verified.
payment-receipt-heading = Receipt for a payment of electricity charges
payments-loading = Loading your payments
payments-until = until { $date }
payment-loading = Loading the payment
payment-details = Details
payment-unknown-waits = Asking the bank
payment-amount = Amount
