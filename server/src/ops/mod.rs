//! The business operations: from a request's name and body to its result or error.
//!
//! One file per group. Bodies are typed here, so an operation never sees a field that is missing, extra or of the wrong
//! type; what it may touch follows from the [`Caller`], never from the body.

pub(crate) mod account;
pub(crate) mod arrears;
mod bills;
pub(crate) mod payments;
mod stream;
mod usage;

use gridkey_domain::CustomerNo;
use gridkey_protocol::{
    cbor::{self, Encoded, Value},
    frame::{OpError, Role},
    limits,
    ops::{self, CustomerOp, OpRole, Operation, error},
};
use std::time::Instant;

use crate::{core::Core, fault::internal, keys::renewal, store::Fingerprint};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The key of the session.
    pub key: Fingerprint,
    /// The customer it is bound to.
    pub customer: CustomerNo,
}

/// Carries out one operation.
pub async fn carry_out(core: &Core, caller: &Caller, op: &str, body: Value) -> Result<Encoded, OpError> {
    let role = OpRole::of(op);
    let OpRole::Customer(known) = role else {
        return Err(match role {
            OpRole::Unknown => OpError::fatal(error::UNKNOWN_OP, "no operation of that name"),
            _ => OpError::fatal(error::FORBIDDEN, "an operation for administrators"),
        });
    };
    debug_assert!(role.is_for(Role::Customer));
    let started = Instant::now();
    let outcome = dispatch(core, caller, known, body).await;
    let word = outcome.as_ref().map_or_else(|error| error.code.clone(), |_| "ok".to_owned());
    metrics::histogram!("gridkey_operation_seconds", "op" => known.name()).record(started.elapsed());
    metrics::counter!("gridkey_operations_total", "op" => known.name(), "outcome" => word).increment(1);
    outcome
}

async fn dispatch(core: &Core, caller: &Caller, op: CustomerOp, body: Value) -> Result<Encoded, OpError> {
    match op {
        CustomerOp::AccountGet => {
            read::<ops::AccountGet>(body)?;
            fit::<ops::AccountGet>(account::get(core, caller).await?)
        }
        CustomerOp::AccountUpdate => typed::<ops::AccountUpdate, _>(body, |b| account::update(core, caller, b)).await,
        CustomerOp::SettingsGet => typed::<ops::SettingsGet, _>(body, |_| account::settings(core, caller)).await,
        CustomerOp::SettingsUpdate => {
            typed::<ops::SettingsUpdate, _>(body, |b| account::update_settings(core, caller, b)).await
        }
        CustomerOp::UsageSummary => typed::<ops::UsageSummary, _>(body, |_| usage::summary(core, caller)).await,
        CustomerOp::UsageSeries => typed::<ops::UsageSeries, _>(body, |b| usage::series(core, caller, b)).await,
        CustomerOp::BillList => typed::<ops::BillList, _>(body, |b| bills::list(core, caller, b)).await,
        CustomerOp::BillGet => typed::<ops::BillGet, _>(body, |b| bills::get(core, caller, b)).await,
        CustomerOp::BillDocument => typed::<ops::BillDocument, _>(body, |b| bills::document(core, caller, b)).await,
        CustomerOp::ArrearsGet => typed::<ops::ArrearsGet, _>(body, |_| arrears::get(core, caller)).await,
        CustomerOp::ArrearsHistory => {
            typed::<ops::ArrearsHistory, _>(body, |b| arrears::history(core, caller, b)).await
        }
        CustomerOp::AlarmAck => typed::<ops::AlarmAck, _>(body, |b| arrears::acknowledge(core, caller, b)).await,
        CustomerOp::PaymentSubmit => typed::<ops::PaymentSubmit, _>(body, |b| payments::submit(core, caller, b)).await,
        CustomerOp::PaymentConfirm => {
            typed::<ops::PaymentConfirm, _>(body, |b| payments::confirm(core, caller, b)).await
        }
        CustomerOp::PaymentCancel => typed::<ops::PaymentCancel, _>(body, |b| payments::cancel(core, caller, b)).await,
        CustomerOp::PaymentGet => typed::<ops::PaymentGet, _>(body, |b| payments::get(core, caller, b)).await,
        CustomerOp::PaymentList => typed::<ops::PaymentList, _>(body, |b| payments::list(core, caller, b)).await,
        CustomerOp::MandateList => typed::<ops::MandateList, _>(body, |_| payments::mandates()).await,
        CustomerOp::MandateOpen => typed::<ops::MandateOpen, _>(body, |_| payments::open_mandate()).await,
        CustomerOp::MandateDelete => typed::<ops::MandateDelete, _>(body, |_| payments::delete_mandate()).await,
        CustomerOp::StreamAck => typed::<ops::StreamAck, _>(body, |b| stream::acknowledge(core, caller, b)).await,
        CustomerOp::KeyPrepare => typed::<ops::KeyPrepare, _>(body, |_| renewal::prepare(core, caller)).await,
        CustomerOp::KeyRenew => typed::<ops::KeyRenew, _>(body, |b| renewal::renew(core, caller, b)).await,
    }
}

/// Types the body.
fn read<O: Operation>(body: Value) -> Result<O::Body, OpError> {
    cbor::from_value(body).map_err(|error| OpError::fatal(error::BAD_REQUEST, error.to_string()))
}

/// Types the body, runs the operation, and encodes its result, which must fit one answer.
pub(crate) async fn typed<O: Operation, F: Future<Output = Result<O::Result, OpError>>>(
    body: Value,
    run: impl FnOnce(O::Body) -> F,
) -> Result<Encoded, OpError> {
    let encoded = Encoded::new(&run(read::<O>(body)?).await?).map_err(|error| {
        tracing::error!(op = O::NAME, %error, "an answer cannot be said in the contract's CBOR");
        internal()
    })?;
    fit::<O>(encoded)
}

/// A result that fits one answer.
fn fit<O: Operation>(encoded: Encoded) -> Result<Encoded, OpError> {
    let bytes = encoded.as_bytes().len();
    if bytes > limits::ANSWER {
        tracing::error!(op = O::NAME, bytes, "an answer is too long");
        return Err(internal());
    }
    Ok(encoded)
}
