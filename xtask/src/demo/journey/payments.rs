//! `pay`, `receipt`, `history`, `duplicate`.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::{
    Journey,
    gridkey::{Running, ask, fen, list, run, text, yuan},
};
use crate::demo::http;

/// What the platform counts of the gateway's notifications and of its own queries.
const NOTIFICATIONS: &str = "gridkey_platform_notifications_total{verdict=\"kept\"";
const QUERIES: &str = "gridkey_platform_gateway_queries_total{result=\"paid\"";

/// What the step `pay` leaves for those after it.
#[derive(Debug, Clone)]
pub(super) struct Paid {
    /// The order's id.
    pub(super) payment: String,
    bill: String,
    amount: u64,
    reference: String,
    /// The receipt, once saved.
    file: PathBuf,
}

/// Signed on the key, confirmed on the bank's page, notified, asked for, paid.
pub(super) fn pay(journey: &mut Journey) -> Result<String> {
    let bill = format!("B-{}-M1000000011", journey.calendar()?.month_before_last);
    let key = journey.key(1)?;
    let order = ask(journey.gridkey(key).args(["pay", "--bill", &bill]))?;
    let (payment, amount) = (text(&order, "/payment")?.to_owned(), fen(&order, "/amount")?);
    let state = text(&order, "/state")?;
    ensure!(state == "pending", "the order is {state}");
    let page = text(&order, "/page")?.to_owned();
    let reserved = ask(journey.gridkey(key).args(["bill", &bill]))?;
    ensure!(reserved["bill"]["state"] == "in-payment", "the bill is {}", reserved["bill"]["state"]);

    let mut watch = Running::start(journey.gridkey(key).arg("watch"))?;
    watch.wait_online()?;
    let (notifications, queries) = (journey.counted(NOTIFICATIONS)?, journey.counted(QUERIES)?);
    journey.confirm_at_bank(&page)?;
    let reference = paid(&mut watch, &payment)?;
    drop(watch);

    journey.page_is_used(&page)?;
    ensure!(journey.debits(&payment)? == [amount], "the gateway did not debit {} once", yuan(amount));
    journey.notified(&payment)?;
    let notified = journey.counted(NOTIFICATIONS)? - notifications;
    let asked = journey.counted(QUERIES)? - queries;
    ensure!(notified > 0 && asked > 0, "booked after {notified} notifications and {asked} queries");
    let settled = ask(journey.gridkey(key).args(["bill", &bill]))?;
    ensure!(
        settled["bill"]["state"] == "paid" && settled["bill"]["open"] == 0,
        "the bill is {}",
        settled["bill"]["state"]
    );
    let file = journey.layout.root().join("receipt.cbor");
    let seen = format!(
        "{bill}, {}: order {payment} signed, confirmed at the bank, notified, asked for and paid under {reference}",
        yuan(amount)
    );
    journey.paid = Some(Paid { payment, bill, amount, reference, file });
    Ok(seen)
}

/// Waits until the watching session is told that `payment` is paid; gives the gateway's reference.
pub(super) fn paid(watch: &mut Running, payment: &str) -> Result<String> {
    let outcome = watch.wait(&format!("the result of {payment}"), |line| {
        let body = &line["body"];
        let ours = line["event"] == "push" && line["kind"] == "payment" && body["payment"] == payment;
        let state = body["state"].as_str()?;
        (ours && state != "pending" && state != "submitted").then(|| body.clone())
    })?;
    ensure!(outcome["state"] == "paid", "the payment is {} ({})", outcome["state"], outcome["reason"]);
    Ok(text(&outcome, "/reference")?.to_owned())
}

/// The receipt verifies with the root alone, and not when a byte of it is another.
pub(super) fn receipt(journey: &mut Journey) -> Result<String> {
    let Paid { payment, amount, reference, file, .. } = journey.paid.clone().context("nothing was paid")?;
    let key = journey.key(1)?;
    ask(journey.gridkey(key).args(["receipt", &payment, "--out"]).arg(&file))?;
    // Without key, PIN, configuration and network.
    let root = journey.stack.root.clone();
    let verify = |file: &PathBuf| {
        let mut verify = journey.program("gridkey");
        verify.arg("--root").arg(&root).args(["--json", "receipt", "--verify"]).arg(file);
        run(verify.env_remove("SOFTHSM2_CONF").env_remove("XDG_CONFIG_HOME").env("HOME", journey.layout.root()))
    };
    let verified = verify(&file)?.done()?;
    ensure!(verified["verified"] == true && verified["receipt"]["state"] == "paid", "{verified}");
    ensure!(fen(&verified, "/receipt/amount")? == amount, "the receipt states another amount");
    ensure!(text(&verified, "/receipt/reference")? == reference, "the receipt states another reference");

    let bytes = fs::read(&file).context("the receipt")?;
    let forged = file.with_extension("forged");
    let mut refused = 0;
    for place in [bytes.len() / 8, bytes.len() / 4, bytes.len() / 2, bytes.len() - 40] {
        let mut bytes = bytes.clone();
        bytes[place] ^= 1;
        fs::write(&forged, bytes).context("the forged receipt")?;
        ensure!(verify(&forged)?.status != Some(0), "byte {place} is another and the receipt verifies");
        refused += 1;
    }
    Ok(format!(
        "{} bytes, {} paid under {reference}, verified with the root alone; {refused} forgeries refused",
        bytes.len(),
        yuan(amount)
    ))
}

/// The payment stands in the history with its reference.
pub(super) fn history(journey: &mut Journey) -> Result<String> {
    let paid = journey.paid.clone().context("nothing was paid")?;
    let answer = ask(journey.gridkey(journey.key(1)?).arg("history"))?;
    let payments = list(&answer, "/payments")?;
    let found = payments.iter().find(|payment| payment["payment"] == paid.payment.as_str());
    let found = found.context("the payment is not in the history")?;
    ensure!(found["state"] == "paid" && found["reference"] == paid.reference.as_str(), "{found}");
    ensure!(fen(found, "/amount")? == paid.amount && found["bills"][0]["bill"] == paid.bill.as_str(), "{found}");
    Ok(format!("{} payment, {} for {}, paid", payments.len(), yuan(paid.amount), paid.bill))
}

/// An order sent again gets the same answer; another one for its bill is refused, before and after it is paid.
pub(super) fn duplicate(journey: &mut Journey) -> Result<String> {
    let bill = format!("B-{}-M1000000031", journey.calendar()?.month_before_last);
    let key = journey.key(3)?;
    let mut helper = journey.helper("duplicate");
    helper.env("SOFTHSM2_CONF", &key.at.conf).arg("--config").arg(&key.config);
    helper.arg("--pin-file").arg(&key.at.pin_file).args(["--bill", &bill]);
    helper.arg("--web-root").arg(&journey.stack.web_root);
    let seen = ask(&mut helper)?;
    let payment = text(&seen, "/payment")?;
    ensure!(seen["first"]["state"] == "pending" && seen["again"]["state"] == "pending", "{seen}");
    ensure!(seen["again"]["payment"] == payment, "the same order was taken for another");
    ensure!(seen["other"] == "bill-in-payment", "another order got {}", seen["other"]);
    ensure!(seen["changed"] == "order-conflict", "another order under the same id got {}", seen["changed"]);
    ensure!(seen["paid"]["state"] == "paid" && seen["after"]["state"] == "paid", "{seen}");
    ensure!(seen["late"] == "already-paid", "another order after payment got {}", seen["late"]);
    let (amount, debits) = (fen(&seen, "/amount")?, journey.debits(payment)?);
    ensure!(debits == [amount], "the gateway debited {debits:?}");
    Ok(format!(
        "{bill}: sent three times, one debit of {}; other orders refused: bill-in-payment, order-conflict, already-paid",
        yuan(amount)
    ))
}

impl Journey {
    /// Confirms a payment as a person would, in a browser at the bank's page.
    pub(super) fn confirm_at_bank(&self, page: &str) -> Result<()> {
        let seen = ask(self.helper("bank-page").arg(page).arg("--web-root").arg(&self.stack.web_root))?;
        ensure!(seen["bank"] == "confirmed" && seen["returned"] == 200, "{seen}");
        Ok(())
    }

    /// A bank page opens once.
    fn page_is_used(&self, page: &str) -> Result<()> {
        let mut again = self.helper("bank-page");
        let again = run(again.arg(page).arg("--web-root").arg(&self.stack.web_root))?;
        if again.status == Some(0) { bail!("the bank page opened a second time") } else { Ok(()) }
    }

    /// The sum of the platform's counters whose name and labels begin with `prefix`.
    fn counted(&self, prefix: &str) -> Result<u64> {
        let metrics = http::get(self.plan.platform_ops, "/metrics")?;
        let lines = metrics.body.lines().filter(|line| line.starts_with(prefix));
        let values = lines.map(|line| line.rsplit(' ').next().unwrap_or_default());
        values.map(|value| value.parse::<u64>().with_context(|| format!("{value} is no count"))).sum()
    }

    /// What the gateway debited for an order, fen.
    pub(super) fn debits(&self, payment: &str) -> Result<Vec<u64>> {
        let answer = http::get(self.plan.gateway, "/ledger")?;
        let ledger: Vec<Value> = serde_json::from_str(&answer.body).context("the gateway's ledger")?;
        let order = payment.replace('-', "");
        ledger.iter().filter(|debit| debit["orderId"] == order.as_str()).map(|debit| fen(debit, "/txnAmt")).collect()
    }

    /// Whether the gateway's notification was taken: it stands in the gateway's journal.
    fn notified(&self, payment: &str) -> Result<()> {
        let journal = self.plan.sandbox.state.join("journal.jsonl");
        let order = payment.replace('-', "");
        let delivered = || -> Result<bool> {
            let text = fs::read_to_string(&journal).context("the gateway's journal")?;
            let mut records = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
            Ok(records.any(|record| {
                record["record"] == "notify-ended" && record["orderId"] == order.as_str() && record["delivered"] == true
            }))
        };
        super::gridkey::until("the gateway's notification", delivered)
    }
}
