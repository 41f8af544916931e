# The own key, and what this machine keeps.

admin-settings-key = Your key
admin-settings-post = Post
admin-settings-role = Role
admin-settings-until = Valid until
admin-settings-key-soon = { $days ->
    [0] It ends today. Have a security officer make you another.
    [one] 1 day left. Have a security officer make you another.
   *[other] { $days } days left. Have a security officer make you another.
 }
admin-settings-token = Token
admin-settings-fingerprint = Fingerprint
admin-settings-tries = PIN tries
admin-settings-tries-exact = { $tries } left
admin-settings-tries-low = few left
admin-settings-tries-final = 1 left
admin-settings-tries-locked = none, locked
admin-settings-tries-not-told = not told by this key
admin-settings-pin-change = Change PIN
admin-settings-pin-old = Present PIN
admin-settings-pin-new = New PIN
admin-settings-pin-again = New PIN again
admin-settings-pin-save = Change PIN
admin-settings-pin-busy = The key takes the new PIN
admin-settings-pin-last = One try is left. If the present PIN is wrong, the key locks.
admin-settings-pin-last-agree = I know, and am sure of my PIN

admin-settings-readers = Readers
admin-settings-readers-loading = Looking at the readers
admin-settings-readers-empty = No other token is plugged in. Keys are made on tokens that appear here.
admin-settings-setup = Set-up check
admin-settings-setup-open = See the set-up check

admin-settings-look = Look and language
admin-settings-language = Language
admin-settings-language-system = As the system
admin-settings-theme = Appearance
admin-settings-safety = Safety
admin-settings-lock = Lock the screen
admin-settings-lock-hint = After a time without anybody. The session lives on; the PIN shows the screens again.
admin-settings-lock-minutes = { $minutes ->
    [one] after 1 minute
   *[other] after { $minutes } minutes
 }
admin-settings-lock-never = never
admin-settings-lock-now = Lock now

admin-settings-about = About
admin-settings-version = Version
admin-settings-server = Server
admin-settings-company = Power company
admin-settings-session = Session
admin-settings-session-none = none
admin-settings-leave = Leave
admin-settings-leave-text = Logging out ends the session and closes the key.
admin-settings-log-out = Log out
admin-settings-quit = Quit the dashboard
