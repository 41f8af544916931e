//! What administrators ask of customers: finding them, making one, and who is in arrears.

use axum::{Json, extract::State, http::StatusCode};
use gridkey_domain::{
    CustomerNo,
    account::Account,
    arrears::{Arrears, Level},
};
use serde::{Deserialize, Serialize};

use super::{Api, ApiError, Body, Id, Query};
use crate::arrears;

/// Customers in an answer unless asked otherwise.
const USUAL: usize = 50;
/// Customers in an answer at the most.
const MOST: usize = 200;
/// Customers looked through for one answer: names are sealed, so that each is opened to be compared.
const LOOKED_THROUGH: usize = 1_000;
/// Longest value of a field, bytes.
const LONGEST: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    #[serde(default)]
    text: String,
    after: Option<CustomerNo>,
    limit: Option<usize>,
}

#[derive(Serialize)]
pub(super) struct Found<T> {
    customers: Vec<T>,
    /// The last customer looked at; pass it as `after` to go on. Null at the end.
    next: Option<CustomerNo>,
}

#[derive(Serialize)]
pub(super) struct InArrears {
    customer: CustomerNo,
    arrears: Arrears,
}

/// Customers whose number begins with the text, or whose name holds it.
pub(super) async fn search(
    State(api): State<Api>,
    Query(search): Query<Search>,
) -> Result<Json<Found<Account>>, ApiError> {
    let text = search.text.trim().to_lowercase();
    let by_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let limit = search.limit.unwrap_or(USUAL).clamp(1, MOST);
    let mut numbers = rest(&api, search.after.as_ref()).await?;
    if by_number {
        numbers.retain(|number| number.as_str().starts_with(&text));
    }
    let (mut customers, mut looked) = (Vec::new(), 0);
    for number in &numbers {
        if customers.len() >= limit || looked >= LOOKED_THROUGH {
            break;
        }
        looked += 1;
        let account = api.store.account(number).await?;
        let names = [&account.name, &account.name_zh];
        if by_number || names.iter().any(|name| name.to_lowercase().contains(&text)) {
            customers.push(account);
        }
    }
    Ok(Json(Found { customers, next: last_looked_at(numbers, looked) }))
}

/// Makes a customer; one that is there stays as it is.
pub(super) async fn create(
    State(api): State<Api>,
    Id(customer): Id<CustomerNo>,
    Body(account): Body<Account>,
) -> Result<Json<Account>, ApiError> {
    if account.customer != customer || account.balance != 0 {
        return Err(ApiError::bad_request("customer, balance: those of a new customer of this number expected"));
    }
    let Account { name, name_zh, kind, grade, contact, address, .. } = &account;
    for (field, value) in [
        ("name", name),
        ("name_zh", name_zh),
        ("type", kind),
        ("grade", grade),
        ("contact", contact),
        ("address", address),
    ] {
        if value.trim().is_empty() || value.len() > LONGEST || value.chars().any(char::is_control) {
            return Err(ApiError::bad_request(format!(
                "{field}: 1 to {LONGEST} bytes without control characters expected"
            )));
        }
    }
    if api.store.customers().await?.contains(&customer) {
        return Err(ApiError::new(StatusCode::CONFLICT, "customer-exists", "a customer of this number exists"));
    }
    let owners = api.store.meters(None).await?;
    if let Some((_, meter)) =
        owners.iter().find(|(_, known)| account.meters.iter().any(|meter| meter.meter == known.meter))
    {
        let message = format!("meter {} belongs to another customer", meter.meter);
        return Err(ApiError::new(StatusCode::CONFLICT, "customer-exists", message));
    }
    api.store.put_customer(&account, api.clock.now()).await?;
    Ok(Json(api.store.account(&customer).await?))
}

/// Customers that are in arrears.
pub(super) async fn in_arrears(
    State(api): State<Api>,
    Query(search): Query<Search>,
) -> Result<Json<Found<InArrears>>, ApiError> {
    let limit = search.limit.unwrap_or(USUAL).clamp(1, MOST);
    let today = api.clock.now().date();
    let numbers = rest(&api, search.after.as_ref()).await?;
    let (mut customers, mut looked) = (Vec::new(), 0);
    for number in &numbers {
        if customers.len() >= limit || looked >= LOOKED_THROUGH {
            break;
        }
        looked += 1;
        let arrears = arrears::of(&api.store, number, today).await?;
        if arrears.level != Level::None {
            customers.push(InArrears { customer: number.clone(), arrears });
        }
    }
    Ok(Json(Found { customers, next: last_looked_at(numbers, looked) }))
}

async fn rest(api: &Api, after: Option<&CustomerNo>) -> Result<Vec<CustomerNo>, ApiError> {
    let mut numbers = api.store.customers().await?;
    numbers.retain(|number| after.is_none_or(|after| number.as_str() > after.as_str()));
    Ok(numbers)
}

fn last_looked_at(numbers: Vec<CustomerNo>, looked: usize) -> Option<CustomerNo> {
    if looked < numbers.len() { numbers.into_iter().nth(looked.checked_sub(1)?) } else { None }
}
