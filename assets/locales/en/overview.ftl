# The overview.

overview-title = Overview
overview-subtitle = { $name } · customer { $customer } · { $meters ->
    [one] 1 meter
   *[other] { $meters } meters
 }

overview-arrears-reminder = { $open } is overdue. Late charge so far: { $late }.
overview-arrears-warning = { $open } is overdue, for up to { $days } days. Late charge so far: { $late }. Pay it to avoid a final notice.
overview-arrears-final = { $open } is overdue, for up to { $days } days. The supply may be cut off. Late charge so far: { $late }.
overview-pay-arrears = Pay what is overdue

overview-due-soon = { $days ->
    [0] { $month }'s bill of { $amount } is due today.
    [one] { $month }'s bill of { $amount } is due tomorrow.
   *[other] { $month }'s bill of { $amount } is due in { $days } days.
 } From { $late } a late charge of 2 ‰ a day applies.

overview-month = This month so far
overview-month-days = day { $day } of { $days }
overview-month-progress = Days of the month gone
overview-month-less = { $percent } less than { $month } at this point
overview-month-more = { $percent } more than { $month } at this point
overview-month-same = as much as { $month } at this point
overview-month-until = readings until { $time }
overview-month-none = No readings yet
overview-month-none-text = The first readings appear here the day after the meter was set up.

overview-due = Next due
overview-due-date = by { $date }
overview-due-for = { $month } · { $meter }
overview-due-overdue = overdue since { $date }
overview-due-part = { $open } of { $total } is left
overview-due-pay = Pay
overview-due-open = How it was computed
overview-due-more = { $count ->
    [one] and 1 more bill
   *[other] and { $count } more bills
 }
overview-due-none = Nothing to pay
overview-due-none-text = The next bill comes at the beginning of the month.
overview-due-in-payment = Being paid

overview-factor = Power factor
overview-factor-standard = standard 0.90
overview-factor-progress = Power factor against the standard
overview-factor-bonus = { $percent } on energy and basic charge
overview-factor-even = no adjustment
overview-factor-penalty = +{ $percent } on energy and basic charge
overview-factor-none = No readings yet
overview-maximum = Highest load this month: { $kw }

overview-today = Today
overview-today-unit = kW per quarter-hour
overview-today-label = Load today by quarter-hour, { $count } readings, highest { $max }
overview-today-none = No readings of today yet
overview-today-none-text = They come in every quarter of an hour.

overview-months = Energy by month
overview-months-unit = MWh
overview-months-label = Energy of the last { $count } months by time of use
overview-months-none = No bills yet
overview-months-none-text = The first month appears here when its bill is issued.
overview-months-waiting = { $count ->
    [one] 1 month is not loaded yet
   *[other] { $count } months are not loaded yet
 }

overview-payments = Payments
overview-payments-none = No payments yet
overview-payments-several = { $count } bills
overview-payments-account = on account
overview-payments-until = valid until { $date }

overview-alarms = Alarms
overview-alarms-none = No alarms
overview-alarm-ack = Got it
overview-alarm-ack-label = Got it: { $alarm }
overview-all = All

overview-loading-month = Loading the running month
overview-loading-bills = Loading your bills
overview-loading-chart = Loading today's readings
overview-loading-months = Loading the months
overview-loading-payments = Loading your payments
overview-loading-alarms = Loading your alarms

alarm-raised = Something is overdue
alarm-escalated = Still overdue
alarm-eased = Partly paid
alarm-cleared = Nothing is overdue any more
overview-due-queue = Sign and queue
overview-arrears-pay-queue = Sign and queue what is overdue
overview-today-hour = Time
overview-today-load = Load, kW
overview-months-month = Month
