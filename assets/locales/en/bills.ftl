### Bills: the list and one bill.

bills-title = Bills
bills-caption = Bills, newest first
bills-filter = Show
bills-filter-all = All
bills-filter-open = To pay
bills-filter-paid = Paid
bills-open-total = Open in all
bills-count = { $count ->
    [one] { $count } bill
   *[other] { $count } bills
}
bills-select = Choose { $month }, meter { $meter }
bills-select-all = Choose all that can be paid
bills-selected = { $count ->
    [one] { $count } bill chosen
   *[other] { $count } bills chosen
}
bills-pay = Pay { $amount }
bills-pay-one = Pay
bills-none = No bills yet
bills-none-text = Your first bill comes on the 1st of the month after your first day of supply.
bills-none-open = Everything is paid
bills-none-open-text = No bill is open. The next one comes on the 1st of the month.
bills-none-paid = Nothing is paid yet
bills-none-paid-text = Paid bills stay here with their receipts.
bills-show-all = Show all bills
bills-column-choose = Choose
bills-column-month = Month
bills-column-meter = Meter
bills-column-due = Due
bills-column-total = Amount
bills-column-open = Open
bills-column-state = State
bills-open-one = Bill for { $month }, meter { $meter }

## States

bills-state-part = Part paid
bills-due-today = Due today
bills-due-in = { $days ->
    [one] Due tomorrow
   *[other] Due in { $days } days
}
bills-overdue-by = { $days ->
    [one] { $days } day overdue
   *[other] { $days } days overdue
}

## One bill

bills-back = All bills
bills-heading = Bill for { $month }
bills-number = Bill { $bill } · meter { $meter }
bills-total = Amount billed
bills-left = Still open
bills-issued-on = Issued { $date }
bills-due-on = Due { $date }
bills-in-payment = A payment for this bill is under way.
bills-see-payment = See the payment
bills-lines = How it was computed
bills-lines-caption = Lines of the bill for { $month }
bills-column-line = Item
bills-column-quantity = Quantity
bills-column-price = Price
bills-column-amount = Amount, yuan
bills-sum = Total
bills-print = Print
bills-documents = Save this bill
bills-metered = What was metered
bills-active = Active energy
bills-reactive = Reactive energy
bills-max = Maximum demand
bills-pf = Power factor

bills-line-sharp = Energy, sharp
bills-line-peak = Energy, peak
bills-line-flat = Energy, flat
bills-line-valley = Energy, valley
bills-line-capacity = Basic charge by capacity
bills-line-demand = Basic charge by demand
bills-line-power-factor = Power factor adjustment
bills-line-surcharge = Funds and surcharges
bills-line-late = Late charge
bills-how-capacity = On the capacity of the transformer, each month
bills-how-demand = On the month's highest quarter-hour
bills-how-power-factor = Power factor { $pf } against the standard 0.90: { $percent } of energy and basic charge
bills-how-surcharge = On all energy, not adjusted by the power factor
bills-how-late = On ¥ { $quantity } paid late on an earlier bill: 2 ‰ a day to the year's end, 3 ‰ a day after it, at least ¥ 1.00
bills-unit-yuan = yuan
bills-per-kwh = yuan/kWh
bills-per-kva = yuan/kVA
bills-per-kw = yuan/kW

bills-check-agrees = Recomputed on this device: agrees.
bills-check-agrees-text = Every line, the power factor, the dates and the total follow from the published tariff.
bills-check-departs = Recomputed on this device: { $count ->
    [one] { $count } difference
   *[other] { $count } differences
}
bills-check-departs-text = The bill departs from the published tariff. Call the power company before you pay.
bills-check-caption = Where the bill departs from the tariff
bills-check-what = What
bills-check-stated = The bill says
bills-check-reckoned = The tariff gives

bills-form-csv = CSV
bills-form-csv-for = For a spreadsheet
bills-form-pdf = PDF
bills-form-pdf-for = For filing and printing
bills-form-ubl = UBL
bills-form-ubl-for = For accounting systems
bills-form-espi = Green Button
bills-form-espi-for = For energy tools
bills-form-other-for = As the power company makes it
bills-form-save = Save as { $form }
bills-form-offline = Connect to save it: the file comes from the power company.

## What a finding is about

bills-finding-number = Bill number
bills-finding-issued = Date of issue
bills-finding-due = Due date
bills-finding-total-kwh = Total energy, kWh
bills-finding-pf = Power factor
bills-finding-total = Total, yuan
bills-finding-open = Open amount, yuan
bills-finding-basic = Basic charge
bills-finding-line-amount = { $line }: amount, yuan
bills-finding-line-price = { $line }: price
bills-finding-line-quantity = { $line }: quantity

## Shared by list and bill

bills-loading = Loading your bills
bills-loading-one = Loading the bill
bills-of-total = of { $total }
bills-line-energy = Energy charge
bills-unit-kvarh = kvarh
