//! The operations of administrators: from a request's name and body to its result or error.
//!
//! What changes something comes as a command signed by the administrator's key ([`gridkey_protocol::command`]); command and
//! signature go into the audit chain with what was done. What a role may do stands in [`rights`], as data.

mod audit;
mod customers;
mod keys;
mod payments;
pub mod rights;
mod sessions;
mod status;

use std::sync::{Arc, Mutex, PoisonError};

use gridkey_protocol::{
    cbor::{self, Encoded, Value},
    command::{Place, SignedCommand},
    frame::OpError,
    ops::{self, AdminOp, OpRole, error},
};

use crate::{
    actor::Actor,
    core::Core,
    ops::typed,
    store::{AdminRole, Fingerprint},
};

/// Who asks.
#[derive(Debug, Clone)]
pub struct AdminCaller {
    /// The key of the session.
    pub key: Fingerprint,
    /// What it may do, as its binding says now.
    pub role: AdminRole,
    public: [u8; 32],
    session: String,
    /// The number of the session's last command.
    last: Arc<Mutex<u64>>,
}

impl AdminCaller {
    /// The administrator of a session, with the Ed25519 key of its certificate.
    pub fn new(key: Fingerprint, public: [u8; 32], role: AdminRole, session: String) -> Self {
        Self { key, role, public, session, last: Arc::default() }
    }

    /// The same administrator with the role that stands in the store now.
    #[must_use]
    pub fn with_role(&self, role: AdminRole) -> Self {
        Self { role, ..self.clone() }
    }

    /// Opens a signed command: the operation's own body, and who stands for it.
    fn command(&self, op: &str, body: Value, core: &Core) -> Result<(Value, Actor), OpError> {
        let signed: SignedCommand = cbor::from_value(body)
            .map_err(|error| OpError::fatal(error::BAD_REQUEST, format!("a signed command is expected: {error}")))?;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let place =
            Place { op, session: &self.session, key: &self.key, public: &self.public, last: *last, now: core.now() };
        let command = signed.open(&place).map_err(|error| OpError::fatal(error::COMMAND_REFUSED, error.to_string()))?;
        *last = command.number;
        Ok((command.body, Actor::administrator(&self.key, &signed)))
    }
}

/// Carries out one operation.
pub async fn carry_out(core: &Core, caller: &AdminCaller, op: &str, body: Value) -> Result<Encoded, OpError> {
    let known = match OpRole::of(op) {
        OpRole::Admin(known) => known,
        OpRole::Customer(_) => return Err(OpError::fatal(error::FORBIDDEN, "an operation for customers")),
        OpRole::Unknown => return Err(OpError::fatal(error::UNKNOWN_OP, "no operation of that name")),
    };
    let outcome = judge(core, caller, known, body).await;
    let word = outcome.as_ref().map_or_else(|error| error.code.clone(), |_| "ok".to_owned());
    tracing::info!(op = known.name(), key = hex::encode(caller.key), role = %caller.role, outcome = word, "an administrator");
    metrics::counter!("gridkey_admin_operations_total", "op" => known.name(), "outcome" => word).increment(1);
    outcome
}

async fn judge(core: &Core, caller: &AdminCaller, op: AdminOp, body: Value) -> Result<Encoded, OpError> {
    if !rights::may(caller.role, op) {
        return Err(not_allowed(caller.role));
    }
    if op.is_act() {
        let (body, actor) = caller.command(op.name(), body, core)?;
        act(core, caller, &actor, op, body).await
    } else {
        read(core, caller, op, body).await
    }
}

async fn read(core: &Core, caller: &AdminCaller, op: AdminOp, body: Value) -> Result<Encoded, OpError> {
    match op {
        AdminOp::StatusGet => typed::<ops::StatusGet, _>(body, |_| status::get(core)).await,
        AdminOp::CustomerSearch => typed::<ops::CustomerSearch, _>(body, |b| customers::search(core, b)).await,
        AdminOp::CustomerGet => typed::<ops::CustomerGet, _>(body, |b| customers::get(core, b)).await,
        AdminOp::CustomerBills => typed::<ops::CustomerBills, _>(body, |b| customers::bills(core, b)).await,
        AdminOp::CustomerAlarms => typed::<ops::CustomerAlarms, _>(body, |b| customers::alarms(core, b)).await,
        AdminOp::KeyChallenge => typed::<ops::KeyChallenge, _>(body, |b| keys::challenge(core, caller, b)).await,
        AdminOp::KeyList => typed::<ops::KeyList, _>(body, |b| keys::list(core, b)).await,
        AdminOp::KeyGet => typed::<ops::KeyGet, _>(body, |b| keys::get(core, b)).await,
        AdminOp::SessionList => typed::<ops::SessionList, _>(body, |b| sessions::list(core, b)).await,
        AdminOp::ArrearsList => typed::<ops::ArrearsList, _>(body, |b| customers::arrears(core, b)).await,
        AdminOp::PaymentSearch => typed::<ops::PaymentSearch, _>(body, |b| payments::search(core, b)).await,
        AdminOp::PaymentStory => typed::<ops::PaymentStory, _>(body, |b| payments::story(core, b)).await,
        AdminOp::AuditList => typed::<ops::AuditList, _>(body, |b| audit::list(core, b)).await,
        AdminOp::AuditVerify => typed::<ops::AuditVerify, _>(body, |_| audit::verify(core)).await,
        AdminOp::CrlGet => typed::<ops::CrlGet, _>(body, |_| audit::crl(core)).await,
        _ => Err(crate::fault::internal()),
    }
}

async fn act(core: &Core, caller: &AdminCaller, actor: &Actor, op: AdminOp, body: Value) -> Result<Encoded, OpError> {
    use crate::store::KeyStep::{Lose, Revoke, Unbind};
    match op {
        AdminOp::CustomerCreate => typed::<ops::CustomerCreate, _>(body, |b| customers::create(core, actor, b)).await,
        AdminOp::CustomerUpdate => typed::<ops::CustomerUpdate, _>(body, |b| customers::update(core, actor, b)).await,
        AdminOp::KeyIssue => typed::<ops::KeyIssue, _>(body, |b| keys::issue(core, caller, actor, b)).await,
        AdminOp::KeyBind => typed::<ops::KeyBind, _>(body, |b| keys::bind(core, caller, actor, b)).await,
        AdminOp::KeyUnbind => typed::<ops::KeyUnbind, _>(body, |b| keys::end(core, caller, actor, Unbind, b)).await,
        AdminOp::KeyLost => typed::<ops::KeyLost, _>(body, |b| keys::end(core, caller, actor, Lose, b)).await,
        AdminOp::KeyRevoke => typed::<ops::KeyRevoke, _>(body, |b| keys::end(core, caller, actor, Revoke, b)).await,
        AdminOp::KeyReplace => typed::<ops::KeyReplace, _>(body, |b| keys::replace(core, caller, actor, b)).await,
        AdminOp::SessionCut => typed::<ops::SessionCut, _>(body, |b| sessions::cut(core, caller, actor, b)).await,
        AdminOp::BillPush => typed::<ops::BillPush, _>(body, |b| customers::push_bill(core, actor, b)).await,
        AdminOp::PaymentRefund => typed::<ops::PaymentRefund, _>(body, |b| payments::refund(core, actor, b)).await,
        AdminOp::AuditExport => typed::<ops::AuditExport, _>(body, |b| audit::export(core, actor, b)).await,
        _ => Err(crate::fault::internal()),
    }
}

fn not_allowed(role: AdminRole) -> OpError {
    OpError::fatal(error::NOT_ALLOWED, format!("the role {role} does not allow this"))
}

/// A reason that can be read later: 1 to 200 bytes of text.
fn reason(text: &str) -> Result<&str, OpError> {
    let text = text.trim();
    if text.is_empty() || text.len() > 200 || text.chars().any(char::is_control) {
        let message = "reason: 1 to 200 bytes of text without control characters expected";
        return Err(OpError::fatal(error::BAD_REQUEST, message));
    }
    Ok(text)
}
