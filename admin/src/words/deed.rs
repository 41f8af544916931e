//! What was done or not done, in words: short messages that name what was acted on.

use gridkey_desk::office::{Case, Deed, KeyName};
use gridkey_kit::t;

/// That it was done.
pub fn done(deed: &Deed) -> String {
    match deed {
        Deed::CreateCustomer(customer) => t!("admin-done-create", customer = customer.as_str()),
        Deed::UpdateCustomer(customer) => t!("admin-done-update", customer = customer.as_str()),
        Deed::Key(key) => t!("admin-done-key", key = short(key)),
        Deed::CutSession(session) => t!("admin-done-cut", session = session),
        Deed::PushBill(bill) => t!("admin-done-push", bill = bill.as_str()),
        Deed::Refund(payment) => t!("admin-done-refund", payment = payment.to_string()),
        Deed::Export(case) => t!("admin-done-export", case = named(case)),
        Deed::SaveCrl => t!("admin-done-crl"),
        Deed::Unblock(_) => t!("admin-done-unblock"),
        Deed::ChangePin(_) => t!("admin-done-pin"),
    }
}

/// That it was not done.
pub fn not_done(deed: &Deed) -> String {
    match deed {
        Deed::CreateCustomer(customer) => t!("admin-failed-create", customer = customer.as_str()),
        Deed::UpdateCustomer(customer) => t!("admin-failed-update", customer = customer.as_str()),
        Deed::Key(key) => t!("admin-failed-key", key = short(key)),
        Deed::CutSession(session) => t!("admin-failed-cut", session = session),
        Deed::PushBill(bill) => t!("admin-failed-push", bill = bill.as_str()),
        Deed::Refund(payment) => t!("admin-failed-refund", payment = payment.to_string()),
        Deed::Export(case) => t!("admin-failed-export", case = named(case)),
        Deed::SaveCrl => t!("admin-failed-crl"),
        Deed::Unblock(_) => t!("admin-failed-unblock"),
        Deed::ChangePin(_) => t!("admin-failed-pin"),
    }
}

/// The first digits of a key's name, enough to tell keys on a desk apart.
fn short(key: &KeyName) -> String {
    key.to_string().chars().take(12).collect()
}

fn named(case: &Case) -> String {
    let customer = case.customer.as_ref().map(|customer| customer.as_str().to_owned());
    let payment = case.payment.as_ref().map(ToString::to_string);
    customer.into_iter().chain(payment).collect::<Vec<_>>().join(" · ")
}
