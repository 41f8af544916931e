//! What screens ask for, and how lists come.

use gridkey_domain::{CustomerNo, PaymentId, PaymentState, Timestamp, key::KeyState};
use gridkey_protocol::ByteArray;

/// A key's name at the server: SHA-256 of its certificate.
pub type KeyName = ByteArray<32>;

/// What a screen needs. Wanting a topic loads it and keeps it fresh until it is left: it is asked for again after an act that
/// concerns it and after a reconnect; status, sessions and readers also as time passes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Topic {
    /// The figures of the first screen.
    Status,
    /// Customers whose number begins so, or with this in a name; empty finds everyone.
    Customers(String),
    /// A customer with its keys.
    Customer(CustomerNo),
    /// A customer's bills, newest first.
    Bills(CustomerNo),
    /// How a customer's arrears came and went, newest first, and what it acknowledged.
    Alarms(CustomerNo),
    /// A list of keys.
    Keys(KeyQuery),
    /// A key with its life.
    Key(KeyName),
    /// The live sessions.
    Sessions,
    /// Customers in arrears.
    Arrears,
    /// A list of payments.
    Payments(PaymentQuery),
    /// One payment of a customer with its history.
    Payment(CustomerNo, PaymentId),
    /// A stretch of the audit chain.
    Audit(AuditQuery),
    /// Whether the audit chain holds. Verifying reads all of it: want it when a person asks.
    Verdict,
    /// The tokens in the readers.
    Readers,
}

/// Which keys; everything that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct KeyQuery {
    /// Ever bound to this customer.
    pub customer: Option<CustomerNo>,
    /// In this state.
    pub state: Option<KeyState>,
    /// `Some(true)`: administrators' only; `Some(false)`: customers' only.
    pub admins: Option<bool>,
    /// Bound, and out of time within so many days.
    pub ending_days: Option<u32>,
}

/// Which payments: of a customer, or in a state, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct PaymentQuery {
    /// Of this customer, newest first.
    pub customer: Option<CustomerNo>,
    /// In this state; without a customer oldest first, and the first 200 only.
    pub state: Option<PaymentState>,
}

/// Where in the audit chain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct AuditQuery {
    /// Up to this entry; `None` begins at the newest.
    pub until: Option<u64>,
}

/// A list that comes page by page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paged<T> {
    /// What has come, in the order of the list.
    pub items: Vec<T>,
    /// There is more: [`super::Command::More`] fetches the next page.
    pub more: bool,
    /// The next page is being fetched.
    pub loading: bool,
    /// Where the next page begins, in the server's words.
    pub(super) next: Option<String>,
}

impl<T> Paged<T> {
    /// A list of one page.
    pub const fn whole(items: Vec<T>) -> Self {
        Self { items, more: false, loading: false, next: None }
    }

    /// A list of which there is more at `next`.
    pub const fn part(items: Vec<T>, next: Option<String>) -> Self {
        Self { items, more: next.is_some(), loading: false, next }
    }
}

/// An entry of the audit chain, for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Its number.
    pub number: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What happened, a stable word with a dot (`key.bound`).
    pub event: String,
    /// Who did it: a key's fingerprint in hex, `server`, `platform` or `operator`.
    pub actor: String,
    /// The customer concerned.
    pub customer: Option<CustomerNo>,
    /// The facts, each a name and a value as text; bytes in hex.
    pub facts: Vec<(String, String)>,
    /// Its hash.
    pub hash: ByteArray<32>,
    /// The hash of the entry before.
    pub previous: ByteArray<32>,
}
