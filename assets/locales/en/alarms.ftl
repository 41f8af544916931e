### Alarms: what is overdue and how it came about.

alarms-title = Alarms
alarms-subtitle-none = Nothing is overdue
alarms-subtitle = { $open } overdue
alarms-now = Overdue now
alarms-arrears-caption = Overdue bills, oldest first
alarms-late = Late charge so far
alarms-late-hint = 2 ‰ a day, 3 ‰ from the next calendar year; on the next bill after you pay
alarms-pay = Pay { $amount }
alarms-none = Nothing is overdue
alarms-none-text = If a bill passes its due date, it is named here with its late charge.
alarms-column-bill = Bill
alarms-column-due = Due
alarms-column-days = Days
alarms-column-open = Open
alarms-column-late = Late charge
alarms-column-level = Level
alarms-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}

alarms-level-reminder-means = Up to 15 days overdue.
alarms-level-warning-means = 16 to 30 days overdue.
alarms-level-final-means = More than 30 days overdue: supply may be cut.

## History

alarms-history = History
alarms-filter = Show
alarms-filter-all = All
alarms-filter-new = New
alarms-filter-grave = Warnings and up
alarms-amounts = { $open } overdue, { $late } late charge
alarms-amount = { $open } overdue
alarms-got-it = Got it
alarms-got-it-one = Got it: { $what }, { $date }
alarms-acknowledged = Seen { $at }
alarms-acknowledge-offline = Connect to mark it as seen.
alarms-history-none = No alarms yet
alarms-history-none-text = When arrears are raised, escalated or settled, it is noted here with its date.
alarms-none-found = Nothing here
alarms-none-found-text = No alarm fits this choice.
alarms-show-all = Show all alarms
alarms-new-count = { $count ->
    [one] { $count } new
   *[other] { $count } new
}
alarms-loading = Loading what is overdue
alarms-loading-history = Loading your alarms
