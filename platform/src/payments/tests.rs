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
        refund: None,
        reserved: None,
    }
}

#[test]
fn every_failpoint_in_the_code_is_listed_once() {
    let sources = [
        include_str!("mod.rs"),
        include_str!("refund.rs"),
        include_str!("../store/payments.rs"),
        include_str!("../store/refunds.rs"),
    ];
    let mut found: Vec<&str> = sources
        .iter()
        .flat_map(|source| source.split("failpoint!(\"").skip(1))
        .filter_map(|rest| rest.split('"').next())
        .collect();
    found.sort_unstable();
    let mut listed = [super::failpoints::ALL, super::failpoints::REFUND].concat();
    listed.sort_unstable();
    assert_eq!(found, listed);
}
