# The own key, and what this machine keeps.

settings-key = Your key
settings-post = Post
settings-role = Role
settings-until = Valid until
settings-key-soon = { $days ->
    [0] It ends today. Have a security officer make you another.
    [one] 1 day left. Have a security officer make you another.
   *[other] { $days } days left. Have a security officer make you another.
 }
settings-token = Token
settings-fingerprint = Fingerprint
settings-tries = PIN tries
settings-tries-exact = { $tries } left
settings-tries-low = few left
settings-tries-final = 1 left
settings-tries-locked = none, locked
settings-tries-not-told = not told by this key
settings-pin-change = Change PIN
settings-pin-old = Present PIN
settings-pin-new = New PIN
settings-pin-again = New PIN again
settings-pin-save = Change PIN
settings-pin-busy = The key takes the new PIN
settings-pin-last = One try is left. If the present PIN is wrong, the key locks.
settings-pin-last-agree = I know, and am sure of my PIN

settings-readers = Readers
settings-readers-loading = Looking at the readers
settings-readers-empty = No other token is plugged in. Keys are made on tokens that appear here.
settings-setup = Set-up check
settings-setup-open = See the set-up check

settings-look = Look and language
settings-language = Language
settings-language-system = As the system
settings-theme = Appearance
settings-safety = Safety
settings-lock = Lock the screen
settings-lock-hint = After a time without anybody. The session lives on; the PIN shows the screens again.
settings-lock-minutes = { $minutes ->
    [one] after 1 minute
   *[other] after { $minutes } minutes
 }
settings-lock-never = never
settings-lock-now = Lock now

settings-about = About
settings-version = Version
settings-server = Server
settings-company = Power company
settings-session = Session
settings-session-none = none
settings-leave = Leave
settings-leave-text = Logging out ends the session and closes the key.
settings-log-out = Log out
settings-quit = Quit the dashboard
