# Sessions.

admin-sessions-loading = Sessions are fetched
