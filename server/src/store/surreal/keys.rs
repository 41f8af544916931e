//! Keys and their bindings.

use der::Decode;
use gridkey_domain::{CustomerNo, PaymentState, Timestamp};
use gridkey_surreal::{Bytes, vars};
use x509_cert::Certificate;

use super::{
    SurrealStore,
    orders::release,
    rows::{KeyRow, OrderRow, damage, to_bytes},
    script::{Script, record},
    write::{Plan, damaged, to_i64},
};
use crate::store::{
    AuditDraft, Conflict, Fingerprint, KeyRecord, KeyState, OrderChange, OrderRecord, RevokedKey, Role, StoreError,
};

pub(super) async fn insert(store: &SurrealStore, key: KeyRecord, audit: AuditDraft) -> Result<(), StoreError> {
    if key.state != KeyState::Issued || key.customer.is_some() {
        return Err(StoreError::Internal("a fresh key is issued and not bound".into()));
    }
    let agreement_serial = key.agreement.as_deref().map(certificate_serial).transpose()?;
    let serials: Vec<String> =
        [Some(hex::encode(&key.serial)), agreement_serial.clone()].into_iter().flatten().collect();
    let row = KeyRow {
        rev: 1,
        number: 0,
        fingerprint: hex::encode(key.fingerprint),
        serial: hex::encode(&key.serial),
        role: if key.role == Role::Admin { "admin" } else { "customer" }.to_owned(),
        customer: None,
        state: key.state.as_str().to_owned(),
        chain: to_bytes(&key.chain),
        agreement: key.agreement.map(Bytes::from),
        agreement_serial,
        not_before: key.not_before.seconds(),
        not_after: key.not_after.seconds(),
        since: key.since.seconds(),
    };
    let (drafts, row, serials) = ([audit], &row, &serials);
    store
        .write(&drafts, move |number| {
            Box::pin(async move {
                let known = KeyRow::record(&key.fingerprint);
                let taken: Vec<_> = serials.iter().map(|serial| record("key_serial", serial)).collect();
                let mut rows = store
                    .read(
                        "SELECT VALUE id FROM $known; SELECT VALUE id FROM $taken",
                        vars! {
                            known: known.clone(), taken: taken.clone(),
                        },
                    )
                    .await?;
                if rows.all::<gridkey_surreal::RecordId>(0)?.len() + rows.all::<gridkey_surreal::RecordId>(1)?.len() > 0
                {
                    return Err(Conflict::KeyExists.into());
                }
                let mut script = Script::default();
                script.create(&known, KeyRow { number: to_i64(number)?, ..row.clone() });
                for serial in &taken {
                    script.create(serial, vars! { fingerprint: row.fingerprint.clone() });
                }
                Ok(Plan::Write(script, ()))
            })
        })
        .await
}

pub(super) async fn bind(
    store: &SurrealStore,
    key: Fingerprint,
    customer: Option<CustomerNo>,
    at: Timestamp,
    audit: AuditDraft,
) -> Result<KeyRecord, StoreError> {
    let (drafts, customer) = ([audit], &customer);
    store
        .write(&drafts, move |number| {
            Box::pin(async move {
                let mut row = find(store, key).await?;
                match row.state()? {
                    KeyState::Issued => {}
                    KeyState::Bound => return Err(Conflict::KeyBound.into()),
                    state => return Err(Conflict::KeyState(state).into()),
                }
                if (row.role()? == Role::Customer) != customer.is_some() {
                    return Err(StoreError::Internal(
                        "a customer's key needs a customer, an administrator's none".into(),
                    ));
                }
                let mut script = Script::default();
                script.expect_rev(&KeyRow::record(&key), row.rev);
                row.rev += 1;
                row.number = to_i64(number)?;
                row.customer = customer.as_ref().map(CustomerNo::to_string);
                row.state = KeyState::Bound.as_str().to_owned();
                row.since = at.seconds();
                let bound = row.read()?;
                script.put(&KeyRow::record(&key), row);
                Ok(Plan::Write(script, bound))
            })
        })
        .await
}

pub(super) async fn end(
    store: &SurrealStore,
    key: Fingerprint,
    state: KeyState,
    at: Timestamp,
    audit: AuditDraft,
) -> Result<(KeyRecord, Vec<OrderRecord>), StoreError> {
    if !state.is_ended() {
        return Err(StoreError::Internal("a key ends unbound, lost, revoked or replaced".into()));
    }
    let drafts = [audit];
    store
        .write(&drafts, move |_| {
            Box::pin(async move {
                let mut row = find(store, key).await?;
                if row.state()?.is_ended() {
                    return Err(Conflict::KeyState(row.state()?).into());
                }
                let mut script = Script::default();
                // A submission under this key raises the same `rev`, so none slips in between the search and the end.
                script.expect_rev(&KeyRow::record(&key), row.rev);
                row.rev += 1;
                row.state = state.as_str().to_owned();
                row.since = at.seconds();
                let ended = row.read()?;
                script.put(&KeyRow::record(&key), row);
                let mut refused = Vec::new();
                for mut order in unhanded(store, key).await? {
                    let held = order.read(&store.vault)?;
                    let place = OrderRow::record(&held.order.customer, held.order.id);
                    script.expect_rev(&place, order.rev);
                    order.rev += 1;
                    order.enter(
                        &store.vault,
                        &OrderChange {
                            id: held.order.id,
                            customer: held.order.customer.clone(),
                            to: PaymentState::Refused,
                            reason: format!("key-{}", state.as_str()),
                            reference: None,
                            receipt: None,
                            at,
                        },
                    )?;
                    release(&mut script, &held.order);
                    refused.push(order.read(&store.vault)?);
                    script.put(&place, order);
                }
                Ok(Plan::Write(script, (ended, refused)))
            })
        })
        .await
}

/// The open orders of a key whose form nobody has fetched, oldest first.
async fn unhanded(store: &SurrealStore, key: Fingerprint) -> Result<Vec<OrderRow>, StoreError> {
    let open: Vec<String> =
        PaymentState::ALL.iter().filter(|state| state.is_open()).map(|state| state.as_str().to_owned()).collect();
    let mut rows = store
        .read(
            "SELECT * FROM order WHERE key = $key AND state IN $open AND handed = NONE ORDER BY number",
            vars! {
                key: hex::encode(key), open: open,
            },
        )
        .await?;
    rows.all(0).map_err(damaged)
}

/// The key, which must be known.
pub(super) async fn find(store: &SurrealStore, key: Fingerprint) -> Result<KeyRow, StoreError> {
    store.find(&KeyRow::record(&key)).await?.ok_or(StoreError::NotFound("key"))
}

pub(super) async fn get(store: &SurrealStore, key: Fingerprint) -> Result<Option<KeyRecord>, StoreError> {
    store.find::<KeyRow>(&KeyRow::record(&key)).await?.map(|row| row.read()).transpose()
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
