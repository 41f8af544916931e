### Electricity: this month and history.

electricity-title = Electricity
electricity-subtitle = Meter { $meter } · { $voltage } kV · { $capacity } kVA
electricity-meter = Meter
electricity-no-meter = No meter yet
electricity-no-meter-text = As soon as a meter is entered for your account, its energy appears here.

## Periods of the tariff

electricity-valley-hours = 23:00–07:00
electricity-flat-hours = 07:00–08:00, 11:00–18:00
electricity-peak-hours = 08:00–11:00, 18:00–23:00
electricity-sharp-hours = 19:00–21:00 in January, July, August and December

## This month

electricity-this-month = This month
electricity-read-until = Readings up to { $at }
electricity-energy = Energy
electricity-registers = Energy by period, this month
electricity-register = Period
electricity-share = Share
electricity-running = Charge so far
electricity-running-hint = If the month ended now
electricity-running-show = How it is made up
electricity-running-caption = Parts of the charge so far
electricity-demand = Maximum demand
electricity-demand-at = { $date } at { $time }
electricity-demand-finding = Looking up the time…
electricity-demand-no-time = The time is not known offline
electricity-demand-charged = Basic charge by demand: { $price } yuan per kW
electricity-demand-free = Basic charge by capacity ({ $capacity } kVA), so this costs nothing more
electricity-pf = Power factor
electricity-pf-standard = Standard { $standard }
electricity-pf-saves = Saves { $amount } so far
electricity-pf-costs = Costs { $amount } so far
electricity-pf-even = At the standard: costs and saves nothing
electricity-pf-on = { $percent } on energy and basic charge
electricity-pf-to-standard = Above { $standard } it costs nothing more.

## History

electricity-history = History
electricity-path = Place in the history
electricity-year = { $year }
electricity-earlier = Earlier
electricity-later = Later
electricity-up = Back to { $span }
electricity-compare = Compare with a year earlier
electricity-export = Save as CSV
electricity-export-done = Saved as { $file }
electricity-export-failed = The file could not be saved. Check that there is room in your downloads folder.
electricity-chart-year = Energy by month in { $year }, kWh
electricity-chart-month = Energy by day in { $month }, kWh
electricity-chart-day = Load on { $date }, kW per quarter-hour
electricity-caption-year = Energy by month in { $year }
electricity-caption-month = Energy by day in { $month }
electricity-caption-day = Load by quarter-hour on { $date }
electricity-open-part = Open { $part }
electricity-drill-month = Choose a month to see its days
electricity-drill-day = Choose a day to see its curve
electricity-total = Total { $kwh }
electricity-max = Maximum { $kw } ({ $at })
electricity-more = { $percent } more than a year earlier
electricity-less = { $percent } less than a year earlier
electricity-same = As much as a year earlier
electricity-no-comparison = No readings from a year earlier
electricity-year-before = A year earlier
electricity-rounding = Days are summed from hours, each rounded to 0.01 kWh. The bill rounds once a month.
electricity-no-readings = No readings
electricity-no-readings-text = There are no readings for this time. Try an earlier one.
electricity-not-begun = This time has not come yet.
electricity-column-month = Month
electricity-column-day = Day
electricity-column-time = Time
electricity-column-period = Period
electricity-column-kwh = kWh
electricity-column-valley = Valley, kWh
electricity-column-flat = Flat, kWh
electricity-column-peak = Peak, kWh
electricity-column-sharp = Sharp, kWh
electricity-column-total = Total, kWh
electricity-column-kvarh = kvarh
electricity-column-kw = kW
electricity-column-max = Maximum, kW
electricity-column-pf = Power factor
electricity-column-before = A year earlier, kWh
electricity-file = electricity-{ $meter }-{ $span }.csv
electricity-earlier-to = Earlier: { $span }
electricity-later-to = Later: { $span }
electricity-column-before-kw = A year earlier, kW
electricity-loading = Loading this month
electricity-loading-history = Loading the readings
electricity-loading-comparison = loading the year before
electricity-no-readings-yet = The first readings of this month appear here within a day.
electricity-demand-on = { $date }
electricity-whole-months = (whole months only)
electricity-whole-days = (whole days only)
