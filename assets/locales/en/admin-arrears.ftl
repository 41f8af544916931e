# Arrears and bills.

admin-arrears-loading = Arrears are fetched
