//! Commands of the operator that work on the store: through the control socket while the server runs, on the store itself
//! while it doesn't, since an embedded database has one holder.

use std::{sync::Arc, time::Duration};

use gridkey_domain::{PaymentState, Timestamp};
use gridkey_protocol::{
    bytes::{hex, unhex},
    cbor,
};
use gridkey_service::control::{ControlCallError, call};
use serde_json::{Value, json};

use crate::{
    actor::Actor,
    certificates::{CertificateKeeper, Chain, Places},
    config::Config,
    control::{self, BY_OPERATOR, EndKeys},
    envelope::EnvelopeKeeper,
    evidence,
    hsm::Pkcs11Hsm,
    parts,
    provision::ProvisionError,
    run,
    store::{Fingerprint, KeyEnd, KeyState, KeyStep, NewPush, Store, StoreError, surreal::SurrealStore},
};

/// Ends keys: reported lost, unbound, revoked or replaced. Gives what the control socket's `key` gives.
///
/// # Errors
/// [`ProvisionError`]; nothing happened to a key that is not in its text.
pub async fn end_keys(config: &Config, asked: &EndKeys, now: Timestamp) -> Result<Value, ProvisionError> {
    let args = serde_json::to_value(asked).unwrap_or(Value::Null);
    match running(config, control::KEY, args).await? {
        Some(answer) => Ok(answer),
        None => {
            let parts = Parts::open(config).await?;
            let ended = parts.end_keys(asked, now).await;
            parts.close().await?;
            ended
        }
    }
}

/// Verifies the audit chain against itself and the newest head lodged at the platform. Gives what the control socket's
/// `audit` gives; `ok` says whether it holds.
///
/// # Errors
/// [`ProvisionError`] if the chain can't be read.
pub async fn verify_audit(config: &Config) -> Result<Value, ProvisionError> {
    if let Some(answer) = running(config, control::AUDIT, Value::Null).await? {
        return Ok(answer);
    }
    let anchor = parts::open_anchor(config)?;
    let platform = run::platform(config).map_err(|error| ProvisionError::Configuration(format!("{error:#}")))?;
    let parts = Parts::open(config).await?;
    let verdict = control::verify_audit(&parts.store, &platform, &anchor).await;
    parts.close().await?;
    Ok(control::verdict(&verdict?))
}

/// Makes the session certificate, the receipt certificate and the envelope key anew, whatever is left of the old ones' lives. Gives
/// what the control socket's `renew-certificates` gives.
///
/// # Errors
/// [`ProvisionError`]; the old ones stay in use.
pub async fn renew_certificates(config: &Config, now: Timestamp) -> Result<Value, ProvisionError> {
    if let Some(answer) = running(config, control::RENEW, Value::Null).await? {
        return Ok(answer);
    }
    let places = Places::of(config);
    places.mend()?;
    let Parts { hsm, store } = Parts::open(config).await?;
    let store = Arc::new(store);
    let issuer = Arc::new(parts::open_issuer(config, Arc::clone(&hsm) as _)?);
    let envelopes = EnvelopeKeeper::new(Arc::clone(&hsm) as _, Arc::clone(&issuer), Arc::clone(&store) as _);
    let keeper =
        CertificateKeeper { hsm: Arc::clone(&hsm) as _, issuer, store: Arc::clone(&store) as _, places, session: None };
    let made = control::renew(&keeper, &Chain::default(), &envelopes, now).await;
    drop((keeper, envelopes));
    if let Some(store) = Arc::into_inner(store) {
        Parts { hsm, store }.close().await?;
    }
    Ok(control::renewed(&made?.0))
}

/// The running server's answer; `None` if none runs.
pub(crate) async fn running(config: &Config, command: &str, args: Value) -> Result<Option<Value>, ProvisionError> {
    match call(&config.control.socket, command, args).await {
        Ok(answer) => Ok(Some(answer)),
        Err(ControlCallError::NotRunning) => Ok(None),
        Err(error) => Err(ProvisionError::Configuration(error.to_string())),
    }
}

struct Parts {
    hsm: Arc<Pkcs11Hsm>,
    store: SurrealStore,
}

impl Parts {
    async fn open(config: &Config) -> Result<Self, ProvisionError> {
        let hsm = parts::start_hsm(config)?;
        let store = parts::open_store(config, hsm.as_ref()).await?;
        Ok(Self { hsm, store })
    }

    async fn close(self) -> Result<(), ProvisionError> {
        self.hsm.shutdown(Duration::from_secs(5)).await;
        Ok(self.store.close().await?)
    }

    async fn end_keys(&self, asked: &EndKeys, now: Timestamp) -> Result<Value, ProvisionError> {
        let bad = |why: &str| ProvisionError::Configuration(why.to_owned());
        let keys: Vec<Fingerprint> = match (&asked.fingerprint, &asked.customer) {
            (Some(text), None) => {
                let fingerprint = unhex(text).and_then(|bytes| bytes.try_into().ok());
                vec![fingerprint.ok_or_else(|| bad("a fingerprint has 64 hex digits"))?]
            }
            (None, Some(customer)) => {
                let keys = self.store.keys_of(customer).await?;
                keys.into_iter().filter(|key| key.state == KeyState::Bound).map(|key| key.fingerprint).collect()
            }
            _ => return Err(bad("either a fingerprint or a customer is needed")),
        };
        if keys.is_empty() {
            return Err(bad("the customer has no bound key"));
        }
        let step = asked.step().ok_or_else(|| bad("this state is not one to put a key into"))?;
        let mut ended = Vec::new();
        for key in keys {
            ended.push(self.end_key(key, step, now).await?);
        }
        Ok(json!({ "keys": ended }))
    }

    /// What the running server does, without sessions to cut: the revocation list is made anew at its start, and the platform lets
    /// the refused orders' payments lapse by itself.
    async fn end_key(&self, key: Fingerprint, step: KeyStep, now: Timestamp) -> Result<Value, ProvisionError> {
        let known = self.store.key(key).await?.ok_or(StoreError::NotFound("key"))?;
        let customer = known.customer.as_ref();
        let audit = evidence::key_moved(step, key, customer, BY_OPERATOR, &Actor::operator(), now);
        let end = KeyEnd { key, step, reason: BY_OPERATOR.to_owned(), at: now };
        let (record, refused) = self.store.end_key(end, audit).await?;
        for order in &refused {
            let payment = order.payment();
            let push = NewPush {
                kind: "payment".into(),
                body: cbor::encode(&payment),
                at: now,
                source: format!("payment:{}:{}", payment.payment, PaymentState::Refused),
            };
            self.store.append_push(&order.order.customer, push).await?;
        }
        Ok(json!({
            "fingerprint": hex(&key),
            "state": record.state,
            "sessions_cut": 0,
            "orders_refused": refused.len(),
        }))
    }
}
