# Payments.

admin-payments-loading = Payments are fetched
admin-payment-loading = The payment is fetched
