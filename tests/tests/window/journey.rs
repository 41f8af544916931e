//! The way of a finance clerk who comes to pay: in, a look at everything, a payment at the bank, the receipt.

use anyhow::{Context, Result, ensure};
use gridkey_tests::{
    stack::Stack,
    window::{Customer, Desktop, PATIENCE, Program, Role, wait_for},
};

use crate::person::{LONG, Person, fen};

const CUSTOMER: &str = "1100000001";

#[test]
fn a_clerk_logs_in_looks_pays_and_has_the_receipt() {
    let stack = Stack::start().unwrap();
    let desktop = Desktop::start(1280, 800).unwrap();
    let customer = Customer::with_token(&stack, &desktop, CUSTOMER).unwrap();
    let person = Person::sits_down(&desktop, customer, Program::Desktop).unwrap();
    wrong_pin_then_right(&person).unwrap();
    overview(&person, &stack).unwrap();
    electricity(&person).unwrap();
    let bill = bill(&person, &stack).unwrap();
    pay(&person, &stack, &desktop, bill).unwrap();
    second_start(&person, &desktop).unwrap();
    let pin = person.customer.pin.clone();
    person.leaves().unwrap();
    nothing_secret_stays(&desktop, &pin).unwrap();
}

fn wrong_pin_then_right(person: &Person<'_>) -> Result<()> {
    person.is_at("gate-pin-title")?;
    person.window.says(CUSTOMER)?;
    person.unlocks_with("000000000000")?;
    person.reads("problem-wrong-pin")?;
    person.logs_in()
}

fn overview(person: &Person<'_>, stack: &Stack) -> Result<()> {
    person.reads("overview-month")?;
    // The meters go on counting, and the screen asks once a minute.
    person.reads_growing_figure("the running charge", LONG, || {
        fen(&stack.gridkey(CUSTOMER, &["usage"])?.out, "/usage/running")
    })?;
    let account = stack.gridkey(CUSTOMER, &["account"])?.out;
    let name = account.pointer("/account/name").and_then(|name| name.as_str()).context("no name")?;
    person.window.says(name)
}

fn electricity(person: &Person<'_>) -> Result<()> {
    person.goes_to("place-electricity", "electricity-title")?;
    person.reads("electricity-this-month")?;
    // Into the last day of the year before, which is whole; then its values as a table.
    person.window.press_beginning(&person.beginning("electricity-earlier")?)?;
    person.goes_into_last_part("electricity-chart-year")?;
    person.goes_into_last_part("electricity-chart-month")?;
    person.window.wait_until("the curve of a day", |tree| {
        let curve = person.beginning("electricity-chart-day").ok()?;
        tree.all().find(|node| node.says().starts_with(&curve)).map(|_| ())
    })?;
    person.presses("kit-view-table")?;
    person.window.wait_until("a table of 96 quarter-hours", |tree| {
        let tables = tree.all().filter(|node| node.role == Role::Table);
        let longest = tables.map(|table| table.all().filter(|node| node.role == Role::TableRow).count()).max();
        (longest? >= 96).then_some(())
    })
}

/// The newest bill with something open, looked at; its number and what is open, fen.
fn bill(person: &Person<'_>, stack: &Stack) -> Result<(String, u64)> {
    let bills = stack.gridkey(CUSTOMER, &["bills"])?.out;
    let bills = bills["bills"].as_array().context("no bills")?;
    let open = bills.iter().find(|bill| bill["open"].as_u64() > Some(0)).context("no bill is open")?;
    let number = open["bill"].as_str().context("a bill without its number")?;
    let whole = stack.gridkey(CUSTOMER, &["bill", number])?.out;

    person.goes_to("place-bills", "bills-title")?;
    person.reads_figure(fen(open, "/total")?)?;
    let month = open["month"].as_str().context("a bill without its month")?;
    let month = format!("{month}-01").parse::<jiff::civil::Date>()?.strftime("%B %Y").to_string();
    let meter = open["meter"].as_str().context("a bill without its meter")?;
    person.window.press(&person.words.with("bills-open-one", &[("month", &month), ("meter", meter)])?)?;
    person.window.says(number)?;
    person.reads("bills-lines")?;
    for line in whole["bill"]["lines"].as_array().context("a bill without lines")? {
        if let Some(amount) = line["amount"].as_u64().filter(|amount| *amount > 9_999) {
            person.reads_figure(amount)?;
        }
    }
    person.reads("bills-check-agrees")?;
    Ok((number.to_owned(), fen(open, "/open")?))
}

fn pay(person: &Person<'_>, stack: &Stack, desktop: &Desktop, (bill, open): (String, u64)) -> Result<()> {
    person.window.press_beginning(&format!("{} ¥", person.beginning("bills-pay")?))?;
    person.is_at("pay-title")?;
    person.presses("pay-review")?;
    person.reads("pay-review-order")?;
    person.reads_figure(open)?;
    person.types("pay-pin", &person.customer.pin)?;
    person.presses("pay-sign")?;
    person.window.press_beginning(person.word("payment-open-bank"))?;
    person.find_dialog("external-title")?;
    person.window.says("localhost")?;
    ensure!(desktop.opened()?.is_empty(), "the browser opened before the person agreed");
    person.presses("external-open")?;
    let page = desktop.wait_for_browser(1)?;
    stack.confirm_at_bank(&page)?;
    person.reads("payment-state-paid")?;
    person.reads("payment-receipt-verified")?;

    let ledger = stack.ledger()?;
    ensure!(ledger.len() == 1, "one debit expected: {ledger:?}");
    let after = stack.gridkey(CUSTOMER, &["bill", &bill])?.out;
    ensure!(fen(&after, "/bill/open")? == 0, "the bill is not paid: {after}");
    Ok(())
}

/// A second start brings up the screen it names in the window that is there.
fn second_start(person: &Person<'_>, desktop: &Desktop) -> Result<()> {
    let start = person.customer.start(Program::Desktop).at("/bills");
    let status = person.window.start_again(&start)?;
    ensure!(status.success(), "the second start ended with {status}");
    person.is_at("bills-title")?;
    ensure!(desktop.opened()?.len() == 1, "the browser was opened again");
    Ok(())
}

/// After the app has ended neither the PIN nor anything about the customer lies readable in the home folder.
fn nothing_secret_stays(desktop: &Desktop, pin: &str) -> Result<()> {
    wait_for("the app's files to be closed", PATIENCE, || Ok(Some(())))?;
    let mut searched = 0;
    let mut folders = vec![desktop.home().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                searched += 1;
                let content = std::fs::read(&path)?;
                for secret in [pin, "Huadong Precision", "华东精密铸造", "Furnace Road", "5550 0101"] {
                    let found = content.windows(secret.len()).any(|window| window == secret.as_bytes());
                    ensure!(!found, "{} holds {secret:?}", path.display());
                }
            }
        }
    }
    ensure!(searched > 2, "only {searched} files were searched");
    Ok(())
}
