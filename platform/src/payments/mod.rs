//! Payments through the UnionPay gateway: taken over from the security server, handed to the payer's browser as a signed
//! form, followed by queries until their end is certain, and booked once.
//!
//! [`schedule`] says when to ask and [`decide`] what an answer means, both without I/O; this module carries it out on the
//! store and the gateway, [`refund`] (with [`refund_rules`]) gives payments back, [`janitor`] does so by the clock, [`http`] for the security server.
//! [`reconcile`] compares with the gateway's settlement files, which matters after a restore.

pub mod config;
pub mod decide;
pub mod failpoints;
pub mod http;
pub mod janitor;
pub mod notification;
pub mod reconcile;
pub mod refund;
pub mod refund_rules;
pub mod reserved;
pub mod schedule;
#[cfg(test)]
pub(crate) mod tests;

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use gridkey_domain::{
    Fen, PaymentId, PaymentState, Timestamp,
    payment::{Method, Payment, PaymentRequest, Transition},
};
use gridkey_service::{clock::Clock, failpoint};
use gridkey_unionpay::{
    client::GatewayError,
    consume::{FrontConsume, Transaction, TransactionError},
    query::{Kind, QueryOutcome},
    settlement::detail::Settled,
    signing::SignError,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use self::{
    config::{PaymentsConfig, Unionpay},
    decide::{Verdict, decide, shows_it_known},
    schedule::{Asked, Due, due},
};
use crate::{
    arrears,
    store::{
        PlatformStore, StoreError,
        payments::{Change, Handed, PaymentRecord},
    },
};

/// How often a step is tried anew when somebody else changed the payment in between.
const ATTEMPTS: usize = 8;

/// Why a payment could not be taken over, handed out, withdrawn or looked up.
#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    /// The request makes no sense; the caller erred.
    #[error("{0}")]
    BadRequest(&'static str),
    /// The order's time is over; nothing was stored.
    #[error("the order's time is over")]
    OrderOver,
    /// The store was restored, and nobody has compared it with the gateway yet; try again later.
    #[error("payments made before the store was restored are not known yet")]
    HeldBack,
    /// There is no form for it (any more): it is not pending, or its time to pay is over.
    #[error("the payment can't be paid: it is {0}")]
    NotPayable(&'static str),
    /// Its form was handed out, or it is at another end.
    #[error("the payment can't be withdrawn any more")]
    NotCancellable,
    /// It can't be given back: it is in another state, or too old.
    #[error("the payment can't be given back: it is {0}")]
    NotRefundable(&'static str),
    /// The store failed or refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A form could not be signed; try again.
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl From<TransactionError> for PaymentError {
    fn from(_: TransactionError) -> Self {
        Self::BadRequest("an amount that the gateway can't take")
    }
}

/// The form that the payer's browser posts to the gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankForm {
    /// Where to post it.
    pub action: String,
    /// Its hidden fields, name and value.
    pub fields: Vec<(String, String)>,
}

/// A payment with what happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentWithHistory {
    /// The payment.
    pub payment: Payment,
    /// Oldest first.
    pub history: Vec<Transition>,
}

/// The platform's payments.
pub struct Payments {
    store: PlatformStore,
    unionpay: Unionpay,
    rules: PaymentsConfig,
    clock: Arc<dyn Clock>,
    asked: Mutex<HashMap<PaymentId, Asked>>,
    /// To be asked about at once, whatever the schedule says.
    urgent: Mutex<BTreeSet<PaymentId>>,
    /// Debits that genuine notifications report and the store does not know.
    strangers: Mutex<Vec<Settled>>,
    /// Rings the janitor.
    work: Notify,
}

impl Payments {
    /// Payments on `store` through `unionpay`.
    pub fn new(store: PlatformStore, unionpay: Unionpay, rules: PaymentsConfig, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self {
            store,
            unionpay,
            rules,
            clock,
            asked: Mutex::default(),
            urgent: Mutex::default(),
            strangers: Mutex::default(),
            work: Notify::new(),
        })
    }

    /// Takes a payment over as pending, or finds that it was: the same order gets the same payment, whatever became of it.
    ///
    /// # Errors
    /// [`StoreError::Refused`] inside as [`PlatformStore::take_payment`] says; then nothing is stored.
    pub async fn take(&self, request: &PaymentRequest) -> Result<Payment, PaymentError> {
        check(request)?;
        let now = self.clock.now();
        let known = match self.store.payment(request.payment).await {
            Ok(_) => true,
            Err(StoreError::NotFound(_)) => false,
            Err(error) => return Err(error.into()),
        };
        if !known && now > request.not_after {
            return Err(PaymentError::OrderOver);
        }
        Transaction::new(&self.unionpay.merchant, &request.payment.to_string(), now, request.amount)?;
        if self.store.take_payment(request, now).await? {
            metrics::counter!("gridkey_platform_payments_total", "state" => "pending").increment(1);
            self.work.notify_one();
        }
        Ok(self.store.payment(request.payment).await?.payment())
    }

    /// A payment and what happened to it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] inside.
    pub async fn get(&self, payment: PaymentId) -> Result<PaymentWithHistory, PaymentError> {
        let record = self.store.payment(payment).await?;
        Ok(PaymentWithHistory { payment: record.payment(), history: self.store.payment_history(payment).await? })
    }

    /// The signed form. The first call fixes `txnTime` and the time to pay; every later one gives the same form, so that
    /// the gateway sees one transaction however often it is posted.
    ///
    /// # Errors
    /// [`PaymentError::NotPayable`] when it is not pending or its time to pay is over.
    pub async fn form(&self, payment: PaymentId) -> Result<BankForm, PaymentError> {
        for _ in 0..ATTEMPTS {
            let record = self.store.payment(payment).await?;
            let now = self.clock.now();
            if record.state != PaymentState::Pending {
                return Err(PaymentError::NotPayable(record.state.as_str()));
            }
            let record = match record.handed {
                Some(_) => record,
                None => {
                    if self.is_held_back().await? {
                        return Err(PaymentError::HeldBack);
                    }
                    if let Due::Expire(reason) = due(now, &record, None, &self.rules) {
                        self.move_to(&record, PaymentState::Expired, reason, now).await?;
                        continue;
                    }
                    let minutes = i64::from(self.rules.pay_timeout_minutes.max(1));
                    let pay_timeout = now.plus_seconds(minutes * 60).min(record.not_after);
                    let sealed = reserved::seal(&record, self.store.cipher());
                    match self.hand(&record, Handed { at: now, pay_timeout }, sealed.as_deref()).await? {
                        Some(record) => record,
                        None => continue,
                    }
                }
            };
            let Some(handed) = record.handed.filter(|handed| now <= handed.pay_timeout) else {
                return Err(PaymentError::NotPayable("past its time to pay"));
            };
            let transaction = self.transaction(&record, handed)?;
            let consume = FrontConsume {
                transaction: &transaction,
                front_url: &self.unionpay.front_url,
                back_url: &self.unionpay.back_url,
                pay_timeout: handed.pay_timeout,
                reserved: record.reserved.as_deref(),
            };
            let form = consume.sign(&self.unionpay.key)?;
            self.work.notify_one();
            failpoint!("platform.pay.form.before");
            let fields = form.fields().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            return Ok(BankForm { action: self.unionpay.gateway.front_url(), fields });
        }
        Err(busy())
    }

    /// Fixes a payment's times; one whose bill was paid otherwise meanwhile ends instead.
    async fn hand(
        &self,
        record: &PaymentRecord,
        handed: Handed,
        reserved: Option<&str>,
    ) -> Result<Option<PaymentRecord>, PaymentError> {
        match self.store.hand_payment(record, handed, reserved).await {
            Err(StoreError::Refused { code, .. }) if code == "already-paid" || code == "amount-changed" => {
                let reason = if code == "already-paid" { "already-paid" } else { "amount-changed" };
                self.move_to(record, PaymentState::Refused, reason, handed.at).await?;
                Ok(None)
            }
            Err(StoreError::Refused { code, .. }) if code == "bill-in-payment" => Err(PaymentError::HeldBack),
            handed => Ok(handed?),
        }
    }

    /// Withdraws a payment whose form was never handed out. Withdrawing twice is the same as once.
    ///
    /// # Errors
    /// [`PaymentError::NotCancellable`] otherwise.
    pub async fn cancel(&self, payment: PaymentId) -> Result<Payment, PaymentError> {
        for _ in 0..ATTEMPTS {
            let record = self.store.payment(payment).await?;
            if record.state == PaymentState::Cancelled {
                return Ok(record.payment());
            }
            if record.state != PaymentState::Pending || record.handed.is_some() {
                return Err(PaymentError::NotCancellable);
            }
            if let Some(record) = self.move_to(&record, PaymentState::Cancelled, "withdrawn", self.clock.now()).await? {
                return Ok(record.payment());
            }
        }
        Err(busy())
    }

    /// Asks the gateway now, unless it was asked within this second, and gives the payment as it stands then.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] inside. A gateway that does not answer is no error: the payment stays as it is.
    pub async fn check(&self, payment: PaymentId) -> Result<Payment, PaymentError> {
        let record = self.store.payment(payment).await?;
        if record.state == PaymentState::Refunding {
            return Ok(self.check_refund(record).await?.payment());
        }
        if record.handed.is_none() {
            return Ok(self.expire_if_due(record).await?.payment());
        }
        Ok(self.ask(record).await?.payment())
    }

    /// Does what is due for one payment. Gives what is due next.
    async fn attend(&self, record: PaymentRecord) -> Result<Due, PaymentError> {
        if record.state == PaymentState::Refunding {
            return self.attend_refund(record).await;
        }
        let (now, asked) = (self.clock.now(), self.asked().get(&record.payment).copied());
        let urgent = record.handed.is_some() && self.urgent().remove(&record.payment);
        if urgent && asked.is_some_and(|asked| asked.within_a_second(now)) {
            self.urgent().insert(record.payment);
            return Ok(Due::Wait(now.plus_seconds(1)));
        }
        let record = match due(now, &record, asked, &self.rules) {
            Due::Wait(_) if urgent => self.ask(record).await?,
            Due::Ask => self.ask(record).await?,
            Due::Expire(_) => self.expire_if_due(record).await?,
            waiting => return Ok(waiting),
        };
        let asked = self.asked().get(&record.payment).copied();
        // Asked within this second, or it stands where it stood: never at once again.
        Ok(match due(self.clock.now(), &record, asked, &self.rules) {
            Due::Ask | Due::Expire(_) => Due::Wait(self.clock.now().plus_seconds(1)),
            other => other,
        })
    }

    /// Asks the gateway about a payment that was handed out and acts on the answer; at most once a second for each.
    async fn ask(&self, record: PaymentRecord) -> Result<PaymentRecord, PaymentError> {
        let now = self.clock.now();
        let open = matches!(record.state, PaymentState::Pending | PaymentState::Unknown);
        let (true, Some(handed)) = (open, record.handed) else { return Ok(record) };
        {
            let mut asked = self.asked();
            let times = match asked.get(&record.payment) {
                Some(last) if last.within_a_second(now) => return Ok(record),
                Some(last) => last.times + 1,
                None => 1,
            };
            asked.insert(record.payment, Asked { times, at: now });
        }
        let transaction = self.transaction(&record, handed)?;
        failpoint!("platform.pay.query.before");
        let answer = self
            .unionpay
            .gateway
            .query(&transaction, Kind::Payment, &self.unionpay.key, &self.unionpay.verifier, now)
            .await;
        failpoint!("platform.pay.query.after");
        report(&record, &answer);
        self.act(record.payment, &answer, now).await
    }

    /// Acts on an answer, on the payment as it stands by now.
    async fn act(
        &self,
        payment: PaymentId,
        answer: &Result<QueryOutcome, GatewayError>,
        asked_at: Timestamp,
    ) -> Result<PaymentRecord, PaymentError> {
        for _ in 0..ATTEMPTS {
            let mut record = self.store.payment(payment).await?;
            if !matches!(record.state, PaymentState::Pending | PaymentState::Unknown) {
                if record.state.frees_bills() && matches!(answer, Ok(QueryOutcome::Paid { .. })) {
                    metrics::counter!("gridkey_platform_payment_alarms_total").increment(1);
                    tracing::error!(
                        %payment, state = %record.state,
                        "the gateway confirms a debit for a payment that ended without one"
                    );
                }
                return Ok(record);
            }
            if !record.seen && shows_it_known(answer) {
                self.store.mark_payment_seen(payment).await?;
                record.seen = true;
            }
            let now = self.clock.now();
            let changed = match decide(&record, answer, asked_at, &self.rules) {
                Verdict::Stay => return Ok(record),
                Verdict::Book { reference } => self.book(&record, reference, now).await?,
                Verdict::Move { state, reason, alarm } => {
                    if alarm {
                        metrics::counter!("gridkey_platform_payment_alarms_total").increment(1);
                        tracing::error!(%payment, reason, "the gateway's answer needs an operator's look");
                    }
                    self.move_to(&record, state, reason, now).await?
                }
            };
            if let Some(record) = changed {
                return Ok(record);
            }
        }
        Err(busy())
    }

    async fn book(
        &self,
        record: &PaymentRecord,
        reference: String,
        at: Timestamp,
    ) -> Result<Option<PaymentRecord>, PaymentError> {
        let change = Change { state: PaymentState::Paid, reason: "gateway-confirmed", at, reference: Some(reference) };
        let booked = self.change(record, &change).await?;
        if booked.is_some()
            && let Err(error) = arrears::evaluate(&self.store, &record.customer, at.date(), at).await
        {
            // The money is booked; the next look at arrears finds what this one missed.
            tracing::warn!(payment = %record.payment, %error, "arrears were not looked at after a payment");
        }
        Ok(booked)
    }

    async fn expire_if_due(&self, record: PaymentRecord) -> Result<PaymentRecord, PaymentError> {
        let now = self.clock.now();
        let Due::Expire(reason) = due(now, &record, None, &self.rules) else { return Ok(record) };
        // It may have been handed out in the time that a restore took away.
        if self.is_held_back().await? {
            return Ok(record);
        }
        match self.move_to(&record, PaymentState::Expired, reason, now).await? {
            Some(record) => Ok(record),
            None => Ok(self.store.payment(record.payment).await?),
        }
    }

    async fn move_to(
        &self,
        record: &PaymentRecord,
        state: PaymentState,
        reason: &'static str,
        at: Timestamp,
    ) -> Result<Option<PaymentRecord>, PaymentError> {
        self.change(record, &Change { state, reason, at, reference: None }).await
    }

    async fn change(&self, record: &PaymentRecord, change: &Change) -> Result<Option<PaymentRecord>, PaymentError> {
        let changed = self.store.change_payment(record, change).await?;
        if changed.is_some() {
            metrics::counter!("gridkey_platform_payments_total", "state" => change.state.as_str()).increment(1);
            tracing::info!(payment = %record.payment, state = %change.state, reason = change.reason, "payment changed");
            if !change.state.is_open() {
                self.asked().remove(&record.payment);
            }
        }
        Ok(changed)
    }

    fn transaction(&self, record: &PaymentRecord, handed: Handed) -> Result<Transaction, TransactionError> {
        Transaction::new(&self.unionpay.merchant, &record.payment.to_string(), handed.at, record.amount)
    }

    fn urgent(&self) -> MutexGuard<'_, BTreeSet<PaymentId>> {
        self.urgent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn strangers(&self) -> MutexGuard<'_, Vec<Settled>> {
        self.strangers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn asked(&self) -> MutexGuard<'_, HashMap<PaymentId, Asked>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Payments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Payments").field("rules", &self.rules).finish_non_exhaustive()
    }
}

/// The shape of a request; the server checked it before, but the money is ours.
fn check(request: &PaymentRequest) -> Result<(), PaymentError> {
    if request.method != Method::Gateway {
        return Err(PaymentError::BadRequest("method: only gateway is offered"));
    }
    if request.order_hash.len() != 64 || !request.order_hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(PaymentError::BadRequest("order_hash: 64 lower-case hex digits"));
    }
    let mut distinct = BTreeSet::new();
    if !request.bills.iter().all(|share| share.amount > Fen::ZERO && distinct.insert(&share.bill)) {
        return Err(PaymentError::BadRequest("bills: distinct, each with an amount"));
    }
    let sum = Fen::checked_sum(request.bills.iter().map(|share| share.amount));
    if request.amount == Fen::ZERO || (!request.bills.is_empty() && sum != Some(request.amount)) {
        return Err(PaymentError::BadRequest("amount: the sum of the bills' amounts, above 0"));
    }
    Ok(())
}

fn report(record: &PaymentRecord, answer: &Result<QueryOutcome, GatewayError>) {
    use gridkey_unionpay::query::QueryOutcome as Outcome;

    let word = match answer {
        Ok(Outcome::Paid { .. }) => "paid",
        Ok(Outcome::Pending { .. }) => "pending",
        Ok(Outcome::NotFound) => "not-found",
        Ok(Outcome::Failed { .. }) => "failed",
        Ok(Outcome::Doubtful { .. }) => "doubtful",
        Ok(Outcome::NotAnswered { .. }) => "not-answered",
        Err(error) => {
            tracing::warn!(payment = %record.payment, %error, "a query to the gateway failed");
            "error"
        }
    };
    metrics::counter!("gridkey_platform_gateway_queries_total", "result" => word).increment(1);
    tracing::debug!(payment = %record.payment, result = word, "asked the gateway");
}

fn busy() -> PaymentError {
    StoreError::Unavailable(gridkey_surreal::DbError::Busy).into()
}
