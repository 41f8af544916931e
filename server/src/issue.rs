//! Issuing and binding a USBKEY: the certificates, the store's record and the audit entry belong together.
//!
//! Administrators' operations, `dev-key` and `init` all come through here.

use std::sync::Arc;

use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_protocol::cbor::{self, Value};

use crate::{
    ca::{CaError, Issuer, KeyCertificates},
    store::{AuditDraft, Fingerprint, KeyRecord, Store, StoreError},
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

    /// Certifies a customer's key and notes it as `issued`. `actor` stands in the audit entry: an administrator's key
    /// fingerprint in hex, or `operator`.
    pub async fn issue_customer_key(
        &self,
        customer: &CustomerNo,
        authentication: [u8; 32],
        agreement: Option<[u8; 32]>,
        actor: &str,
        now: Timestamp,
    ) -> Result<KeyCertificates, IssueError> {
        let made = self.issuer.customer_key(customer, authentication, agreement, now).await?;
        self.keep(made, Some(customer), actor, now).await
    }

    /// Certifies an administrator's key named `name` and notes it as `issued`.
    pub async fn issue_admin_key(
        &self,
        name: &str,
        authentication: [u8; 32],
        actor: &str,
        now: Timestamp,
    ) -> Result<KeyCertificates, IssueError> {
        let made = self.issuer.admin_key(name, authentication, now).await?;
        self.keep(made, None, actor, now).await
    }

    async fn keep(
        &self,
        made: KeyCertificates,
        customer: Option<&CustomerNo>,
        actor: &str,
        now: Timestamp,
    ) -> Result<KeyCertificates, IssueError> {
        let bytes = |der: &[u8]| Value::Bytes(der.to_vec());
        let facts = vec![
            ("agreement".to_owned(), made.agreement.as_ref().map_or(Value::Null, |issued| bytes(&issued.der))),
            ("certificate".to_owned(), bytes(&made.authentication.der)),
        ];
        let audit = draft("key.issued", actor, customer, facts, now);
        self.store.insert_key(made.record.clone(), audit).await?;
        Ok(made)
    }

    /// Binds an issued key to `customer`, or to nobody for an administrator's. One of many at once wins.
    pub async fn bind(
        &self,
        key: Fingerprint,
        customer: Option<&CustomerNo>,
        actor: &str,
        now: Timestamp,
    ) -> Result<KeyRecord, IssueError> {
        let audit = draft("key.bound", actor, customer, key_fact(key), now);
        Ok(self.store.bind_key(key, customer.cloned(), now, audit).await?)
    }
}

/// The facts of an entry that is about one key.
pub fn key_fact(key: Fingerprint) -> Vec<(String, Value)> {
    vec![("key".to_owned(), Value::Bytes(key.to_vec()))]
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
