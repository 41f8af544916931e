//! Taking in a sealed order: open on the HSM, judge in the contract's order, store it or its refusal.

use gridkey_domain::{CustomerNo, bill::Bill, payment::Method};
use gridkey_protocol::{
    certificate::{Certificate, PublicKey},
    crypto,
    frame::OpError,
    limits,
    ops::{error, payments::SubmitBody},
    order::{Order, OrderFault, OrderProofError, SignedOrder},
};
use zeroize::Zeroizing;

use crate::{
    core::Core,
    evidence,
    fault::{internal, unavailable},
    intranet::PlatformError,
    store::{Conflict, KeyState, NewOrder, OrderRecord, Role, StoreError},
};

/// Opens, judges and stores an order. An order that is known already is given as it stands now.
pub(super) async fn take_in(core: &Core, customer: &CustomerNo, body: &SubmitBody) -> Result<OrderRecord, OpError> {
    let plain = open(core, body).await?;
    let (signed, order) = SignedOrder::from_bytes(&plain)
        .map_err(|error| OpError::fatal(error::BAD_REQUEST, format!("sealed: {error}")))?;
    if order.bills.len() > limits::ORDER_BILLS {
        let message = format!("sealed: bills: at most {} bills an order expected", limits::ORDER_BILLS);
        return Err(OpError::fatal(error::BAD_REQUEST, message));
    }
    if order.customer != *customer {
        return Err(OpError::fatal(error::FORBIDDEN, "the order is for another customer"));
    }
    // Whether the order is known already is asked only if it is not to be stored: it may have been good when it came first.
    let leaf = match signed.verify(&order, &core.anchor, core.now()) {
        Ok(leaf) => leaf,
        Err(error) => return known(core, &order, &signed).await?.ok_or_else(|| proof_refused(&error)),
    };
    let record = new_order(core, &signed, &order);
    // From here on the signature is good: whatever is refused is refused for good, and kept.
    if let Err(refusal) = judge(core, &order, &leaf).await {
        return match known(core, &order, &signed).await? {
            Some(known) => Ok(known),
            None => refuse(core, &order, &signed, record, refusal).await,
        };
    }
    match core.store.insert_order(record.clone(), evidence::order_submitted(&record)).await {
        Ok(stored) => Ok(stored),
        // The transaction may have happened all the same.
        Err(error @ StoreError::Unavailable(_)) => Err(in_doubt(error.into())),
        // It came before, or over two connections at once.
        Err(StoreError::Conflict(Conflict::OrderExists)) => known(core, &order, &signed).await?.ok_or_else(internal),
        Err(StoreError::Conflict(conflict)) => refuse(core, &order, &signed, record, conflict_refused(&conflict)).await,
        Err(error) => Err(error.into()),
    }
}

async fn open(core: &Core, body: &SubmitBody) -> Result<Zeroizing<Vec<u8>>, OpError> {
    let bad = || OpError::fatal(error::BAD_REQUEST, "sealed: an order sealed to the envelope key expected");
    let envelope = core.envelopes.find(&body.to.0).ok_or_else(|| {
        OpError::passing(error::ENVELOPE_UNKNOWN, "to: the envelope key is not known; seal to the one of this session")
    })?;
    let leaf = envelope.chain.first().and_then(|der| Certificate::from_der(der).ok());
    let Some(PublicKey::X25519(public)) = leaf.map(|leaf| leaf.public_key()) else { return Err(internal()) };
    let sealed = body.sealed.as_ref();
    let epk = crypto::sealed_box_ephemeral(sealed).map_err(|_| bad())?;
    let shared = core.hsm.agree(&envelope.key_id, &epk).await.map_err(|error| {
        tracing::error!(%error, "the HSM did not open an order");
        if error.is_transient() { unavailable() } else { internal() }
    })?;
    crypto::sealed_box_open(&public, shared, sealed).map(Zeroizing::new).map_err(|_| bad())
}

/// The order of that id as stored: the same one, or a conflict.
async fn known(core: &Core, order: &Order, signed: &SignedOrder) -> Result<Option<OrderRecord>, OpError> {
    let Some(record) = core.store.order(&order.customer, order.id).await? else { return Ok(None) };
    if record.order.hash != signed.hash() {
        return Err(OpError::fatal(error::ORDER_CONFLICT, "another order of that id is stored"));
    }
    Ok(Some(record))
}

/// "Try again" says that nothing was stored. Where that is not certain the answer must not say so.
fn in_doubt(error: OpError) -> OpError {
    if error.retry { internal() } else { error }
}

fn new_order(core: &Core, signed: &SignedOrder, order: &Order) -> NewOrder {
    NewOrder {
        id: order.id,
        customer: order.customer.clone(),
        key: order.key.0,
        hash: signed.hash(),
        order: signed.order.0.clone(),
        signature: signed.signature.0,
        chain: signed.chain.iter().map(|der| der.0.clone()).collect(),
        method: order.method,
        amount: order.amount,
        bills: order.bills.iter().cloned().map(Into::into).collect(),
        created: order.created,
        not_after: order.not_after,
        received: core.now(),
    }
}

/// Everything after the signature: the key's standing, time, sums, caps, bills.
async fn judge(core: &Core, order: &Order, leaf: &Certificate) -> Result<(), OpError> {
    check_key(core, order, leaf).await?;
    order.check_time(core.now()).map_err(fault_refused)?;
    order.check_shape().map_err(fault_refused)?;
    if order.amount > core.orders.amount {
        let message = format!("amount: at most {} yuan an order", core.orders.amount);
        return Err(OpError::fatal(error::CAP_EXCEEDED, message));
    }
    if order.method != Method::Gateway {
        return Err(OpError::fatal(error::UNSUPPORTED_METHOD, "method: this server offers gateway only"));
    }
    let reserved = match order.bills.is_empty() {
        true => Vec::new(),
        false => core.store.reserved_bills(&order.customer).await?,
    };
    for share in &order.bills {
        let bill: Bill = core.platform.bill(&order.customer, &share.bill).await.map_err(|error| match error {
            PlatformError::Refused { code, .. } if code == error::NOT_FOUND => {
                OpError::fatal(error::NOT_FOUND, format!("bill {} is not known", share.bill))
            }
            other => other.into(),
        })?;
        if bill.open.get() == 0 {
            return Err(OpError::fatal(error::ALREADY_PAID, format!("bill {} is paid", share.bill)));
        }
        if reserved.iter().any(|(held, by)| *held == share.bill && *by != order.id) {
            return Err(in_payment(&share.bill));
        }
        if share.amount > bill.open {
            return Err(OpError::fatal(
                error::AMOUNT_CHANGED,
                format!("bill {} has {} yuan open", share.bill, bill.open),
            ));
        }
    }
    Ok(())
}

/// Whether the key is the customer's, or was when it signed.
async fn check_key(core: &Core, order: &Order, leaf: &Certificate) -> Result<(), OpError> {
    let is_holder = |customer: &Option<CustomerNo>| customer.as_ref() == Some(&order.customer);
    let standing = core.store.standing(leaf.fingerprint()).await?;
    if standing
        .is_some_and(|key| key.role == Role::Customer && key.state == KeyState::Bound && is_holder(&key.customer))
    {
        return Ok(());
    }
    match core.store.key(leaf.fingerprint()).await? {
        Some(key) if key.role != Role::Customer => Err(not_bound(None)),
        Some(key) if key.may_have_signed(order.created) && is_holder(&key.customer) => Ok(()),
        other => Err(not_bound(other.map(|key| key.state))),
    }
}

/// Keeps a final refusal and repeats it; one that may pass is only told.
async fn refuse(
    core: &Core,
    order: &Order,
    signed: &SignedOrder,
    record: NewOrder,
    refusal: OpError,
) -> Result<OrderRecord, OpError> {
    if refusal.retry || refusal.code == error::INTERNAL {
        return Err(refusal);
    }
    let audit = evidence::order_refused(&record, &refusal.code);
    let kept = core.store.insert_refused_order(record, &refusal.code, &refusal.message, audit).await;
    match kept {
        Ok(()) => Err(refusal),
        // The same order came over two connections at once and was judged differently: what was stored first is the answer.
        Err(StoreError::Conflict(Conflict::OrderExists)) => known(core, order, signed).await?.ok_or_else(internal),
        Err(error) => Err(error.into()),
    }
}

fn not_bound(state: Option<KeyState>) -> OpError {
    let standing = match state {
        Some(KeyState::Lost) => "was reported lost",
        Some(KeyState::Revoked) => "was revoked",
        Some(KeyState::Replaced) => "was replaced",
        _ => "is not bound to the customer",
    };
    OpError::fatal(error::KEY_NOT_BOUND, format!("the key that signed the order {standing}"))
}

fn in_payment(bill: &gridkey_domain::BillId) -> OpError {
    OpError::fatal(error::BILL_IN_PAYMENT, format!("another payment of bill {bill} is under way"))
}

fn conflict_refused(conflict: &Conflict) -> OpError {
    match conflict {
        Conflict::BillInPayment(bill) => in_payment(bill),
        Conflict::KeyState(state) => not_bound(Some(*state)),
        _ => internal(),
    }
}

fn proof_refused(error: &OrderProofError) -> OpError {
    tracing::info!(%error, "an order's proof was refused");
    OpError::fatal(error::ORDER_REFUSED, error.to_string())
}

fn fault_refused(fault: OrderFault) -> OpError {
    let code = match fault {
        OrderFault::Over => error::ORDER_EXPIRED,
        OrderFault::Ahead | OrderFault::Life => error::ORDER_REFUSED,
        OrderFault::Version
        | OrderFault::Currency
        | OrderFault::Nothing
        | OrderFault::DuplicateBill
        | OrderFault::Sum => error::BAD_REQUEST,
    };
    OpError::fatal(code, fault.to_string())
}
