//! The life of a key, as an administrator and a customer see it in their two windows: made and bound, handed over, reported lost,
//! replaced; and the customer's history as it was.

use std::time::Duration;

use anyhow::{Context, Result};
use gridkey_tests::{
    stack::Stack,
    window::{Administrator, Customer, Desktop, Program, Seat},
};

use crate::made::{CUSTOMERS_PIN, answers, begins, handed_over, letter, operator};

const CUSTOMER: &str = "1100000005";
const FIRST: &str = "usbkey-05-1";
const SECOND: &str = "usbkey-05-2";

/// A lost key is shut out within this.
const CUT: Duration = Duration::from_secs(1);

#[test]
fn a_key_is_made_handed_over_lost_and_replaced_and_the_history_stays() {
    let stack = Stack::start().unwrap();
    let desktop = Desktop::start(1280, 800).unwrap();
    let paid = paid(&stack).unwrap();
    let (seat, desk) = operator(&stack, &desktop).unwrap();

    let pin = made(&seat, &desk).unwrap();
    let customer = handed_over(&stack, &desktop, &desk, CUSTOMER, FIRST, pin);
    let app = logs_in(&desktop, &customer).unwrap();
    sees_history(&app, paid).unwrap();

    reported_lost(&seat, &app).unwrap();
    app.leaves().unwrap();

    let pin = replaced(&seat, &desk).unwrap();
    let customer = handed_over(&stack, &desktop, &desk, CUSTOMER, SECOND, pin);
    let app = logs_in(&desktop, &customer).unwrap();
    sees_history(&app, paid).unwrap();
    app.leaves().unwrap();
    seat.leaves().unwrap();
}

/// Pays the customer's newest bill with the key of the installation, so that there is a history; gives the amount, fen.
fn paid(stack: &Stack) -> Result<u64> {
    let bills = stack.gridkey(CUSTOMER, &["bills"])?.out;
    let bill = bills.pointer("/bills/0/bill").and_then(|bill| bill.as_str()).context("no bill")?;
    let order = stack.gridkey(CUSTOMER, &["pay", "--bill", bill])?;
    let page = order.out["page"].as_str().with_context(|| format!("no page: {}", order.error))?;
    stack.confirm_at_bank(page)?;
    order.out["amount"].as_u64().context("an order without its amount")
}

/// From the blank token in the reader to the bound key; gives the PIN of the letter.
fn made(seat: &Seat<'_>, desk: &Administrator) -> Result<String> {
    seat.goes_to("admin-place-keys", "keys-title")?;
    seat.presses("keys-make")?;
    seat.is_at("keys-make")?;
    seat.types("keys-find", CUSTOMER)?;
    seat.window.press_beginning(CUSTOMER)?;
    begins(seat, desk, FIRST)?;
    seat.reads("keys-state-bound")?;
    letter(seat)
}

fn logs_in<'desktop>(desktop: &'desktop Desktop, customer: &Customer) -> Result<Seat<'desktop>> {
    let app = Seat::take(desktop, &customer.start(Program::Desktop))?;
    app.unlocks_with(&customer.pin)?;
    app.chooses_pin(CUSTOMERS_PIN)?;
    app.is_at("overview-title")?;
    Ok(app)
}

fn sees_history(app: &Seat<'_>, paid: u64) -> Result<()> {
    app.goes_to("place-payments", "place-payments")?;
    app.reads("payment-state-paid")?;
    app.reads_figure(paid)
}

/// The loss is reported in the dashboard; the app, which was left open, is cut off.
fn reported_lost(seat: &Seat<'_>, app: &Seat<'_>) -> Result<()> {
    seat.window.take_keyboard()?;
    seat.presses("keys-show-key")?;
    seat.presses("keys-act-lose")?;
    seat.find_dialog("keys-ask-lose")?;
    seat.types("keys-reason", "left in a taxi")?;
    answers(seat, "keys-act-lose")?;
    seat.find_dialog("keys-done-lose")?;
    let headline = app.words.get("problem-closed-lost")?;
    app.window.wait_until_within("the app to be cut off", CUT, |tree| tree.says(headline).then_some(()))
}

/// From the report of the loss to another key in its place; gives the PIN of the letter.
fn replaced(seat: &Seat<'_>, desk: &Administrator) -> Result<String> {
    seat.window.take_keyboard()?;
    seat.presses("keys-done-make")?;
    seat.is_at("keys-make")?;
    seat.types("keys-reason", "lost in a taxi")?;
    begins(seat, desk, SECOND)?;
    letter(seat)
}
