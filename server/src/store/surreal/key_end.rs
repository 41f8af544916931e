//! The end of a key: its binding is deleted, and what it signed and nobody executed is refused, as one transaction.

use gridkey_domain::{PaymentState, Timestamp};
use gridkey_surreal::vars;

use super::{
    SurrealStore,
    keys::{BindingRow, binding, find},
    orders::release,
    rows::{KeyRow, OrderRow},
    script::Script,
    write::{Plan, damaged},
};
use crate::store::{AuditDraft, Fingerprint, KeyEnd, KeyRecord, KeyState, OrderChange, OrderRecord, StoreError};

pub(super) async fn end(
    store: &SurrealStore,
    end: &KeyEnd,
    audit: AuditDraft,
) -> Result<(KeyRecord, Vec<OrderRecord>), StoreError> {
    let state = end.step.leads_to();
    if !state.is_ended() {
        return Err(StoreError::Internal("this step ends no key".into()));
    }
    let (actor, drafts) = (audit.actor.clone(), [audit]);
    let actor = &actor;
    store
        .write(&drafts, move |_| {
            Box::pin(async move {
                let mut row = find(store, end.key).await?;
                let mut script = Script::default();
                // An order under this key raises one of the two, so none slips in between the search and the end.
                let held: Option<BindingRow> = store.find(&binding(&end.key)).await?;
                script.expect_rev(&binding(&end.key), held.and_then(|held| held.rev).unwrap_or(0));
                let ended = add_end(&mut script, &mut row, end, actor)?;
                let mut refused = Vec::new();
                if state.refuses_orders() {
                    refused = refuse_orders(store, &mut script, end.key, state, end.at).await?;
                }
                Ok(Plan::Write(script, (ended, refused)))
            })
        })
        .await
}

/// Adds to `script` what ends the key of `row`, which is changed accordingly.
pub(super) fn add_end(
    script: &mut Script,
    row: &mut KeyRow,
    end: &KeyEnd,
    actor: &str,
) -> Result<KeyRecord, StoreError> {
    let place = KeyRow::record(&end.key);
    script.expect_rev(&place, row.rev);
    row.enter(end.step, actor, &end.reason, end.at)?;
    row.rev += 1;
    script.put(&place, row.clone());
    script.delete(&binding(&end.key));
    row.read()
}

async fn refuse_orders(
    store: &SurrealStore,
    script: &mut Script,
    key: Fingerprint,
    state: KeyState,
    at: Timestamp,
) -> Result<Vec<OrderRecord>, StoreError> {
    let mut refused = Vec::new();
    for mut order in unhanded(store, key).await? {
        let held = order.read(&store.vault)?;
        let place = OrderRow::record(&held.order.customer, held.order.id);
        script.expect_rev(&place, order.rev);
        order.rev += 1;
        order.enter(
            &store.vault,
            &OrderChange {
                id: held.order.id,
                customer: held.order.customer.clone(),
                to: PaymentState::Refused,
                reason: format!("key-{}", state.as_str()),
                reference: None,
                receipt: None,
                refund: None,
                at,
            },
        )?;
        release(script, &held.order);
        refused.push(order.read(&store.vault)?);
        script.put(&place, order);
    }
    Ok(refused)
}

/// The open orders of a key whose form nobody has fetched, oldest first.
async fn unhanded(store: &SurrealStore, key: Fingerprint) -> Result<Vec<OrderRow>, StoreError> {
    let open: Vec<String> =
        PaymentState::ALL.iter().filter(|state| state.is_open()).map(|state| state.as_str().to_owned()).collect();
    let mut rows = store
        .read(
            "SELECT * FROM order WHERE key = $key AND state IN $open AND handed = NONE ORDER BY number",
            vars! {
                key: hex::encode(key), open: open,
            },
        )
        .await?;
    rows.all(0).map_err(damaged)
}
