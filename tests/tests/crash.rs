//! Power cuts on the way of a payment: at each place where the server or the platform writes or sends, it is killed once, started
//! again, and the customer goes on as a person would. The order ends paid, and the bank has debited it once.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use gridkey_tests::stack::{PATIENCE, Said, Stack};
use serde_json::Value;

const CUSTOMER: &str = "1100000001";

/// The customer's newest bill with something open, and how much, fen.
fn open_bill(stack: &Stack) -> Result<(String, u64)> {
    let said = stack.gridkey(CUSTOMER, &["bills"])?;
    let bills = said.out["bills"].as_array().with_context(|| format!("{said:?}"))?;
    let open = bills.iter().find(|bill| bill["open"].as_u64() > Some(1_000_000)).context("no bill is open")?;
    let id = open["bill"].as_str().context("a bill without its number")?;
    Ok((id.to_owned(), open["open"].as_u64().context("a bill without what is open")?))
}

fn open_amount(stack: &Stack, bill: &str) -> Result<u64> {
    let said = stack.gridkey(CUSTOMER, &["bill", bill])?;
    said.out["bill"]["open"].as_u64().with_context(|| format!("{said:?}"))
}

/// What a payment's debits came to.
fn debits(stack: &Stack, payment: &str) -> Result<usize> {
    Ok(stack.ledger()?.iter().filter(|debit| debit["orderId"] == payment).count())
}

/// The payment that the command speaks of, or the one that waits in the queue.
fn payment_of(stack: &Stack, said: &Said) -> Result<Option<String>> {
    let id = |value: &Value| value["payment"].as_str().map(str::to_owned);
    if let Some(id) = id(&said.out) {
        return Ok(Some(id));
    }
    let queue = stack.gridkey(CUSTOMER, &["queue", "list"])?;
    Ok(queue.out["queue"].as_array().and_then(|queue| queue.last()).and_then(id))
}

/// Pays one yuan of `bill` while `daemon` kills itself at `failpoint`; starts it again and goes on to the end.
fn pay_through(stack: &mut Stack, daemon: &str, failpoint: &str, bill: &str) -> Result<String> {
    stack.stop(daemon)?;
    stack.restart(daemon, Some(failpoint))?;
    if failpoint.contains(".seen.") {
        // Only a query that comes before any notification tells that the gateway knows the payment.
        stack.faults(&serde_json::json!({ "notify": { "lose": 5 } }))?;
    }
    let amount = format!("{bill}=1.00");
    let first = stack.gridkey(CUSTOMER, &["pay", "--bill", bill, "--amount", &amount])?;
    let mut payment = payment_of(stack, &first)?;
    let mut page = first.out["page"].as_str().map(str::to_owned);
    let mut died = false;
    let begun = Instant::now();
    loop {
        ensure!(begun.elapsed() < 2 * PATIENCE, "no end after {:?}; the last: {first:?}", begun.elapsed());
        if !stack.is_running(daemon) && !died {
            died = true;
            stack.restart(daemon, None)?;
        }
        let Some(id) = payment.clone() else {
            // The order surely did not arrive and was given up; the customer tries again.
            let again = stack.gridkey(CUSTOMER, &["pay", "--bill", bill, "--amount", &amount])?;
            payment = payment_of(stack, &again)?;
            page = again.out["page"].as_str().map(str::to_owned);
            continue;
        };
        if let Some(open) = page.take() {
            // A page that a crash used up gives way to a fresh one.
            if let Err(error) = stack.confirm_at_bank(&open) {
                println!("{failpoint}: {error:#}");
            }
        }
        let said = stack.gridkey(CUSTOMER, &["confirm", &id])?;
        match said.out["state"].as_str() {
            Some("paid") if died => return Ok(id),
            // The crash is still to come: what the platform tells is applied in the background.
            Some("paid") => ensure!(begun.elapsed() < PATIENCE, "{failpoint} was never reached"),
            Some(state @ ("refused" | "expired" | "cancelled")) => bail!("the order ended {state}: {said:?}"),
            _ => page = said.out["page"].as_str().map(str::to_owned),
        }
        if page.is_none() {
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

fn each_crash_ends_paid_once(daemon: &str, failpoints: &[&str]) {
    let mut stack = Stack::start().unwrap();
    for failpoint in failpoints {
        let (bill, before) = open_bill(&stack).unwrap();
        let paid = pay_through(&mut stack, daemon, failpoint, &bill);
        let payment = paid.unwrap_or_else(|error| panic!("{failpoint}: {error:#}"));
        assert_eq!(debits(&stack, &payment).unwrap(), 1, "{failpoint}: one debit");
        assert_eq!(open_amount(&stack, &bill).unwrap(), before - 100, "{failpoint}: one yuan less to pay");
        println!("{failpoint}: paid once");
    }
    let debits = stack.ledger().unwrap().len();
    assert_eq!(debits, failpoints.len(), "no debit beside the paid ones");
}

#[test]
fn a_server_killed_anywhere_on_the_way_of_a_payment_loses_and_doubles_nothing() {
    each_crash_ends_paid_once("server", gridkey_server::failpoints::ALL);
}

#[test]
fn a_platform_killed_anywhere_on_the_way_of_a_payment_loses_and_doubles_nothing() {
    each_crash_ends_paid_once("platform", gridkey_platform::payments::failpoints::ALL);
}
