# The set-up check.

setup-title = Set-up check
setup-subtitle = What this program needs, in order. What is wrong says what to do.
setup-again = Check again
setup-all-well = Everything is in order.
setup-running = Checking
setup-wrong = { $count ->
    [one] 1 point needs attention.
   *[other] { $count } points need attention.
 }
setup-list = What was checked
setup-none = Nothing was checked yet.

setup-item-installation = Installation
setup-item-driver = Key driver
setup-item-reader = Reader service
setup-item-key = USBKEY
setup-item-clock = Clock of this device
setup-item-server = Server

setup-about-installation = Server address and the power company's root certificate
setup-about-driver = The module that talks to the key
setup-about-reader = This device's service for smart card readers
setup-about-key = A key with a certificate of this power company
setup-about-clock = Certificates are judged by the clock
setup-about-server = Reached, and genuine

setup-state-waiting = next
setup-state-running = checking
setup-state-ok = in order
setup-state-not-needed = not needed here
setup-state-failed = needs attention
