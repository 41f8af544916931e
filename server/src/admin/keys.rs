//! `key.*` of administrators.

use gridkey_protocol::{
    ByteArray, ByteString,
    close::CloseCode,
    frame::{self, OpError},
    ops::{
        admin::keys::{
            BindBody, ChallengeBody, EndBody, Ended, IssueBody, Issued, KeyBody, KeyDetail, KeyLife, KeyListBody,
            KeyPage, ReplaceBody, Replaced,
        },
        error,
        key::Challenge,
    },
};

use super::{AdminCaller, not_allowed, reason, rights};
use crate::{
    actor::Actor,
    core::Core,
    evidence,
    fault::{not_found, of_key},
    intranet::PlatformError,
    keys::{
        challenge::{Answer, Subject},
        renewal,
    },
    notify, revoke,
    store::{Fingerprint, KeyFilter, KeyRecord, KeyState, KeyStep, Role, Succession},
};

/// Keys in a page at most.
const PAGE: u32 = 200;
/// The longest serial number of a token, bytes.
const TOKEN: usize = 64;

pub(super) async fn challenge(core: &Core, caller: &AdminCaller, body: ChallengeBody) -> Result<Challenge, OpError> {
    let (subject, whose) = match (body.customer, body.admin) {
        (Some(customer), None) => {
            // A key for nobody would be found out only when it is used. While the platform is away the administrator's word counts.
            match core.platform.account(&customer).await {
                Ok(_) | Err(PlatformError::Unavailable(_)) => {}
                Err(error) => return Err(error.into()),
            }
            (Subject::Customer(customer), Role::Customer)
        }
        (None, Some(admin)) => {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
            if !(1..=40).contains(&admin.name.len()) || !admin.name.chars().all(plain) {
                let message = "admin: name: 1 to 40 letters, digits, dashes or dots expected";
                return Err(OpError::fatal(error::BAD_REQUEST, message));
            }
            (Subject::Admin(admin.name, admin.role), Role::Admin)
        }
        _ => return Err(OpError::fatal(error::BAD_REQUEST, "either customer or admin expected")),
    };
    if !rights::may_issue(caller.role, whose) {
        return Err(not_allowed(caller.role));
    }
    renewal::open(core, subject, caller.key)
}

pub(super) async fn issue(
    core: &Core,
    caller: &AdminCaller,
    actor: &Actor,
    body: IssueBody,
) -> Result<Issued, OpError> {
    let now = core.now();
    let agreement = match (&body.agreement, &body.answer) {
        (Some(key), Some(answer)) => Some((key.0, answer.0)),
        (None, None) => None,
        _ => return Err(OpError::fatal(error::BAD_REQUEST, "agreement and answer go together")),
    };
    let token = body.token.map(|token| token.trim().to_owned()).filter(|token| !token.is_empty());
    if token.as_ref().is_some_and(|token| token.len() > TOKEN || token.chars().any(char::is_control)) {
        return Err(OpError::fatal(error::BAD_REQUEST, "token: at most 64 bytes of text expected"));
    }
    let answer = Answer { request: body.request.as_ref(), agreement };
    let (subject, mut pairs) = core.challenges.prove(answer, &caller.key, now).map_err(renewal::refused)?;
    pairs.token = token;
    let made = match &subject {
        Subject::Customer(customer) if rights::may_issue(caller.role, Role::Customer) => {
            core.desk.issue_customer_key(customer, pairs, actor, now).await?
        }
        Subject::Admin(name, role) if rights::may_issue(caller.role, Role::Admin) => {
            core.desk.issue_admin_key(name, *role, pairs, actor, now).await?
        }
        Subject::Customer(_) | Subject::Admin(..) => return Err(not_allowed(caller.role)),
    };
    Ok(Issued {
        chain: made.record.chain.iter().cloned().map(ByteString).collect(),
        agreement: made.record.agreement.clone().map(ByteString),
        key: detail(made.record),
    })
}

pub(super) async fn bind(
    core: &Core,
    caller: &AdminCaller,
    actor: &Actor,
    body: BindBody,
) -> Result<KeyDetail, OpError> {
    let record = find(core, caller, &body.key).await?;
    if !rights::may_issue(caller.role, record.role) {
        return Err(not_allowed(caller.role));
    }
    match (record.role, &body.customer) {
        (Role::Customer, Some(customer)) if customer.as_str() == record.name => {}
        (Role::Admin, None) => {}
        (Role::Customer, _) => {
            let message = "customer: the one that the key was issued for expected";
            return Err(OpError::fatal(error::BAD_REQUEST, message));
        }
        (Role::Admin, Some(_)) => {
            return Err(OpError::fatal(error::BAD_REQUEST, "customer: none for an administrator's key"));
        }
    }
    let bound = core.desk.bind(record.fingerprint, body.customer.as_ref(), actor, core.now()).await?;
    announce(core, &bound, "bound").await;
    Ok(detail(bound))
}

pub(super) async fn end(
    core: &Core,
    caller: &AdminCaller,
    actor: &Actor,
    step: KeyStep,
    body: EndBody,
) -> Result<Ended, OpError> {
    let why = reason(&body.reason)?;
    let record = find(core, caller, &body.key).await?;
    if !rights::may_end(caller.role, record.role) {
        return Err(not_allowed(caller.role));
    }
    let ended = revoke::end_key(core, record.fingerprint, step, why, actor).await.map_err(of_key)?;
    Ok(Ended { key: detail(ended.key), sessions: count(ended.sessions), orders: count(ended.orders) })
}

pub(super) async fn replace(
    core: &Core,
    caller: &AdminCaller,
    actor: &Actor,
    body: ReplaceBody,
) -> Result<Replaced, OpError> {
    let why = reason(&body.reason)?;
    let (old, new) = (find(core, caller, &body.old).await?, find(core, caller, &body.new).await?);
    if old.role != Role::Customer || new.role != Role::Customer {
        return Err(OpError::fatal(error::BAD_REQUEST, "old, new: customers' keys expected"));
    }
    let Some(customer) = old.customer.clone().filter(|customer| customer.as_str() == new.name) else {
        return Err(OpError::fatal(error::BAD_REQUEST, "new: a key issued for the old one's customer expected"));
    };
    let at = core.now();
    let mut audit = vec![evidence::key_moved(KeyStep::Bind, new.fingerprint, Some(&customer), why, actor, at)];
    let was_live = !old.state.is_ended();
    if was_live {
        audit.insert(0, evidence::key_moved(KeyStep::Replace, old.fingerprint, Some(&customer), why, actor, at));
    }
    let succession = Succession { old: old.fingerprint, new: new.fingerprint, reason: why.to_owned(), at };
    let new = core.store.replace_key(succession, audit).await.map_err(of_key)?;
    let sessions = core.registry.cut_key(&old.fingerprint, CloseCode::ReplacedKey);
    core.crl.renew();
    let old = core.store.key(old.fingerprint).await?.ok_or_else(|| not_found("key"))?;
    if was_live {
        announce(core, &old, KeyState::Replaced.as_str()).await;
    }
    announce(core, &new, "bound").await;
    Ok(Replaced { old: detail(old), new: detail(new), sessions: count(sessions) })
}

pub(super) async fn list(core: &Core, body: KeyListBody) -> Result<KeyPage, OpError> {
    let bad = || OpError::fatal(error::BAD_REQUEST, "next: the next of the page before expected");
    let after = body.next.as_deref().map(|text| {
        let bytes = hex::decode(text).ok().and_then(|bytes| Fingerprint::try_from(bytes).ok());
        bytes.ok_or_else(bad)
    });
    let limit = body.limit.unwrap_or(PAGE).clamp(1, PAGE);
    let filter = KeyFilter {
        customer: body.customer,
        state: body.state,
        role: body.role.map(|role| match role {
            frame::Role::Customer => Role::Customer,
            frame::Role::Admin => Role::Admin,
        }),
        ending_before: body.ending_before,
    };
    // One more than asked for tells whether there is another page.
    let mut keys = core.store.keys(filter, after.transpose()?, limit + 1).await?;
    let more = keys.len() > limit as usize;
    keys.truncate(limit as usize);
    let next = keys.last().filter(|_| more).map(|key| hex::encode(key.fingerprint));
    Ok(KeyPage { keys: keys.into_iter().map(detail).collect(), next })
}

pub(super) async fn get(core: &Core, body: KeyBody) -> Result<KeyLife, OpError> {
    let record = core.store.key(body.key.0).await?.ok_or_else(|| not_found("key"))?;
    let history = core.store.key_history(body.key.0).await?;
    Ok(KeyLife { chain: record.chain.iter().cloned().map(ByteString).collect(), key: detail(record), history })
}

/// The key to act on, which is never the actor's own.
async fn find(core: &Core, caller: &AdminCaller, key: &ByteArray<32>) -> Result<KeyRecord, OpError> {
    if key.0 == caller.key {
        return Err(OpError::fatal(error::OWN_KEY, "nobody acts on his own key"));
    }
    core.store.key(key.0).await?.ok_or_else(|| not_found("key"))
}

/// Tells the customer's devices. What happened is stored whatever becomes of the push.
async fn announce(core: &Core, key: &KeyRecord, event: &str) {
    let Some(customer) = &key.customer else { return };
    if let Err(error) = notify::key(core, customer, key, event, Some(key.not_after)).await {
        tracing::error!(%error, event, "what happened to a key was not pushed");
    }
}

/// A key as administrators see it.
pub(super) fn detail(key: KeyRecord) -> KeyDetail {
    KeyDetail {
        key: ByteArray(key.fingerprint),
        serial: ByteString(key.serial),
        role: if key.role == Role::Admin { frame::Role::Admin } else { frame::Role::Customer },
        customer: key.customer,
        name: key.name,
        admin: key.admin,
        state: key.state,
        since: key.since,
        reason: key.reason,
        not_before: key.not_before,
        not_after: key.not_after,
        token: key.token,
        succeeds: key.succeeds.map(ByteArray),
        successor: key.successor.map(ByteArray),
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
