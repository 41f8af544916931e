//! Refunds: what was asked of the gateway, and the books put back once the money went.
//!
//! A refund is `refund:ID`, made together with its payment's step to `refunding` and noted as sent before anything leaves; the
//! payment names the newest. Credit that the payment left on the account is taken back at once, lest it is spent meanwhile; bills stay
//! paid until the money is known to have gone.

use gridkey_domain::{
    Fen, PaymentId, PaymentState, RefundId, Timestamp,
    payment::{PaymentTold, RefundTold},
};
use gridkey_service::failpoint;
use gridkey_surreal::{RecordId, SurrealValue, vars};

use super::{
    PlatformStore, StoreError,
    payments::{PaymentRecord, event_id, fen, number, record_id},
};

/// Migration step of this topic.
pub(super) const SCHEMA: &str = "
DEFINE FIELD refund ON payment TYPE option<string>;

DEFINE TABLE refund SCHEMAFULL;
DEFINE FIELD payment ON refund TYPE string;
DEFINE FIELD at ON refund TYPE int;
DEFINE FIELD credit ON refund TYPE int;
DEFINE FIELD sent ON refund TYPE option<int>;
DEFINE FIELD sends ON refund TYPE int DEFAULT 0;
DEFINE FIELD known ON refund TYPE bool DEFAULT false;
DEFINE FIELD refused ON refund TYPE option<string>;
DEFINE FIELD reference ON refund TYPE option<string>;

-- Takes back what $source (a payment's id) paid on a bill, once. $anew: its late-payment charge is to be reckoned anew.
DEFINE FUNCTION fn::unbook($bill: string, $source: string, $anew: bool) {
    LET $record = type::record('bill', $bill);
    LET $used = (SELECT VALUE amount FROM bill_payment WHERE bill = $bill AND source = $source)[0];
    IF $used = NONE OR $used = 0 { RETURN NONE };
    DELETE bill_payment WHERE bill = $bill AND source = $source;
    UPDATE $record SET open += $used, settled = NONE, late_on = IF $anew { NONE } ELSE { late_on };
    RETURN NONE;
};
";

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRecord {
    /// Its id, which is its `orderId` at the gateway.
    pub refund: RefundId,
    /// The payment that it gives back.
    pub payment: PaymentId,
    /// When it was asked for, which is its `txnTime`.
    pub at: Timestamp,
    /// What was taken back from the customer's account for it.
    pub credit: Fen,
    /// When it was handed to the gateway last; noted before it leaves.
    pub sent: Option<Timestamp>,
    /// How often it was handed to the gateway.
    pub sends: u32,
    /// Whether the gateway is known to know it.
    pub known: bool,
    /// The code of the gateway's genuine refusal, if there was one.
    pub refused: Option<String>,
    /// The gateway's reference, once it is done.
    pub reference: Option<String>,
}

/// What the gateway's answer teaches of a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Learnt {
    /// The gateway knows it.
    Known,
    /// The gateway turned it down with this code.
    Refused(String),
}

/// How a refund ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundEnd {
    /// The money went back, under this reference of the gateway.
    Done(String),
    /// It did not, for this reason (a stable word).
    Failed(&'static str),
}

#[derive(SurrealValue)]
struct Row {
    refund: String,
    payment: String,
    at: i64,
    credit: i64,
    sent: Option<i64>,
    sends: i64,
    known: bool,
    refused: Option<String>,
    reference: Option<String>,
}

#[derive(SurrealValue)]
struct Part {
    bill: String,
    anew: bool,
}

const DAMAGED: StoreError = StoreError::Damaged("refund");

impl PlatformStore {
    /// The refund of that id, if there is one.
    pub async fn refund(&self, refund: RefundId) -> Result<Option<RefundRecord>, StoreError> {
        let mut rows = self
            .database()
            .run("SELECT *, record::id(id) AS refund FROM $record", vars! { record: refund_id(refund) })
            .await?;
        rows.one::<Row>(0)?.map(RefundRecord::try_from).transpose()
    }

    /// Begins to give a paid payment back and tells the server, all in one transaction. `None` if somebody changed the payment since
    /// `before` was read.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `credit-used` if the payment's credit is not on the account any more.
    pub async fn take_refund(
        &self,
        before: &PaymentRecord,
        refund: RefundId,
        at: Timestamp,
    ) -> Result<Option<PaymentRecord>, StoreError> {
        if !before.state.can_become(PaymentState::Refunding) {
            return Err(StoreError::Damaged("step of a payment"));
        }
        let mut booked = Vec::new();
        for share in &before.shares {
            booked.push(self.paid_part(&share.bill, &before.payment.to_string()).await?.paid);
        }
        // What its bills did not need went to the account.
        let credit = Fen::checked_sum(booked).and_then(|sum| before.amount.checked_sub(sum)).ok_or(DAMAGED)?;
        let after = PaymentRecord {
            state: PaymentState::Refunding,
            reason: "refund-asked".to_owned(),
            updated: at,
            version: before.version + 1,
            refund: Some(refund),
            ..before.clone()
        };
        failpoint!("platform.refund.take.before");
        let mut rows = self
            .database()
            .transact(
                "RETURN {
                    IF $record.version != $version { RETURN false };
                    IF $credit > 0 {
                        IF ($account.balance ?? 0) < $credit { THROW 'credit-used:the credit was used' };
                        UPDATE $account SET balance -= $credit;
                    };
                    CREATE $refund SET payment = $id, at = $at, credit = $credit;
                    UPDATE $record SET state = $state, reason = $reason, updated = $at, version = $version + 1,
                        refund = $refund_id;
                    CREATE $event SET state = $state, at = $at, reason = $reason;
                    fn::outbox($customer, 'payment', $source, $body, $at);
                    RETURN true;
                 }",
                vars! {
                    record: record_id(before.payment),
                    refund: refund_id(refund),
                    refund_id: refund.to_string(),
                    event: event_id(before.payment, number(after.version)?),
                    account: RecordId::new("customer", before.customer.as_str()),
                    id: before.payment.to_string(),
                    version: number(before.version)?,
                    state: after.state.as_str().to_owned(),
                    reason: after.reason.clone(),
                    credit: fen(credit),
                    at: at.seconds(),
                    customer: before.customer.as_str().to_owned(),
                    source: format!("payment/{}/{}", before.payment, after.version),
                    body: told(&after, refund, None)?,
                },
            )
            .await?;
        failpoint!("platform.refund.take.after");
        self.wake_outbox();
        Ok(rows.last::<bool>()?.unwrap_or(false).then_some(after))
    }

    /// Notes that a refund is about to be handed to the gateway once more. `false` if somebody noted that since `before` was read, or
    /// the refund ended; then it must not be handed over.
    pub async fn note_refund_sent(&self, before: &RefundRecord, at: Timestamp) -> Result<bool, StoreError> {
        failpoint!("platform.refund.sent.before");
        let mut rows = self
            .database()
            .transact(
                "RETURN {
                    IF $record.sends != $sends OR $payment.state != 'refunding' OR $payment.refund != $refund { RETURN false };
                    UPDATE $record SET sent = $at, sends = $sends + 1;
                    RETURN true;
                 }",
                vars! {
                    record: refund_id(before.refund),
                    payment: record_id(before.payment),
                    refund: before.refund.to_string(),
                    sends: i64::from(before.sends),
                    at: at.seconds(),
                },
            )
            .await?;
        failpoint!("platform.refund.sent.after");
        rows.last::<bool>()?.ok_or(DAMAGED)
    }

    /// Notes what an answer taught of a refund.
    pub async fn note_refund_learnt(&self, refund: RefundId, learnt: &Learnt) -> Result<(), StoreError> {
        failpoint!("platform.refund.learnt.before");
        let (known, refused) = match learnt {
            Learnt::Known => (true, None),
            Learnt::Refused(code) => (false, Some(code.clone())),
        };
        self.database()
            .run(
                "UPDATE $record SET known = known OR $known, refused = $refused ?? refused",
                vars! { record: refund_id(refund), known: known, refused: refused },
            )
            .await?;
        Ok(())
    }

    /// Ends a refund: the payment is given back and its bills are due again, or it stays paid; tells the server, all in one
    /// transaction. `None` if somebody changed the payment since `before` was read.
    pub async fn end_refund(
        &self,
        before: &PaymentRecord,
        refund: &RefundRecord,
        end: &RefundEnd,
        at: Timestamp,
    ) -> Result<Option<PaymentRecord>, StoreError> {
        let (state, reason, reference) = match end {
            RefundEnd::Done(reference) => (PaymentState::Refunded, "gateway-refunded", Some(reference.clone())),
            RefundEnd::Failed(reason) => (PaymentState::Paid, *reason, None),
        };
        if !before.state.can_become(state) || before.refund != Some(refund.refund) {
            return Err(StoreError::Damaged("step of a payment"));
        }
        let mut parts = Vec::new();
        for share in &before.shares {
            // A late-payment charge that was billed stays billed; one that there was no reason for is reckoned anew.
            let anew = !self.paid_part(&share.bill, &before.payment.to_string()).await?.charged;
            parts.push(Part { bill: share.bill.as_str().to_owned(), anew });
        }
        let after = PaymentRecord {
            state,
            reason: reason.to_owned(),
            updated: at,
            version: before.version + 1,
            ..before.clone()
        };
        failpoint!("platform.refund.end.before");
        let mut rows = self
            .database()
            .transact(
                "RETURN {
                    IF $record.version != $version { RETURN false };
                    UPDATE $record SET state = $state, reason = $reason, updated = $at, version = $version + 1;
                    UPDATE $refund SET reference = $reference;
                    CREATE $event SET state = $state, at = $at, reason = $reason;
                    IF $state = 'refunded' {
                        FOR $part IN $parts { fn::unbook($part.bill, $id, $part.anew) };
                    } ELSE IF $credit > 0 {
                        fn::credit($customer, $credit);
                    };
                    fn::outbox($customer, 'payment', $source, $body, $at);
                    RETURN true;
                 }",
                vars! {
                    record: record_id(before.payment),
                    refund: refund_id(refund.refund),
                    event: event_id(before.payment, number(after.version)?),
                    id: before.payment.to_string(),
                    version: number(before.version)?,
                    state: after.state.as_str().to_owned(),
                    reason: after.reason.clone(),
                    reference: reference.clone(),
                    at: at.seconds(),
                    parts: parts,
                    credit: fen(refund.credit),
                    customer: before.customer.as_str().to_owned(),
                    source: format!("payment/{}/{}", before.payment, after.version),
                    body: told(&after, refund.refund, reference)?,
                },
            )
            .await?;
        failpoint!("platform.refund.end.after");
        self.wake_outbox();
        Ok(rows.last::<bool>()?.unwrap_or(false).then_some(after))
    }
}

fn refund_id(refund: RefundId) -> RecordId {
    RecordId::new("refund", refund.to_string())
}

fn told(after: &PaymentRecord, refund: RefundId, reference: Option<String>) -> Result<String, StoreError> {
    let told = PaymentTold { payment: after.payment(), refund: Some(RefundTold { refund, reference }) };
    serde_json::to_string(&told).map_err(|_| DAMAGED)
}

impl TryFrom<Row> for RefundRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let read = || {
            Some(Self {
                refund: row.refund.parse().ok()?,
                payment: row.payment.parse().ok()?,
                at: Timestamp::from_seconds(row.at),
                credit: u64::try_from(row.credit).ok().and_then(|fen| Fen::new(fen).ok())?,
                sent: row.sent.map(Timestamp::from_seconds),
                sends: row.sends.try_into().ok()?,
                known: row.known,
                refused: row.refused.clone(),
                reference: row.reference.clone(),
            })
        };
        read().ok_or(DAMAGED)
    }
}
