//! What the daemon does for its own commands over the control socket: `dev-key`, `key`, `audit`,
//! `renew-certificates`, `sessions`.

use std::sync::Arc;

use futures_util::future::join_all;
use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_protocol::{
    bytes::{hex, unhex},
    certificate::TrustAnchor,
};
use gridkey_service::control::{ControlError, ControlHandler};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    actor::Actor,
    audit::{AuditFault, AuditReport, Verifier, head_message},
    certificates::{CertificateKeeper, Chain},
    core::Core,
    envelope::EnvelopeKeeper,
    intranet::Platform,
    provision::{ProvisionError, dev_key},
    recovery, revoke,
    store::{AuditHead, EnvelopeRecord, Fingerprint, KeyState, KeyStep, Store, StoreError},
};

/// Ends keys: `{"state", "fingerprint"}` or `{"state", "customer"}` (every bound key of the customer).
pub const KEY: &str = "key";
/// Verifies the audit chain against itself and the newest lodged head.
pub const AUDIT: &str = "audit";
/// Makes the server's own certificates anew.
pub const RENEW: &str = "renew-certificates";
/// Lists live sessions.
pub const SESSIONS: &str = "sessions";

/// Audit entries read at once.
const BATCH: u32 = 512;

/// Which keys to end, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndKeys {
    /// `unbound`, `lost`, `revoked` or `replaced`.
    pub state: KeyState,
    /// One key, SHA-256 of its certificate in hex.
    pub fingerprint: Option<String>,
    /// All bound keys of a customer.
    pub customer: Option<CustomerNo>,
}

/// Where a backup goes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Backup {
    /// Absolute, since the daemon may stand elsewhere.
    out: std::path::PathBuf,
}

/// The reason of what an operator does by a command.
pub(crate) const BY_OPERATOR: &str = "by-operator";

impl EndKeys {
    /// The step asked for, if it is one that a command may take.
    pub(crate) fn step(&self) -> Option<KeyStep> {
        let step = KeyStep::to(self.state)?;
        matches!(step, KeyStep::Unbind | KeyStep::Lose | KeyStep::Revoke | KeyStep::Replace).then_some(step)
    }
}

/// Carries out the commands.
pub struct Handler {
    core: Arc<Core>,
    certificates: Arc<CertificateKeeper>,
    envelopes: Arc<EnvelopeKeeper>,
    software_keys: bool,
}

impl Handler {
    /// A handler around the running server.
    pub fn new(
        core: Arc<Core>,
        certificates: Arc<CertificateKeeper>,
        envelopes: Arc<EnvelopeKeeper>,
        software_keys: bool,
    ) -> Self {
        Self { core, certificates, envelopes, software_keys }
    }

    async fn renew(&self) -> Result<Value, ControlError> {
        let core = &self.core;
        let made = renew(&self.certificates, &core.receipt_chain, &self.envelopes, core.now()).await;
        let (made, envelopes) = made.map_err(|error| ControlError::new("failed", error.to_string()))?;
        core.envelopes.replace(envelopes);
        Ok(renewed(&made))
    }

    async fn end_keys(&self, asked: EndKeys) -> Result<Value, ControlError> {
        let core = &self.core;
        let step = asked.step().ok_or_else(|| bad("state: unbound, lost, revoked or replaced expected"))?;
        let keys: Vec<Fingerprint> = match (&asked.fingerprint, &asked.customer) {
            (Some(text), None) => {
                let fingerprint = unhex(text).and_then(|bytes| bytes.try_into().ok());
                vec![fingerprint.ok_or_else(|| bad("fingerprint: 64 hex digits expected"))?]
            }
            (None, Some(customer)) => {
                let keys = core.store.keys_of(customer).await.map_err(|error| failed(&error))?;
                keys.into_iter().filter(|key| key.state == KeyState::Bound).map(|key| key.fingerprint).collect()
            }
            _ => return Err(bad("either fingerprint or customer expected")),
        };
        if keys.is_empty() {
            return Err(ControlError::new("not-found", "the customer has no bound key"));
        }
        // All at once: what one key's orders need of the platform must not keep another key alive meanwhile.
        let actor = Actor::operator();
        let mut ends = Vec::new();
        for key in &keys {
            ends.push(revoke::end_key(core, *key, step, BY_OPERATOR, &actor));
        }
        let mut ended = Vec::new();
        for (key, done) in keys.iter().zip(join_all(ends).await) {
            let done = done.map_err(|error| failed(&error))?;
            ended.push(json!({
                "fingerprint": hex(key),
                "state": done.key.state,
                "sessions_cut": done.sessions,
                "orders_refused": done.orders,
            }));
        }
        Ok(json!({ "keys": ended }))
    }

    fn sessions(&self) -> Value {
        let list = self.core.registry.list().into_iter().map(|session| {
            json!({
                "session": format!("s-{:x}", session.id),
                "customer": session.customer,
                "key": hex(&session.key),
                "since": session.since,
                "agent": session.agent,
            })
        });
        json!({ "sessions": list.collect::<Vec<_>>() })
    }
}

#[async_trait::async_trait]
impl ControlHandler for Handler {
    async fn handle(&self, command: String, args: Value) -> Result<Value, ControlError> {
        match command.as_str() {
            dev_key::COMMAND => {
                let args = dev_key::arguments(args)?;
                let made = dev_key::handle(self.software_keys, &self.core.desk, args, self.core.now()).await?;
                serde_json::to_value(made).map_err(|error| ControlError::new("internal", error.to_string()))
            }
            KEY => {
                let asked = serde_json::from_value(args).map_err(|error| bad(&error.to_string()))?;
                self.end_keys(asked).await
            }
            AUDIT => Ok(verdict(
                &verify_audit(self.core.store.as_ref(), &self.core.platform, &self.core.anchor)
                    .await
                    .map_err(|error| failed(&error))?,
            )),
            RENEW => self.renew().await,
            recovery::BACKUP => {
                let asked: Backup = serde_json::from_value(args).map_err(|error| bad(&error.to_string()))?;
                let written = self.core.store.backup(&asked.out, self.core.now()).await;
                let summary = written.map_err(|error| ControlError::new("failed", error.to_string()))?;
                metrics::gauge!("gridkey_backup_seconds").set(u32::try_from(summary.header.at).unwrap_or(u32::MAX));
                tracing::info!(file = %asked.out.display(), sha256 = summary.sha256, "backup");
                Ok(recovery::told(&summary))
            }
            SESSIONS => Ok(self.sessions()),
            other => Err(ControlError::unknown(other)),
        }
    }
}

/// What verifying the audit chain came to.
#[derive(Debug)]
pub struct AuditVerdict {
    /// Whether the chain holds.
    pub outcome: Result<AuditReport, AuditFault>,
    /// Whether the platform could be asked for the newest lodged head, and what was wrong if not.
    pub lodged: Result<Option<AuditHead>, String>,
}

/// Verifies every entry, and the newest head that the platform holds.
pub async fn verify_audit(
    store: &dyn Store,
    platform: &Platform,
    anchor: &TrustAnchor,
) -> Result<AuditVerdict, StoreError> {
    let lodged = newest_lodged(platform, anchor).await;
    let mut verifier = match Verifier::new(lodged.iter().flatten().copied()) {
        Ok(verifier) => verifier,
        Err(fault) => return Ok(AuditVerdict { outcome: Err(fault), lodged }),
    };
    let mut from = 0;
    loop {
        let entries = store.audit_entries(from, BATCH).await?;
        for entry in &entries {
            if let Err(fault) = verifier.push(entry) {
                return Ok(AuditVerdict { outcome: Err(fault), lodged });
            }
        }
        match entries.last() {
            Some(last) => from = last.number + 1,
            None => return Ok(AuditVerdict { outcome: verifier.finish(), lodged }),
        }
    }
}

/// The newest head at the platform, if its signature is this server's receipt key's.
async fn newest_lodged(platform: &Platform, anchor: &TrustAnchor) -> Result<Option<AuditHead>, String> {
    use gridkey_protocol::{
        certificate::{PublicKey, Purpose},
        crypto,
    };
    let Some(lodged) = platform.newest_head().await.map_err(|error| error.to_string())? else { return Ok(None) };
    let (head, signature, chain) = lodged.parts().ok_or("the lodged head is malformed")?;
    let leaf = anchor.validate(&chain, Purpose::Receipt, lodged.at).map_err(|error| error.to_string())?;
    let PublicKey::Ed25519(key) = leaf.public_key() else {
        return Err("the lodged head's key is of another kind".into());
    };
    crypto::verify_ed25519(&key, &head_message(&head), &signature).map_err(|error| error.to_string())?;
    Ok(Some(head))
}

pub(crate) fn verdict(verdict: &AuditVerdict) -> Value {
    let lodged = match &verdict.lodged {
        Ok(Some(head)) => json!({ "length": head.length, "hash": hex(&head.hash) }),
        Ok(None) => Value::Null,
        Err(why) => json!({ "error": why }),
    };
    match &verdict.outcome {
        Ok(report) => {
            json!({ "ok": verdict.lodged.is_ok(), "entries": report.head.length, "head": hex(&report.head.hash), "lodged": lodged })
        }
        Err(fault) => json!({ "ok": false, "fault": fault.to_string(), "lodged": lodged }),
    }
}

/// Makes everything anew that the server certifies for itself. Gives what was made and until when it is good, and the envelope keys.
pub(crate) async fn renew(
    certificates: &CertificateKeeper,
    chain: &Chain,
    envelopes: &EnvelopeKeeper,
    now: Timestamp,
) -> Result<(Vec<Made>, Vec<EnvelopeRecord>), ProvisionError> {
    let mut made = certificates.renew(chain, true, Actor::operator().name(), now).await?;
    let records = envelopes.renew(now).await?;
    made.extend(records.first().map(|newest| ("envelope", newest.not_after)));
    Ok((made, records))
}

/// A certificate that was made, and its end.
type Made = (&'static str, Timestamp);

/// What [`RENEW`] gives.
pub(crate) fn renewed(made: &[Made]) -> Value {
    let list = made.iter().map(|(name, ends)| json!({ "certificate": name, "not_after": ends }));
    json!({ "renewed": list.collect::<Vec<_>>() })
}

fn bad(why: &str) -> ControlError {
    ControlError::new("bad-request", why)
}

fn failed(error: &StoreError) -> ControlError {
    let code = match error {
        StoreError::Unavailable(_) | StoreError::Busy => "unavailable",
        StoreError::NotFound(_) => "not-found",
        StoreError::Conflict(_) => "conflict",
        StoreError::Damaged(_) | StoreError::Internal(_) => "internal",
    };
    ControlError::new(code, error.to_string())
}
