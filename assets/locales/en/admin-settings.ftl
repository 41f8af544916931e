# Settings.

admin-settings-me = Your key
