//! What the security server keeps here against the loss of its own disk: heads of its audit chain, its newest revocation list.

use axum::{Json, extract::State, http::StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use serde::{Deserialize, Serialize};

use super::{Api, ApiError, Body};
use crate::store::audit_heads::AuditHead;

/// Certificates in a chain at the most.
const LONGEST_CHAIN: usize = 3;

pub(super) async fn lodge(State(api): State<Api>, Body(head): Body<AuditHead>) -> Result<StatusCode, ApiError> {
    let is_hex = |text: &str, bytes: usize| hex::decode(text).is_ok_and(|decoded| decoded.len() == bytes);
    let chain = 1..=LONGEST_CHAIN;
    let certificates = head.certificate.iter().all(|der| STANDARD.decode(der).is_ok_and(|der| !der.is_empty()));
    if !is_hex(&head.hash, 32)
        || !is_hex(&head.signature, 64)
        || !chain.contains(&head.certificate.len())
        || !certificates
    {
        return Err(ApiError::bad_request("hash, signature or certificate is not in its form"));
    }
    api.store.lodge_head(&head).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn newest(State(api): State<Api>) -> Result<Json<AuditHead>, ApiError> {
    api.store.newest_head().await?.map(Json).ok_or_else(|| ApiError::not_found("audit head"))
}

/// The longest revocation list, base64.
const LONGEST_LIST: usize = 16 * 1024 * 1024;

/// A revocation list.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Crl {
    number: u64,
    /// DER in base64.
    list: String,
}

pub(super) async fn keep_crl(State(api): State<Api>, Body(crl): Body<Crl>) -> Result<StatusCode, ApiError> {
    if crl.list.len() > LONGEST_LIST || STANDARD.decode(&crl.list).is_err() {
        return Err(ApiError::bad_request("list is not in its form"));
    }
    api.store.keep_crl(crl.number, &crl.list).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn newest_crl(State(api): State<Api>) -> Result<Json<Crl>, ApiError> {
    let (number, list) = api.store.newest_crl().await?.ok_or_else(|| ApiError::not_found("revocation list"))?;
    Ok(Json(Crl { number, list }))
}
