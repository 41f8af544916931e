//! The drill: both services lose their databases after a backup, and come back without forgetting what happened since. The
//! gateway knows of payments that no backup holds; each is reported, taken over again, and stays one debit.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use gridkey_tests::stack::{PATIENCE, Said, Stack};
use serde_json::Value;

const CUSTOMER: &str = "1100000001";
const OTHER: &str = "1100000002";
/// Something is open that a person must look at.
const OPEN: i32 = 3;

/// A stack whose platform can ask for settlement files.
fn start() -> Result<Stack> {
    let mut stack = Stack::start()?;
    let config = stack.config("platform")?.to_owned();
    let text = fs::read_to_string(&config)?;
    let section = format!("[unionpay]\nfile_gateway = \"{}\"", stack.at.sandbox.url);
    fs::write(&config, text.replace("[unionpay]", &section))?;
    // A feed that finds no platform running would work on the database itself, and lock it.
    stack.stop("meter-feed")?;
    stack.stop("platform")?;
    stack.restart("platform", None)?;
    Ok(stack)
}

fn good(said: &Said) -> Result<Value> {
    ensure!(said.status == 0, "{said:?}");
    Ok(said.out.clone())
}

/// A bill with at least 100 yuan open.
fn open_bill(stack: &Stack) -> Result<String> {
    let said = good(&stack.gridkey(CUSTOMER, &["bills"])?)?;
    let bills = said["bills"].as_array().context("no bills")?;
    let open = bills.iter().find(|bill| bill["open"].as_u64() > Some(10_000)).context("no bill is open")?;
    open["bill"].as_str().map(str::to_owned).context("a bill without its number")
}

fn open_amount(stack: &Stack, bill: &str) -> Result<u64> {
    good(&stack.gridkey(CUSTOMER, &["bill", bill])?)?["bill"]["open"].as_u64().context("what is open")
}

/// Signs an order over one yuan of the bill; gives the payment and its page.
fn order(stack: &Stack, bill: &str) -> Result<(String, String)> {
    let amount = format!("{bill}=1.00");
    let said = good(&stack.gridkey(CUSTOMER, &["pay", "--bill", bill, "--amount", &amount])?)?;
    let text = |name: &str| said[name].as_str().map(str::to_owned).with_context(|| format!("no {name}: {said}"));
    Ok((text("payment")?, text("page")?))
}

fn await_paid(stack: &Stack, payment: &str) -> Result<()> {
    let begun = Instant::now();
    loop {
        let said = stack.gridkey(CUSTOMER, &["confirm", payment])?;
        if said.out["state"] == "paid" {
            return Ok(());
        }
        ensure!(begun.elapsed() < PATIENCE, "it is not paid: {said:?}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn debits(stack: &Stack, payment: &str) -> Result<usize> {
    Ok(stack.ledger()?.iter().filter(|debit| debit["orderId"] == payment).count())
}

/// A command that answers in JSON, and the exit status that it must have.
fn told(stack: &Stack, daemon: &str, arguments: &[&str], status: i32) -> Result<Value> {
    let done = stack.command(daemon, arguments)?;
    let (out, error) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    ensure!(done.status.code() == Some(status), "{daemon} {arguments:?}: {:?} {out} {error}", done.status);
    serde_json::from_str(&out).with_context(|| format!("{daemon} {arguments:?}: {out} {error}"))
}

/// Why a command failed.
fn refused(stack: &Stack, daemon: &str, arguments: &[&str]) -> Result<String> {
    let done = stack.command(daemon, arguments)?;
    ensure!(!done.status.success(), "{daemon} {arguments:?} did it");
    Ok(String::from_utf8_lossy(&done.stderr).into_owned())
}

fn state_folder(stack: &Stack, daemon: &str) -> Result<PathBuf> {
    Ok(stack.config(daemon)?.parent().context("a folder")?.join("state"))
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn payments_and_lost_keys_since_the_backup_are_not_forgotten_by_a_restore() {
    let mut stack = start().unwrap();
    let bill = open_bill(&stack).unwrap();
    let open = open_amount(&stack, &bill).unwrap();
    let (known, page) = order(&stack, &bill).unwrap();
    stack.confirm_at_bank(&page).unwrap();
    await_paid(&stack, &known).unwrap();
    let (crossed, crossed_page) = order(&stack, &bill).unwrap();

    // The server first: what the platform's backup holds then reaches at least as far.
    let files = ["server", "platform"].map(|daemon| (daemon, text(&stack.folder().join(format!("{daemon}.backup")))));
    for (daemon, file) in &files {
        let arguments: &[&str] = if *daemon == "server" { &[] } else { &["--json"] };
        let written = told(&stack, daemon, &[&["backup", "--out", file][..], arguments].concat(), 0).unwrap();
        let whole = told(&stack, daemon, &[&["backup", "--verify", file][..], arguments].concat(), 0).unwrap();
        assert_eq!(written, whole, "{daemon}: it reads back while the program runs");
        assert!(refused(&stack, daemon, &["backup", "--out", file]).unwrap().contains("already"));
        assert!(refused(&stack, daemon, &["restore", "--from", file]).unwrap().contains("stop it first"));
    }

    // After the backup: one order is paid that it holds unpaid, one that it does not hold at all, and a key is lost.
    stack.confirm_at_bank(&crossed_page).unwrap();
    await_paid(&stack, &crossed).unwrap();
    let (forgotten, page) = order(&stack, &bill).unwrap();
    stack.confirm_at_bank(&page).unwrap();
    await_paid(&stack, &forgotten).unwrap();
    let lost: Value =
        serde_json::from_str(&stack.operate("server", &["key", "lost", "--customer", OTHER]).unwrap()).unwrap();
    let before = good(&stack.gridkey(CUSTOMER, &["login"]).unwrap());
    assert!(before.is_ok(), "{before:?}");

    // Both databases are lost; configurations, key files and the HSM are not.
    for daemon in ["server", "platform"] {
        stack.stop(daemon).unwrap();
    }
    fs::remove_dir_all(state_folder(&stack, "server").unwrap().join("store")).unwrap();
    fs::remove_dir_all(state_folder(&stack, "platform").unwrap().join("db")).unwrap();

    // The platform: the gateway's file names what the backup does not know.
    let (server_file, platform_file) = (&files[0].1, &files[1].1);
    let done = told(&stack, "platform", &["restore", "--from", platform_file, "--json"], OPEN).unwrap();
    let found = &done["reconciled"];
    assert_eq!(found["cleared"], serde_json::json!([crossed]), "{found}");
    assert_eq!(found["open"].as_array().unwrap().len(), 1, "{found}");
    let finding = &found["open"][0];
    assert_eq!((&finding["kind"], &finding["order"]), (&"unknown-payment".into(), &forgotten.as_str().into()));
    assert_eq!((&finding["customer"], &finding["amount"]), (&CUSTOMER.into(), &100.into()));
    assert_eq!(finding["bills"], serde_json::json!([bill]));
    assert!(refused(&stack, "platform", &["restore", "--from", platform_file]).unwrap().contains("not empty"));
    stack.restart("platform", None).unwrap();
    let done = told(&stack, "platform", &["reconcile", "--adopt", "--json"], OPEN).unwrap();
    assert_eq!(done["adopted"], serde_json::json!([forgotten]), "{done}");
    assert_eq!(done["open"], serde_json::json!([]), "{done}");
    assert!(!done["days_left"].as_array().unwrap().is_empty(), "forms of before the restore may still be paid");

    // The server: does not serve before somebody saw what is missing.
    let done = told(&stack, "server", &["restore", "--from", server_file], OPEN).unwrap();
    let compared = &done["compared"];
    assert_eq!(compared["orders_recovered"], serde_json::json!([forgotten]), "{compared}");
    assert_eq!(compared["keys_ended"].as_array().unwrap().len(), 1, "{compared}");
    assert!(lost.to_string().contains(compared["keys_ended"][0].as_str().unwrap()), "{lost} {compared}");
    assert_eq!(compared["chain_holds"], true, "{compared}");
    let why = stack.restart("server", None).unwrap_err().to_string();
    assert!(why.contains("restore --acknowledge"), "{why}");
    assert!(why.contains("78"), "a supervisor does not try again: {why}");
    let entries = compared["entries"].as_u64().unwrap().to_string();
    stack.operate("platform", &["audit-restart", "--length", &entries]).unwrap();
    stack.operate("server", &["restore", "--acknowledge"]).unwrap();
    assert!(refused(&stack, "server", &["restore", "--acknowledge"]).unwrap().contains("already"));
    stack.restart("server", None).unwrap();

    // The customer finds everything as it was, and nothing to pay twice.
    for payment in [&known, &crossed, &forgotten] {
        await_paid(&stack, payment).unwrap();
        assert_eq!(debits(&stack, payment).unwrap(), 1, "{payment}");
        let receipt = stack.gridkey(CUSTOMER, &["receipt", payment]).unwrap();
        assert_eq!(receipt.status, 0, "{receipt:?}");
    }
    assert_eq!(open_amount(&stack, &bill).unwrap(), open - 300, "three yuan, each once");
    let out = stack.gridkey(OTHER, &["login"]).unwrap();
    assert_eq!((out.status, out.error["error"]["code"].as_str()), (4, Some("lost")), "{out:?}");

    // New orders wait until no form of before the restore can be paid any more, or until the operator says so.
    let (next, page) = order(&stack, &bill).unwrap();
    assert!(stack.confirm_at_bank(&page).is_err(), "no form is handed out yet");
    let done = told(&stack, "platform", &["reconcile", "--go-on", "--json"], 0).unwrap();
    assert_eq!(done["days_left"], serde_json::json!([]));
    let again = stack.gridkey(CUSTOMER, &["confirm", &next]).unwrap();
    stack.confirm_at_bank(again.out["page"].as_str().unwrap_or(&page)).unwrap();
    await_paid(&stack, &next).unwrap();
    assert_eq!(stack.ledger().unwrap().len(), 4, "one debit for each order");
    let verdict = told(&stack, "server", &["audit", "verify"], 0).unwrap();
    assert_eq!(verdict["ok"], true, "{verdict}");
}

#[test]
fn a_server_that_was_restored_alone_learns_from_the_platform_what_it_lost() {
    let mut stack = start().unwrap();
    let file = text(&stack.folder().join("server.backup"));
    let bill = open_bill(&stack).unwrap();
    told(&stack, "server", &["backup", "--out", &file], 0).unwrap();
    let (payment, page) = order(&stack, &bill).unwrap();
    stack.confirm_at_bank(&page).unwrap();
    await_paid(&stack, &payment).unwrap();
    stack.operate("server", &["key", "lost", "--customer", OTHER]).unwrap();
    // Whatever was on the server's disk is gone but for its files of certificates and keys.
    stack.stop("server").unwrap();
    let state = state_folder(&stack, "server").unwrap();
    fs::remove_dir_all(state.join("store")).unwrap();
    fs::remove_file(state.join("crl.der")).unwrap();

    let done = told(&stack, "server", &["restore", "--from", &file], OPEN).unwrap();
    let compared = &done["compared"];
    assert_eq!(compared["orders_recovered"], serde_json::json!([payment]), "{compared}");
    assert_eq!(compared["keys_ended"].as_array().unwrap().len(), 1, "{compared}");
    assert!(compared["entries_lost"].as_u64() > Some(0), "{compared}");
    let entries = compared["entries"].as_u64().unwrap().to_string();
    stack.operate("platform", &["audit-restart", "--length", &entries]).unwrap();
    let again = told(&stack, "server", &["restore", "--compare"], OPEN).unwrap();
    assert_eq!(again["compared"]["orders_recovered"], serde_json::json!([]), "{again}");
    stack.operate("server", &["restore", "--acknowledge"]).unwrap();
    stack.restart("server", None).unwrap();
    await_paid(&stack, &payment).unwrap();
    let out = stack.gridkey(OTHER, &["login"]).unwrap();
    assert_eq!((out.status, out.error["error"]["code"].as_str()), (4, Some("lost")), "{out:?}");
    assert_eq!(stack.ledger().unwrap().len(), 1);
}
