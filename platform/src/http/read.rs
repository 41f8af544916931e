//! Reading requests, with the API's own errors for what is malformed.

use std::str::FromStr;

use axum::{
    body::Bytes,
    extract::{self, FromRequest, FromRequestParts, Request},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use super::ApiError;

/// A JSON body.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|error| ApiError::new(error.status(), "bad-request", error.body_text()))?;
        // The message names the field and never shows the value.
        serde_json::from_slice(&bytes).map(Self).map_err(|error| ApiError::bad_request(without_value(&error)))
    }
}

/// The query of the address.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let read = extract::Query::from_request_parts(parts, state).await;
        read.map(|extract::Query(query)| Self(query)).map_err(|error| ApiError::bad_request(error.body_text()))
    }
}

/// One identifier in the path, or several as a tuple; what can't be one is not found.
#[derive(Debug)]
pub struct Id<T>(pub T);

impl<A: FromStr, S: Send + Sync> FromRequestParts<S> for Id<A> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let extract::Path(text): extract::Path<String> = path(parts, state).await?;
        text.parse().map(Self).map_err(|_| ApiError::not_found("record"))
    }
}

/// Two identifiers in the path.
#[derive(Debug)]
pub struct Ids<A, B>(pub A, pub B);

impl<A: FromStr, B: FromStr, S: Send + Sync> FromRequestParts<S> for Ids<A, B> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let extract::Path((first, second)): extract::Path<(String, String)> = path(parts, state).await?;
        let ids = first.parse().ok().zip(second.parse().ok());
        ids.map(|(first, second)| Self(first, second)).ok_or_else(|| ApiError::not_found("record"))
    }
}

async fn path<T: DeserializeOwned + Send, S: Send + Sync>(
    parts: &mut Parts,
    state: &S,
) -> Result<extract::Path<T>, ApiError> {
    extract::Path::from_request_parts(parts, state).await.map_err(|_| ApiError::not_found("path"))
}

/// What is wrong with a body. serde quotes offending values, which may be a contact or an address.
fn without_value(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let shows_value = text.starts_with("invalid value") || text.starts_with("invalid type");
    let reason = if shows_value { "a field has the wrong type" } else { text.as_str() };
    format!("line {} column {}: {reason}", error.line(), error.column())
}
