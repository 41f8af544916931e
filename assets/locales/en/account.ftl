# Personal data, key and settings.

account-title = Account
account-subtitle = Customer { $customer }
account-loading = Loading your data

account-person = Company
account-name = Name
account-name-zh = Name in Chinese
account-customer = Customer number
account-kind = Kind of use
account-kind-industrial = Industry
account-kind-commercial = Business
account-kind-agricultural = Agriculture
account-grade = Credit grade
account-balance = Credit on the account
account-fixed = Name, kind of use and grade are changed by the power company.

account-contact-title = Contact
account-contact = Telephone or e-mail
account-address = Postal address
account-contact-edit = Change contact
account-contact-save = Save contact
account-contact-offline = Contact and address can be changed while you are online.
account-contact-long = At most 200 characters.
account-contact-empty = This must not be empty.
account-none = not given

account-meters = Meters
account-meters-none = No meter yet
account-meters-none-text = The power company adds meters when they are installed.
account-meter = Meter
account-meter-basic = Basic charge
account-meter-capacity = Capacity
account-meter-voltage = Voltage
account-basic-capacity = by capacity
account-basic-demand = by demand

account-notifications = Notifications
account-notifications-text = For every device with this account. They are shown on the desktop and in this program.
account-notify-arrears = Arrears
account-notify-arrears-hint = When something becomes overdue, graver or is settled.
account-notify-bills = New bills
account-notify-bills-hint = When a bill is issued.
account-notify-payments = Payments
account-notify-payments-hint = When a payment is booked, refused or expires.
account-notify-language = Language of messages
account-notify-language-hint = In which the power company writes to you.
account-settings-loading = Loading your settings
account-settings-offline = These are kept by the server and can be changed while you are online.

account-key = Key and certificate
account-key-holder = Holder
account-key-label = Label
account-key-serial = Serial number
account-key-issuer = Issued by
account-key-certificate = Certificate number
account-key-valid = Valid
account-key-span = { $from } to { $until }
account-key-renewal = Renewal
account-key-renew-later = from { $date }, the power company tells you
account-key-expired = ended on { $date }
account-key-tries = PIN tries
account-key-tries-exact = { $tries } left
account-key-tries-low = few left
account-key-tries-final = 1 left
account-key-tries-locked = none, locked
account-key-tries-not-told = not told by this key
account-key-state-good = valid
account-key-state-renew = to be renewed
account-key-state-expired = expired
account-key-lost = Lost it? Call { $number }.

account-pin-change = Change PIN
account-pin-old = Present PIN
account-pin-new = New PIN
account-pin-again = New PIN again
account-pin-save = Change PIN
account-pin-busy = The key takes the new PIN
account-pin-last = One try is left. If the present PIN is wrong, the key locks.
account-pin-last-agree = I know, and am sure of my PIN

settings-title = Settings
settings-subtitle = For this device
settings-look = Look and language
settings-language = Language
settings-language-system = As the system
settings-theme = Appearance
settings-safety = Safety
settings-lock = Lock the screen
settings-lock-hint = After a time without anybody. The session lives on and alarms still come.
settings-lock-minutes = { $minutes ->
    [one] after 1 minute
   *[other] after { $minutes } minutes
 }
settings-lock-never = never
settings-lock-now = Lock now
settings-window = Window
settings-tray = Keep running when the window is closed
settings-tray-hint = Gridkey stays in the tray and alarms still come.
settings-tray-none = This desktop shows no tray, so closing the window ends the program.
settings-start = Start when I log in to this device
settings-start-hint = Alarms then come as soon as the key is unlocked.
settings-about = About
settings-version = Version
settings-server = Server
settings-company = Power company
settings-session = Session
settings-session-none = none
settings-check = Set-up check
settings-check-text = Driver, reader, key, clock and server, one after the other.
settings-check-open = See the set-up check
settings-leave = Leave
settings-leave-text = Logging out ends the session and closes the key. Payments that wait stay on this device, encrypted.
settings-log-out = Log out
settings-quit = Quit Gridkey

help-title = Help
help-lost-title = Lost your key?
help-lost-text = Call at once, by day and by night. The key is shut out within a second, wherever it is used.
help-lost-number = Telephone
help-lost-steps = What happens then
help-lost-step-1 = Tell the customer number or the serial number of the key.
help-lost-step-2 = The key is shut out: nobody can log in or pay with it. Payments that are not at the bank yet are refused.
help-lost-step-3 = You get a new key. Your bills, payments and readings stay as they are.
help-pin-title = PIN forgotten or key locked?
help-pin-text = Nobody can read the PIN from the key. The power company can unlock the key or give you another.
help-pay-title = Did a payment go through?
help-pay-text = Each payment shows where it stands. While it says “Asking the bank”, it is asked about by itself: do not pay a second time.
help-offline-title = No network?
help-offline-text = A key that was used on this device opens the kept data without a network. Payments can be signed and wait until the server can be reached.
help-company = Your power company
help-number-none = The number is on your contract and on each bill.
