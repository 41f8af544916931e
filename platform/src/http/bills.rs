//! Bills and their documents.

use axum::{Json, extract::State, http::StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use gridkey_domain::{
    BillId, CustomerNo,
    bill::{Bill, BillList},
};
use serde::{Deserialize, Serialize};

use super::{Api, ApiError, Id, Query, read::Ids};
use crate::document;

/// Bills in an answer unless asked otherwise.
const USUAL: usize = 50;
/// Bills in an answer at the most.
const MOST: usize = 500;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    next: Option<BillId>,
    limit: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    format: String,
}

#[derive(Serialize)]
pub(super) struct Document {
    bill: BillId,
    format: String,
    media_type: &'static str,
    file_name: String,
    content: String,
}

pub(super) async fn list(
    State(api): State<Api>,
    Id(customer): Id<CustomerNo>,
    Query(page): Query<Page>,
) -> Result<Json<BillList>, ApiError> {
    api.store.account(&customer).await?;
    let bills = api.store.bills_of(&customer, api.clock.now().date()).await?;
    let start = match &page.next {
        None => 0,
        Some(last) => match bills.iter().position(|bill| bill.bill == *last) {
            Some(place) => place + 1,
            None => return Err(ApiError::bad_request("next: not ours")),
        },
    };
    let limit = page.limit.unwrap_or(USUAL).clamp(1, MOST);
    let more = bills.len() > start + limit;
    let bills: Vec<_> = bills.into_iter().skip(start).take(limit).collect();
    let next = bills.last().filter(|_| more).map(|bill| bill.bill.to_string());
    Ok(Json(BillList { bills, next }))
}

pub(super) async fn get(
    State(api): State<Api>,
    Ids(customer, bill): Ids<CustomerNo, BillId>,
) -> Result<Json<Bill>, ApiError> {
    let bill = api.store.bill(&customer, &bill, api.clock.now().date()).await?;
    Ok(Json(Bill { documents: document::offered(), ..bill }))
}

pub(super) async fn document(
    State(api): State<Api>,
    Ids(customer, bill): Ids<CustomerNo, BillId>,
    Query(Wanted { format }): Query<Wanted>,
) -> Result<Json<Document>, ApiError> {
    let bill = api.store.bill(&customer, &bill, api.clock.now().date()).await?;
    let Some(form) = document::form(&format) else {
        let message = format!("bills can be had as {}", document::offered().join(", "));
        return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "unsupported-format", message));
    };
    let content = (form.write)(&bill).map_err(|error| {
        tracing::error!(%error, format, "cannot write a bill");
        ApiError::internal()
    })?;
    Ok(Json(Document {
        file_name: format!("{}.{}", bill.bill, form.format),
        bill: bill.bill,
        format,
        media_type: form.media_type,
        content: STANDARD.encode(content),
    }))
}
