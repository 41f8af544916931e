//! A key that takes another's place. The customer's stream and orders hang on the customer, so that they go on by themselves; only
//! the place in the stream hangs on the key and is handed on here.

use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_surreal::{SurrealValue, vars};

use super::{
    SurrealStore,
    key_end::add_end,
    keys::{add_binding, add_fresh, find, fresh, tell_at},
    rows::{KeyRow, customer},
    script::{Script, pair},
    write::{Plan, to_i64},
};
use crate::store::{
    AuditDraft, Conflict, Fingerprint, Goes, KeyEnd, KeyRecord, KeyState, KeyStep, RenewalEnd, StoreError, Succession,
};

#[derive(Debug, Clone, SurrealValue)]
struct CursorRow {
    place: i64,
}

pub(super) async fn replace(
    store: &SurrealStore,
    succession: &Succession,
    audit: &[AuditDraft],
) -> Result<KeyRecord, StoreError> {
    let Succession { old, new, reason, at } = succession;
    let actor = actor(audit)?;
    store
        .write(audit, move |number| {
            Box::pin(async move {
                let (mut before, mut after) = (find(store, *old).await?, find(store, *new).await?);
                let customer = succeed(&mut before, &mut after)?;
                let mut script = Script::default();
                let ended = before.state()?.is_ended();
                script.expect_rev(&KeyRow::record(new), after.rev);
                let by = (actor, reason.as_str(), *at);
                let bound = add_binding(&mut script, &mut after, Some(&customer), number, by)?;
                if ended {
                    script.expect_rev(&KeyRow::record(old), before.rev);
                    before.rev += 1;
                    script.put(&KeyRow::record(old), before);
                } else {
                    let end = KeyEnd { key: *old, step: KeyStep::Replace, reason: reason.clone(), at: *at };
                    add_end(&mut script, &mut before, &end, actor)?;
                }
                hand_on_place(store, &mut script, &customer, old, new).await?;
                Ok(Plan::Write(script, bound))
            })
        })
        .await
}

pub(super) async fn renew(
    store: &SurrealStore,
    new: KeyRecord,
    old: Fingerprint,
    replace_at: Timestamp,
    audit: &[AuditDraft],
) -> Result<KeyRecord, StoreError> {
    let actor = actor(audit)?;
    let (row, serials) = fresh(&new, actor)?;
    let (row, serials, fingerprint, at) = (&row, &serials, &new.fingerprint, new.since);
    store
        .write(audit, move |number| {
            Box::pin(async move {
                let (mut before, mut after) = (find(store, old).await?, row.clone());
                let state = before.state()?;
                if state != KeyState::Bound {
                    return Err(Conflict::KeyState(state).into());
                }
                let mut script = Script::default();
                // Still bound, so its successor was never used: its certificates did not reach the token.
                if let Some(unused) = before.successor.take() {
                    let key = super::rows::fingerprint(&unused)?;
                    let mut row = find(store, key).await?;
                    if !row.state()?.is_ended() {
                        let end = KeyEnd { key, step: KeyStep::Revoke, reason: "never-used".to_owned(), at };
                        add_end(&mut script, &mut row, &end, actor)?;
                    }
                }
                let customer = succeed(&mut before, &mut after)?;
                after.number = to_i64(number)?;
                add_fresh(store, &mut script, &after, serials).await?;
                let bound = add_binding(&mut script, &mut after, Some(&customer), number, (actor, "renewed", at))?;
                script.expect_rev(&KeyRow::record(&old), before.rev);
                before.rev += 1;
                before.replace_at = Some(replace_at.seconds());
                before.tell_at = None;
                script.put(&KeyRow::record(&old), before);
                hand_on_place(store, &mut script, &customer, &old, fingerprint).await?;
                Ok(Plan::Write(script, bound))
            })
        })
        .await
}

pub(super) async fn end_renewal(
    store: &SurrealStore,
    end: &RenewalEnd,
    audit: AuditDraft,
) -> Result<Option<KeyRecord>, StoreError> {
    let RenewalEnd { old, new, goes, reason, at } = end;
    let (key, step) = end.ended();
    let ending = &KeyEnd { key, step, reason: reason.clone(), at: *at };
    let (actor, drafts) = (audit.actor.clone(), [audit]);
    let actor = &actor;
    store
        .write(&drafts, move |_| {
            Box::pin(async move {
                let (mut before, mut after) = (find(store, *old).await?, find(store, *new).await?);
                let bound = before.state()? == KeyState::Bound && after.state()? == KeyState::Bound;
                if !bound || before.successor.as_ref() != Some(&after.fingerprint) {
                    return Ok(Plan::Nothing(None));
                }
                let mut script = Script::default();
                let ended = match goes {
                    Goes::Old => {
                        script.expect_rev(&KeyRow::record(new), after.rev);
                        add_end(&mut script, &mut before, ending, actor)?
                    }
                    Goes::New => {
                        script.expect_rev(&KeyRow::record(old), before.rev);
                        before.rev += 1;
                        (before.successor, before.replace_at) = (None, None);
                        before.tell_at = Some(tell_at(before.not_before, before.not_after));
                        script.put(&KeyRow::record(old), before);
                        add_end(&mut script, &mut after, ending, actor)?
                    }
                };
                Ok(Plan::Write(script, Some(ended)))
            })
        })
        .await
}

/// Joins both rows, if one may follow the other; gives the customer.
fn succeed(before: &mut KeyRow, after: &mut KeyRow) -> Result<CustomerNo, StoreError> {
    let Some(whose) = before.customer.as_deref().filter(|_| before.successor.is_none()) else {
        return Err(Conflict::Successor.into());
    };
    let whose = customer(whose)?;
    before.successor = Some(after.fingerprint.clone());
    after.succeeds = Some(before.fingerprint.clone());
    Ok(whose)
}

/// The new key goes on where the old one was in the stream.
async fn hand_on_place(
    store: &SurrealStore,
    script: &mut Script,
    customer: &CustomerNo,
    old: &Fingerprint,
    new: &Fingerprint,
) -> Result<(), StoreError> {
    let place = |key: &Fingerprint| pair("cursor", &hex::encode(key), customer.to_string());
    let found: Option<CursorRow> = store.find(&place(old)).await?;
    if let Some(cursor) = found {
        script.put(&place(new), vars! { place: cursor.place });
    }
    Ok(())
}

fn actor(audit: &[AuditDraft]) -> Result<&str, StoreError> {
    let first = audit.first().ok_or_else(|| StoreError::Internal("a succession without an entry".into()))?;
    Ok(&first.actor)
}
