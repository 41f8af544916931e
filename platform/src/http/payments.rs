//! Payments since a time, for a security server that was restored and looks for what it lost.

use axum::{Json, extract::State};
use gridkey_domain::{PaymentId, Timestamp, payment::PaymentRequest};
use serde::Deserialize;

use super::{Api, ApiError, Query};

/// Payments in an answer at the most.
const MOST: u32 = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// Seconds since 1970.
    since: i64,
    after: Option<PaymentId>,
}

pub(super) async fn since(
    State(api): State<Api>,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<PaymentRequest>>, ApiError> {
    let since = Timestamp::from_seconds(asked.since);
    Ok(Json(api.store.payments_since(since, asked.after, MOST).await?))
}
