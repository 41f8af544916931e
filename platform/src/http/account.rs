//! The customer's account.

use axum::{Json, extract::State};
use gridkey_domain::{
    CustomerNo,
    account::{Account, AccountUpdate},
};

use super::{Api, ApiError, Body, Id};

/// Longest value of a field, bytes.
const LONGEST: usize = 200;

pub(super) async fn get(State(api): State<Api>, Id(customer): Id<CustomerNo>) -> Result<Json<Account>, ApiError> {
    Ok(Json(api.store.account(&customer).await?))
}

pub(super) async fn update(
    State(api): State<Api>,
    Id(customer): Id<CustomerNo>,
    Body(update): Body<AccountUpdate>,
) -> Result<Json<Account>, ApiError> {
    for (name, value) in [("contact", &update.contact), ("address", &update.address)] {
        let Some(value) = value else { continue };
        if value.len() > LONGEST || value.chars().any(char::is_control) {
            return Err(ApiError::bad_request(format!("{name}: longer than {LONGEST} bytes, or a control character")));
        }
    }
    Ok(Json(api.store.update_account(&customer, &update, api.clock.now()).await?))
}
