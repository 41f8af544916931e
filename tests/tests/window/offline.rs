//! A line that fails in the middle of the work: nothing is lost, nothing is paid twice, everything says how old it is.

use anyhow::{Context, Result, ensure};
use gridkey_tests::{
    stack::Stack,
    window::{Customer, Desktop, Line, Program, Role},
};

use crate::person::{LONG, Person};

const CUSTOMER: &str = "1100000002";

#[test]
fn a_payment_signed_without_a_line_waits_and_goes_when_the_line_is_back() {
    let stack = Stack::start().unwrap();
    let desktop = Desktop::start(1280, 800).unwrap();
    let (customer, line) = Customer::with_token(&stack, &desktop, CUSTOMER).unwrap().through().unwrap();
    let person = Person::sits_down(&desktop, customer, Program::Desktop).unwrap();
    person.logs_in().unwrap();
    look_at_bills(&person, &stack).unwrap();
    line.cut();
    queue_a_payment(&person, &stack).unwrap();
    let customer = person.customer.clone();
    person.leaves().unwrap();

    // Opened again without a line: what was kept is there, with its age, and the payment still waits.
    let person = Person::sits_down(&desktop, customer, Program::Desktop).unwrap();
    person.logs_in().unwrap();
    kept_on_this_machine(&person).unwrap();
    goes_when_the_line_is_back(&person, &stack, &desktop, &line).unwrap();
    person.leaves().unwrap();
}

fn look_at_bills(person: &Person<'_>, stack: &Stack) -> Result<()> {
    let bills = stack.gridkey(CUSTOMER, &["bills"])?.out;
    let bills = bills["bills"].as_array().context("no bills")?;
    let open = bills.iter().find(|bill| bill["open"].as_u64() > Some(0)).context("no bill is open")?;
    let bill = open["bill"].as_str().context("a bill without its number")?;
    person.goes_to("place-bills", "bills-title")?;
    let start = person.customer.start(Program::Desktop).at(&format!("/bills/{bill}"));
    person.window.start_again(&start)?;
    person.window.says(bill)?;
    person.reads("bills-lines")
}

fn queue_a_payment(person: &Person<'_>, stack: &Stack) -> Result<()> {
    person.window.wait_until_within("the words that it is offline", LONG, |tree| {
        tree.control(person.word("shell-connect-now")).map(|_| ())
    })?;
    person.window.press_beginning(&format!("{} ¥", person.beginning("bills-pay")?))?;
    person.is_at("pay-title")?;
    person.presses("pay-review")?;
    person.reads("pay-offline")?;
    person.presses("pay-offline-choose")?;
    person.types("pay-pin", &person.customer.pin)?;
    person.presses("pay-sign-queue")?;
    person.reads("payment-state-queued")?;
    person.goes_to("place-queue", "queue-title")?;
    person.reads("payment-state-queued")?;
    person.reads("queue-column-until")?;
    ensure!(stack.ledger()?.is_empty(), "something was debited");
    Ok(())
}

fn kept_on_this_machine(person: &Person<'_>) -> Result<()> {
    person.goes_to("place-bills", "bills-title")?;
    person.window.says(&person.beginning("shell-offline-banner")?)?;
    person
        .window
        .wait_until("the bills that were kept", |tree| tree.all().find(|node| node.role == Role::Table).map(|_| ()))?;
    person.goes_to("place-queue", "queue-title")?;
    person.reads("payment-state-queued")
}

fn goes_when_the_line_is_back(person: &Person<'_>, stack: &Stack, desktop: &Desktop, line: &Line) -> Result<()> {
    line.mend();
    person.window.wait_until_within("the queue to be empty", LONG, |tree| {
        tree.says(person.words.get("queue-none").ok()?).then_some(())
    })?;
    // The person hears of it wherever they look.
    let waited = person.words.get("notice-payment-was-queued")?.to_owned();
    desktop.notifications().wait_for("the notice of the payment that waited", |it| it.body.contains(&waited))?;
    person.goes_to("place-payments", "payments-title")?;
    person.reads("payment-state-pending")?;
    ensure!(stack.ledger()?.is_empty(), "something was debited without the person at the bank");
    Ok(())
}
