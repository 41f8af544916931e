# Customers in arrears, their bills and what they acknowledged.

arrears-title = Arrears and bills
arrears-subtitle = Customers with overdue bills, the gravest first
arrears-loading = Loading the arrears
arrears-levels = Level
arrears-all = All
arrears-column-customer = Customer
arrears-column-level = Level
arrears-column-open = Overdue
arrears-column-late = Late charges
arrears-bills = Bills and alarms
arrears-bills-label = Bills and alarms of { $customer }
arrears-none = Nobody is in arrears
arrears-none-text = Every bill that was due is paid. Bills of one customer are found above by number.
arrears-none-level = Nobody at this level
arrears-show-all = Show all levels
arrears-find = Bills of a customer
arrears-find-hint = Customer number
arrears-find-do = Find bills
arrears-find-wrong = This is no customer number.
arrears-of = Customer { $customer }
arrears-sides = Bills or alarms
arrears-to-customer = Open customer
