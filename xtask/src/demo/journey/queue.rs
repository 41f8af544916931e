//! `offline-queue`: an order signed while the server is away is carried out once, whatever happens to the program that
//! keeps it.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{
    Journey,
    gridkey::{Running, ask, fen, list, run, text, yuan},
    payments::paid,
};

/// Server stopped, order queued, client killed twice, server back: pending, confirmed, paid once.
pub(super) fn offline_queue(journey: &mut Journey) -> Result<String> {
    let bill = format!("B-{}-M1000000021", journey.calendar()?.month_before_last);
    journey.halt("server")?;
    let queued = queue(journey, &bill);
    // Back also if something failed in between: other steps need it.
    let started = journey.start("server");
    let (payment, amount) = queued?;
    started?;

    let key = journey.key(2)?;
    let mut watch = Running::start(journey.gridkey(key).arg("watch"))?;
    let sent =
        watch.wait("the queued order's sending", |line| (line["event"] == "order").then(|| line["payment"].clone()))?;
    ensure!(sent["payment"] == payment.as_str() && sent["state"] == "pending", "{sent}");
    journey.confirm_at_bank(text(&sent, "/page")?)?;
    let reference = paid(&mut watch, &payment)?;
    drop(watch);
    ensure!(waiting(journey)?.is_empty(), "the order still waits");
    let debits = journey.debits(&payment)?;
    ensure!(debits == [amount], "the gateway debited {debits:?}");
    Ok(format!(
        "{bill}, {}, signed with the server away, client killed twice, then sent, confirmed and paid once ({reference})",
        yuan(amount)
    ))
}

/// Signs the order without a server and kills the programs that know of it. Gives its id and amount.
fn queue(journey: &Journey, bill: &str) -> Result<(String, u64)> {
    let key = journey.key(2)?;
    let now = run(journey.gridkey(key).args(["pay", "--bill", bill]))?;
    ensure!(now.status == Some(5), "an order to be paid now was not refused for want of a connection");
    let mut pay = Running::start(journey.gridkey(key).args(["pay", "--queue", "--bill", bill]))?;
    let order = pay.wait("the queued order", |line| (line["outcome"] == "queued").then(|| line.clone()))?;
    pay.kill()?;
    let (payment, amount) = (text(&order, "/payment")?.to_owned(), fen(&order, "/amount")?);
    let mut watch = Running::start(journey.gridkey(key).arg("watch"))?;
    watch.wait("word that there is no connection", |line| (line["event"] == "offline").then_some(()))?;
    watch.kill()?;
    let waiting = waiting(journey)?;
    let [kept] = waiting.as_slice() else { anyhow::bail!("{} orders wait", waiting.len()) };
    ensure!(kept["payment"] == payment.as_str() && kept["state"] == "queued", "{kept}");
    Ok((payment, amount))
}

fn waiting(journey: &Journey) -> Result<Vec<Value>> {
    let answer = ask(journey.gridkey(journey.key(2)?).arg("queue"))?;
    Ok(list(&answer, "/queue").context("the queue")?.clone())
}
