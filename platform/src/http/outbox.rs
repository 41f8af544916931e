//! The outbox, by long-polling. A restore of the platform rewinds it: numbers go on after the backup's, in another epoch.

use std::time::Duration;

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};

use super::{Api, ApiError, Query};
use crate::store::{
    outbox::{MOST_EVENTS, OutboxEvent},
    restored::FIRST_EPOCH,
};

/// Longest wait for an event, seconds. [`crate::serve`] lets a request take longer than that.
pub(crate) const LONGEST_WAIT: u64 = 60;
/// Events in an answer unless asked otherwise.
const USUAL: u32 = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(default)]
    after: u64,
    #[serde(default)]
    wait: u64,
    limit: Option<u32>,
    #[serde(default = "first_epoch")]
    epoch: String,
}

fn first_epoch() -> String {
    FIRST_EPOCH.to_owned()
}

#[derive(Serialize)]
pub(super) struct Events {
    events: Vec<OutboxEvent>,
    head: u64,
    epoch: String,
    /// Where a reader of another epoch goes on: after the last number that both epochs share.
    back: Option<u64>,
}

pub(super) async fn get(State(api): State<Api>, Query(asked): Query<Asked>) -> Result<Json<Events>, ApiError> {
    let limit = asked.limit.unwrap_or(USUAL).clamp(1, MOST_EVENTS);
    let wait = Duration::from_secs(asked.wait.min(LONGEST_WAIT));
    let (epoch, back) = api.store.outbox_epoch(&asked.epoch).await?;
    if back.is_some() {
        let head = api.store.outbox_head().await?;
        return Ok(Json(Events { events: Vec::new(), head, epoch, back }));
    }
    let events = tokio::select! {
        events = api.store.outbox_after(asked.after, limit, wait) => events?,
        () = api.shutdown.cancelled() => Vec::new(),
    };
    // Read afterwards, so that it is never below the newest event in the answer.
    let head = api.store.outbox_head().await?;
    Ok(Json(Events { events, head, epoch, back }))
}
