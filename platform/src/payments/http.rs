//! The payments' part of the intranet API. Merged into the platform's router.
//!
//! | request | answer |
//! |---|---|
//! | `PUT /v1/payments/{id}` `PaymentRequest` | `Payment` |
//! | `GET /v1/payments/{id}` | `{"payment": Payment, "history": [Transition]}` |
//! | `POST /v1/payments/{id}/form` | `{"action": url, "fields": [[name, value], …]}` |
//! | `POST /v1/payments/{id}/cancel` | `Payment` |
//! | `POST /v1/payments/{id}/check` | `Payment` |
//! | `POST /v1/unionpay/notify`, the body as received | `ok` |

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State, rejection::JsonRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use gridkey_domain::{
    PaymentId,
    payment::{Payment, PaymentRequest},
};
use serde::Serialize;

use super::{BankForm, PaymentError, PaymentWithHistory, Payments, notification::NotifyError};
use crate::store::StoreError;

/// The routes.
pub fn router(payments: Arc<Payments>) -> Router {
    Router::new()
        .route("/v1/payments/{id}", get(show).put(take))
        .route("/v1/payments/{id}/form", post(form))
        .route("/v1/payments/{id}/cancel", post(cancel))
        .route("/v1/payments/{id}/check", post(check))
        .route("/v1/unionpay/notify", post(notify))
        .with_state(payments)
}

async fn take(
    State(payments): State<Arc<Payments>>,
    Path(id): Path<String>,
    body: Result<Json<PaymentRequest>, JsonRejection>,
) -> Result<Json<Payment>, Failure> {
    let Json(request) = body.map_err(|error| Failure::bad_request(error.body_text()))?;
    if read(&id)? != request.payment {
        return Err(Failure::bad_request("the id in the path is not the body's".to_owned()));
    }
    Ok(Json(payments.take(&request).await?))
}

async fn show(
    State(payments): State<Arc<Payments>>,
    Path(id): Path<String>,
) -> Result<Json<PaymentWithHistory>, Failure> {
    Ok(Json(payments.get(read(&id)?).await?))
}

async fn form(State(payments): State<Arc<Payments>>, Path(id): Path<String>) -> Result<Json<BankForm>, Failure> {
    Ok(Json(payments.form(read(&id)?).await?))
}

async fn cancel(State(payments): State<Arc<Payments>>, Path(id): Path<String>) -> Result<Json<Payment>, Failure> {
    Ok(Json(payments.cancel(read(&id)?).await?))
}

async fn check(State(payments): State<Arc<Payments>>, Path(id): Path<String>) -> Result<Json<Payment>, Failure> {
    Ok(Json(payments.check(read(&id)?).await?))
}

async fn notify(State(payments): State<Arc<Payments>>, body: Bytes) -> Result<&'static str, Failure> {
    match payments.notified(&body).await {
        Ok(()) => Ok("ok"),
        Err(NotifyError::Store(error)) => Err(PaymentError::Store(error).into()),
        Err(error) => {
            tracing::warn!(%error, "a notification was refused");
            Err(Failure::bad_request("not a notification of the gateway".to_owned()))
        }
    }
}

fn read(id: &str) -> Result<PaymentId, Failure> {
    id.parse().map_err(|_| Failure::bad_request("not a payment id".to_owned()))
}

/// How a request failed, in the intranet's form.
#[derive(Debug)]
struct Failure {
    status: StatusCode,
    body: FailureBody,
}

#[derive(Debug, Serialize)]
struct FailureBody {
    code: String,
    message: String,
    retry: bool,
}

impl Failure {
    fn new(status: StatusCode, code: &str, message: String) -> Self {
        let retry = status == StatusCode::SERVICE_UNAVAILABLE;
        Self { status, body: FailureBody { code: code.to_owned(), message, retry } }
    }

    fn bad_request(message: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", message)
    }
}

impl From<PaymentError> for Failure {
    fn from(error: PaymentError) -> Self {
        let message = error.to_string();
        match error {
            PaymentError::BadRequest(_) => Self::bad_request(message),
            PaymentError::OrderOver => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "order-expired", message),
            PaymentError::NotPayable(_) => Self::new(StatusCode::CONFLICT, "not-payable", message),
            PaymentError::NotCancellable => Self::new(StatusCode::CONFLICT, "not-cancellable", message),
            PaymentError::Store(StoreError::NotFound(_)) => Self::new(StatusCode::NOT_FOUND, "not-found", message),
            PaymentError::Store(StoreError::Refused { code, detail }) => {
                let status = match code.as_str() {
                    "not-found" => StatusCode::NOT_FOUND,
                    "payment-conflict" => StatusCode::CONFLICT,
                    _ => StatusCode::UNPROCESSABLE_ENTITY,
                };
                Self::new(status, &code, detail)
            }
            PaymentError::Store(error @ StoreError::Unavailable(_)) => {
                tracing::warn!(%error, "the store did not answer");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", message)
            }
            PaymentError::Store(error @ (StoreError::Damaged(_) | StoreError::Internal(_))) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the store failed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "internal error".to_owned())
            }
            PaymentError::Sign(error) => {
                tracing::error!(%error, "a form can't be signed");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "try again".to_owned())
            }
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}
