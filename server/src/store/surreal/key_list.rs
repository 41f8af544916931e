//! Lists of keys: for administrators, and of those for which something is due.

use gridkey_domain::Timestamp;
use gridkey_surreal::{Variables, vars};

use super::{
    SurrealStore,
    keys::find,
    rows::KeyRow,
    script::Script,
    write::{Plan, damaged},
};
use crate::store::{Fingerprint, KeyDue, KeyFilter, KeyRecord, Role, StoreError};

pub(super) async fn list(
    store: &SurrealStore,
    filter: &KeyFilter,
    after: Option<Fingerprint>,
    limit: u32,
) -> Result<Vec<KeyRecord>, StoreError> {
    let mut conditions = Vec::new();
    let mut variables: Variables = vars! { limit: i64::from(limit) };
    if let Some(after) = after {
        variables.insert("number".to_owned(), find(store, after).await?.number);
        conditions.push("number < $number");
    }
    if let Some(customer) = &filter.customer {
        variables.insert("customer".to_owned(), customer.to_string());
        conditions.push("customer = $customer");
    }
    if let Some(state) = filter.state {
        variables.insert("state".to_owned(), state.as_str().to_owned());
        conditions.push("state = $state");
    }
    if let Some(role) = filter.role {
        let name = if role == Role::Admin { "admin" } else { "customer" };
        variables.insert("role".to_owned(), name.to_owned());
        conditions.push("role = $role");
    }
    if let Some(before) = filter.ending_before {
        variables.insert("before".to_owned(), before.seconds());
        conditions.push("over_at > 0 AND over_at < $before AND state = 'bound'");
    }
    let wanted = if conditions.is_empty() { String::new() } else { format!("WHERE {}", conditions.join(" AND ")) };
    let mut rows =
        store.read(&format!("SELECT * FROM key {wanted} ORDER BY number DESC LIMIT $limit"), variables).await?;
    rows.all::<KeyRow>(0).map_err(damaged)?.iter().map(KeyRow::read).collect()
}

pub(super) async fn due(
    store: &SurrealStore,
    due: KeyDue,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<KeyRecord>, StoreError> {
    let (field, last, states) = match due {
        KeyDue::Renewal => ("tell_at", now.seconds(), "['bound']"),
        KeyDue::Replacement => ("replace_at", now.seconds(), "['bound']"),
        // The last second still counts.
        KeyDue::Expiry => ("over_at", now.seconds() - 1, "['issued', 'bound']"),
    };
    let query = format!(
        "SELECT * FROM key WHERE {field} > 0 AND {field} <= $last AND state IN {states} ORDER BY {field} LIMIT $limit"
    );
    let mut rows = store.read(&query, vars! { last: last, limit: i64::from(limit) }).await?;
    rows.all::<KeyRow>(0).map_err(damaged)?.iter().map(KeyRow::read).collect()
}

pub(super) async fn told(store: &SurrealStore, key: Fingerprint) -> Result<(), StoreError> {
    store
        .write_alone(|| async move {
            let mut row = find(store, key).await?;
            if row.tell_at.is_none() {
                return Ok(Plan::Nothing(()));
            }
            let mut script = Script::default();
            let place = KeyRow::record(&key);
            script.expect_rev(&place, row.rev);
            row.rev += 1;
            row.tell_at = None;
            script.put(&place, row);
            Ok(Plan::Write(script, ()))
        })
        .await
}
