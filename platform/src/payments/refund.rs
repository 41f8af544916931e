//! Giving payments back: taken up once by the id that the server drew, handed to the gateway, followed by queries until its end is
//! certain.

use gridkey_domain::{Fen, PaymentId, PaymentState, RefundId, Timestamp, payment::Payment};
use gridkey_service::failpoint;
use gridkey_unionpay::{
    client::GatewayError,
    consume::Transaction,
    query::{Kind, QueryOutcome},
    refund::{Refund, RefundAnswer},
};

use super::{
    PaymentError, Payments,
    decide::shows_it_known,
    refund_rules::{RefundDue, RefundVerdict, decide, due},
    schedule::{Asked, Due},
};
use crate::{
    arrears,
    store::{
        StoreError,
        payments::PaymentRecord,
        refunds::{Learnt, RefundEnd, RefundRecord},
    },
};

impl Payments {
    /// Begins to give the whole of a payment back, or finds that this refund was begun: the same id is the same refund, whatever became
    /// of it. Gives the payment as it stands.
    ///
    /// # Errors
    /// [`PaymentError::NotRefundable`]; [`StoreError::Refused`] with `credit-used`, [`StoreError::NotFound`]. Then nothing is stored.
    pub async fn refund(&self, payment: PaymentId, refund: RefundId) -> Result<Payment, PaymentError> {
        for _ in 0..super::ATTEMPTS {
            let record = self.store.payment(payment).await?;
            if let Some(known) = self.store.refund(refund).await? {
                let ours = known.payment == payment;
                return if ours { Ok(record.payment()) } else { Err(PaymentError::NotRefundable("another's refund")) };
            }
            let now = self.clock.now();
            self.check_refundable(&record, now)?;
            self.transaction_of(&record, refund, now)?;
            if let Some(record) = self.store.take_refund(&record, refund, now).await? {
                metrics::counter!("gridkey_platform_payments_total", "state" => "refunding").increment(1);
                tracing::info!(%payment, %refund, "a refund is begun");
                self.urgent().insert(payment);
                self.work.notify_one();
                return Ok(record.payment());
            }
        }
        Err(super::busy())
    }

    fn check_refundable(&self, record: &PaymentRecord, now: Timestamp) -> Result<(), PaymentError> {
        match record.state {
            PaymentState::Paid if record.reference.is_none() => Err(PaymentError::NotRefundable("without a reference")),
            PaymentState::Paid => {
                let paid = record.handed.map_or(record.updated, |handed| handed.at);
                let days = i64::from(self.rules.refund_days);
                let over = now.seconds_since(paid) > days.saturating_mul(86_400);
                if over { Err(PaymentError::NotRefundable("older than the gateway gives back")) } else { Ok(()) }
            }
            state => Err(PaymentError::NotRefundable(state.as_str())),
        }
    }

    /// Does what is due for a payment that is being given back. Gives what is due next.
    pub(super) async fn attend_refund(&self, record: PaymentRecord) -> Result<Due, PaymentError> {
        let payment = record.payment;
        let refund = self.refund_of(&record).await?;
        let (now, asked) = (self.clock.now(), self.asked().get(&payment).copied());
        let urgent = self.urgent().remove(&payment);
        let record = match due(now, &refund, asked, &self.rules) {
            RefundDue::Send => self.hand_over(record, &refund).await?,
            RefundDue::Ask => self.ask_refund(record, &refund).await?,
            RefundDue::Wait(_) if urgent => self.ask_refund(record, &refund).await?,
            RefundDue::Wait(until) => return Ok(Due::Wait(until)),
        };
        if record.state != PaymentState::Refunding {
            return Ok(Due::Nothing);
        }
        let refund = self.refund_of(&record).await?;
        let (now, asked) = (self.clock.now(), self.asked().get(&payment).copied());
        // Never at once again.
        Ok(match due(now, &refund, asked, &self.rules) {
            RefundDue::Wait(until) => Due::Wait(until),
            RefundDue::Send | RefundDue::Ask => Due::Wait(now.plus_seconds(1)),
        })
    }

    /// Asks what became of the refund of a payment that is being given back.
    pub(super) async fn check_refund(&self, record: PaymentRecord) -> Result<PaymentRecord, PaymentError> {
        let refund = self.refund_of(&record).await?;
        if refund.sent.is_none() { Ok(record) } else { self.ask_refund(record, &refund).await }
    }

    async fn refund_of(&self, record: &PaymentRecord) -> Result<RefundRecord, PaymentError> {
        let id = record.refund.ok_or(StoreError::Damaged("payment"))?;
        Ok(self.store.refund(id).await?.ok_or(StoreError::Damaged("payment"))?)
    }

    /// Hands the refund to the gateway, which is noted first. Whatever comes back, the next query decides.
    async fn hand_over(&self, record: PaymentRecord, refund: &RefundRecord) -> Result<PaymentRecord, PaymentError> {
        let now = self.clock.now();
        if !self.store.note_refund_sent(refund, now).await? {
            return Ok(self.store.payment(record.payment).await?);
        }
        let transaction = self.transaction_of(&record, refund.refund, refund.at)?;
        let reference = record.reference.as_deref().ok_or(StoreError::Damaged("payment"))?;
        let message = Refund { transaction: &transaction, payment: reference, back_url: &self.unionpay.back_url };
        failpoint!("platform.refund.send.before");
        let answer = self.unionpay.gateway.refund(&message, &self.unionpay.key, &self.unionpay.verifier, now).await;
        failpoint!("platform.refund.send.after");
        self.asked().remove(&record.payment);
        let (word, learnt) = match &answer {
            Ok(RefundAnswer::Taken) => ("taken", Some(Learnt::Known)),
            Ok(RefundAnswer::Refused { code }) => ("refused", Some(Learnt::Refused(code.clone()))),
            Ok(RefundAnswer::Unclear { .. }) => ("unclear", None),
            Err(error) => {
                tracing::warn!(payment = %record.payment, refund = %refund.refund, %error, "a refund has no answer");
                ("error", None)
            }
        };
        metrics::counter!("gridkey_platform_gateway_refunds_total", "result" => word).increment(1);
        tracing::info!(payment = %record.payment, refund = %refund.refund, result = word, "a refund was handed over");
        if let Some(learnt) = learnt {
            self.store.note_refund_learnt(refund.refund, &learnt).await?;
        }
        Ok(record)
    }

    /// Asks the gateway about a refund and acts on the answer; at most once a second.
    async fn ask_refund(&self, record: PaymentRecord, refund: &RefundRecord) -> Result<PaymentRecord, PaymentError> {
        let now = self.clock.now();
        {
            let mut asked = self.asked();
            let times = match asked.get(&record.payment) {
                Some(last) if last.within_a_second(now) => return Ok(record),
                Some(last) => last.times + 1,
                None => 1,
            };
            asked.insert(record.payment, Asked { times, at: now });
        }
        let transaction = self.transaction_of(&record, refund.refund, refund.at)?;
        failpoint!("platform.refund.query.before");
        let gateway = &self.unionpay.gateway;
        let answer = gateway.query(&transaction, Kind::Refund, &self.unionpay.key, &self.unionpay.verifier, now).await;
        failpoint!("platform.refund.query.after");
        super::report(&record, &answer);
        self.act_on_refund(record.payment, refund.refund, &answer, now).await
    }

    /// Acts on an answer, on payment and refund as they stand by now.
    async fn act_on_refund(
        &self,
        payment: PaymentId,
        asked_about: RefundId,
        answer: &Result<QueryOutcome, GatewayError>,
        asked_at: Timestamp,
    ) -> Result<PaymentRecord, PaymentError> {
        for _ in 0..super::ATTEMPTS {
            let record = self.store.payment(payment).await?;
            if record.state != PaymentState::Refunding || record.refund != Some(asked_about) {
                return Ok(record);
            }
            let mut refund = self.refund_of(&record).await?;
            if !refund.known && shows_it_known(answer) {
                self.store.note_refund_learnt(asked_about, &Learnt::Known).await?;
                refund.known = true;
            }
            let end = match decide(&refund, answer, asked_at, &self.rules) {
                RefundVerdict::Stay { alarm } => {
                    if alarm {
                        metrics::counter!("gridkey_platform_payment_alarms_total").increment(1);
                        tracing::error!(%payment, refund = %asked_about, "the gateway's answer to a refund needs an operator's look");
                    }
                    return Ok(record);
                }
                RefundVerdict::SendAgain => return self.hand_over(record, &refund).await,
                RefundVerdict::End(end) => end,
            };
            let now = self.clock.now();
            if let Some(after) = self.store.end_refund(&record, &refund, &end, now).await? {
                self.asked().remove(&payment);
                metrics::counter!("gridkey_platform_payments_total", "state" => after.state.as_str()).increment(1);
                tracing::info!(%payment, state = %after.state, reason = after.reason, "a refund is at its end");
                if let RefundEnd::Done(_) = end
                    && let Err(error) = arrears::evaluate(&self.store, &after.customer, now.date(), now).await
                {
                    tracing::warn!(%payment, %error, "arrears were not looked at after a refund");
                }
                return Ok(after);
            }
        }
        Err(super::busy())
    }

    fn transaction_of(
        &self,
        record: &PaymentRecord,
        refund: RefundId,
        at: Timestamp,
    ) -> Result<Transaction, PaymentError> {
        let amount: Fen = record.amount;
        Ok(Transaction::new(&self.unionpay.merchant, &refund.to_string(), at, amount)?)
    }
}
