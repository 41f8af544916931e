//! The payments' part of the intranet API. Merged into the platform's router.
//!
//! | request | answer |
//! |---|---|
//! | `PUT /v1/payments/{id}` `PaymentRequest` | `Payment` |
//! | `GET /v1/payments/{id}` | `{"payment": Payment, "history": [Transition]}` |
//! | `POST /v1/payments/{id}/form` | `{"action": url, "fields": [[name, value], …]}` |
//! | `POST /v1/payments/{id}/cancel` | `Payment` |
//! | `POST /v1/payments/{id}/check` | `Payment` |
//! | `POST /v1/payments/{id}/refund` `RefundRequest` | `Payment` |
//! | `POST /v1/unionpay/notify`, the body as received | `ok` |

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State, rejection::JsonRejection},
    http::StatusCode,
    routing::{get, post},
};
use gridkey_domain::{
    PaymentId,
    payment::{Payment, PaymentRequest, RefundRequest},
};

use super::{BankForm, PaymentError, PaymentWithHistory, Payments, notification::NotifyError};
use crate::{http::ApiError, store::StoreError};

/// The routes.
pub fn router(payments: Arc<Payments>) -> Router {
    Router::new()
        .route("/v1/payments/{id}", get(show).put(take))
        .route("/v1/payments/{id}/form", post(form))
        .route("/v1/payments/{id}/cancel", post(cancel))
        .route("/v1/payments/{id}/check", post(check))
        .route("/v1/payments/{id}/refund", post(refund))
        .route("/v1/unionpay/notify", post(notify))
        .with_state(payments)
}

async fn take(
    State(payments): State<Arc<Payments>>,
    Path(id): Path<String>,
    body: Result<Json<PaymentRequest>, JsonRejection>,
) -> Result<Json<Payment>, ApiError> {
    let Json(request) = body.map_err(|error| ApiError::bad_request(error.body_text()))?;
    if read(&id)? != request.payment {
        return Err(ApiError::bad_request("the id in the path is not the body's"));
    }
    Ok(Json(payments.take(&request).await?))
}

async fn show(
    State(payments): State<Arc<Payments>>,
    Path(id): Path<String>,
) -> Result<Json<PaymentWithHistory>, ApiError> {
    Ok(Json(payments.get(read(&id)?).await?))
}

async fn form(State(payments): State<Arc<Payments>>, Path(id): Path<String>) -> Result<Json<BankForm>, ApiError> {
    Ok(Json(payments.form(read(&id)?).await?))
}

async fn cancel(State(payments): State<Arc<Payments>>, Path(id): Path<String>) -> Result<Json<Payment>, ApiError> {
    Ok(Json(payments.cancel(read(&id)?).await?))
}

async fn check(State(payments): State<Arc<Payments>>, Path(id): Path<String>) -> Result<Json<Payment>, ApiError> {
    Ok(Json(payments.check(read(&id)?).await?))
}

async fn refund(
    State(payments): State<Arc<Payments>>,
    Path(id): Path<String>,
    body: Result<Json<RefundRequest>, JsonRejection>,
) -> Result<Json<Payment>, ApiError> {
    let Json(request) = body.map_err(|error| ApiError::bad_request(error.body_text()))?;
    Ok(Json(payments.refund(read(&id)?, request.refund).await?))
}

async fn notify(State(payments): State<Arc<Payments>>, body: Bytes) -> Result<&'static str, ApiError> {
    match payments.notified(&body).await {
        Ok(()) => Ok("ok"),
        Err(NotifyError::Store(error)) => Err(error.into()),
        Err(error) => {
            tracing::warn!(%error, "a notification was refused");
            Err(ApiError::bad_request("not a notification of the gateway"))
        }
    }
}

fn read(id: &str) -> Result<PaymentId, ApiError> {
    id.parse().map_err(|_| ApiError::bad_request("not a payment id"))
}

impl From<PaymentError> for ApiError {
    fn from(error: PaymentError) -> Self {
        let message = error.to_string();
        match error {
            PaymentError::BadRequest(_) => Self::bad_request(message),
            PaymentError::OrderOver => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "order-expired", message),
            PaymentError::HeldBack => {
                Self { retry: true, ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "gateway-unavailable", message) }
            }
            PaymentError::NotPayable(_) => Self::new(StatusCode::CONFLICT, "not-payable", message),
            PaymentError::NotRefundable(_) => Self::new(StatusCode::CONFLICT, "not-refundable", message),
            PaymentError::NotCancellable => Self::new(StatusCode::CONFLICT, "not-cancellable", message),
            // The other payment ends by itself, and the bill may be payable again then.
            PaymentError::Store(StoreError::Refused { code, detail }) if code == "bill-in-payment" => {
                Self { retry: true, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, &code, detail) }
            }
            PaymentError::Store(error) => error.into(),
            PaymentError::Sign(error) => {
                tracing::error!(%error, "a form can't be signed");
                Self::unavailable("the form could not be signed")
            }
        }
    }
}
