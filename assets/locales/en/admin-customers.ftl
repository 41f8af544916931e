# Customers.

admin-customers-loading = Customers are searched
admin-customer-loading = The customer is fetched
