//! Arrears and their history.

use axum::{Json, extract::State};
use gridkey_domain::{
    CustomerNo,
    arrears::{Arrears, ArrearsEvent},
};
use serde::{Deserialize, Serialize};

use super::{Api, ApiError, Id, Query};
use crate::arrears;

/// Entries in an answer unless asked otherwise.
const USUAL: u32 = 50;
/// Entries in an answer at the most.
const MOST: u32 = 500;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    next: Option<u64>,
    limit: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct History {
    events: Vec<ArrearsEvent>,
    next: Option<String>,
}

pub(super) async fn get(State(api): State<Api>, Id(customer): Id<CustomerNo>) -> Result<Json<Arrears>, ApiError> {
    api.store.account(&customer).await?;
    Ok(Json(arrears::of(&api.store, &customer, api.clock.now().date()).await?))
}

pub(super) async fn history(
    State(api): State<Api>,
    Id(customer): Id<CustomerNo>,
    Query(page): Query<Page>,
) -> Result<Json<History>, ApiError> {
    api.store.account(&customer).await?;
    let limit = page.limit.unwrap_or(USUAL).clamp(1, MOST);
    let events = api.store.arrears_history(&customer, page.next, limit).await?;
    // Numbers go down to 1, so the oldest is known without looking further.
    let next = events.last().map(|(number, _)| *number).filter(|number| *number > 1).map(|number| number.to_string());
    Ok(Json(History { events: events.into_iter().map(|(_, event)| event).collect(), next }))
}
