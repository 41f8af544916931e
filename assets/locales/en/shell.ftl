# The frame of the open account.

shell-skip = Skip to the content
shell-more = More
shell-more-title = More places

shell-online = Online · synced { $ago }
shell-online-unsynced = Online · loading
shell-connecting = Connecting
shell-offline = Offline · data of { $time }
shell-offline-empty = Offline · no data yet
shell-waiting = Offline · data of { $time } · trying again in { $seconds } s
shell-waiting-empty = Offline · trying again in { $seconds } s
shell-refused = Not connected

shell-offline-banner = You are offline. What you see was last heard from the server { $ago } ({ $time }).
shell-offline-banner-empty = You are offline, and nothing was kept on this device yet.
shell-offline-queue = { $count ->
    [one] 1 payment waits and is sent by itself.
   *[other] { $count } payments wait and are sent by themselves.
 }
shell-connect-now = Connect now

shell-key-present = USBKEY present
shell-key-until = valid until { $date }
shell-key-renew = to be renewed by { $date }
shell-key-customer = Customer { $customer }

shell-theme = Appearance
shell-theme-system = As the system
shell-theme-light = Light
shell-theme-dark = Dark
shell-lock = Lock the screen
shell-log-out = Log out

shell-badge-alarms = { $count ->
    [one] 1 new alarm
   *[other] { $count } new alarms
 }
shell-badge-queue = { $count ->
    [one] 1 payment waits
   *[other] { $count } payments wait
 }
shell-badge-bills = { $count ->
    [one] 1 bill to pay
   *[other] { $count } bills to pay
 }

external-title = Open this page in your browser?
external-text = It leads out of this program, to { $host }:
external-address = Address
external-open = Open in the browser
external-copy = Copy the address
external-copied = Copied
external-refused = This address is not opened: only https pages are.
external-failed = No browser could be started. Copy the address instead.

