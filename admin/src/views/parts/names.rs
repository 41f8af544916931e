//! How customers, bills and payments are named.

use gridkey_domain::{BillId, CustomerNo, Month, payment::BillShare};
use gridkey_kit::prelude::*;

use crate::route::Route;

/// A customer's name in the language chosen now, or in the other one where it has none.
pub fn customer_name<'a>(name: &'a str, name_zh: &'a str) -> &'a str {
    let (first, second) = match language() {
        Language::English => (name, name_zh),
        Language::Chinese => (name_zh, name),
    };
    if first.is_empty() { second } else { first }
}

/// A customer's name in the language not chosen now, if it is another one.
pub fn other_name<'a>(name: &'a str, name_zh: &'a str) -> Option<&'a str> {
    let first = customer_name(name, name_zh);
    [name, name_zh].into_iter().find(|other| !other.is_empty() && *other != first)
}

/// A customer's page.
pub fn customer_page(customer: &CustomerNo) -> Route {
    Route::Customer { no: customer.clone() }
}

/// The month that a bill's number names.
pub fn bill_month(bill: &BillId) -> Option<Month> {
    bill.as_str().get(2..9).and_then(|text| text.parse().ok())
}

/// What a payment is for: the months of its bills.
pub fn paid_for(bills: &[BillShare]) -> String {
    let mut months: Vec<Month> = bills.iter().filter_map(|share| bill_month(&share.bill)).collect();
    months.sort_unstable();
    months.dedup();
    let name = |month: &Month| format::month(language(), *month);
    match (months.as_slice(), bills.first()) {
        (_, None) => t!("admin-payments-on-account"),
        ([], Some(first)) => first.bill.to_string(),
        ([only], _) => name(only),
        ([first, more @ ..], _) => t!("admin-payments-for-more", first = name(first), more = more.len()),
    }
}
