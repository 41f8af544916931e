# Customers: finding them, one customer, making them by hand or from a file.

customers-title = Customers
customers-search = Search customers
customers-search-hint = Number or name
customers-loading = Searching
customers-none = No customers yet
customers-none-text = Make the first one by hand, or many from a file.
customers-none-found = Nobody found for “{ $text }”
customers-none-found-text = A number is found by its beginning, a name by any part of it, in both languages.
customers-clear = Show all customers
customers-new = New customer
customers-import = Import from a file
customers-column-number = Number
customers-column-name = Name
customers-column-grade = Grade

customers-back = All customers
customers-one = Customer { $number }
customers-one-loading = Loading the customer
customers-nothing = none

customers-profile = Profile
customers-also = Also
customers-kind = Type
customers-kind-industrial = Industrial
customers-kind-commercial = Commercial
customers-kind-agricultural = Agricultural
customers-grade = Grade
customers-contact = Contact
customers-contact-hint = A telephone number or mail address.
customers-contact-title = Change contact and address
customers-contact-edit = Edit
customers-contact-edit-label = Edit contact and address
customers-contact-save = Save contact
customers-address = Address
customers-balance = Balance

customers-meters = Meters
customers-meters-none = This customer has no meter.
customers-meter = Meter number
customers-meter-group = Meter { $meter }
customers-meter-basic = Basic charge
customers-meter-capacity = Capacity
customers-meter-voltage = Voltage
customers-meter-size = { $capacity } kVA · { $voltage } kV
customers-meter-add = Add a meter
customers-meter-remove = Remove
customers-meter-remove-label = Remove meter { $meter }
customers-basic-capacity = by capacity
customers-basic-demand = by demand

customers-keys = Keys
customers-keys-none = No key yet
customers-keys-none-text = Without a key this customer cannot log in.
customers-key = Token
customers-key-state = State
customers-key-since = Since
customers-key-until = Ends
customers-key-make = Make a key

customers-bills = Bills
customers-bills-loading = Loading the bills
customers-bills-none = No bills yet.
customers-bill = Month
customers-bill-due = Due
customers-bill-total = Amount
customers-bill-open = { $amount } open
customers-bill-state = State
parts-push = Send again
parts-push-label = Send again bill { $bill }
parts-pushed = Sent
parts-pushed-label = Sent: bill { $bill }. Press to send it once more.
parts-evidence = Save evidence

customers-payments = Payments
customers-payments-loading = Loading the payments
customers-payments-none = No payments yet.
customers-payments-all = Show all

customers-sessions = Logged in now
customers-sessions-none = Not logged in.

customers-alarms = Alarms
customers-alarms-loading = Loading the alarms
customers-alarms-none = Nothing was ever overdue.
customers-alarm = { $what }: { $amount }
customers-alarm-raised = Overdue
customers-alarm-escalated = Escalated
customers-alarm-eased = Eased
customers-alarm-cleared = Cleared
customers-alarm-seen = Acknowledged { $time }
customers-alarm-unseen = Not acknowledged

customers-new-title = New customer
customers-new-subtitle = The number and meters cannot be changed later; contact and address can.
customers-new-who = Customer
customers-new-number-hint = Letters, digits and dashes, as on the contract.
customers-new-name = Name
customers-new-name-zh = Name in Chinese
customers-new-no-meters = Without a meter nothing is billed. Meters can come later from a file.
customers-new-wrong = Something is missing or wrong: see the fields marked above.
customers-new-make = Make customer

customers-fault-empty = This must be filled in.
customers-fault-text = At most { $most } bytes, on one line.
customers-fault-number = Letters, digits and dashes only, at most 40.
customers-fault-quantity = A number above zero, such as 1250 or 0.4.
customers-fault-twice = This meter stands above already.

import-title = Import customers
import-subtitle = Every row is checked before anything is sent.
import-another = Choose another file
import-choose = File
import-file = Choose a CSV file
import-file-text = One row for each meter, in UTF-8. Nothing is sent before you have seen what is in it.
import-browse = Choose file
import-path = Or type where it is
import-path-hint = /home/you/customers.csv
import-read = Read file
import-unread = The file cannot be read. Check its name and whether you may open it.
import-large = The file is too large: at most { $most } MB. Split it.
import-columns = Columns
import-columns-text = In any order. A customer with several meters has a row for each; the meter’s columns may be empty.
import-column-number = letters, digits, dashes
import-column-type = industrial, commercial or agricultural
import-column-basic = capacity or demand
import-column-capacity = transformer, kVA
import-column-voltage = supply, kV
import-column-text = text, up to 200 bytes
import-template = Save template
import-faulty = { $faulty } of { $all } customers have faults
import-faulty-file = The file cannot be used as it is
import-faulty-text = Nothing was sent. Mend the file and choose it again.
import-ready = { $count ->
    [one] 1 customer
   *[other] { $count } customers
 } with { $meters ->
    [one] 1 meter
   *[other] { $meters } meters
 }, no faults found
import-ready-text = Nothing was sent yet.
import-start = { $count ->
    [one] Make 1 customer
   *[other] Make { $count } customers
 }
import-ask = { $count ->
    [one] Make 1 customer?
   *[other] Make { $count } customers?
 }
import-ask-text = Each is signed with your key and stands in the audit chain. Customers cannot be deleted. It can be stopped after any row.
import-running = { $done } of { $all } gone through
import-counts = { $made } made, { $there } there already, { $failed } failed
import-stop = Stop after this row
import-stopped = Stopped; { $left } are not made
import-done = { $count ->
    [one] The customer is there
   *[other] All { $count } customers are there
 }
import-done-some = { $failed } of { $all } could not be made
import-again = { $count ->
    [one] Try the 1 left
   *[other] Try the { $count } left
 }
import-rows = Customers of the file
import-filter = Rows
import-filter-bad = To look at ({ $count })
import-filter-all = All ({ $count })
import-none-bad = Nothing is wrong here.
import-line = Line
import-result = Result
import-row-waiting = Not sent yet
import-row-running = Being made
import-row-made = Made
import-row-there = There already
import-fault-missing = { $column } is missing
import-fault-invalid = { $column }: “{ $value }” is not acceptable; expected { $expected }
import-fault-differs = { $column } is not as in line { $line }, where this customer begins
import-fault-meter-twice = Meter { $meter } stands in line { $line } already
import-fault-unreadable = From line { $line } on this is no CSV in UTF-8. Save it from the spreadsheet as “CSV UTF-8”.
import-fault-no-rows = The file has headings only, no customers
