//! Usage.

use axum::{Json, extract::State};
use gridkey_domain::{
    CustomerNo, MeterId,
    usage::{Resolution, UsageSeries, UsageSummary},
};
use jiff::civil::Date;
use serde::Deserialize;

use super::{Api, ApiError, Id, Query};
use crate::usage::{self, SeriesQuery};

/// Steps in an answer unless asked otherwise.
const USUAL: usize = 1000;
/// Steps in an answer at the most.
const MOST: usize = 3000;
/// Days between `from` and `to` at the most: ten years.
const LONGEST: i32 = 3660;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    meter: MeterId,
    from: Date,
    to: Date,
    resolution: Resolution,
    next: Option<String>,
    limit: Option<usize>,
}

pub(super) async fn summary(
    State(api): State<Api>,
    Id(customer): Id<CustomerNo>,
) -> Result<Json<UsageSummary>, ApiError> {
    Ok(Json(usage::summary(&api.store, &customer, api.clock.now()).await?))
}

pub(super) async fn series(
    State(api): State<Api>,
    Id(customer): Id<CustomerNo>,
    Query(asked): Query<Asked>,
) -> Result<Json<UsageSeries>, ApiError> {
    let Asked { meter, from, to, resolution, next, limit } = asked;
    if from > to || (to - from).get_days() > LONGEST {
        return Err(ApiError::bad_request("from must not be after to, nor more than ten years before it"));
    }
    let next = next.map(|next| next.parse()).transpose().map_err(|_| ApiError::bad_request("next: not ours"))?;
    let limit = limit.unwrap_or(USUAL).clamp(1, MOST);
    let query = SeriesQuery { meter, from, to, resolution, next, limit };
    Ok(Json(usage::series(&api.store, &customer, &query).await?))
}
