# Audit.

admin-audit-loading = Entries are fetched
