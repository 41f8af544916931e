//! One container after the other is killed and paused while payers pay.

use std::{
    collections::BTreeMap,
    fs,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::{Signal, kill as send};
use serde_json::Value;

use super::{
    Test,
    customer::ledger,
    payers::{Order, Payers, Stage, count},
    stack::{SERVICES, Stack},
};
use crate::demo::{
    journey::gridkey::{fen, text, yuan},
    process::{output, pid_of},
};

/// How long a paused container stays so: longer than its own health check, shorter than what makes a person give up.
const PAUSED: Duration = Duration::from_secs(8);
/// For a container to be started again by Docker.
const RESTART: Duration = Duration::from_secs(60);

/// Kills the first process of a container; Docker starts it again.
pub(super) fn kill(test: &mut Test<'_>, service: &'static str) -> Result<String> {
    through(test, service, "killed", stage_for_kill(service), |stack| {
        let before = stack.inspect(service)?;
        let (pid, restarts) = (process(&before)?, before["RestartCount"].clone());
        kill_process(stack, text(&before, "/Id")?, pid)?;
        stack.until(&format!("{service}, started again,"), RESTART, || {
            let now = stack.inspect(service)?;
            Ok(now["State"]["Running"] == true && now["RestartCount"] != restarts && process(&now).ok() != Some(pid))
        })
    })
}

/// Stops a container in its tracks for some seconds: its peers' connections stay open and nobody answers.
pub(super) fn pause(test: &mut Test<'_>, service: &'static str) -> Result<String> {
    through(test, service, "paused", stage_for_pause(service), |stack| {
        let container = stack.container(service)?;
        stack.docker.ask(&["pause", &container])?;
        let since = Instant::now();
        let waited = stack.until("the end of the pause", PAUSED * 2, || Ok(since.elapsed() >= PAUSED));
        // Also after Ctrl-C.
        stack.docker.ask(&["unpause", &container])?;
        waited
    })
}

/// Each fault comes at another moment of an order's way: one that has to do with the container.
fn stage_for_kill(service: &str) -> Stage {
    match service {
        "server" | "server-db" => Stage::Signed,
        "platform" => Stage::Pending,
        _ => Stage::Confirmed,
    }
}

fn stage_for_pause(service: &str) -> Stage {
    match service {
        "server" | "platform-db" => Stage::Pending,
        "server-db" => Stage::Confirmed,
        "platform" => Stage::Signed,
        _ => Stage::Pending,
    }
}

fn process(inspected: &Value) -> Result<u64> {
    inspected["State"]["Pid"].as_u64().filter(|pid| *pid > 1).context("the container does not run")
}

/// `docker kill` would keep Docker from starting it again.
fn kill_process(stack: &Stack<'_>, container: &str, pid: u64) -> Result<()> {
    let here = fs::read_to_string(format!("/proc/{pid}/cgroup")).is_ok_and(|groups| groups.contains(container));
    if here && nix::unistd::geteuid().is_root() {
        send(pid_of(u32::try_from(pid)?)?, Signal::SIGKILL).context("cannot kill it")?;
        return Ok(());
    }
    // The daemon is on another machine, or only it may kill.
    let script = format!("kill -9 {pid}");
    let place = ["--network", "none", "--pid", "host", "--user", "0:0"];
    stack.beside(&place, &script, &[]).map(drop)
}

/// Payers pay; one order comes to `stage`, and the fault with it. Everything signed until then, and an order signed after the fault,
/// has to end paid, debited once.
fn through(
    test: &mut Test<'_>,
    service: &str,
    done: &str,
    stage: Stage,
    fault: impl FnOnce(&Stack<'_>) -> Result<()>,
) -> Result<String> {
    let (stack, customer) = (&test.stack, test.customer()?);
    let interrupt = stack.interrupt;
    let payers = Payers::default();
    let ((under_way, seconds), orders) = payers.pay_during(customer, interrupt, |payers| {
        let under_way = payers.wait("an order", interrupt, |orders| {
            (count(orders, stage) > 0).then(|| orders.len() - count(orders, Stage::Paid))
        })?;
        let since = Instant::now();
        fault(stack)?;
        stack.wait_well()?;
        let seconds = since.elapsed().as_secs();
        let signed = payers.orders().len();
        payers.wait("an order signed after the fault", interrupt, |orders| {
            orders.iter().skip(signed).any(|order| order.stage == Stage::Paid).then_some(())
        })?;
        Ok((under_way, seconds))
    })?;
    debited_once(&ledger(stack)?, &orders)?;
    Ok(format!(
        "{service} {done} with an order {}, {under_way} under way; all healthy {seconds} s later; {} orders paid, each debited once",
        stage.name(),
        orders.len()
    ))
}

fn debited_once(ledger: &[Value], orders: &[Order]) -> Result<()> {
    let debits = by_order(ledger)?;
    for Order { payment, amount, stage } in orders {
        ensure!(*stage == Stage::Paid, "{payment} is {}", stage.name());
        let found = debits.get(&payment.replace('-', "")).cloned().unwrap_or_default();
        ensure!(found == [*amount], "{payment} of {} was debited {found:?}", yuan(*amount));
    }
    Ok(())
}

/// The gateway's debits, fen, by its name for the order.
fn by_order(ledger: &[Value]) -> Result<BTreeMap<String, Vec<u64>>> {
    let mut debits: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for debit in ledger {
        debits.entry(text(debit, "/orderId")?.to_owned()).or_default().push(fen(debit, "/txnAmt")?);
    }
    Ok(debits)
}

/// Gateway, server and platform tell the same story, and it adds up: whatever was debited is a payment, whatever is a payment was debited
/// once, and the customer's credit is what was paid on account.
pub(super) fn accounts(test: &mut Test<'_>) -> Result<String> {
    let customer = test.customer()?;
    let history = customer.history()?;
    let debits = by_order(&ledger(&test.stack)?)?;
    let mut sum = 0;
    let mut on_account = 0;
    for payment in &history {
        let id = text(payment, "/payment")?;
        let amount = fen(payment, "/amount")?;
        ensure!(payment["state"] == "paid", "{id} is {}", payment["state"]);
        let found = debits.get(&id.replace('-', "")).cloned().unwrap_or_default();
        ensure!(found == [amount], "{id} of {} was debited {found:?}", yuan(amount));
        sum += amount;
        on_account += if payment["bills"].as_array().is_some_and(Vec::is_empty) { amount } else { 0 };
    }
    ensure!(debits.len() == history.len(), "{} debits, {} payments", debits.len(), history.len());
    let (balance, _) = customer.standing()?;
    ensure!(balance == on_account, "the credit is {}, paid on account were {}", yuan(balance), yuan(on_account));
    Ok(format!(
        "{} payments of {}, each paid and debited once; credit {} as paid on account",
        history.len(),
        yuan(sum),
        yuan(balance)
    ))
}

/// Down and up again: everything is as it was, and nothing was provisioned anew.
pub(super) fn down_and_up(test: &mut Test<'_>) -> Result<String> {
    let customer = test.customer()?;
    let (history, standing) = (customer.history()?, customer.standing()?);
    let containers: Vec<String> =
        SERVICES.iter().map(|service| test.stack.container(service)).collect::<Result<_>>()?;
    test.stack.down()?;
    ensure!(test.stack.container("server").is_err(), "the server's container is still there");
    let up = test.stack.up()?;
    for (service, before) in SERVICES.iter().zip(&containers) {
        ensure!(test.stack.container(service)? != *before, "{service} is the same container");
    }
    let said = test.stack.logs("provision")?;
    ensure!(said.contains("was done before"), "provisioned anew: {said}");
    customer.login()?;
    ensure!(customer.history()? == history, "the history is another");
    ensure!(customer.standing()? == standing, "credit or open bills are others");
    if let Some(receipt) = customer.saved_receipt() {
        customer.verify(&receipt)?;
    }
    Ok(format!("{up}; {} payments, credit and open bills as before, the same key let in", history.len()))
}

/// A PIN that the token refuses: the server ends once, and Docker's starting it again does not try the PIN again.
pub(super) fn refused_pin(test: &mut Test<'_>) -> Result<String> {
    let stack = &test.stack;
    let keep = "cd /srv/server-secrets && cp -p hsm-pin /srv/company-root/pin && echo wrong-pin > hsm-pin";
    let restore = "cd /srv/server-secrets && cat /srv/company-root/pin > hsm-pin && rm /srv/company-root/pin";
    in_volumes(stack, keep)?;
    let seen = || -> Result<()> {
        stack.docker.ask(&["restart", &stack.container("server")?])?;
        stack.until("the server's end", RESTART, || Ok(stack.logs("server")?.contains(NOT_AGAIN)))?;
        let now = stack.inspect("server")?;
        ensure!(now["State"]["Running"] == true && now["RestartCount"] == 0, "it was started again");
        ensure!(stack.logs("server")?.matches(NOT_AGAIN).count() == 1, "the PIN was tried again");
        Ok(())
    };
    let seen = seen();
    in_volumes(stack, restore)?;
    seen?;
    stack.docker.ask(&["restart", &stack.container("server")?])?;
    stack.wait_well()?;
    test.customer()?.login()?;
    Ok("refused once and not tried again; with the right one the restarted server is healthy and lets the key in"
        .to_owned())
}

/// What the container says when it does not start the server again.
const NOT_AGAIN: &str = "gridkey-server is not started again";

/// Runs a script where all volumes are.
fn in_volumes(stack: &Stack<'_>, script: &str) -> Result<()> {
    let mut run = stack.compose();
    run.args(["run", "--rm", "-T", "--no-deps", "--entrypoint", "sh", "provision", "-c", script]);
    output(&mut run).map(drop)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_order_debited_twice_or_never_or_otherwise_is_found() {
        let paid = Order { payment: "0199-aa".to_owned(), amount: 105, stage: Stage::Paid };
        let debit = |order: &str, amount: u64| json!({ "orderId": order, "txnAmt": amount });
        let judge = |ledger: &[Value]| debited_once(ledger, std::slice::from_ref(&paid));
        assert!(judge(&[debit("0199aa", 105), debit("0199bb", 1)]).is_ok());
        assert!(judge(&[]).is_err());
        assert!(judge(&[debit("0199aa", 104)]).is_err());
        assert!(judge(&[debit("0199aa", 105), debit("0199aa", 105)]).is_err());
        let open = Order { stage: Stage::Confirmed, ..paid.clone() };
        assert!(debited_once(&[debit("0199aa", 105)], &[open]).is_err());
    }
}
