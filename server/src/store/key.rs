//! Keys as the store keeps them, and the changes of their lives.

use gridkey_domain::{CustomerNo, Timestamp};
use serde::{Deserialize, Serialize};

use super::{AdminRole, Fingerprint, KeyState, KeyStep};

/// Whose key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A customer's USBKEY.
    Customer,
    /// An administrator's USBKEY.
    Admin,
}

/// A key and its binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// SHA-256 of the authentication certificate.
    pub fingerprint: Fingerprint,
    /// The certificate's serial number, big-endian without leading zeros.
    pub serial: Vec<u8>,
    /// Whose kind of key it is.
    pub role: Role,
    /// The customer it is bound to; `None` while issued and for administrators.
    pub customer: Option<CustomerNo>,
    /// Where it stands.
    pub state: KeyState,
    /// The authentication certificate, leaf first, DER.
    pub chain: Vec<Vec<u8>>,
    /// The X25519 certificate of the offline store, DER.
    pub agreement: Option<Vec<u8>>,
    /// First second of validity.
    pub not_before: Timestamp,
    /// Last second of validity.
    pub not_after: Timestamp,
    /// When it entered its state.
    pub since: Timestamp,
    /// Why, in a few words.
    pub reason: String,
    /// What an administrator may do; `None` for customers' keys.
    pub admin: Option<AdminRole>,
    /// The name in its certificate: an administrator's, or the customer's number.
    pub name: String,
    /// The serial number of the token that it was made on, as its issuer's program read it.
    pub token: Option<String>,
    /// The key whose place it took, or is to take once it is used.
    pub succeeds: Option<Fingerprint>,
    /// The key that took its place, or is to take it.
    pub successor: Option<Fingerprint>,
}

/// Why a key is replaced by its holder's own renewal: what it signed before goes on.
pub const RENEWED: &str = "renewed";
/// Why a renewal's new key is revoked that nobody logged in with in time.
pub const RENEWAL_FAILED: &str = "renewal-failed";

impl KeyRecord {
    /// Whether what this key signed at `created` is taken from its holder now.
    pub fn may_have_signed(&self, created: Timestamp) -> bool {
        self.state == KeyState::Bound
            || (self.state == KeyState::Replaced && self.reason == RENEWED && created <= self.since)
    }
}

/// What decides whether a key is let in: read for every request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Where the key stands.
    pub state: KeyState,
    /// Whose kind of key it is.
    pub role: Role,
    /// The customer it is bound to.
    pub customer: Option<CustomerNo>,
    /// What an administrator may do.
    pub admin: Option<AdminRole>,
    /// The key whose place it took, or is to take once it is used.
    pub succeeds: Option<Fingerprint>,
}

impl From<KeyRecord> for Standing {
    fn from(record: KeyRecord) -> Self {
        let KeyRecord { state, role, customer, admin, succeeds, .. } = record;
        Self { state, role, customer, admin, succeeds }
    }
}

/// How a key's life ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyEnd {
    /// The key.
    pub key: Fingerprint,
    /// One of the steps that end a key.
    pub step: KeyStep,
    /// Why, in a few words.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// A key that takes another's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// The key that goes.
    pub old: Fingerprint,
    /// The key that comes: issued, not bound yet.
    pub new: Fingerprint,
    /// Why, in a few words.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// A renewal whose time beside the old key is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenewalEnd {
    /// The key that was renewed.
    pub old: Fingerprint,
    /// The key that its holder made in its place.
    pub new: Fingerprint,
    /// Which of the two goes.
    pub goes: Goes,
    /// Why, in a few words.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// Which key of a renewal goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goes {
    /// The old one, replaced: the new one logs in.
    Old,
    /// The new one, revoked: nobody ever logged in with it, so perhaps nobody has it.
    New,
}

impl RenewalEnd {
    /// The key that goes, and how.
    pub const fn ended(&self) -> (Fingerprint, KeyStep) {
        match self.goes {
            Goes::Old => (self.old, KeyStep::Replace),
            Goes::New => (self.new, KeyStep::Revoke),
        }
    }
}

/// Which keys to list. What is `None` is not asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyFilter {
    /// Ever bound to this customer.
    pub customer: Option<CustomerNo>,
    /// In this state.
    pub state: Option<KeyState>,
    /// Of this kind.
    pub role: Option<Role>,
    /// Bound, and out of time before this.
    pub ending_before: Option<Timestamp>,
}

/// What is due in a key's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyDue {
    /// Bound, and two thirds of its time are over: its holder is to be told, once.
    Renewal,
    /// Renewed, and the day is over in which both keys are good.
    Replacement,
    /// Issued or bound, and out of time.
    Expiry,
}

/// A revoked certificate, for the CRL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokedKey {
    /// The serial numbers of its certificates (authentication, then agreement if there is one), big-endian.
    pub serials: Vec<Vec<u8>>,
    /// Why it ended; a state in which a key's life is over.
    pub state: KeyState,
    /// When.
    pub at: Timestamp,
}
