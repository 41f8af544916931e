//! Settings, acknowledged alarms and envelope certificates.

use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_surreal::{Bytes, SurrealValue, vars};

use super::{
    SurrealStore,
    rows::{fingerprint, from_bytes, to_bytes},
    script::{Script, pair, record},
    write::{Plan, damaged},
};
use crate::store::{AuditDraft, EnvelopeRecord, StoreError};

#[derive(Debug, SurrealValue)]
struct SettingsRow {
    sealed: Bytes,
}

#[derive(Debug, SurrealValue)]
struct AlarmRow {
    customer: String,
    alarm: String,
    at: i64,
}

#[derive(Debug, Clone, SurrealValue)]
struct EnvelopeRow {
    fingerprint: String,
    key_id: Bytes,
    chain: Vec<Bytes>,
    not_before: i64,
    not_after: i64,
}

pub(super) async fn settings(store: &SurrealStore, customer: &CustomerNo) -> Result<Option<Vec<u8>>, StoreError> {
    let row: Option<SettingsRow> = store.find(&record("settings", customer.as_str())).await?;
    row.map(|row| store.vault.open(&settings_name(customer), &row.sealed)).transpose()
}

pub(super) async fn put_settings(
    store: &SurrealStore,
    customer: &CustomerNo,
    settings: &[u8],
) -> Result<(), StoreError> {
    store
        .write_alone(|| async move {
            let sealed = store.vault.seal(&settings_name(customer), settings)?;
            let mut script = Script::default();
            script.put(&record("settings", customer.as_str()), SettingsRow { sealed: sealed.into() });
            Ok(Plan::Write(script, ()))
        })
        .await
}

pub(super) async fn acknowledge_alarm(
    store: &SurrealStore,
    customer: &CustomerNo,
    alarm: &str,
    at: Timestamp,
) -> Result<Timestamp, StoreError> {
    store
        .write_alone(|| async move {
            let place = pair("alarm", customer.as_str(), alarm.to_owned());
            if let Some(row) = store.find::<AlarmRow>(&place).await? {
                return Ok(Plan::Nothing(Timestamp::from_seconds(row.at)));
            }
            let mut script = Script::default();
            script
                .create(&place, AlarmRow { customer: customer.to_string(), alarm: alarm.to_owned(), at: at.seconds() });
            Ok(Plan::Write(script, at))
        })
        .await
}

pub(super) async fn acknowledged_alarms(
    store: &SurrealStore,
    customer: &CustomerNo,
) -> Result<Vec<(String, Timestamp)>, StoreError> {
    let mut rows = store
        .read(
            "SELECT * FROM alarm WHERE customer = $customer ORDER BY at, alarm",
            vars! {
                customer: customer.to_string(),
            },
        )
        .await?;
    let rows: Vec<AlarmRow> = rows.all(0).map_err(damaged)?;
    Ok(rows.into_iter().map(|row| (row.alarm, Timestamp::from_seconds(row.at))).collect())
}

pub(super) async fn envelopes(store: &SurrealStore) -> Result<Vec<EnvelopeRecord>, StoreError> {
    let mut rows = store.read("SELECT * FROM envelope ORDER BY not_before DESC, fingerprint", vars! {}).await?;
    let rows: Vec<EnvelopeRow> = rows.all(0).map_err(damaged)?;
    rows.into_iter()
        .map(|row| {
            Ok(EnvelopeRecord {
                fingerprint: fingerprint(&row.fingerprint)?,
                key_id: row.key_id.to_vec(),
                chain: from_bytes(&row.chain),
                not_before: Timestamp::from_seconds(row.not_before),
                not_after: Timestamp::from_seconds(row.not_after),
            })
        })
        .collect()
}

pub(super) async fn put_envelope(
    store: &SurrealStore,
    envelope: EnvelopeRecord,
    audit: AuditDraft,
) -> Result<(), StoreError> {
    let row = EnvelopeRow {
        fingerprint: hex::encode(envelope.fingerprint),
        key_id: envelope.key_id.into(),
        chain: to_bytes(&envelope.chain),
        not_before: envelope.not_before.seconds(),
        not_after: envelope.not_after.seconds(),
    };
    let (drafts, row) = ([audit], &row);
    store
        .write(&drafts, move |_| {
            Box::pin(async move {
                let mut script = Script::default();
                script.put(&record("envelope", &row.fingerprint), row.clone());
                Ok(Plan::Write(script, ()))
            })
        })
        .await
}

fn settings_name(customer: &CustomerNo) -> String {
    format!("settings/{customer}")
}
