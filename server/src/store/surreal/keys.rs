//! Keys and their bindings.

use der::Decode;
use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_surreal::{Bytes, RecordId, SurrealValue, vars};
use x509_cert::Certificate;

use super::{
    SurrealStore,
    rows::{KEY_TABLE, KeyRow, KeyStepRow, damage, to_bytes},
    script::{Script, record},
    standings::Known,
    write::{Plan, damaged, to_i64},
};
use crate::store::{
    AuditDraft, Conflict, Fingerprint, KeyRecord, KeyState, KeyStep, KeyTransition, RevokedKey, Role, Standing,
    StoreError,
};

/// A fresh key's row, and the serial numbers of its certificates.
pub(super) fn fresh(key: &KeyRecord, actor: &str) -> Result<(KeyRow, Vec<String>), StoreError> {
    if key.state != KeyState::Issued || key.customer.is_some() {
        return Err(StoreError::Internal("a fresh key is issued and not bound".into()));
    }
    let agreement_serial = key.agreement.as_deref().map(certificate_serial).transpose()?;
    let serials = [Some(hex::encode(&key.serial)), agreement_serial.clone()].into_iter().flatten().collect();
    let mut row = KeyRow {
        rev: 1,
        number: 0,
        fingerprint: hex::encode(key.fingerprint),
        serial: hex::encode(&key.serial),
        role: if key.role == Role::Admin { "admin" } else { "customer" }.to_owned(),
        customer: None,
        state: key.state.as_str().to_owned(),
        chain: to_bytes(&key.chain),
        agreement: key.agreement.clone().map(Bytes::from),
        agreement_serial,
        not_before: key.not_before.seconds(),
        not_after: key.not_after.seconds(),
        since: key.since.seconds(),
        reason: Some(key.reason.clone()),
        admin: key.admin.map(|role| role.as_str().to_owned()),
        name: Some(key.name.clone()),
        token: key.token.clone(),
        succeeds: key.succeeds.map(hex::encode),
        successor: None,
        tell_at: Some(tell_at(key.not_before.seconds(), key.not_after.seconds())),
        replace_at: None,
        over_at: Some(key.not_after.seconds()),
        history: None,
    };
    row.note(KeyState::Issued, actor, &key.reason, key.since);
    Ok((row, serials))
}

/// When the holder of a key is told that it ends, seconds: two thirds of its time are over.
pub(super) const fn tell_at(not_before: i64, not_after: i64) -> i64 {
    not_before + (not_after - not_before) / 3 * 2
}

/// Adds to `script` what notes a fresh key, unless it is known.
pub(super) async fn add_fresh(
    store: &SurrealStore,
    script: &mut Script,
    row: &KeyRow,
    serials: &[String],
) -> Result<(), StoreError> {
    let known = record(KEY_TABLE, &row.fingerprint);
    let taken: Vec<_> = serials.iter().map(|serial| record("key_serial", serial)).collect();
    let both = vars! { known: known.clone(), taken: taken.clone() };
    let mut rows = store.read("SELECT VALUE id FROM $known; SELECT VALUE id FROM $taken", both).await?;
    if rows.all::<RecordId>(0)?.len() + rows.all::<RecordId>(1)?.len() > 0 {
        return Err(Conflict::KeyExists.into());
    }
    script.create(&known, row.clone());
    for serial in &taken {
        script.create(serial, vars! { fingerprint: row.fingerprint.clone() });
    }
    Ok(())
}

pub(super) async fn insert(store: &SurrealStore, key: KeyRecord, audit: AuditDraft) -> Result<(), StoreError> {
    let (row, serials) = fresh(&key, &audit.actor)?;
    let (drafts, row, serials) = ([audit], &row, &serials);
    store
        .write(&drafts, move |number| {
            Box::pin(async move {
                let mut script = Script::default();
                add_fresh(store, &mut script, &KeyRow { number: to_i64(number)?, ..row.clone() }, serials).await?;
                Ok(Plan::Write(script, ()))
            })
        })
        .await
}

/// The customer a key is bound to, as `binding` keeps it.
#[derive(Debug, Clone, SurrealValue)]
pub(super) struct BindingRow {
    key: String,
    customer: Option<String>,
    at: i64,
    /// Orders that were taken under it.
    pub(super) rev: Option<i64>,
}

/// `binding:[fingerprint]`
pub(super) fn binding(key: &Fingerprint) -> RecordId {
    record("binding", &hex::encode(key))
}

/// Adds to `script` what binds the key of `row`, which is changed accordingly. `number` says where in the order of keys it stands.
pub(super) fn add_binding(
    script: &mut Script,
    row: &mut KeyRow,
    customer: Option<&CustomerNo>,
    number: u64,
    by: (&str, &str, Timestamp),
) -> Result<KeyRecord, StoreError> {
    let (actor, reason, at) = by;
    if (row.role()? == Role::Customer) != customer.is_some() {
        return Err(StoreError::Internal("a customer's key needs a customer, an administrator's none".into()));
    }
    row.enter(KeyStep::Bind, actor, reason, at)?;
    row.rev += 1;
    row.number = to_i64(number)?;
    row.customer = customer.map(CustomerNo::to_string);
    let bound = row.read()?;
    script.create(
        &binding(&bound.fingerprint),
        BindingRow { key: row.fingerprint.clone(), customer: row.customer.clone(), at: at.seconds(), rev: None },
    );
    script.put(&KeyRow::record(&bound.fingerprint), row.clone());
    Ok(bound)
}

pub(super) async fn bind(
    store: &SurrealStore,
    key: Fingerprint,
    customer: Option<CustomerNo>,
    at: Timestamp,
    audit: AuditDraft,
) -> Result<KeyRecord, StoreError> {
    let (actor, drafts, customer) = (audit.actor.clone(), [audit], &customer);
    let actor = &actor;
    store
        .write(&drafts, move |number| {
            Box::pin(async move {
                let mut row = find(store, key).await?;
                let mut script = Script::default();
                script.expect_rev(&KeyRow::record(&key), row.rev);
                let by = (actor.as_str(), "handed-over", at);
                let bound = add_binding(&mut script, &mut row, customer.as_ref(), number, by)?;
                Ok(Plan::Write(script, bound))
            })
        })
        .await
}

/// The key, which must be known.
pub(super) async fn find(store: &SurrealStore, key: Fingerprint) -> Result<KeyRow, StoreError> {
    store.find(&KeyRow::record(&key)).await?.ok_or(StoreError::NotFound("key"))
}

/// From memory, if the database is ours alone and the key has not changed since it was read.
pub(super) async fn standing(store: &SurrealStore, key: Fingerprint) -> Result<Option<Standing>, StoreError> {
    let asked = match store.standings.of(&key) {
        Known::Is(standing) => return Ok(Some(standing)),
        Known::Nothing(asked) => asked,
    };
    let standing = get(store, key).await?.map(Standing::from);
    if let Some(standing) = standing.as_ref().filter(|_| store.database.is_ours_alone()) {
        store.standings.keep(&asked, key, standing.clone());
    }
    Ok(standing)
}

pub(super) async fn get(store: &SurrealStore, key: Fingerprint) -> Result<Option<KeyRecord>, StoreError> {
    store.find::<KeyRow>(&KeyRow::record(&key)).await?.map(|row| row.read()).transpose()
}

pub(super) async fn history(store: &SurrealStore, key: Fingerprint) -> Result<Vec<KeyTransition>, StoreError> {
    let row = store.find::<KeyRow>(&KeyRow::record(&key)).await?;
    let history = row.and_then(|row| row.history).unwrap_or_default();
    history.iter().map(KeyStepRow::read).collect()
}

pub(super) async fn of(store: &SurrealStore, customer: &CustomerNo) -> Result<Vec<KeyRecord>, StoreError> {
    let mut rows = store
        .read(
            "SELECT * FROM key WHERE customer = $customer ORDER BY number DESC",
            vars! {
                customer: customer.to_string(),
            },
        )
        .await?;
    rows.all::<KeyRow>(0).map_err(damaged)?.iter().map(KeyRow::read).collect()
}

pub(super) async fn revoked(store: &SurrealStore, now: Timestamp) -> Result<Vec<RevokedKey>, StoreError> {
    let ended: Vec<String> =
        KeyState::ALL.iter().filter(|state| state.is_ended()).map(|state| state.as_str().to_owned()).collect();
    let mut rows = store
        .read(
            "SELECT * FROM key WHERE state IN $ended AND not_after >= $now ORDER BY since, number",
            vars! {
                ended: ended, now: now.seconds(),
            },
        )
        .await?;
    let serial = |text: &str| hex::decode(text).map_err(|_| damage("a serial number"));
    rows.all::<KeyRow>(0)
        .map_err(damaged)?
        .iter()
        .map(|row| {
            let serials = std::iter::once(row.serial.as_str()).chain(row.agreement_serial.as_deref());
            Ok(RevokedKey {
                serials: serials.map(serial).collect::<Result<_, _>>()?,
                state: row.state()?,
                at: Timestamp::from_seconds(row.since),
            })
        })
        .collect()
}

/// The serial number of a certificate, hex without leading zeros.
fn certificate_serial(der: &[u8]) -> Result<String, StoreError> {
    let certificate = Certificate::from_der(der).map_err(|error| StoreError::Internal(Box::new(error)))?;
    let serial = certificate.tbs_certificate().serial_number().as_bytes();
    let zeros = serial.iter().take_while(|byte| **byte == 0).count();
    Ok(hex::encode(serial.get(zeros..).unwrap_or_default()))
}
