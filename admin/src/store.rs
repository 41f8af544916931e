//! What the screens read: the program's snapshot, field by field, so that a change redraws only what shows it.
#![expect(missing_docs, reason = "`derive(Store)` writes items without docs")]

use std::collections::HashMap;

use dioxus::prelude::*;
use gridkey_desk::office::{
    AdminCard, AuditLine, AuditQuery, Check, Company, Connection, Deed, Doing, Gate, Import, KeyName, KeyQuery, Making,
    Me, Paged, PaymentQuery, Preferences, Readers, Section, Snapshot,
};
use gridkey_domain::{CustomerNo, PaymentId, Timestamp, bill::BillSummary};
use gridkey_protocol::ops::{
    admin::{
        audit::Verdict,
        bills::ArrearsLine,
        customers::{CustomerDetail, CustomerLine},
        keys::{KeyDetail, KeyLife},
        payments::PaymentLine,
        sessions::LiveSession,
        status::Status,
    },
    alarms::Alarm,
    payments::PaymentDetail,
};

/// Makes the store from the list of the snapshot's fields, so that none can be forgotten when it is copied.
macro_rules! desk_state {
    ($($(#[$doc:meta])* $field:ident: $type:ty,)*) => {
        /// The fields of [`Snapshot`], and the time of day.
        #[derive(Debug, Clone, PartialEq, Store)]
        pub struct DeskState {
            $($(#[$doc])* pub $field: $type,)*
            /// The time of day, moved on in steps of seconds.
            pub now: Timestamp,
        }

        impl DeskState {
            /// The state of a program that shows `snapshot` at `now`.
            pub fn new(snapshot: Snapshot, now: Timestamp) -> Self {
                let Snapshot { $($field),* } = snapshot;
                Self { $($field,)* now }
            }
        }

        /// Copies what differs. A field that stays redraws nothing.
        pub fn copy(state: Store<DeskState>, snapshot: &Snapshot) {
            $(
                let mut field = state.$field();
                let differs = *field.peek() != snapshot.$field;
                if differs {
                    field.set(snapshot.$field.clone());
                }
            )*
        }
    };
}

desk_state! {
    /// Where the person stands.
    gate: Gate,
    /// The keys plugged in at the gate.
    cards: Vec<AdminCard>,
    /// The set-up check.
    setup: Vec<Check>,
    /// The line to the server.
    connection: Connection,
    /// When the server last said anything that was shown.
    synced: Option<Timestamp>,
    /// Who to turn to.
    company: Company,
    /// What this machine keeps.
    preferences: Preferences,
    /// Who is inside.
    me: Option<Me>,
    /// The figures of the first screen.
    status: Section<Status>,
    /// Searches for customers, by the text searched for.
    customers: HashMap<String, Section<Paged<CustomerLine>>>,
    /// Customers with their keys.
    customer: HashMap<CustomerNo, Section<CustomerDetail>>,
    /// Customers' bills, newest first.
    bills: HashMap<CustomerNo, Section<Paged<BillSummary>>>,
    /// How customers' arrears came and went, newest first.
    alarms: HashMap<CustomerNo, Section<Paged<Alarm>>>,
    /// Lists of keys.
    keys: HashMap<KeyQuery, Section<Paged<KeyDetail>>>,
    /// Keys with their lives.
    key: HashMap<KeyName, Section<KeyLife>>,
    /// The live sessions, oldest first.
    sessions: Section<Vec<LiveSession>>,
    /// Customers in arrears.
    arrears: Section<Paged<ArrearsLine>>,
    /// Lists of payments.
    payments: HashMap<PaymentQuery, Section<Paged<PaymentLine>>>,
    /// Single payments.
    payment: HashMap<PaymentId, Section<PaymentDetail>>,
    /// Stretches of the audit chain, the newest entry first.
    audit: HashMap<AuditQuery, Section<Paged<AuditLine>>>,
    /// Whether the audit chain holds.
    verdict: Section<Verdict>,
    /// What was asked to be done, and what became of it.
    deeds: HashMap<Deed, Doing>,
    /// Customers from a file.
    import: Import,
    /// The tokens in the readers.
    readers: Readers,
    /// Keys being made.
    making: Option<Making>,
}
