//! Making a key in the dashboard, as every scenario does it.

use anyhow::{Context, Result};
use gridkey_tests::{
    stack::Stack,
    window::{Administrator, Customer, Desktop, Role, Seat},
};

/// An own PIN of an administrator.
pub(crate) const OWN_PIN: &str = "5518273640";
/// An own PIN of a customer.
pub(crate) const CUSTOMERS_PIN: &str = "6600193827";

/// An operator inside, with an own PIN.
pub(crate) fn operator<'desktop>(stack: &Stack, desktop: &'desktop Desktop) -> Result<(Seat<'desktop>, Administrator)> {
    let operator = Administrator::made(stack, desktop, "desk-1", "operator")?;
    let seat = Seat::take(desktop, &operator.start())?;
    seat.unlocks_with(&operator.pin)?;
    seat.chooses_pin(OWN_PIN)?;
    seat.is_at("admin-place-home")?;
    Ok((seat, operator))
}

/// Fills the form that stands on the screen in: the blank token, its label, the security officer's PIN; and begins.
pub(crate) fn begins(seat: &Seat<'_>, operator: &Administrator, label: &str) -> Result<()> {
    seat.types("keys-label", label)?;
    seat.types("keys-so", operator.so_pin())?;
    seat.types("keys-so-again", operator.so_pin())?;
    seat.presses("keys-make-begin")?;
    seat.is_at("keys-made-title")
}

/// The PIN that the letter shows; then the letter is in its envelope.
pub(crate) fn letter(seat: &Seat<'_>) -> Result<String> {
    seat.presses("kit-pin-show")?;
    let pin = seat.window.wait_until("the PIN of the letter", |tree| {
        let digits = |text: &str| text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
        tree.all().find_map(|node| {
            node.text.split_whitespace().chain([node.says()]).find(|text| digits(text)).map(str::to_owned)
        })
    })?;
    seat.presses("keys-letter-envelope")?;
    seat.reads("keys-letter-done")?;
    Ok(pin)
}

/// The customer to whom the key with this label was handed, at the same desk.
pub(crate) fn handed_over(
    stack: &Stack,
    desktop: &Desktop,
    operator: &Administrator,
    number: &str,
    label: &str,
    pin: String,
) -> Customer {
    Customer::on_token(stack, desktop, number, &operator.token, label, pin)
}

/// Presses a button of this name inside a dialog; the one that opened the dialog may be called the same.
pub(crate) fn answers(seat: &Seat<'_>, id: &str) -> Result<()> {
    let name = seat.words.get(id)?;
    seat.window
        .press_what(&format!("{name:?} of the dialog"), |tree| {
            let dialog = tree.all().filter(|node| matches!(node.role, Role::Dialog | Role::Alert)).last()?;
            dialog.find(Role::Button, name).cloned()
        })
        .context("answering the dialog")
}
