//! Telling a customer's devices what becomes of its keys, through the durable stream.

use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_protocol::{ByteArray, cbor, ops::push::KeyChanged};

use crate::{
    core::Core,
    store::{KeyRecord, NewPush, StoreError},
};

/// Pushes that `event` happened to a key; the same event of the same key is pushed once.
pub async fn key(
    core: &Core,
    customer: &CustomerNo,
    key: &KeyRecord,
    event: &str,
    not_after: Option<Timestamp>,
) -> Result<(), StoreError> {
    let body = KeyChanged { key: ByteArray(key.fingerprint), event: event.to_owned(), not_after };
    let source = format!("key:{}:{event}", gridkey_protocol::bytes::hex(&key.fingerprint));
    let push = NewPush { kind: "key".to_owned(), body: cbor::encode(&body), at: core.now(), source };
    if let Some(pushed) = core.store.append_push(customer, push).await? {
        core.registry.pushed(customer, pushed);
    }
    Ok(())
}
