//! What others know of the time that a restore took away: the platform's payments, the head of the audit chain that it
//! holds, and the newest revocation list, from the platform or from this server's own disk.

use std::{collections::BTreeSet, fs};

use der::{Decode as _, Encode as _};
use gridkey_domain::{PaymentId, Timestamp, payment::PaymentRequest};
use gridkey_protocol::{
    bytes::{hex, unhex},
    cbor::Value as Cbor,
    certificate::{Certificate, PublicKey},
    crypto,
};
use gridkey_service::tls::read_certificates;
use serde::Serialize;
use x509_cert::{crl::CertificateList, ext::pkix::CrlReason};

use super::{RecoveryError, platform};
use crate::{
    actor::Actor,
    audit::AuditFault,
    config::Config,
    control::verify_audit,
    evidence,
    intranet::Platform,
    issue::draft,
    parts,
    store::{Conflict, KeyEnd, KeyState, KeyStep, NewOrder, Store as _, StoreError, surreal::SurrealStore},
};

/// Orders that were signed on another machine's clock may seem a little older than the backup.
const CLOCKS_DIFFER: i64 = 3600;
/// The reason of a key's end that a restore had undone.
const RESTORED: &str = "revoked-before-restore";

/// What a comparison came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Entries of the audit chain.
    pub entries: u64,
    /// Whether the chain holds in itself.
    pub chain_holds: bool,
    /// The length of the newest head that the platform holds.
    pub lodged: Option<u64>,
    /// Entries that the platform's head counts and the chain does not have.
    pub entries_lost: u64,
    /// Orders that the platform knows and this store had lost, re-created from the platform's word.
    pub orders_recovered: Vec<String>,
    /// Keys that the revocation list names and this store had alive again, ended again.
    pub keys_ended: Vec<String>,
    /// Revoked certificates of keys that this store does not know at all.
    pub serials_unknown: Vec<String>,
    /// The number of the revocation list that was compared with.
    pub crl: Option<u64>,
    /// What needs a person, in sentences.
    pub open: Vec<String>,
}

/// Compares, and mends what can be mended.
pub(super) async fn compare(config: &Config, store: &SurrealStore, now: Timestamp) -> Result<Compared, RecoveryError> {
    let platform = platform(config)?;
    let mut compared = Compared::default();
    chain(config, store, &platform, &mut compared).await?;
    orders(store, &platform, &mut compared, now).await?;
    keys(config, store, &platform, &mut compared, now).await?;
    compared.open.push(
        "Keys reported lost, and administrators' acts, after the backup and after the revocation list that was compared \
         with can't be known: go through the reports since then, and end those keys, before the server serves."
            .to_owned(),
    );
    Ok(compared)
}

async fn chain(
    config: &Config,
    store: &SurrealStore,
    platform: &Platform,
    compared: &mut Compared,
) -> Result<(), RecoveryError> {
    let anchor = parts::open_anchor(config)?;
    compared.entries = store.audit_head().await?.length;
    let verdict = verify_audit(store, platform, &anchor).await?;
    compared.chain_holds = !matches!(
        &verdict.outcome,
        Err(fault) if !matches!(fault, AuditFault::Cut { .. })
    );
    if let (false, Err(fault)) = (compared.chain_holds, &verdict.outcome) {
        compared.open.push(format!("The audit chain does not hold: {fault}."));
    }
    match verdict.lodged {
        Ok(Some(head)) => {
            compared.lodged = Some(head.length);
            compared.entries_lost = head.length.saturating_sub(compared.entries);
            if compared.entries_lost > 0 {
                compared.open.push(format!(
                    "The chain reaches entry {}; the platform holds a head at {}: {} entries are lost. Let the platform take \
                     the shorter chain: gridkey-platform audit-restart --length {}.",
                    compared.entries, head.length, compared.entries_lost, compared.entries
                ));
            }
        }
        Ok(None) => compared.open.push("The platform holds no head of the audit chain.".to_owned()),
        Err(why) => compared.open.push(format!("The audit chain was not compared with the platform: {why}.")),
    }
    Ok(())
}

async fn orders(
    store: &SurrealStore,
    platform: &Platform,
    compared: &mut Compared,
    now: Timestamp,
) -> Result<(), RecoveryError> {
    let since = store.restored().await?.map_or(now, |restored| restored.backup_at).plus_seconds(-CLOCKS_DIFFER);
    let mut after: Option<PaymentId> = None;
    loop {
        let page = match platform.payments_since(since, after).await {
            Ok(page) => page,
            Err(error) => {
                compared.open.push(format!("Orders were not compared with the platform: {error}. Compare again."));
                return Ok(());
            }
        };
        let Some(last) = page.last().map(|request| request.payment) else { return Ok(()) };
        for request in page {
            if store.order(&request.customer, request.payment).await?.is_none() {
                let Some(hash) = unhex(&request.order_hash).and_then(|hash| hash.try_into().ok()) else {
                    compared.open.push(format!(
                        "Order {} of customer {} ({} yuan) was lost and is not re-created: the platform tells no hash of it.",
                        request.payment, request.customer, request.amount
                    ));
                    continue;
                };
                recover(store, &request, hash, now).await?;
                compared.open.push(format!(
                    "Order {} of customer {} ({} yuan) was lost and is re-created as the platform tells it; what the \
                     customer signed is not in the store any more.",
                    request.payment, request.customer, request.amount
                ));
                compared.orders_recovered.push(request.payment.to_string());
            }
        }
        after = Some(last);
    }
}

async fn recover(
    store: &SurrealStore,
    request: &PaymentRequest,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<(), RecoveryError> {
    let order = NewOrder {
        id: request.payment,
        customer: request.customer.clone(),
        key: [0; 32],
        hash,
        order: Vec::new(),
        signature: [0; 64],
        chain: Vec::new(),
        method: request.method,
        amount: request.amount,
        bills: request.bills.clone(),
        created: request.created,
        not_after: request.not_after,
        received: now,
    };
    let facts = vec![
        ("payment".to_owned(), Cbor::Bytes(order.id.as_bytes().to_vec())),
        ("order".to_owned(), Cbor::Bytes(hash.to_vec())),
        ("amount".to_owned(), Cbor::Unsigned(order.amount.get())),
    ];
    let audit = draft("order.recovered", "platform", Some(&order.customer), facts, now);
    match store.insert_recovered_order(&order, audit).await {
        Ok(()) | Err(StoreError::Conflict(Conflict::OrderExists)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn keys(
    config: &Config,
    store: &SurrealStore,
    platform: &Platform,
    compared: &mut Compared,
    now: Timestamp,
) -> Result<(), RecoveryError> {
    let mut lists = Vec::new();
    match fs::read(config.crl_path()) {
        Ok(der) => lists.push(der),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => compared.open.push(format!("{}: {error}.", config.crl_path().display())),
    }
    match platform.newest_crl().await {
        Ok(list) => lists.extend(list),
        Err(error) => compared.open.push(format!("The platform's revocation list was not had: {error}.")),
    }
    let issuing = read_certificates(&config.pki.issuing).map_err(crate::provision::ProvisionError::from)?;
    let issuing = issuing.first().and_then(|der| Certificate::from_der(der).ok());
    let read = |der: Vec<u8>| RevocationList::read(&der, issuing.as_ref()?);
    let Some(list) = lists.into_iter().filter_map(read).max_by_key(|list| list.number) else {
        compared.open.push("There is no revocation list of before the restore to compare with.".to_owned());
        return Ok(());
    };
    compared.crl = Some(list.number);
    let mut seen = BTreeSet::new();
    for (serial, step) in list.revoked {
        let Some(key) = store.key_of_serial(&serial).await? else {
            compared.serials_unknown.push(serial);
            continue;
        };
        let Some(known) = store.key(key).await?.filter(|_| seen.insert(key)) else { continue };
        if !matches!(known.state, KeyState::Issued | KeyState::Bound) {
            continue;
        }
        let customer = known.customer.as_ref();
        // An issued key can't be lost: nobody has it.
        let step = if known.state == KeyState::Bound { step } else { KeyStep::Revoke };
        let audit = evidence::key_moved(step, key, customer, RESTORED, &Actor::operator(), now);
        store.end_key(KeyEnd { key, step, reason: RESTORED.to_owned(), at: now }, audit).await?;
        let whose = customer.map_or_else(|| "nobody".to_owned(), ToString::to_string);
        compared.open.push(format!(
            "Key {} of {whose} was revoked after the backup, and is {} again by the revocation list.",
            hex(&key),
            step.leads_to().as_str()
        ));
        compared.keys_ended.push(hex(&key));
    }
    Ok(())
}

/// What a genuine revocation list says.
struct RevocationList {
    number: u64,
    /// Serial numbers, hex, each with the step that ends its key.
    revoked: Vec<(String, KeyStep)>,
}

impl RevocationList {
    /// `None` unless it is one that `issuing` signed.
    fn read(der: &[u8], issuing: &Certificate) -> Option<Self> {
        let list: CertificateList = CertificateList::from_der(der).ok()?;
        let PublicKey::Ed25519(key) = issuing.public_key() else { return None };
        let signature = <[u8; 64]>::try_from(list.signature.as_bytes()?).ok()?;
        crypto::verify_ed25519(&key, &list.tbs_cert_list.to_der().ok()?, &signature).ok()?;
        let extensions = list.tbs_cert_list.crl_extensions.as_ref()?;
        let number = extensions.iter().find(|it| it.extn_id == der::oid::db::rfc5280::ID_CE_CRL_NUMBER)?;
        let number = der::asn1::Uint::from_der(number.extn_value.as_bytes()).ok()?;
        let number = number.as_bytes().iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        let entries = list.tbs_cert_list.revoked_certificates.unwrap_or_default();
        let revoked = entries.iter().map(|entry| {
            let reasons = entry.crl_entry_extensions.iter().flatten();
            let reason = reasons.filter_map(|it| CrlReason::from_der(it.extn_value.as_bytes()).ok()).next();
            let step = match reason {
                Some(CrlReason::KeyCompromise) => KeyStep::Lose,
                Some(CrlReason::Superseded) => KeyStep::Replace,
                Some(CrlReason::CessationOfOperation) => KeyStep::Unbind,
                _ => KeyStep::Revoke,
            };
            (hex(entry.serial_number.as_bytes()), step)
        });
        Some(Self { number, revoked: revoked.collect() })
    }
}
