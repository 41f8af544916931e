//! `usage`, `bills`, `bill-recomputed`.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{
    Journey,
    gridkey::{ask, fen, list, text, yuan},
};

/// Months of history that a customer can look back on.
const HISTORY: usize = 24;

/// This month as far as it has come, and two years of months.
pub(super) fn usage(journey: &mut Journey) -> Result<String> {
    let calendar = journey.calendar()?;
    let key = journey.key(1)?;
    let summary = ask(journey.gridkey(key).arg("usage"))?;
    let (month, running) = (text(&summary, "/usage/month")?.to_owned(), fen(&summary, "/usage/running")?);
    ensure!(month > calendar.last_month, "{month} is said to run");
    let meters = list(&summary, "/usage/meters")?;
    let total = meters.iter().map(|meter| fen(meter, "/running")).sum::<Result<u64>>()?;
    ensure!(total == running, "the meters' charges add up to {}, not {}", yuan(total), yuan(running));

    let from = format!("{}-01", calendar.two_years_ago);
    let series = ask(journey.gridkey(key).args(["usage", "--resolution", "month", "--from", &from]))?;
    let series = list(&series, "/series")?.first().context("no series")?;
    let points = list(series, "/points")?;
    // The running month is the last, once it has a reading.
    ensure!((HISTORY..=HISTORY + 1).contains(&points.len()), "{} months came", points.len());
    let empty = points.iter().take(HISTORY).filter(|point| point["kwh"] == "0.00").count();
    ensure!(empty == 0, "{empty} months are empty");
    Ok(format!("{month} so far {}; {HISTORY} months before it from {}", yuan(running), calendar.two_years_ago))
}

/// All bills, newest first, with the newest unpaid; the bill's own arithmetic holds.
pub(super) fn bills(journey: &mut Journey) -> Result<String> {
    let newest = journey.calendar()?.month_before_last;
    let mut open = 0;
    for last in 1..=4 {
        let key = journey.key(last)?;
        let answer = ask(journey.gridkey(key).arg("bills"))?;
        let bills = list(&answer, "/bills")?;
        ensure!(bills.len() == HISTORY, "customer {last} has {} bills", bills.len());
        let months: Vec<&str> = bills.iter().map(|bill| text(bill, "/month")).collect::<Result<_>>()?;
        ensure!(months.is_sorted_by(|a, b| a > b) && months[0] == newest, "the bills are not newest first");
        let state = |bill: &Value| bill["state"].as_str().unwrap_or_default().to_owned();
        ensure!(state(&bills[0]) == "overdue", "the newest bill is {}", state(&bills[0]));
        ensure!(bills[1..].iter().all(|bill| state(bill) == "paid"), "an older bill is not paid");
        open += fen(&bills[0], "/open")?;
    }
    let bill = format!("B-{newest}-M1000000011");
    let checked = ask(journey.gridkey(journey.key(1)?).args(["bill", &bill, "--verify"]))?;
    let total = fen(&checked, "/bill/total")?;
    let document = journey.layout.root().join("bill.csv");
    let mut save = journey.gridkey(journey.key(1)?);
    ask(save.args(["bill", &bill, "--document", "csv", "--out"]).arg(&document))?;
    let content = std::fs::read_to_string(&document).context("the bill's document")?;
    ensure!(content.contains(&bill), "the document does not name its bill");
    Ok(format!(
        "{HISTORY} of each of 4 customers, {} open; {bill} is {} and checks, saved as CSV",
        yuan(open),
        yuan(total)
    ))
}

/// Bills are reckoned again from the load profiles by a program that shares no billing code with the platform.
pub(super) fn recomputed(journey: &mut Journey) -> Result<String> {
    let calendar = journey.calendar()?;
    let mut bills = String::new();
    let mut shown = String::new();
    // The newest bills of two customers with different basic charges, and one of a month with sharp hours.
    for (last, month, meter) in [
        (1, &calendar.month_before_last, "M1000000011"),
        (2, &calendar.month_before_last, "M1000000021"),
        (3, &calendar.last_sharp, "M1000000031"),
    ] {
        let bill = format!("B-{month}-{meter}");
        let answer = ask(journey.gridkey(journey.key(last)?).args(["bill", &bill]))?;
        bills.push_str(&format!("{}\n", answer["bill"]));
        shown.push_str(&format!("{bill} {}; ", yuan(fen(&answer, "/bill/total")?)));
    }
    let file = journey.layout.root().join("bills.jsonl");
    std::fs::write(&file, bills).context("cannot write the bills")?;
    let mut helper = journey.helper("recompute");
    let verdict = ask(helper.arg("--data").arg(Journey::data()).arg("--bills").arg(&file).arg("--calendar"))?;
    ensure!(verdict["equal"] == 3 && verdict["different"] == 0, "{verdict}");
    Ok(format!("{shown}each value equal"))
}
