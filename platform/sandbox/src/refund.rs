//! Refunds: taken up once by their identity, never more than was paid, reported and queried like payments.

use std::io;

use gridkey_domain::Fen;
use gridkey_unionpay::{
    Message,
    settlement::{day_text, settle_date},
    signing::SignError,
    time,
};

use crate::{
    faults::Fault,
    gateway::{Debit, Payment, Sandbox, Standing},
    journal::{Identity, Record, Repayment},
    request::BackRequest,
};

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// What names it.
    pub identity: Identity,
    /// What of.
    pub terms: Repayment,
    /// Whether its notification needs no further try.
    pub notify_ended: bool,
}

/// What a notification reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reported {
    /// A debit.
    Payment(Payment),
    /// A refund, whether the money went back or not.
    Refund(Refund),
}

impl Reported {
    /// What names it.
    pub const fn identity(&self) -> &Identity {
        match self {
            Self::Payment(payment) => &payment.identity,
            Self::Refund(refund) => &refund.identity,
        }
    }

    /// Where it is reported to.
    pub fn back_url(&self) -> &str {
        match self {
            Self::Payment(payment) => &payment.terms.back_url,
            Self::Refund(refund) => &refund.terms.back_url,
        }
    }
}

impl Sandbox {
    /// Takes a refund up, once; gives the `respCode`: 00; 12 for one that is known; 36 for no such payment, more than is left of
    /// it, or on demand.
    ///
    /// # Errors
    /// If the journal can't be written; then nothing happened.
    pub fn take_refund(&self, request: &BackRequest, fault: Fault) -> io::Result<&'static str> {
        let mut state = self.state();
        if state.refunds.contains_key(&request.identity) || state.payments.contains_key(&request.identity) {
            return Ok("12");
        }
        let paid = state.payments.values().find(|payment| {
            let reference =
                matches!(&payment.standing, Standing::Paid { query_id, .. } if *query_id == request.payment);
            reference && payment.identity.merchant == request.identity.merchant
        });
        let Some(payment) = paid.filter(|_| !fault.refuse) else { return Ok("36") };
        let before = state.refunds.values().map(|refund| &refund.terms);
        let before = before.filter(|terms| terms.payment == payment.identity && terms.failed.is_none());
        let together = Fen::checked_sum(before.map(|terms| terms.amount).chain([request.amount]));
        if together.is_none_or(|sum| sum > payment.terms.amount) {
            return Ok("36");
        }
        let (at, payment) = (self.now(), payment.identity.clone());
        let refund = Repayment {
            payment,
            amount: request.amount,
            failed: fault.decline.then(|| "62".to_owned()),
            query_id: state.next_query_id(at),
            at,
            back_url: request.back_url.clone(),
            biz_type: request.biz_type.clone(),
        };
        tracing::info!(order = %request.identity.order, amount = %refund.amount, failed = ?refund.failed, "refund");
        state.write(Record::Refunded { identity: request.identity.clone(), refund })?;
        drop(state);
        self.debited.notify_one();
        Ok("00")
    }

    /// The refund of that identity.
    pub fn refund(&self, identity: &Identity) -> Option<Refund> {
        self.state().refunds.get(identity).cloned()
    }

    /// All refunds whose money went back, oldest first.
    pub fn repaid(&self) -> Vec<Debit> {
        let state = self.state();
        let done = state.refunds.values().filter(|refund| refund.terms.failed.is_none());
        let mut repaid: Vec<Debit> = done
            .map(|refund| Debit {
                identity: refund.identity.clone(),
                amount: refund.terms.amount,
                currency: "156",
                query_id: refund.terms.query_id.clone(),
                at: refund.terms.at,
            })
            .collect();
        repaid.sort_by(|a, b| a.query_id.cmp(&b.query_id));
        repaid
    }

    /// The signed answer to a refund that was handed in.
    ///
    /// # Errors
    /// If it can't be signed.
    pub fn answer_refund(&self, request: &Message, identity: &Identity, code: &str) -> Result<Message, SignError> {
        let mut answer = Message::new();
        let echoed = [
            "version",
            "encoding",
            "bizType",
            "txnType",
            "txnSubType",
            "accessType",
            "merId",
            "orderId",
            "txnTime",
            "txnAmt",
            "currencyCode",
            "origQryId",
        ];
        for name in echoed {
            answer.set(name, request.get(name).unwrap_or_default());
        }
        let text = match code {
            "00" => "成功[0000000]",
            "12" => "重复交易[2010002]",
            _ => "与原交易信息不符[2050004]",
        };
        answer.set("respCode", code).set("respMsg", text);
        if code == "00" {
            answer.set(
                "queryId",
                self.refund(identity).map(|refund| refund.terms.query_id).as_deref().unwrap_or_default(),
            );
        }
        self.settings.key.sign_answer(&mut answer)?;
        Ok(answer)
    }

    /// The signed report of a debit or a refund.
    ///
    /// # Errors
    /// If it can't be signed.
    pub fn report_of(&self, reported: &Reported) -> Result<Message, SignError> {
        let refund = match reported {
            Reported::Payment(payment) => return self.report(payment),
            Reported::Refund(refund) => refund,
        };
        let mut report = Message::new();
        report
            .set("version", "5.1.0")
            .set("encoding", "UTF-8")
            .set("accessType", "0")
            .set("bizType", &refund.terms.biz_type)
            .set("merId", &refund.identity.merchant)
            .set("orderId", &refund.identity.order)
            .set("txnTime", &refund.identity.time)
            .set("respCode", refund.terms.failed.as_deref().unwrap_or("00"))
            .set("respMsg", if refund.terms.failed.is_none() { "成功[0000000]" } else { "交易失败[2050004]" });
        refund.describe(&mut report);
        self.settings.key.sign_answer(&mut report)?;
        Ok(report)
    }
}

impl Refund {
    /// The fields that queries and notifications share.
    pub(crate) fn describe(&self, message: &mut Message) {
        let (amount, at) = (self.terms.amount.get().to_string(), time::format(self.terms.at));
        let settled = day_text(settle_date(self.terms.at));
        message
            .set("txnType", "04")
            .set("txnSubType", "00")
            .set("txnAmt", &amount)
            .set("currencyCode", "156")
            .set("queryId", &self.terms.query_id)
            .set("traceNo", self.terms.query_id.get(14..20).unwrap_or("000000"))
            .set("traceTime", at.get(4..).unwrap_or_default())
            .set("settleDate", &settled)
            .set("settleAmt", &amount)
            .set("settleCurrencyCode", "156");
    }
}
