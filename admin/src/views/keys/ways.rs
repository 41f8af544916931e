//! Where the links of these screens lead.

use gridkey_desk::office::KeyName;
use gridkey_domain::CustomerNo;

use crate::route::{CustomerChoice, Fingerprint, KeyChoice, Route};

/// A key's page.
pub(super) fn key(key: &KeyName) -> Route {
    Route::Key { fingerprint: Fingerprint(*key) }
}

/// A customer's page.
pub(super) fn customer(customer: &CustomerNo) -> Route {
    Route::Customer { no: customer.clone() }
}

/// Making a key; for whom and in whose place, if that is known.
pub(super) fn make(customer: Option<&CustomerNo>, replaces: Option<&KeyName>) -> Route {
    Route::MakeKey { customer: CustomerChoice(customer.cloned()), replaces: KeyChoice(replaces.copied()) }
}
