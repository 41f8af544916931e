//! Payments given back, through the real programs: the operator asks, the gateway's stand-in gives the money back once, the bill is due
//! again and the customer is told; whatever is killed on the way.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use gridkey_tests::stack::{PATIENCE, Said, Stack, Token};
use serde_json::{Value, json};

const CUSTOMER: &str = "1100000001";

/// A stack with an operator at the desk.
struct Scene {
    stack: Stack,
    operator: Token,
}

impl Scene {
    /// The first administrator, a security officer, makes the operator's key.
    fn start() -> Result<Self> {
        let stack = Stack::start()?;
        let first = stack.at.admins.first().context("no administrator")?.clone();
        let folder = stack.folder().join("operator");
        fs::create_dir_all(&folder)?;
        for (name, pin) in [("so-pin", "97531086420"), ("pin", "246813579024")] {
            fs::write(folder.join(name), pin)?;
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o600))?;
        }
        let file = |name: &str| folder.join(name).display().to_string();
        let (so_pin, pin) = (file("so-pin"), file("pin"));
        let pins = ["--so-pin-file", &so_pin, "--user-pin-file", &pin];
        let issue = ["key", "issue", "--admin", "desk-9", "--role", "operator", "--label", "desk-9"];
        good(&stack.admin(&first, &[&issue[..], &pins].concat())?)?;
        let operator = Token { uri: "pkcs11:token=desk-9".into(), pin_file: folder.join("pin"), ..first };
        Ok(Self { stack, operator })
    }

    /// Pays one yuan of a bill that has something open; gives the payment and the bill.
    fn pay(&self) -> Result<(String, String)> {
        let bills = good(&self.stack.gridkey(CUSTOMER, &["bills"])?)?;
        let bills = bills["bills"].as_array().context("no bills")?.clone();
        let open = bills.iter().find(|bill| bill["open"].as_u64() > Some(1_000_000)).context("no bill is open")?;
        let bill = open["bill"].as_str().context("a bill without its number")?.to_owned();
        let amount = format!("{bill}=1.00");
        let sent = good(&self.stack.gridkey(CUSTOMER, &["pay", "--bill", &bill, "--amount", &amount])?)?;
        self.stack.confirm_at_bank(sent["page"].as_str().context("no bank page")?)?;
        let payment = sent["payment"].as_str().context("no payment")?.to_owned();
        let begun = Instant::now();
        while good(&self.stack.gridkey(CUSTOMER, &["confirm", &payment])?)?["state"] != "paid" {
            ensure!(begun.elapsed() < PATIENCE, "it is not paid");
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok((payment, bill))
    }

    fn open(&self, bill: &str) -> Result<u64> {
        let said = good(&self.stack.gridkey(CUSTOMER, &["bill", bill])?)?;
        said["bill"]["open"].as_u64().context("what is open")
    }

    fn refund(&self, payment: &str) -> Result<Said> {
        let ask = ["payment", "refund", "--customer", CUSTOMER, payment, "--reason", "paid for another meter"];
        self.stack.admin(&self.operator, &ask)
    }

    /// The payment as the desk sees it.
    fn story(&self, payment: &str) -> Result<Value> {
        good(&self.stack.admin(&self.operator, &["payment", "show", "--customer", CUSTOMER, payment])?)
    }

    fn await_state(&self, payment: &str, state: &str) -> Result<Value> {
        let begun = Instant::now();
        loop {
            let story = self.story(payment)?;
            if story["state"] == state {
                return Ok(story);
            }
            ensure!(begun.elapsed() < PATIENCE, "it does not become {state}: {story}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

fn good(said: &Said) -> Result<Value> {
    ensure!(said.status == 0, "{said:?}");
    Ok(said.out.clone())
}

#[test]
fn a_payment_goes_back_once_its_bill_is_due_again_and_the_receipt_stays() {
    let scene = Scene::start().unwrap();
    let (payment, bill) = scene.pay().unwrap();
    let open = scene.open(&bill).unwrap();
    let begun = good(&scene.refund(&payment).unwrap()).unwrap();
    assert_eq!((begun["state"].as_str(), begun["refund"]["done"].is_null()), (Some("refunding"), true));
    let story = scene.await_state(&payment, "refunded").unwrap();
    assert_eq!(scene.open(&bill).unwrap(), open + 100, "due again");
    let repaid = scene.stack.refunds().unwrap();
    assert_eq!(repaid.len(), 1);
    assert_eq!((&repaid[0]["txnAmt"], &repaid[0]["queryId"]), (&json!(100), &story["refund"]["reference"]));
    assert!(story["receipt"].is_object(), "it was paid, and that can still be shown");
    let receipt = scene.stack.gridkey(CUSTOMER, &["receipt", &payment]).unwrap();
    assert_eq!(receipt.status, 0, "{receipt:?}");

    // Not twice, and not for others.
    let again = scene.refund(&payment).unwrap();
    assert_eq!((again.status, again.error["error"]["code"].as_str()), (6, Some("not-refundable")), "{again:?}");
    let other = ["payment", "refund", "--customer", "1100000002", &payment, "--reason", "x"];
    let other = scene.stack.admin(&scene.operator, &other).unwrap();
    assert_eq!((other.status, other.error["error"]["code"].as_str()), (6, Some("not-found")));
    let officer = scene.stack.at.admins.first().unwrap();
    let ask = ["payment", "refund", "--customer", CUSTOMER, &payment, "--reason", "x"];
    let refused = scene.stack.admin(officer, &ask).unwrap();
    assert_eq!(refused.error["error"]["code"].as_str(), Some("not-allowed"));

    // The act and its outcome stand in the chain.
    let entries = good(&scene.stack.admin(officer, &["audit", "list", "--limit", "50"]).unwrap()).unwrap();
    let entries = entries["entries"].as_array().unwrap();
    assert!(entries.iter().any(|entry| entry["event"] == "payment.refund"), "{entries:?}");
    let verdict = good(&scene.stack.admin(officer, &["audit", "verify"]).unwrap()).unwrap();
    assert_eq!(verdict["ok"], true);

    // The customer's stream told of both steps.
    let history = good(&scene.stack.gridkey(CUSTOMER, &["history"]).unwrap()).unwrap();
    assert!(history.to_string().contains("refunded"), "{history}");
}

#[test]
fn a_refusal_leaves_it_paid_and_another_try_is_free() {
    let scene = Scene::start().unwrap();
    let (payment, bill) = scene.pay().unwrap();
    let open = scene.open(&bill).unwrap();
    scene.stack.faults(&json!({ "back": { "refuse": 1 } })).unwrap();
    good(&scene.refund(&payment).unwrap()).unwrap();
    let story = scene.await_state(&payment, "paid").unwrap();
    assert_eq!(story["reason"], "refund-refused");
    assert!(story["receipt"].is_object() && story["refund"].is_null());
    assert_eq!(scene.open(&bill).unwrap(), open);
    good(&scene.refund(&payment).unwrap()).unwrap();
    scene.await_state(&payment, "refunded").unwrap();
    assert_eq!(scene.stack.refunds().unwrap().len(), 1);
}

/// Gives a payment back while `daemon` kills itself at `failpoint`; starts it again and sees to it that it ends refunded.
fn refund_through(scene: &mut Scene, daemon: &str, failpoint: &str) -> Result<()> {
    let (payment, bill) = scene.pay()?;
    let open = scene.open(&bill)?;
    let before = scene.stack.refunds()?.len();
    scene.stack.stop(daemon)?;
    scene.stack.restart(daemon, Some(failpoint))?;
    let begun = Instant::now();
    // The answer may be lost with the server.
    let mut asked = scene.refund(&payment)?.status == 0;
    let mut died = false;
    loop {
        ensure!(begun.elapsed() < 3 * PATIENCE, "no end after {:?}", begun.elapsed());
        if !scene.stack.is_running(daemon) && !died {
            died = true;
            scene.stack.restart(daemon, None)?;
        }
        let said = scene.stack.admin(&scene.operator, &["payment", "show", "--customer", CUSTOMER, &payment])?;
        match said.out["state"].as_str() {
            Some("refunded") if died => break,
            Some("refunded") => ensure!(begun.elapsed() < PATIENCE, "{failpoint} was never reached"),
            // It surely was not begun: the operator asks again, as a person would.
            Some("paid") if died && !asked => asked = scene.refund(&payment)?.status == 0,
            Some("paid") if asked => bail!("it ended paid: {said:?}"),
            _ => {}
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    ensure!(scene.stack.refunds()?.len() == before + 1, "{failpoint}: given back once");
    ensure!(scene.open(&bill)? == open + 100, "{failpoint}: due again, once");
    println!("{failpoint}: refunded once");
    Ok(())
}

fn each_crash_ends_refunded_once(daemon: &str, failpoints: &[&str]) {
    let mut scene = Scene::start().unwrap();
    for failpoint in failpoints {
        refund_through(&mut scene, daemon, failpoint).unwrap_or_else(|error| panic!("{failpoint}: {error:#}"));
    }
}

#[test]
fn a_server_killed_anywhere_on_the_way_of_a_refund_loses_and_doubles_nothing() {
    each_crash_ends_refunded_once("server", gridkey_server::failpoints::REFUND);
}

#[test]
fn a_platform_killed_anywhere_on_the_way_of_a_refund_loses_and_doubles_nothing() {
    each_crash_ends_refunded_once("platform", gridkey_platform::payments::failpoints::REFUND);
}
