# Keys.

admin-keys-loading = Keys are fetched
admin-key-loading = The key is fetched
