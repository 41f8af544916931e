//! What the gateway knows and this store does not, or otherwise: kept until it is settled. A bill that an open finding names
//! can't be paid.

use gridkey_domain::{
    BillId, CustomerNo, Fen, PaymentId, Timestamp,
    payment::{Method, PaymentRequest},
};
use gridkey_surreal::{RecordId, SurrealValue, vars};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    PlatformStore, StoreError,
    payments::{Handed, PaymentRecord, Row as PaymentRow, event_id, fen, number, record_id, shares_of, shares_text},
};

/// What does not agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The gateway debited an order that the store does not know.
    UnknownPayment,
    /// The gateway debited a payment that the store does not hold for paid.
    NotPaidHere,
    /// The gateway debited a payment that ended here without money.
    PaidAfterEnd,
    /// The gateway debited a paid payment a second time.
    SecondDebit,
    /// The amounts differ.
    AmountDiffers,
    /// The store holds a payment for paid that the gateway does not know.
    NotAtGateway,
    /// The gateway gave money back that the store does not know of.
    UnknownRefund,
}

impl Kind {
    const ALL: [Self; 7] = [
        Self::UnknownPayment,
        Self::NotPaidHere,
        Self::PaidAfterEnd,
        Self::SecondDebit,
        Self::AmountDiffers,
        Self::NotAtGateway,
        Self::UnknownRefund,
    ];

    /// The name in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownPayment => "unknown-payment",
            Self::NotPaidHere => "not-paid-here",
            Self::PaidAfterEnd => "paid-after-end",
            Self::SecondDebit => "second-debit",
            Self::AmountDiffers => "amount-differs",
            Self::NotAtGateway => "not-at-gateway",
            Self::UnknownRefund => "unknown-refund",
        }
    }
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What does not agree.
    pub kind: Kind,
    /// The order's id at the gateway.
    pub order: String,
    /// The gateway's reference.
    pub reference: Option<String>,
    /// The amount, fen: the gateway's where the gateway knows it.
    pub amount: Fen,
    /// Whose, if that is known.
    pub customer: Option<CustomerNo>,
    /// The bills that it is known to concern.
    pub bills: Vec<BillId>,
    /// The settlement day.
    pub day: Date,
    /// More, for people.
    pub detail: String,
    /// When it was found.
    pub found_at: Timestamp,
}

impl Finding {
    fn record(&self) -> RecordId {
        let reference = self.reference.as_deref().unwrap_or("-");
        RecordId::new("finding", format!("{} {} {reference}", self.kind.as_str(), self.order))
    }

    /// What it means and what to do, in a sentence each.
    pub fn sentence(&self) -> String {
        let Self { order, amount, day, .. } = self;
        let reference = self.reference.as_deref().unwrap_or("none");
        let whose =
            self.customer.as_ref().map_or_else(|| "an unknown customer".to_owned(), |it| format!("customer {it}"));
        let bills: Vec<&str> = self.bills.iter().map(BillId::as_str).collect();
        let bills = if bills.is_empty() { String::new() } else { format!(" for {}", bills.join(", ")) };
        let what = match self.kind {
            Kind::UnknownPayment => format!(
                "The gateway debited {amount} yuan on {day} under order {order} (reference {reference}), a payment of \
                 {whose}{bills} that this store does not know."
            ),
            Kind::NotPaidHere => format!(
                "The gateway lists order {order} ({amount} yuan, {day}, reference {reference}) as debited, but the \
                 payment of {whose} is not paid here."
            ),
            Kind::PaidAfterEnd => format!(
                "The gateway debited {amount} yuan on {day} under order {order} (reference {reference}), but the \
                 payment of {whose} ended here without money."
            ),
            Kind::SecondDebit => format!(
                "The gateway debited {amount} yuan on {day} under order {order} once more (reference {reference}), \
                 a payment of {whose} that was paid before."
            ),
            Kind::AmountDiffers => format!(
                "The gateway debited {amount} yuan on {day} under order {order} (reference {reference}), another amount \
                 than the payment of {whose} has here."
            ),
            Kind::NotAtGateway => format!(
                "Order {order} of {whose} ({amount} yuan) is paid here under reference {reference}, but the gateway \
                 does not know it."
            ),
            Kind::UnknownRefund => format!(
                "The gateway gave {amount} yuan back on {day} under {order} (reference {reference}), which this store \
                 does not know."
            ),
        };
        let then = match self.kind {
            Kind::UnknownPayment if self.detail.is_empty() => "Adopt it: reconcile --adopt.",
            Kind::UnknownPayment => {
                "Find the customer, enter the payment by hand or refund it at the gateway, then settle this."
            }
            Kind::NotPaidHere => "Run reconcile again later; if it stays, ask the gateway.",
            Kind::PaidAfterEnd | Kind::SecondDebit => "Refund it at the gateway, then settle this.",
            Kind::AmountDiffers | Kind::NotAtGateway => "Ask the gateway before anything else, then settle this.",
            Kind::UnknownRefund => "Refund the payment here as well or correct its bills, then settle this.",
        };
        let detail = if self.detail.is_empty() { String::new() } else { format!(" {}", self.detail) };
        format!("{what}{detail} {then}")
    }
}

#[derive(SurrealValue)]
struct Row {
    kind: String,
    order: String,
    reference: Option<String>,
    amount: i64,
    customer: Option<String>,
    bills: Vec<String>,
    day: String,
    detail: String,
    found_at: i64,
}

const DAMAGED: StoreError = StoreError::Damaged("finding");

impl PlatformStore {
    /// The open findings, oldest first.
    pub async fn open_findings(&self) -> Result<Vec<Finding>, StoreError> {
        let sql = "SELECT * FROM finding WHERE settled_at = NONE ORDER BY found_at, order";
        let mut rows = self.database().run(sql, vars! {}).await?;
        rows.last_all::<Row>()?.into_iter().map(Finding::try_from).collect()
    }

    /// Keeps a finding; one that was found before, settled or not, stays as it is.
    pub async fn note_finding(&self, finding: &Finding) -> Result<(), StoreError> {
        let Finding { kind, order, reference, amount, customer, bills, day, detail, found_at } = finding;
        self.database()
            .transact(
                "IF $record.kind = NONE {
                    CREATE $record SET kind = $kind, order = $order, reference = $reference, amount = $amount,
                        customer = $customer, bills = $bills, day = $day, detail = $detail, found_at = $at;
                 };",
                vars! {
                    record: finding.record(),
                    kind: kind.as_str().to_owned(),
                    order: order.clone(),
                    reference: reference.clone(),
                    amount: fen(*amount),
                    customer: customer.as_ref().map(|it| it.as_str().to_owned()),
                    bills: bills.iter().map(|bill| bill.as_str().to_owned()).collect::<Vec<_>>(),
                    day: day.to_string(),
                    detail: detail.clone(),
                    at: found_at.seconds(),
                },
            )
            .await?;
        Ok(())
    }

    /// Settles the open findings of an order. Gives how many there were.
    pub async fn settle_findings(&self, order: &str, note: &str, at: Timestamp) -> Result<usize, StoreError> {
        let sql = "UPDATE finding SET settled_at = $at, note = $note WHERE order = $order AND settled_at = NONE";
        let variables = vars! { at: at.seconds(), note: note.to_owned(), order: order.to_owned() };
        let mut rows = self.database().transact(sql, variables).await?;
        Ok(rows.last_all::<Row>()?.len())
    }

    /// Takes a payment over that the gateway debited and this store lost, as one whose form was handed out at `handed`; a query
    /// books it then. `false` if it is here.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `not-found` for an unknown customer or bill.
    pub async fn adopt_payment(
        &self,
        request: &PaymentRequest,
        handed: Handed,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut rows = self
            .database()
            .transact(
                "RETURN {
                    IF $record.order_hash != NONE { RETURN false };
                    IF type::record('customer', $customer).kind = NONE { THROW 'not-found:customer' };
                    FOR $share IN $shares {
                        LET $bill = type::record('bill', $share.bill);
                        IF $bill.customer = NONE OR $bill.customer != $customer {
                            THROW string::concat('not-found:bill ', $share.bill);
                        };
                    };
                    CREATE $record SET customer = $customer, order_hash = $order_hash, amount = $amount,
                        shares = $shares_text, created = $created, not_after = $not_after, taken_at = $handed,
                        handed_at = $handed, pay_timeout = $until, seen = true,
                        state = 'pending', reason = 'adopted', updated = $at, version = 1;
                    CREATE $event SET state = 'pending', at = $at, reason = 'adopted';
                    RETURN true;
                 }",
                vars! {
                    record: record_id(request.payment),
                    event: event_id(request.payment, 1),
                    order_hash: request.order_hash.clone(),
                    customer: request.customer.as_str().to_owned(),
                    amount: fen(request.amount),
                    shares: shares_of(&request.bills),
                    shares_text: shares_text(&request.bills)?,
                    created: request.created.seconds(),
                    not_after: request.not_after.seconds(),
                    handed: handed.at.seconds(),
                    until: handed.pay_timeout.seconds(),
                    at: at.seconds(),
                },
            )
            .await?;
        rows.last::<bool>()?.ok_or(DAMAGED)
    }

    /// Notes that a payment's form was handed out, as the gateway tells. `None` if somebody changed it since `before` was read.
    pub async fn note_handed(
        &self,
        before: &PaymentRecord,
        handed: Handed,
        at: Timestamp,
    ) -> Result<Option<PaymentRecord>, StoreError> {
        let mut rows = self
            .database()
            .transact(
                "RETURN {
                    IF $record.version != $version OR $record.handed_at != NONE { RETURN false };
                    UPDATE $record SET handed_at = $handed, pay_timeout = $until, seen = true, version = $version + 1;
                    CREATE $event SET state = 'pending', at = $at, reason = 'form-handed-out';
                    RETURN true;
                 }",
                vars! {
                    record: record_id(before.payment),
                    event: event_id(before.payment, number(before.version)? + 1),
                    version: number(before.version)?,
                    handed: handed.at.seconds(),
                    until: handed.pay_timeout.seconds(),
                    at: at.seconds(),
                },
            )
            .await?;
        if !rows.last::<bool>()?.unwrap_or(false) {
            return Ok(None);
        }
        Ok(Some(PaymentRecord { handed: Some(handed), seen: true, version: before.version + 1, ..before.clone() }))
    }

    /// What was asked for by payments taken over at `since` or later, after the one given, by their ids.
    pub async fn payments_since(
        &self,
        since: Timestamp,
        after: Option<PaymentId>,
        limit: u32,
    ) -> Result<Vec<PaymentRequest>, StoreError> {
        let sql = format!(
            "SELECT *, record::id(id) AS payment FROM payment
             WHERE taken_at >= $since AND record::id(id) > $after ORDER BY payment LIMIT {limit}"
        );
        let after = after.map_or_else(String::new, |after| after.to_string());
        let mut rows = self.database().run(&sql, vars! { since: since.seconds(), after: after }).await?;
        let read = |row: PaymentRow| {
            let PaymentRecord { payment, customer, order_hash, amount, shares, created, not_after, .. } =
                row.try_into()?;
            let (bills, method) = (shares, Method::Gateway);
            Ok(PaymentRequest { payment, order_hash, customer, amount, bills, method, created, not_after })
        };
        rows.last_all::<PaymentRow>()?.into_iter().map(read).collect()
    }

    /// Payments that the store holds for debited, with their references.
    pub async fn debited_payments(&self) -> Result<Vec<(PaymentId, String)>, StoreError> {
        #[derive(SurrealValue)]
        struct Debited {
            payment: String,
            reference: Option<String>,
        }
        let sql = "SELECT record::id(id) AS payment, reference FROM payment
            WHERE state IN ['paid', 'refunding', 'refunded']";
        let mut rows = self.database().run(sql, vars! {}).await?;
        let read = |row: Debited| Some((row.payment.parse().ok()?, row.reference?));
        Ok(rows.last_all::<Debited>()?.into_iter().filter_map(read).collect())
    }
}

impl TryFrom<Row> for Finding {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let read = || {
            Some(Self {
                kind: Kind::ALL.into_iter().find(|kind| kind.as_str() == row.kind)?,
                order: row.order.clone(),
                reference: row.reference.clone(),
                amount: u64::try_from(row.amount).ok().and_then(|fen| Fen::new(fen).ok())?,
                customer: row.customer.as_deref().map(str::parse).transpose().ok()?,
                bills: row.bills.iter().map(|bill| bill.parse()).collect::<Result<_, _>>().ok()?,
                day: row.day.parse().ok()?,
                detail: row.detail.clone(),
                found_at: Timestamp::from_seconds(row.found_at),
            })
        };
        read().ok_or(DAMAGED)
    }
}
