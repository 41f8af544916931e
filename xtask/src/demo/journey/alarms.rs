//! `alarm` and `e-bill`: what the platform tells the server is pushed to whoever is there and kept for who is not.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{
    CUSTOMERS, Journey,
    gridkey::{Running, ask, fen, list, text, yuan},
};
use crate::demo::process::output;

/// Arrears reach an open session at once, and one that was away when it comes back.
pub(super) fn alarm(journey: &mut Journey) -> Result<String> {
    let (there, away) = (journey.key(1)?, journey.key(2)?);
    // Follows the stream once, so that it has a place to come back to.
    let before = ask(journey.gridkey(away).arg("alarms"))?;
    ensure!(list(&before, "/new")?.is_empty(), "there are alarms before any were raised");
    ensure!(fen(&before, "/arrears/open")? > 0, "nothing is overdue");

    let mut watch = Running::start(journey.gridkey(there).args(["watch", "--until", "arrears"]))?;
    watch.wait_online()?;
    let raised = output(journey.platform().arg("arrears-run"))?;
    let raised: Vec<Value> = raised.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    ensure!(raised.len() == CUSTOMERS.len(), "{} alarms were raised", raised.len());
    let of = |number: &str| raised.iter().find(|alarm| alarm["customer"] == number).context("no alarm of the customer");

    let pushed = watch.wait_push("arrears")?;
    let alarm = text(&pushed, "/alarm")?.to_owned();
    ensure!(of(CUSTOMERS[0])?["alarm"] == alarm.as_str(), "another alarm was pushed than was raised");
    watch.ended()?.done()?;

    let answer = ask(journey.gridkey(away).arg("alarms"))?;
    let missed = list(&answer, "/new")?.first().context("the one who was away was not told")?;
    let missed = text(missed, "/body/alarm")?;
    ensure!(of(CUSTOMERS[1])?["alarm"] == missed, "another alarm was told than was raised");
    let again = ask(journey.gridkey(away).arg("alarms"))?;
    ensure!(list(&again, "/new")?.is_empty(), "the alarm came as new a second time");
    ask(journey.gridkey(away).args(["alarms", "ack", missed]))?;
    let after = ask(journey.gridkey(away).arg("alarms"))?;
    let seen =
        list(&after, "/alarms")?.iter().find(|entry| entry["event"]["alarm"] == missed).context("the alarm is gone")?;
    ensure!(!seen["acknowledged"].is_null(), "the alarm is not acknowledged");
    let (level, open) = (text(&pushed, "/level")?, fen(&pushed, "/open")?);
    Ok(format!(
        "{alarm} ({level}, {} open) pushed to an open session; {missed} told to one that came back, and acknowledged",
        yuan(open)
    ))
}

/// A bill run pushes the new bill to an open session; everybody has it.
pub(super) fn e_bill(journey: &mut Journey) -> Result<String> {
    let key = journey.key(3)?;
    let mut watch = Running::start(journey.gridkey(key).args(["watch", "--until", "bill"]))?;
    watch.wait_online()?;
    let said = output(journey.platform().arg("bill-run"))?;
    let pushed = watch.wait_push("bill")?;
    watch.ended()?.done()?;
    let (bill, total) = (text(&pushed, "/bill")?, fen(&pushed, "/total")?);
    let expected = format!("B-{}-M1000000031", journey.calendar()?.last_month);
    ensure!(bill == expected, "{bill} was pushed, not {expected}");
    let answer = ask(journey.gridkey(key).args(["bill", bill, "--verify"]))?;
    ensure!(fen(&answer, "/bill/total")? == total, "the bill is not the one that was pushed");
    // Those who were away find it, too.
    let bills = ask(journey.gridkey(journey.key(7)?).arg("bills"))?;
    ensure!(text(&bills, "/bills/0/month")? == journey.calendar()?.last_month, "another customer has no new bill");
    Ok(format!("{bill}, {}, pushed to an open session ({})", yuan(total), said.trim()))
}
