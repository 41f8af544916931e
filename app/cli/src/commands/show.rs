//! How payments are shown, whichever command does it.

use gridkey_client::client::PaymentView;
use gridkey_domain::{PaymentState, payment::BillShare};
use serde_json::Value;

use crate::{
    exit::{Done, Failure},
    output::{local, pairs, to_json},
};

/// What a state means for the person who pays.
pub(super) const fn meaning(state: PaymentState, in_doubt: bool) -> &'static str {
    match state {
        PaymentState::Queued if in_doubt => "sent; the answer is outstanding",
        PaymentState::Queued => "waits on this computer",
        PaymentState::Submitted => "the server has it",
        PaymentState::Accepted => "the payment platform has it",
        PaymentState::Pending => "waits for you at the bank page",
        PaymentState::Paid => "paid",
        PaymentState::Refused => "refused; nothing is paid",
        PaymentState::Expired => "its time is over; nothing is paid",
        PaymentState::Cancelled => "withdrawn; nothing is paid",
        PaymentState::Unknown => "the outcome is not known yet; it is being asked for",
        PaymentState::Refunding => "being refunded",
        PaymentState::Refunded => "refunded",
    }
}

/// The bills of a payment in short.
pub(super) fn bills(shares: &[BillShare]) -> String {
    if shares.is_empty() {
        return "on account".into();
    }
    shares.iter().map(|share| share.bill.to_string()).collect::<Vec<_>>().join(" ")
}

/// A payment as text.
pub(super) fn payment(view: &PaymentView) -> String {
    let mut lines = vec![
        ("Payment", view.payment.to_string()),
        ("State", format!("{}: {}", view.state, meaning(view.state, view.in_doubt))),
        ("Amount", format!("{} yuan", view.amount)),
        ("For", bills(&view.bills)),
        ("Signed", local(view.created)),
        ("Updated", local(view.updated)),
    ];
    if let Some(reason) =
        view.reason.as_ref().filter(|_| view.state.frees_bills() || view.state == PaymentState::Unknown)
    {
        lines.push(("Reason", reason.clone()));
    }
    if let Some(reference) = &view.reference {
        lines.push(("Reference", reference.clone()));
    }
    if let Some(page) = &view.page {
        lines.push(("Bank page", page.clone()));
    }
    pairs(&lines)
}

/// A payment as JSON with one field more.
pub(super) fn with(view: &PaymentView, name: &str, value: Value) -> Result<Value, Failure> {
    let mut object = to_json(view)?;
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
    Ok(object)
}

/// The exit status of a payment that was asked for.
pub(super) const fn done(view: &PaymentView) -> Done {
    match view.state {
        PaymentState::Queued | PaymentState::Unknown => Done::Unknown,
        PaymentState::Refused | PaymentState::Expired | PaymentState::Cancelled => Done::Refused,
        _ => Done::Ok,
    }
}

/// Opens the bank page in the person's browser.
pub(super) fn open_page(view: &PaymentView) {
    let Some(page) = &view.page else { return };
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    if let Err(error) = std::process::Command::new(program).arg(page).env_remove("GRIDKEY_PIN").spawn() {
        eprintln!("gridkey: the browser did not open ({error}); open the address yourself");
    }
}
