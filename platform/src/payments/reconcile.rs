//! Comparing with the gateway's settlement files: every debit and refund of a day that the gateway lists against what the
//! store holds, and the other way round. What can be cleared up by a query is; the rest is kept as a finding.
//!
//! A file says what to ask about and books nothing: a payment that the store lost is taken over again from what went along
//! to the gateway ([`super::reserved`]), and booked by the same query as any other.

use gridkey_domain::{PaymentId, PaymentState, RefundId, Timestamp};
use gridkey_unionpay::{
    client::GatewayError,
    query::{Found, Kind as Asked, QueryOutcome},
    settlement::{self, FileAnswer, detail::Settled, settle_date},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{PaymentError, Payments, reserved};
use crate::store::{
    StoreError,
    findings::{Finding, Kind},
    payments::{Handed, PaymentRecord},
    restored::Restored,
};

/// `txnType` of a payment.
const PAYMENT: &str = "01";
/// `txnType` of a refund.
const REFUND: &str = "04";

/// What to compare.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reconcile {
    /// The first settlement day; unless given, the first that is open since a restore, or yesterday.
    pub from: Option<Date>,
    /// The last, included; unless given, the last that is open, or yesterday.
    pub to: Option<Date>,
    /// Take lost payments over again.
    pub adopt: bool,
}

/// What became of a day's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The settlement day.
    pub day: Date,
    /// Transactions in its file; none if there was no file to compare with.
    pub transactions: Option<usize>,
    /// Why there was none.
    pub why: Option<String>,
}

/// What a comparison came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciled {
    /// The days that were compared.
    pub days: Vec<Day>,
    /// Orders that the store now holds for paid because the gateway said so.
    pub cleared: Vec<String>,
    /// Lost payments that were taken over again.
    pub adopted: Vec<String>,
    /// What is open, this comparison's findings and earlier ones.
    pub open: Vec<Finding>,
    /// Days since a restore that are still to be compared; until then no form of an older order is handed out.
    pub days_left: Vec<Date>,
}

impl Reconciled {
    /// Nothing compared and nothing open.
    pub const fn nothing() -> Self {
        Self { days: Vec::new(), cleared: Vec::new(), adopted: Vec::new(), open: Vec::new(), days_left: Vec::new() }
    }
}

impl Payments {
    /// Compares the days asked for, oldest first.
    ///
    /// # Errors
    /// If the store fails. A gateway that does not answer is told in the days.
    pub async fn reconcile(&self, asked: &Reconcile) -> Result<Reconciled, PaymentError> {
        let now = self.clock.now();
        let restored = self.store.restores().await?.pop();
        let (mut days, mut cleared, mut adopted) = (Vec::new(), Vec::new(), Vec::new());
        let mut compared = Vec::new();
        for day in days_of(asked, restored.as_ref(), now) {
            match self.settled(day).await {
                Ok(settled) => {
                    self.compare(day, &settled, &mut cleared).await?;
                    if settle_date(now) > day || self.all_forms_over(restored.as_ref(), now) {
                        compared.push(day);
                    }
                    days.push(Day { day, transactions: Some(settled.len()), why: None });
                }
                Err(why) => days.push(Day { day, transactions: None, why: Some(why) }),
            }
        }
        if asked.adopt {
            for finding in self.store.open_findings().await? {
                if let Some(order) = self.adopt(&finding).await? {
                    adopted.push(order);
                }
            }
        }
        self.store.cross_off(&compared).await?;
        let open = self.settle_cleared().await?;
        let left = self.store.uncompared().await?.map(|restored| restored.days).unwrap_or_default();
        report(&open, &left);
        Ok(Reconciled { days, cleared, adopted, open, days_left: left })
    }

    /// What is open.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn findings(&self) -> Result<Reconciled, PaymentError> {
        let open = self.store.open_findings().await?;
        let left = self.store.uncompared().await?.map(|restored| restored.days).unwrap_or_default();
        report(&open, &left);
        Ok(Reconciled { open, days_left: left, ..Reconciled::nothing() })
    }

    /// Whether no form may be handed out for the first time yet: since a restore nobody has looked what the gateway debited.
    /// Days are crossed off once no form of before the restore can be paid any more, or when an operator says so.
    pub(super) async fn is_held_back(&self) -> Result<bool, StoreError> {
        Ok(self.store.uncompared().await?.is_some())
    }

    /// Whether the time to pay of a form that was handed out before the restore is surely over.
    fn all_forms_over(&self, restored: Option<&Restored>, now: Timestamp) -> bool {
        restored.is_none_or(|restored| now > restored.at.plus_seconds(self.rules.late_seconds()))
    }

    async fn settled(&self, day: Date) -> Result<Vec<Settled>, String> {
        let unionpay = &self.unionpay;
        let (merchant, now) = (&unionpay.merchant, self.clock.now());
        match unionpay.gateway.settled(merchant, day, &unionpay.key, &unionpay.verifier, now).await {
            Ok(FileAnswer::Settled(settled)) => Ok(settled),
            Ok(FileAnswer::NotThere) => Err("the gateway has no file of this day, or not yet".to_owned()),
            Ok(FileAnswer::Refused { code }) => Err(format!("the gateway refused the file with code {code}")),
            Err(error) => Err(error.to_string()),
        }
    }

    async fn compare(&self, day: Date, settled: &[Settled], cleared: &mut Vec<String>) -> Result<(), PaymentError> {
        for line in settled.iter().filter(|line| line.merchant == self.unionpay.merchant) {
            match line.kind.as_str() {
                PAYMENT => {
                    if self.look_at(line).await? {
                        cleared.push(line.order.clone());
                    }
                }
                REFUND => {
                    let known = match line.order.parse::<RefundId>() {
                        Ok(refund) => self.store.refund(refund).await?.is_some(),
                        Err(_) => false,
                    };
                    if !known {
                        let detail = format!("It gives back what was paid under reference {}.", line.original);
                        self.note(Kind::UnknownRefund, line, None, detail).await?;
                    }
                }
                // An undo or a reversal is none of ours; the gateway lists what it did by itself, too.
                other => tracing::info!(kind = other, order = line.order, "a settled transaction of another kind"),
            }
        }
        let listed = |reference: &str| settled.iter().any(|line| line.reference == reference);
        for (payment, reference) in self.store.debited_payments().await? {
            if settlement::day_of_reference(&reference) == Some(day) && !listed(&reference) {
                self.look_for(payment, reference, day).await?;
            }
        }
        Ok(())
    }

    /// Looks at a debit that the gateway lists. `true` if it cleared the payment up.
    async fn look_at(&self, line: &Settled) -> Result<bool, PaymentError> {
        let known = match line.order.parse::<PaymentId>() {
            Ok(payment) => match self.store.payment(payment).await {
                Ok(record) => Some(record),
                Err(StoreError::NotFound(_)) => None,
                Err(error) => return Err(error.into()),
            },
            Err(_) => None,
        };
        let Some(record) = known else {
            self.note_unknown(line).await?;
            return Ok(false);
        };
        if record.amount != line.amount {
            self.note(Kind::AmountDiffers, line, Some(&record), String::new()).await?;
            return Ok(false);
        }
        match record.state {
            PaymentState::Paid | PaymentState::Refunding | PaymentState::Refunded => {
                if record.reference.as_deref() != Some(&line.reference) {
                    self.note(Kind::SecondDebit, line, Some(&record), String::new()).await?;
                }
                Ok(false)
            }
            PaymentState::Pending | PaymentState::Unknown => {
                let record = self.catch_up(record, &line.reference).await?;
                if record.state == PaymentState::Paid {
                    return Ok(true);
                }
                self.note(Kind::NotPaidHere, line, Some(&record), String::new()).await?;
                Ok(false)
            }
            _ => {
                self.note(Kind::PaidAfterEnd, line, Some(&record), String::new()).await?;
                Ok(false)
            }
        }
    }

    /// Asks the gateway about a payment that it lists, after learning the time of a form that this store does not remember.
    async fn catch_up(&self, record: PaymentRecord, reference: &str) -> Result<PaymentRecord, PaymentError> {
        let record = if record.handed.is_none()
            && let Ok(Some(found)) = self.find(reference).await
            && found.order == record.payment.to_string()
        {
            let handed = Handed { at: found.time, pay_timeout: found.time };
            self.store.note_handed(&record, handed, self.clock.now()).await?.unwrap_or(record)
        } else {
            record
        };
        self.asked().remove(&record.payment);
        self.ask(record).await
    }

    async fn find(&self, reference: &str) -> Result<Option<Found>, GatewayError> {
        let unionpay = &self.unionpay;
        let now = self.clock.now();
        unionpay.gateway.find(&unionpay.merchant, reference, &unionpay.key, &unionpay.verifier, now).await
    }

    /// Keeps a debit of an unknown order, with whatever went along to the gateway.
    async fn note_unknown(&self, line: &Settled) -> Result<(), PaymentError> {
        let mut finding = self.finding(Kind::UnknownPayment, line);
        match self.lost_order(&line.order, &line.reference).await {
            Ok(Some((order, _))) => {
                finding.customer = Some(order.request.customer);
                finding.bills = order.request.bills.into_iter().map(|share| share.bill).collect();
                if !order.whole {
                    finding.detail = "It pays more bills than are named here.".to_owned();
                }
            }
            Ok(None) => finding.detail = "What went along with it to the gateway does not tell whose it is.".to_owned(),
            Err(error) => finding.detail = format!("The gateway did not tell more: {error}."),
        }
        Ok(self.store.note_finding(&finding).await?)
    }

    /// The order that went along with a debit, and what the gateway says of it now.
    async fn lost_order(&self, order: &str, reference: &str) -> Result<Option<(reserved::Order, Found)>, GatewayError> {
        let Some(found) = self.find(reference).await? else { return Ok(None) };
        let Ok(payment) = order.parse::<PaymentId>() else { return Ok(None) };
        let ours = found.reserved.as_deref().filter(|_| found.order == order);
        let read = ours.and_then(|text| reserved::open(text, payment, self.store.cipher()));
        Ok(read.filter(|order| order.request.amount == found.amount).map(|order| (order, found)))
    }

    /// Takes the payment of a finding over again and has a query book it. Gives its order if that was done.
    async fn adopt(&self, finding: &Finding) -> Result<Option<String>, PaymentError> {
        let (Kind::UnknownPayment, Some(reference)) = (finding.kind, &finding.reference) else { return Ok(None) };
        let Ok(Some((order, found))) = self.lost_order(&finding.order, reference).await else { return Ok(None) };
        if !order.whole {
            return Ok(None);
        }
        let handed = Handed { at: found.time, pay_timeout: found.time };
        let now = self.clock.now();
        match self.store.adopt_payment(&order.request, handed, now).await {
            Ok(_) => {}
            Err(StoreError::Refused { code, detail }) => {
                tracing::error!(order = finding.order, code, detail, "a lost payment can't be taken over again");
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        }
        tracing::warn!(order = finding.order, customer = %order.request.customer, "a lost payment is taken over again");
        let record = self.store.payment(order.request.payment).await?;
        self.asked().remove(&record.payment);
        let record = self.ask(record).await?;
        Ok((record.state == PaymentState::Paid).then(|| finding.order.clone()))
    }

    /// Asks the gateway for a payment that it does not list.
    async fn look_for(&self, payment: PaymentId, reference: String, day: Date) -> Result<(), PaymentError> {
        let record = self.store.payment(payment).await?;
        let Some(handed) = record.handed else { return Ok(()) };
        let transaction = self.transaction(&record, handed)?;
        let unionpay = &self.unionpay;
        let now = self.clock.now();
        let answer = unionpay.gateway.query(&transaction, Asked::Payment, &unionpay.key, &unionpay.verifier, now).await;
        if matches!(answer, Ok(QueryOutcome::Paid { .. })) {
            return Ok(());
        }
        let line = Settled {
            kind: PAYMENT.to_owned(),
            merchant: unionpay.merchant.clone(),
            order: payment.to_string(),
            amount: record.amount,
            reference,
            original: String::new(),
            day,
        };
        self.note(Kind::NotAtGateway, &line, Some(&record), String::new()).await
    }

    fn finding(&self, kind: Kind, line: &Settled) -> Finding {
        Finding {
            kind,
            order: line.order.clone(),
            reference: Some(line.reference.clone()),
            amount: line.amount,
            customer: None,
            bills: Vec::new(),
            day: line.day,
            detail: String::new(),
            found_at: self.clock.now(),
        }
    }

    async fn note(
        &self,
        kind: Kind,
        line: &Settled,
        record: Option<&PaymentRecord>,
        detail: String,
    ) -> Result<(), PaymentError> {
        let mut finding = Finding { detail, ..self.finding(kind, line) };
        if let Some(record) = record {
            finding.customer = Some(record.customer.clone());
            // Of a payment that is paid here its bills are paid; of one that is not they must not be paid again.
            if matches!(kind, Kind::NotPaidHere | Kind::PaidAfterEnd | Kind::AmountDiffers) {
                finding.bills = record.shares.iter().map(|share| share.bill.clone()).collect();
            }
        }
        Ok(self.store.note_finding(&finding).await?)
    }

    /// Settles findings whose payment is paid here by now, under the gateway's reference. Gives those left open.
    async fn settle_cleared(&self) -> Result<Vec<Finding>, PaymentError> {
        let now = self.clock.now();
        for finding in self.store.open_findings().await? {
            if !matches!(finding.kind, Kind::UnknownPayment | Kind::NotPaidHere) {
                continue;
            }
            let Ok(payment) = finding.order.parse::<PaymentId>() else { continue };
            match self.store.payment(payment).await {
                Ok(record) if record.state == PaymentState::Paid && record.reference == finding.reference => {
                    self.store.settle_findings(&finding.order, "paid here by now", now).await?;
                }
                Ok(_) | Err(StoreError::NotFound(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(self.store.open_findings().await?)
    }

    /// Looks at genuine notifications of payments that the store does not know, as they come.
    pub(super) async fn look_at_strangers(&self) {
        let strangers: Vec<_> = std::mem::take(&mut *self.strangers());
        for line in strangers {
            if let Err(error) = self.look_at(&line).await {
                tracing::warn!(%error, order = line.order, "an unknown payment was not looked at");
                self.strangers().push(line);
                return;
            }
        }
    }

    /// Compares the days that are open since a restore, and yesterday once a day. To be called by the clock.
    pub(super) async fn reconcile_by_clock(&self) {
        let done = if self.unionpay.gateway.has_files() {
            self.reconcile(&Reconcile::default()).await
        } else {
            self.findings().await
        };
        match done {
            Ok(done) => {
                for day in done.days.iter().filter(|day| day.transactions.is_none()) {
                    tracing::warn!(day = %day.day, why = day.why, "a day was not compared with the gateway");
                }
                for finding in &done.open {
                    tracing::error!(kind = finding.kind.as_str(), order = finding.order, "{}", finding.sentence());
                }
            }
            Err(error) => tracing::warn!(%error, "nothing was compared with the gateway"),
        }
    }
}

/// The days to compare.
fn days_of(asked: &Reconcile, restored: Option<&Restored>, now: Timestamp) -> Vec<Date> {
    let today = settle_date(now);
    let yesterday = today.yesterday().unwrap_or(today);
    if asked.from.is_none()
        && asked.to.is_none()
        && let Some(restored) = restored.filter(|restored| !restored.days.is_empty())
    {
        return restored.days.iter().copied().filter(|day| *day <= today).collect();
    }
    let to = asked.to.unwrap_or(yesterday).min(today);
    settlement::days(asked.from.unwrap_or(to), to, today)
}

fn report(open: &[Finding], left: &[Date]) {
    metrics::gauge!("gridkey_reconcile_open").set(u32::try_from(open.len()).unwrap_or(u32::MAX));
    metrics::gauge!("gridkey_reconcile_days_left").set(u32::try_from(left.len()).unwrap_or(u32::MAX));
}
