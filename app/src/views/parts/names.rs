//! How bills and payments are named in a sentence.

use gridkey_client::client::PaymentView;
use gridkey_domain::{BillId, Month};
use gridkey_kit::prelude::*;

use crate::logic::payments::months;

/// The month that a bill's number names.
pub fn bill_month(bill: &BillId) -> Option<Month> {
    bill.as_str().get(2..9).and_then(|text| text.parse().ok())
}

/// A bill by its month, or by its number where that names none.
pub fn bill_name(bill: &BillId) -> String {
    bill_month(bill).map_or_else(|| bill.to_string(), |month| format::month(language(), month))
}

/// What a payment is for.
pub fn paid_for(view: &PaymentView) -> String {
    if view.bills.is_empty() {
        return t!("payments-on-account");
    }
    let name = |month: &Month| format::month(language(), *month);
    match months(view).as_slice() {
        [] => view.bills.first().map(|share| share.bill.to_string()).unwrap_or_default(),
        [only] => t!("payments-for-one", month = name(only)),
        [first, second] => t!("payments-for-two", first = name(first), second = name(second)),
        [first, more @ ..] => t!("payments-for-more", first = name(first), more = more.len()),
    }
}
