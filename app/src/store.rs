//! What the screens read: the program's snapshot, field by field, so that a change redraws only what shows it.
#![expect(missing_docs, reason = "`derive(Store)` writes items without docs")]

use std::collections::BTreeMap;

use dioxus::prelude::*;
use gridkey_client::app::{
    BillView, Check, Company, Connection, Doing, Gate, KeyCard, Notice, Paying, PaymentItem, PaymentStory, Preferences,
    Problem, QueueView, Renewal, Section, SeriesQuery, Snapshot,
};
use gridkey_domain::{
    BillId, CustomerNo, PaymentId, Timestamp,
    account::Account,
    arrears::Arrears,
    bill::BillSummary,
    usage::{UsagePoint, UsageSummary},
};
use gridkey_protocol::ops::{account::Settings, alarms::Alarm};

/// Makes the store from the list of the snapshot's fields, so that none can be forgotten when it is copied.
macro_rules! app_state {
    ($($(#[$doc:meta])* $field:ident: $type:ty,)*) => {
        /// The fields of [`Snapshot`], and the time of day.
        #[derive(Debug, Clone, PartialEq, Store)]
        pub struct AppState {
            $($(#[$doc])* pub $field: $type,)*
            /// The time of day, moved on in steps of seconds.
            pub now: Timestamp,
        }

        impl AppState {
            /// The state of a program that shows `snapshot` at `now`.
            pub fn new(snapshot: Snapshot, now: Timestamp) -> Self {
                let Snapshot { $($field),* } = snapshot;
                Self { $($field,)* now }
            }
        }

        /// Copies what differs. A field that stays redraws nothing.
        pub fn copy(state: Store<AppState>, snapshot: &Snapshot) {
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

app_state! {
    /// Where the person stands.
    gate: Gate,
    /// The keys plugged in.
    keys: Vec<KeyCard>,
    /// The set-up check.
    setup: Vec<Check>,
    /// The line to the server.
    connection: Connection,
    /// Why nothing is kept on this machine.
    store: Option<Problem>,
    /// When the server last said anything that was shown.
    synced: Option<Timestamp>,
    /// Who to turn to.
    company: Company,
    /// What this machine keeps.
    preferences: Preferences,
    /// Whose account is open.
    customer: Option<CustomerNo>,
    /// Name, meters, contact.
    account: Section<Account>,
    /// Language and notifications, kept by the server.
    settings: Section<Settings>,
    /// The running month.
    usage: Section<UsageSummary>,
    /// Stretches of history, as wanted.
    series: BTreeMap<SeriesQuery, Section<Vec<UsagePoint>>>,
    /// All bills, newest first.
    bills: Section<Vec<BillSummary>>,
    /// Bills with their lines, as wanted.
    bill: BTreeMap<BillId, Section<BillView>>,
    /// What is overdue.
    arrears: Section<Arrears>,
    /// How arrears came and went, newest first.
    alarms: Section<Vec<Alarm>>,
    /// All payments, newest first.
    payments: Section<Vec<PaymentItem>>,
    /// Payments in full, as wanted.
    payment: BTreeMap<PaymentId, Section<PaymentStory>>,
    /// What waits on this machine.
    queue: QueueView,
    /// The order being made.
    paying: Paying,
    /// The PIN being changed.
    pin_change: Doing,
    /// The open key's certificate being renewed.
    renewal: Renewal,
    /// Contact or address being changed.
    account_change: Doing,
    /// Settings being changed.
    settings_change: Doing,
    /// The queue being sent by hand.
    sending: Doing,
    /// A document or receipt being fetched.
    fetching: Doing,
    /// What the person has not seen yet, newest first.
    notices: Vec<Notice>,
}
