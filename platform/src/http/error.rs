//! Errors of the intranet API: a status, a stable word, a sentence and whether to try again.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{arrears::ArrearsError, billing::TooLarge, store::StoreError, usage::UsageError};

/// A request that was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// The HTTP status.
    pub status: StatusCode,
    /// A stable word.
    pub code: String,
    /// For people; nothing secret.
    pub message: String,
    /// Whether the same request may succeed later.
    pub retry: bool,
}

#[derive(Serialize)]
struct Wire<'a> {
    code: &'a str,
    message: &'a str,
    retry: bool,
}

impl ApiError {
    /// An error that stays when asked again.
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into(), retry: false }
    }

    /// There is no such thing, or it is another customer's.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", format!("no such {what}"))
    }

    /// The request is not in its form.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", message)
    }

    /// The platform can't answer now.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self { retry: true, ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", message) }
    }

    /// The platform has a defect, or a damaged record; the log says more.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the platform could not carry out the request")
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let Self { status, code, message, retry } = &self;
        (*status, Json(Wire { code, message, retry: *retry })).into_response()
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(what) => Self::not_found(what),
            StoreError::Refused { code, detail } => match code.as_str() {
                "not-found" => Self::not_found(&detail),
                "already-paid" | "amount-changed" => Self::new(StatusCode::UNPROCESSABLE_ENTITY, &code, detail),
                "audit-conflict" | "payment-conflict" | "not-cancellable" | "credit-used" => {
                    Self::new(StatusCode::CONFLICT, &code, detail)
                }
                _ => {
                    tracing::error!(code, detail, "a transaction refused itself");
                    Self::internal()
                }
            },
            StoreError::Unavailable(cause) => {
                tracing::warn!(%cause, "the store is unavailable");
                Self::unavailable("the store is busy or unavailable")
            }
            StoreError::Damaged(what) => {
                tracing::error!(what, "a stored record is damaged");
                Self::internal()
            }
            StoreError::Internal(cause) => {
                tracing::error!(%cause, "the store refused a statement");
                Self::internal()
            }
        }
    }
}

impl From<TooLarge> for ApiError {
    fn from(error: TooLarge) -> Self {
        tracing::error!(%error, "readings or bills make no sense");
        Self::internal()
    }
}

impl From<UsageError> for ApiError {
    fn from(error: UsageError) -> Self {
        match error {
            UsageError::Store(error) => error.into(),
            UsageError::TooLarge(error) => error.into(),
        }
    }
}

impl From<ArrearsError> for ApiError {
    fn from(error: ArrearsError) -> Self {
        match error {
            ArrearsError::Store(error) => error.into(),
            ArrearsError::TooLarge(error) => error.into(),
        }
    }
}
