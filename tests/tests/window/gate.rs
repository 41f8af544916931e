//! Before the account: keys that come and go, PINs that are wrong, an issued PIN, and a key that is pulled out of an open
//! session.

use anyhow::{Result, ensure};
use gridkey_tests::{
    stack::Stack,
    window::{Customer, Desktop, Program, Start, Window, Words},
};

use crate::person::Person;

#[test]
fn keys_come_and_go_and_the_session_ends_with_its_key() {
    let stack = Stack::start().unwrap();
    let desktop = Desktop::start(1280, 800).unwrap();
    let customer = Customer::with_file(&stack, &desktop, "1100000003").unwrap();
    let other = Customer::with_file(&stack, &desktop, "1100000004").unwrap();
    customer.issue_pin().unwrap();
    let person = Person::sits_down(&desktop, customer, Program::Desktop).unwrap();
    keys_are_seen_as_they_come(&person, &other).unwrap();
    the_issued_pin_is_replaced(&person).unwrap();
    the_session_ends_with_its_key(&person).unwrap();
    person.leaves().unwrap();
}

fn keys_are_seen_as_they_come(person: &Person<'_>, other: &Customer) -> Result<()> {
    person.is_at("gate-insert-title")?;
    person.customer.plug_in()?;
    person.is_at("gate-pin-title")?;
    person.window.says(&person.customer.number)?;
    person.customer.pull_out()?;
    person.is_at("gate-insert-title")?;
    other.plug_in()?;
    person.is_at("gate-pin-title")?;
    person.window.says(&other.number)?;
    // A second key is offered beside the first.
    person.customer.plug_in()?;
    person.window.says(&other.number)?;
    person.presses("gate-other-key")?;
    person.is_at("gate-choose-title")?;
    person.window.says(&person.customer.number)?;
    person.window.says(&other.number)?;
    other.pull_out()?;
    person.window.says_no_more(&other.number)?;
    person.chooses_key()?;
    person.is_at("gate-pin-title")
}

fn the_issued_pin_is_replaced(person: &Person<'_>) -> Result<()> {
    person.unlocks_with(&person.customer.pin)?;
    person.is_at("gate-first-title")?;
    let own = own_pin(person);
    person.types("gate-first-new", &own)?;
    person.types("gate-first-again", "918273645501")?;
    person.presses("gate-first-submit")?;
    person.reads("gate-first-different")?;
    person.types("gate-first-again", &own)?;
    person.presses("gate-first-submit")?;
    person.is_at("overview-title")
}

fn own_pin(person: &Person<'_>) -> String {
    person.customer.pin.chars().rev().collect()
}

fn the_session_ends_with_its_key(person: &Person<'_>) -> Result<()> {
    person.goes_to("place-bills", "bills-title")?;
    person.window.says("M1000000031")?;
    person.customer.pull_out()?;
    person.is_at("gate-insert-title")?;
    person.reads("problem-key-removed")?;
    let tree = person.window.tree()?;
    for gone in ["M1000000031", "Changping", "¥", &person.customer.number] {
        ensure!(!tree.says(gone), "{gone:?} is still on the screen:\n{tree}");
    }
    person.customer.plug_in()
}

#[test]
fn an_installation_that_lacks_its_server_says_so() {
    let desktop = Desktop::start(1280, 800).unwrap();
    let words = Words::of("en").unwrap();
    let window = Window::open(&desktop, &Start::new(Program::Desktop, "")).unwrap();
    window.says(words.get("gate-broken-title").unwrap()).unwrap();
    window.press(words.get("gate-broken-action").unwrap()).unwrap();
    window.says(words.get("setup-item-installation").unwrap()).unwrap();
    window.says(words.get("setup-state-failed").unwrap()).unwrap();
    assert!(window.end().unwrap().success());
}
