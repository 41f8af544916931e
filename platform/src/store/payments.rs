//! Payments, what happened to each, the bills they hold, and the gateway's notifications.
//!
//! A payment is `payment:ID`; its `version` is the number of its newest transition (`payment_event:[ID, N]`), and every
//! change names the version it starts from, so that two who decided on the same facts can't both act. `bill_hold:BILL`
//! says which payment is collecting a bill: one at a time.

use gridkey_domain::{
    CustomerNo, Fen, PaymentId, PaymentState, RefundId, Timestamp,
    payment::{BillShare, Method, Payment, PaymentRequest, Transition},
};
use gridkey_service::failpoint;
use gridkey_surreal::{Array, Bytes, RecordId, RecordIdKey, SurrealValue, Value, vars};

use super::{PlatformStore, StoreError, between};

/// Migration step of this topic.
pub(super) const SCHEMA: &str = "
DEFINE TABLE payment SCHEMAFULL;
DEFINE FIELD customer ON payment TYPE string;
DEFINE FIELD order_hash ON payment TYPE string;
DEFINE FIELD amount ON payment TYPE int ASSERT $value > 0;
DEFINE FIELD shares ON payment TYPE string;
DEFINE FIELD created ON payment TYPE int;
DEFINE FIELD not_after ON payment TYPE int;
DEFINE FIELD taken_at ON payment TYPE int;
DEFINE FIELD handed_at ON payment TYPE option<int>;
DEFINE FIELD pay_timeout ON payment TYPE option<int>;
DEFINE FIELD seen ON payment TYPE bool DEFAULT false;
DEFINE FIELD state ON payment TYPE string;
DEFINE FIELD reason ON payment TYPE string;
DEFINE FIELD reference ON payment TYPE option<string>;
DEFINE FIELD updated ON payment TYPE int;
DEFINE FIELD version ON payment TYPE int;
DEFINE INDEX payment_state ON payment FIELDS state;

DEFINE TABLE payment_event SCHEMAFULL;
DEFINE FIELD state ON payment_event TYPE string;
DEFINE FIELD at ON payment_event TYPE int;
DEFINE FIELD reason ON payment_event TYPE string;

DEFINE TABLE bill_hold SCHEMAFULL;
DEFINE FIELD payment ON bill_hold TYPE string;

DEFINE TABLE notification SCHEMAFULL;
DEFINE FIELD body ON notification TYPE bytes;
DEFINE FIELD at ON notification TYPE int;
DEFINE FIELD payment ON notification TYPE option<string>;
DEFINE FIELD signer ON notification TYPE string;
";

/// A payment with what only the platform needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentRecord {
    /// Its id.
    pub payment: PaymentId,
    /// Whose.
    pub customer: CustomerNo,
    /// SHA-256 of the signed order, hex.
    pub order_hash: String,
    /// The whole amount.
    pub amount: Fen,
    /// What it pays; empty for a payment on account.
    pub shares: Vec<BillShare>,
    /// When the order was signed.
    pub created: Timestamp,
    /// Until when the order may be executed.
    pub not_after: Timestamp,
    /// When the platform took it over.
    pub taken_at: Timestamp,
    /// When its form was first handed out, which is its `txnTime`; with the end of the time to pay.
    pub handed: Option<Handed>,
    /// Whether the gateway is known to know it.
    pub seen: bool,
    /// Where it stands.
    pub state: PaymentState,
    /// Why it stands there, a stable word.
    pub reason: String,
    /// The gateway's reference.
    pub reference: Option<String>,
    /// When the state last changed.
    pub updated: Timestamp,
    /// The number of its newest transition.
    pub version: u64,
    /// The refund that was asked for last.
    pub refund: Option<RefundId>,
    /// What went along with its form to the gateway.
    pub reserved: Option<String>,
}

/// The times of a payment that was handed to the gateway; fixed at the first form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handed {
    /// `txnTime`.
    pub at: Timestamp,
    /// `payTimeout`.
    pub pay_timeout: Timestamp,
}

impl PaymentRecord {
    /// The payment as its customer sees it.
    pub fn payment(&self) -> Payment {
        Payment {
            payment: self.payment,
            method: Method::Gateway,
            state: self.state,
            created: self.created,
            updated: self.updated,
            amount: self.amount,
            bills: self.shares.clone(),
            reference: self.reference.clone(),
            reason: Some(self.reason.clone()),
        }
    }
}

/// A change of a payment's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The state entered. `Paid` books the money in the same transaction.
    pub state: PaymentState,
    /// Why, a stable word.
    pub reason: &'static str,
    /// When.
    pub at: Timestamp,
    /// The gateway's reference, if this change brings it.
    pub reference: Option<String>,
}

/// A genuine notification, to be kept.
#[derive(Debug, Clone)]
pub struct KeptNotification<'a> {
    /// SHA-256 of the body: the same body is kept once.
    pub digest: [u8; 32],
    /// The body as received.
    pub body: &'a [u8],
    /// When.
    pub at: Timestamp,
    /// The payment it speaks of, if it is one of ours with the same identity.
    pub payment: Option<PaymentId>,
    /// SHA-256 of the certificate that signed it, hex.
    pub signer: String,
}

#[derive(SurrealValue)]
pub(super) struct Row {
    payment: String,
    customer: String,
    order_hash: String,
    amount: i64,
    shares: String,
    created: i64,
    not_after: i64,
    taken_at: i64,
    handed_at: Option<i64>,
    pay_timeout: Option<i64>,
    seen: bool,
    state: String,
    reason: String,
    reference: Option<String>,
    updated: i64,
    version: i64,
    refund: Option<String>,
    reserved: Option<String>,
}

#[derive(SurrealValue)]
struct EventRow {
    state: String,
    at: i64,
    reason: String,
}

#[derive(SurrealValue)]
pub(super) struct Share {
    bill: String,
    amount: i64,
}

const DAMAGED: StoreError = StoreError::Damaged("payment");

impl PlatformStore {
    /// Takes a payment over as `pending`, holding its bills; `false` if it is here already under the same order.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `payment-conflict`, `not-found`, `already-paid`, `bill-in-payment` or
    /// `amount-changed`; then nothing is stored.
    pub async fn take_payment(&self, request: &PaymentRequest, at: Timestamp) -> Result<bool, StoreError> {
        failpoint!("platform.pay.take.before");
        let mut rows = self
            .database()
            .transact(
                "RETURN {
                    IF $record.order_hash != NONE {
                        IF $record.order_hash != $order_hash OR $record.customer != $customer {
                            THROW 'payment-conflict:another order has this id';
                        };
                        RETURN false;
                    };
                    IF type::record('customer', $customer).kind = NONE { THROW 'not-found:customer' };
                    FOR $share IN $shares {
                        LET $bill = type::record('bill', $share.bill);
                        LET $hold = type::record('bill_hold', $share.bill);
                        IF $bill.customer = NONE OR $bill.customer != $customer {
                            THROW string::concat('not-found:bill ', $share.bill);
                        };
                        IF $bill.open = 0 { THROW string::concat('already-paid:', $share.bill) };
                        IF $hold.payment != NONE { THROW string::concat('bill-in-payment:', $share.bill) };
                        IF (SELECT VALUE id FROM finding
                            WHERE settled_at = NONE AND order != $id AND bills CONTAINS $share.bill)[0] != NONE {
                            THROW string::concat('bill-in-payment:', $share.bill);
                        };
                        IF $share.amount > $bill.open { THROW string::concat('amount-changed:', $share.bill) };
                        CREATE $hold SET payment = $id;
                    };
                    CREATE $record SET customer = $customer, order_hash = $order_hash, amount = $amount,
                        shares = $shares_text, created = $created, not_after = $not_after, taken_at = $at,
                        state = 'pending', reason = 'taken-over', updated = $at, version = 1;
                    CREATE $event SET state = 'pending', at = $at, reason = 'taken-over';
                    RETURN true;
                 }",
                vars! {
                    record: record_id(request.payment),
                    event: event_id(request.payment, 1),
                    id: request.payment.to_string(),
                    order_hash: request.order_hash.clone(),
                    customer: request.customer.as_str().to_owned(),
                    amount: fen(request.amount),
                    shares: shares_of(&request.bills),
                    shares_text: shares_text(&request.bills)?,
                    created: request.created.seconds(),
                    not_after: request.not_after.seconds(),
                    at: at.seconds(),
                },
            )
            .await?;
        failpoint!("platform.pay.take.after");
        rows.last::<bool>()?.ok_or(DAMAGED)
    }

    /// A payment.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is none of that id.
    pub async fn payment(&self, payment: PaymentId) -> Result<PaymentRecord, StoreError> {
        let mut rows = self
            .database()
            .run("SELECT *, record::id(id) AS payment FROM $record", vars! { record: record_id(payment) })
            .await?;
        rows.one::<Row>(0)?.ok_or(StoreError::NotFound("payment"))?.try_into()
    }

    /// What happened to a payment, oldest first.
    pub async fn payment_history(&self, payment: PaymentId) -> Result<Vec<Transition>, StoreError> {
        let events = between("payment_event", event_key(payment, 1), event_key(payment, i64::MAX));
        let mut rows = self
            .database()
            .run("SELECT *, record::id(id)[1] AS number FROM $events ORDER BY number", vars! { events: events })
            .await?;
        let read = |row: EventRow| {
            let state = PaymentState::from_name(&row.state).ok_or(DAMAGED)?;
            Ok(Transition { state, at: Timestamp::from_seconds(row.at), reason: row.reason })
        };
        rows.last_all::<EventRow>()?.into_iter().map(read).collect()
    }

    /// Every payment that is not at its end, and those being given back.
    pub async fn open_payments(&self) -> Result<Vec<PaymentRecord>, StoreError> {
        let mut rows = self
            .database()
            .run(
                "SELECT *, record::id(id) AS payment FROM payment WHERE state IN ['pending', 'unknown', 'refunding']",
                vars! {},
            )
            .await?;
        rows.last_all::<Row>()?.into_iter().map(PaymentRecord::try_from).collect()
    }

    /// Fixes the times of a payment whose form is handed out for the first time, and what goes along to the gateway. `None`
    /// if somebody changed it since `before` was read.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `already-paid`, `amount-changed` or `bill-in-payment` if a bill was paid otherwise since the
    /// payment was taken over, as after a restore.
    pub async fn hand_payment(
        &self,
        before: &PaymentRecord,
        handed: Handed,
        reserved: Option<&str>,
    ) -> Result<Option<PaymentRecord>, StoreError> {
        failpoint!("platform.pay.hand.before");
        let mut rows = self
            .database()
            .transact(
                "RETURN {
                    IF $record.version != $version OR $record.state != 'pending' OR $record.handed_at != NONE {
                        RETURN false;
                    };
                    FOR $share IN $shares {
                        LET $open = type::record('bill', $share.bill).open;
                        IF $open = 0 { THROW string::concat('already-paid:', $share.bill) };
                        IF $share.amount > $open { THROW string::concat('amount-changed:', $share.bill) };
                        IF (SELECT VALUE id FROM finding
                            WHERE settled_at = NONE AND bills CONTAINS $share.bill)[0] != NONE {
                            THROW string::concat('bill-in-payment:', $share.bill);
                        };
                    };
                    UPDATE $record SET handed_at = $at, pay_timeout = $until, reserved = $reserved,
                        version = $version + 1;
                    CREATE $event SET state = 'pending', at = $at, reason = 'form-handed-out';
                    RETURN true;
                 }",
                vars! {
                    record: record_id(before.payment),
                    event: event_id(before.payment, number(before.version)? + 1),
                    version: number(before.version)?,
                    at: handed.at.seconds(),
                    until: handed.pay_timeout.seconds(),
                    shares: shares_of(&before.shares),
                    reserved: reserved.map(str::to_owned),
                },
            )
            .await?;
        failpoint!("platform.pay.hand.after");
        if !rows.last::<bool>()?.unwrap_or(false) {
            return Ok(None);
        }
        let reserved = reserved.map(str::to_owned);
        Ok(Some(PaymentRecord { handed: Some(handed), reserved, version: before.version + 1, ..before.clone() }))
    }

    /// Notes that the gateway knows a payment.
    pub async fn mark_payment_seen(&self, payment: PaymentId) -> Result<(), StoreError> {
        failpoint!("platform.pay.seen.before");
        self.database().run("UPDATE $record SET seen = true", vars! { record: record_id(payment) }).await?;
        failpoint!("platform.pay.seen.after");
        Ok(())
    }

    /// Changes a payment's state, tells the server of it, and books the money if the new state is `paid`, all in one
    /// transaction. `None` if somebody changed the payment since `before` was read, or learnt that the gateway knows it.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if the state machine has no such step.
    pub async fn change_payment(
        &self,
        before: &PaymentRecord,
        change: &Change,
    ) -> Result<Option<PaymentRecord>, StoreError> {
        // What follows `paid` is a refund's, which gives back what was booked.
        if !before.state.can_become(change.state) || !before.state.is_open() {
            return Err(StoreError::Damaged("step of a payment"));
        }
        let after = PaymentRecord {
            state: change.state,
            reason: change.reason.to_owned(),
            reference: change.reference.clone().or_else(|| before.reference.clone()),
            updated: change.at,
            version: before.version + 1,
            ..before.clone()
        };
        let body = serde_json::to_string(&after.payment()).map_err(|_| DAMAGED)?;
        failpoint!("platform.pay.change.before");
        let mut rows = self
            .database()
            .transact(
                "RETURN {
                    IF $record.version != $version OR $record.seen != $seen { RETURN false };
                    UPDATE $record SET state = $state, reason = $reason, reference = $reference, updated = $at,
                        version = $version + 1;
                    CREATE $event SET state = $state, at = $at, reason = $reason;
                    IF $state = 'paid' {
                        FOR $share IN $shares { fn::book($share.bill, $id, $share.amount, $paid_on) };
                        IF array::len($shares) = 0 { fn::credit($customer, $amount) };
                    };
                    IF $state != 'unknown' {
                        FOR $share IN $shares {
                            LET $hold = type::record('bill_hold', $share.bill);
                            IF $hold.payment = $id { DELETE $hold };
                        };
                    };
                    fn::outbox($customer, 'payment', $source, $body, $at);
                    RETURN true;
                 }",
                vars! {
                    record: record_id(before.payment),
                    event: event_id(before.payment, number(after.version)?),
                    id: before.payment.to_string(),
                    version: number(before.version)?,
                    seen: before.seen,
                    state: after.state.as_str().to_owned(),
                    reason: after.reason.clone(),
                    reference: after.reference.clone(),
                    at: change.at.seconds(),
                    paid_on: change.at.date().to_string(),
                    shares: shares_of(&before.shares),
                    customer: before.customer.as_str().to_owned(),
                    amount: fen(before.amount),
                    source: format!("payment/{}/{}", before.payment, after.version),
                    body: body,
                },
            )
            .await?;
        failpoint!("platform.pay.change.after");
        self.wake_outbox();
        Ok(rows.last::<bool>()?.unwrap_or(false).then_some(after))
    }

    /// Keeps a genuine notification, once, and notes that the gateway knows its payment. `false` if it was kept before.
    pub async fn keep_notification(&self, notification: &KeptNotification<'_>) -> Result<bool, StoreError> {
        failpoint!("platform.pay.notify.before");
        let mut rows = self
            .database()
            .transact(
                "RETURN {
                    IF $record.at != NONE { RETURN false };
                    CREATE $record SET body = $body, at = $at, payment = $payment, signer = $signer;
                    IF $about != NONE { UPDATE $about SET seen = true };
                    RETURN true;
                 }",
                vars! {
                    record: RecordId::new("notification", hex::encode(notification.digest)),
                    body: Bytes::from(notification.body.to_vec()),
                    at: notification.at.seconds(),
                    payment: notification.payment.map(|payment| payment.to_string()),
                    about: notification.payment.map(record_id),
                    signer: notification.signer.clone(),
                },
            )
            .await?;
        failpoint!("platform.pay.notify.after");
        rows.last::<bool>()?.ok_or(StoreError::Damaged("notification"))
    }
}

pub(super) fn record_id(payment: PaymentId) -> RecordId {
    RecordId::new("payment", payment.to_string())
}

fn event_key(payment: PaymentId, number: i64) -> RecordIdKey {
    RecordIdKey::Array(Array::from(vec![Value::String(payment.to_string()), Value::from_t(number)]))
}

pub(super) fn event_id(payment: PaymentId, number: i64) -> RecordId {
    RecordId::new("payment_event", event_key(payment, number))
}

pub(super) fn fen(amount: Fen) -> i64 {
    i64::try_from(amount.get()).unwrap_or(i64::MAX)
}

pub(super) fn number(version: u64) -> Result<i64, StoreError> {
    i64::try_from(version).map_err(|_| DAMAGED)
}

pub(super) fn shares_of(shares: &[BillShare]) -> Vec<Share> {
    shares.iter().map(|share| Share { bill: share.bill.as_str().to_owned(), amount: fen(share.amount) }).collect()
}

pub(super) fn shares_text(shares: &[BillShare]) -> Result<String, StoreError> {
    serde_json::to_string(shares).map_err(|_| DAMAGED)
}

impl TryFrom<Row> for PaymentRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let read = || {
            let handed = match (row.handed_at, row.pay_timeout) {
                (Some(at), Some(until)) => {
                    Some(Handed { at: Timestamp::from_seconds(at), pay_timeout: Timestamp::from_seconds(until) })
                }
                _ => None,
            };
            let shares: Vec<BillShare> = serde_json::from_str(&row.shares).ok()?;
            Some(Self {
                payment: row.payment.parse().ok()?,
                customer: row.customer.parse().ok()?,
                order_hash: row.order_hash.clone(),
                amount: u64::try_from(row.amount).ok().and_then(|fen| Fen::new(fen).ok())?,
                shares,
                created: Timestamp::from_seconds(row.created),
                not_after: Timestamp::from_seconds(row.not_after),
                taken_at: Timestamp::from_seconds(row.taken_at),
                handed,
                seen: row.seen,
                state: PaymentState::from_name(&row.state)?,
                reason: row.reason.clone(),
                reference: row.reference.clone(),
                updated: Timestamp::from_seconds(row.updated),
                version: row.version.try_into().ok()?,
                refund: row.refund.as_deref().map(str::parse).transpose().ok()?,
                reserved: row.reserved.clone(),
            })
        };
        read().ok_or(DAMAGED)
    }
}
