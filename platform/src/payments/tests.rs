//! A payment to start from, for the tests of this module's parts.

use gridkey_domain::{Fen, PaymentId, PaymentState, Timestamp};

use crate::store::payments::PaymentRecord;

/// A pending payment on account that nobody fetched the form of.
pub(crate) fn record() -> PaymentRecord {
    PaymentRecord {
        payment: PaymentId::from_parts(1, [7; 10]),
        customer: "1100000001".parse().unwrap(),
        order_hash: "ab".repeat(32),
        amount: Fen::new(100).unwrap(),
        shares: Vec::new(),
        created: Timestamp::from_seconds(0),
        not_after: Timestamp::from_seconds(259_200),
        taken_at: Timestamp::from_seconds(0),
        handed: None,
        seen: false,
        state: PaymentState::Pending,
        reason: "taken-over".to_owned(),
        reference: None,
        updated: Timestamp::from_seconds(0),
        version: 1,
    }
}

#[test]
fn failpoints_have_names_of_their_own() {
    let names: std::collections::BTreeSet<_> = super::failpoints::ALL.iter().collect();
    assert_eq!(names.len(), super::failpoints::ALL.len());
}
