//! Heads of the security server's audit chain.

use axum::{Json, extract::State, http::StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD};

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
