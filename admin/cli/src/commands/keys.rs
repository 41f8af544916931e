//! `gridkey-admin key`: keys that there are. Making one is [`super::making`].

use gridkey_desk::Desk;
use gridkey_domain::key::KeyState;
use gridkey_protocol::{
    ByteArray,
    bytes::hex,
    frame::Role,
    ops::{
        self, Act,
        admin::keys::{BindBody, EndBody, Ended, KeyBody, KeyDetail, KeyListBody, ReplaceBody},
    },
};
use serde_json::json;

use super::{batch, fingerprint, finish, making};
use crate::{
    args::{End, KeyCommand},
    exit::{Done, Failure, Kind},
    output::{pairs, table},
    setup::Context,
};

/// Runs the command.
pub(super) async fn run(context: &Context, command: KeyCommand) -> Result<Done, Failure> {
    match command {
        KeyCommand::Init { bench, csr } => making::init(context, &bench, &csr),
        KeyCommand::Write { certificates } => making::write(context, &certificates),
        KeyCommand::Unblock { so_pin_file, user_pin_file } => making::unblock(context, &so_pin_file, &user_pin_file),
        KeyCommand::Issue { bench, batch: Some(file), records, no_bind, .. } => {
            batch::issue(context, &bench, &file, records.as_deref(), !no_bind).await
        }
        KeyCommand::Issue { bench, customer, admin, role, replaces, no_bind, record, .. } => {
            let order = making::order(customer, admin.zip(role), replaces.as_deref(), no_bind)?;
            making::issue(context, &bench, order, record.as_deref()).await
        }
        KeyCommand::Bind { key, customer } => {
            let body = BindBody { key: fingerprint(&key)?, customer };
            let desk = context.desk().await?;
            let bound = desk.act::<ops::KeyBind>(&body).await;
            finish(desk).await;
            let bound = bound?;
            context.output.print(&bound, || about(&bound))?;
            Ok(Done::Ok)
        }
        KeyCommand::Unbind(which) => end::<ops::KeyUnbind>(context, &which).await,
        KeyCommand::Lost(which) => end::<ops::KeyLost>(context, &which).await,
        KeyCommand::Revoke(which) => end::<ops::KeyRevoke>(context, &which).await,
        KeyCommand::Replace { old, new, reason } => {
            let body = ReplaceBody { old: fingerprint(&old)?, new: fingerprint(&new)?, reason };
            let desk = context.desk().await?;
            let replaced = desk.act::<ops::KeyReplace>(&body).await;
            finish(desk).await;
            let replaced = replaced?;
            context.output.print(&replaced, || {
                format!("{}\n{}sessions cut: {}", about(&replaced.old), about(&replaced.new), replaced.sessions)
            })?;
            Ok(Done::Ok)
        }
        KeyCommand::List { customer, state, admins, ending } => {
            let desk = context.desk().await?;
            let ending_before = ending.map(|days| desk.now().plus_seconds(i64::from(days) * 86_400));
            let role = admins.then_some(Role::Admin);
            let mut body = KeyListBody { customer, state, role, ending_before, ..KeyListBody::default() };
            let mut keys = Vec::new();
            loop {
                let page = desk.read::<ops::KeyList>(&body).await?;
                keys.extend(page.keys);
                body.next = page.next;
                if body.next.is_none() {
                    break;
                }
            }
            finish(desk).await;
            context.output.print(&json!({ "keys": keys }), || list(&keys))?;
            Ok(Done::Ok)
        }
        KeyCommand::Show { key } => {
            let body = KeyBody { key: fingerprint(&key)? };
            let desk = context.desk().await?;
            let life = desk.read::<ops::KeyGet>(&body).await;
            finish(desk).await;
            let life = life?;
            context.output.print(&life, || {
                let rows: Vec<Vec<String>> = life
                    .history
                    .iter()
                    .map(|step| {
                        let actor = step.actor.get(..16).unwrap_or(&step.actor).to_owned();
                        vec![step.state.as_str().to_owned(), step.at.to_string(), actor, step.reason.clone()]
                    })
                    .collect();
                format!("{}\n{}", about(&life.key), table(&["state", "since", "by", "why"], &rows))
            })?;
            Ok(Done::Ok)
        }
    }
}

/// Ends one key, or every bound key of a customer.
async fn end<O>(context: &Context, which: &End) -> Result<Done, Failure>
where
    O: Act<Body = EndBody, Result = Ended>,
{
    let desk = context.desk().await?;
    let outcome = end_all::<O>(&desk, which).await;
    finish(desk).await;
    let ended = outcome?;
    context.output.print(&json!({ "keys": ended }), || {
        let line = |ended: &Ended| {
            format!("{}sessions cut: {}, orders refused: {}\n", about(&ended.key), ended.sessions, ended.orders)
        };
        ended.iter().map(line).collect()
    })?;
    Ok(Done::Ok)
}

async fn end_all<O>(desk: &Desk, which: &End) -> Result<Vec<Ended>, Failure>
where
    O: Act<Body = EndBody, Result = Ended>,
{
    let keys: Vec<ByteArray<32>> = match (&which.key, &which.customer) {
        (Some(key), _) => vec![fingerprint(key)?],
        (None, customer) => {
            let state = Some(KeyState::Bound);
            let body = KeyListBody { customer: customer.clone(), state, ..KeyListBody::default() };
            desk.read::<ops::KeyList>(&body).await?.keys.iter().map(|key| key.key).collect()
        }
    };
    if keys.is_empty() {
        return Err(Failure::coded(Kind::Refused, "not-found", "the customer has no bound key"));
    }
    let mut ended = Vec::new();
    for key in keys {
        ended.push(desk.act::<O>(&EndBody { key, reason: which.reason.clone() }).await?);
    }
    Ok(ended)
}

fn holder(key: &KeyDetail) -> String {
    match (key.admin, &key.customer) {
        (Some(role), _) => format!("{} ({role})", key.name),
        (None, Some(customer)) => customer.to_string(),
        (None, None) => format!("{} (not bound)", key.name),
    }
}

/// A key for a person.
pub(super) fn about(key: &KeyDetail) -> String {
    pairs(&[
        ("Key", hex(&key.key.0)),
        ("Holder", holder(key)),
        ("State", format!("{} since {}", key.state.as_str(), key.since)),
        ("Why", key.reason.clone()),
        ("Token", key.token.clone().unwrap_or_else(|| "-".to_owned())),
        ("Valid until", key.not_after.to_string()),
    ])
}

fn list(keys: &[KeyDetail]) -> String {
    let rows: Vec<Vec<String>> = keys
        .iter()
        .map(|key| {
            let until = key.not_after.to_string();
            vec![hex(&key.key.0), holder(key), key.state.as_str().to_owned(), key.since.to_string(), until]
        })
        .collect();
    table(&["key", "holder", "state", "since", "valid until"], &rows)
}
