//! Issuing and binding a USBKEY: the certificates, the store's record and the audit entry belong together.
//!
//! Administrators' operations, `dev-key` and `init` all come through here.

use std::sync::Arc;

use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_protocol::cbor::{self, Value};

use crate::{
    actor::Actor,
    ca::{CaError, Issuer, KeyCertificates},
    evidence,
    store::{AdminRole, AuditDraft, Conflict, Fingerprint, KeyRecord, KeyStep, RENEWED, Store, StoreError},
};

/// Why a key was not issued or bound.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The authority could not sign.
    #[error(transparent)]
    Ca(#[from] CaError),
    /// The store could not keep it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl IssueError {
    /// Whether the same call may succeed later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Ca(error) => error.is_transient(),
            Self::Store(error) => matches!(error, StoreError::Unavailable(_) | StoreError::Busy),
        }
    }
}

/// Issues keys and keeps them.
#[derive(Clone)]
pub struct KeyDesk {
    issuer: Arc<Issuer>,
    store: Arc<dyn Store>,
}

impl KeyDesk {
    /// A desk that issues with `issuer` and keeps in `store`.
    pub fn new(issuer: Arc<Issuer>, store: Arc<dyn Store>) -> Self {
        Self { issuer, store }
    }

    /// The issuer behind it.
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// Certifies a customer's key and notes it as `issued`.
    pub async fn issue_customer_key(
        &self,
        customer: &CustomerNo,
        pairs: PublicPairs,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<KeyCertificates, IssueError> {
        let mut made = self.issuer.customer_key(customer, pairs.authentication, pairs.agreement, now).await?;
        made.record.token = pairs.token;
        self.keep(made, Some(customer), actor, now).await
    }

    /// Certifies an administrator's key named `name` and notes it as `issued`.
    pub async fn issue_admin_key(
        &self,
        name: &str,
        role: AdminRole,
        pairs: PublicPairs,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<KeyCertificates, IssueError> {
        let mut made = self.issuer.admin_key(name, role, pairs.authentication, now).await?;
        made.record.token = pairs.token;
        self.keep(made, None, actor, now).await
    }

    async fn keep(
        &self,
        made: KeyCertificates,
        customer: Option<&CustomerNo>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<KeyCertificates, IssueError> {
        self.store.insert_key(made.record.clone(), evidence::key_issued(&made, customer, actor, now)).await?;
        Ok(made)
    }

    /// Binds an issued key to `customer`, or to nobody for an administrator's. One of many at once wins.
    pub async fn bind(
        &self,
        key: Fingerprint,
        customer: Option<&CustomerNo>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<KeyRecord, IssueError> {
        let audit = evidence::key_moved(KeyStep::Bind, key, customer, "handed-over", actor, now);
        Ok(self.store.bind_key(key, customer.cloned(), now, audit).await?)
    }

    /// Certifies new pairs of the holder of `old`, and binds them beside the old ones, which are replaced at `replace_at` at the
    /// latest.
    pub async fn renew(
        &self,
        old: &KeyRecord,
        pairs: PublicPairs,
        actor: &Actor,
        replace_at: Timestamp,
        now: Timestamp,
    ) -> Result<KeyRecord, IssueError> {
        let customer = old.customer.as_ref().ok_or(StoreError::Conflict(Conflict::Successor))?;
        let mut made = self.issuer.customer_key(customer, pairs.authentication, pairs.agreement, now).await?;
        made.record.token.clone_from(&old.token);
        RENEWED.clone_into(&mut made.record.reason);
        let fingerprint = made.record.fingerprint;
        let audit = vec![
            evidence::key_issued(&made, Some(customer), actor, now),
            evidence::key_moved(KeyStep::Bind, fingerprint, Some(customer), RENEWED, actor, now),
        ];
        Ok(self.store.renew_key(made.record, old.fingerprint, replace_at, audit).await?)
    }
}

/// The public halves of the pairs that were made on a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicPairs {
    /// Ed25519: authenticates and signs.
    pub authentication: [u8; 32],
    /// X25519, of the offline store.
    pub agreement: Option<[u8; 32]>,
    /// The token's serial number, as its issuer's program read it.
    pub token: Option<String>,
}

/// An audit entry whose facts are a CBOR map.
pub fn draft(
    event: &'static str,
    actor: &str,
    customer: Option<&CustomerNo>,
    facts: Vec<(String, Value)>,
    at: Timestamp,
) -> AuditDraft {
    let facts = cbor::encode(&Value::Map(facts));
    AuditDraft { at, event, actor: actor.to_owned(), customer: customer.cloned(), facts }
}
