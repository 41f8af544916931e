//! Alarms reach a person who does not look: behind the curtain of the idle lock, through the desktop's notifications.

use anyhow::{Result, ensure};
use gridkey_tests::{
    stack::Stack,
    window::{Customer, Desktop, Program},
};

use crate::person::{LONG, Person};

const CUSTOMER: &str = "1100000005";

#[test]
fn arrears_reach_a_locked_screen_and_the_click_leads_to_the_alarms() {
    let stack = Stack::start().unwrap();
    let desktop = Desktop::start(1280, 800).unwrap();
    let customer = Customer::with_token(&stack, &desktop, CUSTOMER).unwrap();
    let mut start = customer.start(Program::Desktop);
    start.preferences = "lock_minutes = 1\n".to_owned();
    let person = Person::starts(&desktop, customer, &start).unwrap();
    person.logs_in().unwrap();
    nobody_is_there(&person).unwrap();
    the_alarm_comes(&person, &stack, &desktop).unwrap();
    a_new_bill_comes(&person, &stack, &desktop).unwrap();
    person.leaves().unwrap();
}

fn nobody_is_there(person: &Person<'_>) -> Result<()> {
    let curtain = person.words.get("gate-curtain-title")?.to_owned();
    person.window.wait_until_within("the curtain", LONG, |tree| {
        let is_title = |node: &&gridkey_tests::window::Node| node.level() == Some(1) && node.says() == curtain;
        tree.all().find(is_title).map(|_| ())
    })?;
    let tree = person.window.tree()?;
    for hidden in ["¥", "M1000000051", CUSTOMER] {
        ensure!(!tree.says(hidden), "{hidden:?} shows behind the curtain:\n{tree}");
    }
    Ok(())
}

fn the_alarm_comes(person: &Person<'_>, stack: &Stack, desktop: &Desktop) -> Result<()> {
    stack.operate("platform", &["arrears-run"])?;
    let raised = person.beginning("notice-arrears-raised")?;
    let notification = desktop.notifications().wait_for("the alarm", |it| it.summary.starts_with(&raised))?;
    ensure!(notification.program == "Gridkey", "{notification:?}");
    ensure!(notification.actions.first().is_some_and(|action| action == "default"), "{notification:?}");
    desktop.notifications().click(&notification)?;
    // The curtain stays until the PIN lifts it; then the screen is the one that the click asked for.
    person.is_at("gate-curtain-title")?;
    person.types("gate-pin-label", &person.customer.pin)?;
    person.presses("gate-curtain-submit")?;
    person.is_at("alarms-title")?;
    person.reads("alarms-now")
}

fn a_new_bill_comes(person: &Person<'_>, stack: &Stack, desktop: &Desktop) -> Result<()> {
    stack.operate("platform", &["bill-run"])?;
    let issued = person.beginning("notice-bill")?;
    let notification = desktop.notifications().wait_for("the new bill", |it| it.summary.starts_with(&issued))?;
    desktop.notifications().click(&notification)?;
    person.reads("bills-lines")
}
