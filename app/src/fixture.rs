//! Snapshots for tests: a foundry with one meter, a bill a month, and a program in each state a person may meet.
//!
//! Every figure follows from one made-up load curve, so that curves, months and bills agree with each other.

mod account;
mod gate;
mod load;
mod money;

pub use account::{company, company_account, empty, failing, loading, offline, open, overdue, settings};
pub use gate::{
    broken, checks, first_pin, key_card, last_try, lent_key_card, locked, no_key, pin, pin_locked, several_keys,
    starting, strange_key_card, unlocking, waiting_for_network, wrong_pin,
};
pub use load::{insert_series, points, registers};
pub use money::{bill, bill_view, bills, payment_id, payments, queued_payment, story};

use gridkey_client::app::KeyId;
use gridkey_domain::{CustomerNo, MeterId, Month, Timestamp};

/// When the tests look at the screen: 13 November 2026, 17:40:00 in Shanghai.
pub fn now() -> Timestamp {
    Timestamp::from_civil(jiff::civil::date(2026, 11, 13).at(17, 40, 0, 0))
}

/// Up to when readings are in: ten minutes ago.
pub fn read_until() -> Timestamp {
    now().plus_seconds(-600)
}

/// The running month.
pub fn month() -> Month {
    Month::of(now().date())
}

/// The month `back` months before the running one.
pub fn month_before(back: usize) -> Month {
    (0..back).fold(month(), |month, _| month.previous())
}

/// The customer.
pub fn customer() -> CustomerNo {
    "1100000001".parse().expect("a customer number")
}

/// Its meter.
pub fn meter() -> MeterId {
    "M1000000011".parse().expect("a meter number")
}

/// Its key.
pub fn key() -> KeyId {
    KeyId("software:a1".into())
}
