//! `session.*`.

use gridkey_protocol::{
    ByteArray,
    cbor::Value,
    close::CloseCode,
    frame::{OpError, Role},
    ops::{
        Page,
        admin::sessions::{Cut, CutBody, LiveSession, SessionPage},
        error,
    },
};

use super::{AdminCaller, reason};
use crate::{actor::Actor, core::Core, fault::not_found, issue::draft};

/// Sessions in a page at most.
const PAGE: usize = 500;

pub(super) async fn list(core: &Core, page: Page) -> Result<SessionPage, OpError> {
    let after = page.next.map(|text| text.parse::<u64>()).transpose();
    let after = after.map_err(|_| OpError::fatal(error::BAD_REQUEST, "next: the next of the page before expected"))?;
    let mut live = core.registry.list();
    live.retain(|info| after.is_none_or(|after| info.id > after));
    let next = (live.len() > PAGE).then(|| live.get(PAGE - 1).map(|info| info.id.to_string())).flatten();
    let sessions = live.into_iter().take(PAGE).map(|info| LiveSession {
        session: name(info.id),
        role: if info.customer.is_some() { Role::Customer } else { Role::Admin },
        customer: info.customer,
        key: ByteArray(info.key),
        since: info.since,
        agent: info.agent,
        address: info.address.map(|address| address.to_string()),
        heard: Some(info.heard),
    });
    Ok(SessionPage { sessions: sessions.collect(), next })
}

pub(super) async fn cut(core: &Core, caller: &AdminCaller, actor: &Actor, body: CutBody) -> Result<Cut, OpError> {
    let why = reason(&body.reason)?;
    let info = core.registry.list().into_iter().find(|info| name(info.id) == body.session);
    let info = info.ok_or_else(|| not_found("session"))?;
    if info.key == caller.key {
        return Err(OpError::fatal(error::OWN_KEY, "nobody cuts a session of his own key"));
    }
    let mut facts = vec![
        ("session".to_owned(), Value::Text(body.session.clone())),
        ("key".to_owned(), Value::Bytes(info.key.to_vec())),
        ("reason".to_owned(), Value::Text(why.to_owned())),
    ];
    facts.extend_from_slice(actor.proof());
    // Chained first: a cut that nobody can answer for must not happen.
    core.store.append_audit(draft("session.cut", actor.name(), info.customer.as_ref(), facts, core.now())).await?;
    core.registry.cut_session(info.id, CloseCode::ReplacedSession);
    Ok(Cut { session: body.session })
}

fn name(id: u64) -> String {
    format!("s-{id:x}")
}
