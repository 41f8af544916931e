//! Before the desk: PINs that are wrong, an issued PIN, the curtain, and keys that open nothing here.

use anyhow::{Result, ensure};
use gridkey_tests::{
    stack::Stack,
    window::{Administrator, Desktop, Program, Role, Seat, Start},
};

/// The own PIN of an administrator made here.
const OWN_PIN: &str = "5518273640";

#[test]
fn an_operator_comes_in_with_an_own_pin_and_leaves() {
    let stack = Stack::start().unwrap();
    let desktop = Desktop::start(1280, 800).unwrap();
    let operator = Administrator::made(&stack, &desktop, "desk-1", "operator").unwrap();
    let seat = Seat::take(&desktop, &operator.start()).unwrap();
    wrong_pin_then_right(&seat, &operator).unwrap();
    curtain(&seat).unwrap();
    seat.presses("shell-log-out").unwrap();
    seat.is_at("gate-pin-title").unwrap();
    seat.leaves().unwrap();
}

fn wrong_pin_then_right(seat: &Seat<'_>, operator: &Administrator) -> Result<()> {
    seat.is_at("gate-pin-title")?;
    seat.window.says(&seat.words.with("admin-gate-key-admin", &[("name", &operator.name)])?)?;
    seat.unlocks_with("000000000000")?;
    seat.reads("problem-wrong-pin")?;
    seat.unlocks_with(&operator.pin)?;
    seat.chooses_pin(OWN_PIN)?;
    seat.is_at("admin-place-home")?;
    seat.window.says(&operator.name)?;
    seat.reads("admin-role-operator")?;
    // An operator has no use for the evidence.
    let tree = seat.window.tree()?;
    ensure!(tree.find(Role::Link, seat.word("admin-place-audit")).is_none(), "the audit is offered:\n{tree}");
    Ok(())
}

/// Behind the curtain nothing of the desk stands.
fn curtain(seat: &Seat<'_>) -> Result<()> {
    seat.goes_to("admin-place-customers", "admin-place-customers")?;
    seat.window.says("1100000001")?;
    seat.presses("shell-lock")?;
    seat.is_at("gate-curtain-title")?;
    let tree = seat.window.tree()?;
    ensure!(!tree.says("1100000001"), "a customer is still on the screen:\n{tree}");
    seat.types("gate-pin-label", OWN_PIN)?;
    seat.presses("gate-curtain-submit")?;
    seat.is_at("admin-place-customers")
}

#[test]
fn an_installation_that_lacks_its_server_says_so() {
    let desktop = Desktop::start(1280, 800).unwrap();
    let seat = Seat::take(&desktop, &Start::new(Program::Dashboard, "")).unwrap();
    seat.is_at("gate-broken-title").unwrap();
    seat.presses("gate-broken-action").unwrap();
    seat.is_at("setup-title").unwrap();
    seat.reads("setup-state-failed").unwrap();
    seat.leaves().unwrap();
}
