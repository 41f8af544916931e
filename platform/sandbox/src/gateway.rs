//! What happens to payments: opened once, debited at most once, reported and queried.

use std::{
    collections::{BTreeMap, HashMap},
    io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use gridkey_domain::{Fen, Timestamp};
use gridkey_service::clock::Clock;
use gridkey_unionpay::{
    Message,
    certificate::Certificate,
    settlement::{day_text, settle_date},
    signing::{SignError, SigningKey},
    time,
};
use serde::Serialize;
use tokio::sync::Notify;

use crate::{
    faults::{Fault, Faults},
    journal::{Identity, Journal, Record, Terms},
    refund::{Refund, Reported},
    request::FrontRequest,
};

/// A merchant that may use the gateway.
#[derive(Debug, Clone)]
pub struct Merchant {
    /// Shown on the bank page.
    pub name: String,
    /// What its requests are signed with.
    pub certificate: Certificate,
}

/// What a sandbox runs on.
pub struct Settings {
    /// The journal file.
    pub journal: PathBuf,
    /// Signs answers and notifications.
    pub key: SigningKey,
    /// By `merId`.
    pub merchants: HashMap<String, Merchant>,
    /// Sends notifications; decides which web servers are trusted.
    pub http: reqwest::Client,
    /// The pause before each try of a notification; as many tries as entries.
    pub pauses: Vec<Duration>,
    /// How long the merchant may take to answer a notification.
    pub answer_within: Duration,
    /// The gateway's clock.
    pub clock: Arc<dyn Clock>,
}

/// Where a payment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Waits for the payer.
    Open,
    /// The last try failed with this code; the payer may try again.
    Declined(String),
    /// Debited.
    Paid {
        /// The gateway's reference.
        query_id: String,
        /// When.
        at: Timestamp,
    },
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// What names it.
    pub identity: Identity,
    /// What it is for.
    pub terms: Terms,
    /// Where it stands.
    pub standing: Standing,
    /// Whether its notification needs no further try.
    pub notify_ended: bool,
}

/// A line of `GET /ledger`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Debit {
    /// Which payment.
    #[serde(flatten)]
    pub identity: Identity,
    /// The amount, fen.
    #[serde(rename = "txnAmt")]
    pub amount: Fen,
    /// ISO 4217 numeric.
    #[serde(rename = "currencyCode")]
    pub currency: &'static str,
    /// The gateway's reference.
    #[serde(rename = "queryId")]
    pub query_id: String,
    /// When.
    pub at: Timestamp,
}

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// The same identity was opened with another amount.
    #[error("this order was opened with another amount")]
    OtherAmount,
    /// `payTimeout` has passed.
    #[error("the time to pay has passed")]
    TooLate,
    /// No such payment.
    #[error("no such payment")]
    Unknown,
    /// The journal could not be written; nothing happened.
    #[error("the journal can't be written")]
    Journal(#[from] io::Error),
}

pub(crate) struct State {
    journal: Journal,
    pub(crate) payments: BTreeMap<Identity, Payment>,
    pub(crate) refunds: BTreeMap<Identity, Refund>,
    by_token: HashMap<String, Identity>,
    faults: Faults,
}

/// The gateway.
pub struct Sandbox {
    pub(crate) settings: Settings,
    state: Mutex<State>,
    /// Rings when a notification is due.
    pub(crate) debited: Notify,
}

impl Sandbox {
    /// Reads the journal and goes on where it ended.
    pub fn open(settings: Settings) -> io::Result<Arc<Self>> {
        let (journal, records) = Journal::open(&settings.journal)?;
        let mut state = State {
            journal,
            payments: BTreeMap::new(),
            refunds: BTreeMap::new(),
            by_token: HashMap::new(),
            faults: Faults::default(),
        };
        for record in records {
            state.apply(record);
        }
        Ok(Arc::new(Self { settings, state: Mutex::new(state), debited: Notify::new() }))
    }

    /// A merchant by `merId`.
    pub fn merchant(&self, id: &str) -> Option<&Merchant> {
        self.settings.merchants.get(id)
    }

    /// The gateway's time.
    pub fn now(&self) -> Timestamp {
        self.settings.clock.now()
    }

    /// Opens a payment, or finds it open already. Refuses another amount for the same identity, and a first opening after
    /// `payTimeout`.
    pub fn open_payment(&self, request: FrontRequest) -> Result<Payment, StepError> {
        let mut state = self.state();
        if let Some(known) = state.payments.get(&request.identity) {
            return if known.terms.amount == request.amount { Ok(known.clone()) } else { Err(StepError::OtherAmount) };
        }
        if request.pay_timeout.is_some_and(|until| self.now() > until) {
            return Err(StepError::TooLate);
        }
        let mut token = [0; 16];
        getrandom::fill(&mut token).map_err(io::Error::other)?;
        let terms = Terms {
            amount: request.amount,
            front_url: request.front_url,
            back_url: request.back_url,
            pay_timeout: request.pay_timeout,
            biz_type: request.biz_type,
            reserved: request.reserved,
            token: hex::encode(token),
        };
        state.write(Record::Opened { identity: request.identity.clone(), terms })?;
        state.payments.get(&request.identity).cloned().ok_or(StepError::Unknown)
    }

    /// The payment shown on the bank page `token`.
    pub fn payment_of_page(&self, token: &str) -> Option<Payment> {
        let state = self.state();
        state.by_token.get(token).and_then(|identity| state.payments.get(identity)).cloned()
    }

    /// The payment of that identity.
    pub fn payment(&self, identity: &Identity) -> Option<Payment> {
        self.state().payments.get(identity).cloned()
    }

    /// What names the payment that was debited under `reference` for `merchant`.
    pub fn identity_of(&self, merchant: &str, reference: &str) -> Option<Identity> {
        let state = self.state();
        let found = state.payments.values().find(|payment| {
            let known = matches!(&payment.standing, Standing::Paid { query_id, .. } if query_id == reference);
            known && payment.identity.merchant == merchant
        });
        found.map(|payment| payment.identity.clone())
    }

    /// Debits the payer, once. A payment that is debited already stays as it is.
    pub fn confirm(&self, token: &str) -> Result<Payment, StepError> {
        let mut state = self.state();
        let identity = state.by_token.get(token).cloned().ok_or(StepError::Unknown)?;
        let payment = state.payments.get(&identity).cloned().ok_or(StepError::Unknown)?;
        if matches!(payment.standing, Standing::Paid { .. }) {
            return Ok(payment);
        }
        let now = self.now();
        if payment.terms.pay_timeout.is_some_and(|until| now > until) {
            return Err(StepError::TooLate);
        }
        let query_id = state.next_query_id(now);
        state.write(Record::Debited { identity: identity.clone(), query_id, at: now })?;
        tracing::info!(order = %identity.order, amount = %payment.terms.amount, "debited");
        let paid = state.payments.get(&identity).cloned().ok_or(StepError::Unknown)?;
        drop(state);
        self.debited.notify_one();
        Ok(paid)
    }

    /// Records that a try ended without a debit; `code` is what queries give from now on.
    pub fn decline(&self, token: &str, code: &str) -> Result<Payment, StepError> {
        let mut state = self.state();
        let identity = state.by_token.get(token).cloned().ok_or(StepError::Unknown)?;
        let payment = state.payments.get(&identity).cloned().ok_or(StepError::Unknown)?;
        if matches!(payment.standing, Standing::Paid { .. }) {
            return Ok(payment);
        }
        state.write(Record::Declined { identity: identity.clone(), code: code.to_owned() })?;
        state.payments.get(&identity).cloned().ok_or(StepError::Unknown)
    }

    /// Records that a notification needs no further try.
    pub fn end_notify(&self, identity: &Identity, delivered: bool) -> io::Result<()> {
        self.state().write(Record::NotifyEnded { identity: identity.clone(), delivered })
    }

    /// Debits and refunds whose notification is still to be delivered.
    pub fn to_notify(&self) -> Vec<Reported> {
        let state = self.state();
        let due = |p: &&Payment| matches!(p.standing, Standing::Paid { .. }) && !p.notify_ended;
        let payments = state.payments.values().filter(due).cloned().map(Reported::Payment);
        let refunds = state.refunds.values().filter(|refund| !refund.notify_ended).cloned().map(Reported::Refund);
        payments.chain(refunds).collect()
    }

    /// All debits, oldest first.
    pub fn ledger(&self) -> Vec<Debit> {
        let debit = |payment: &Payment| match &payment.standing {
            Standing::Paid { query_id, at } => Some(Debit {
                identity: payment.identity.clone(),
                amount: payment.terms.amount,
                currency: "156",
                query_id: query_id.clone(),
                at: *at,
            }),
            Standing::Open | Standing::Declined(_) => None,
        };
        let mut debits: Vec<Debit> = self.state().payments.values().filter_map(debit).collect();
        debits.sort_by(|a, b| a.query_id.cmp(&b.query_id));
        debits
    }

    /// Replaces the faults.
    pub fn set_faults(&self, faults: Faults) {
        self.state().faults = faults;
    }

    /// What is left of the faults.
    pub fn faults(&self) -> Faults {
        self.state().faults
    }

    /// The fate of the next message of a kind.
    pub(crate) fn fault(&self, kind: impl FnOnce(&mut Faults) -> &mut crate::faults::Plan) -> Fault {
        kind(&mut self.state().faults).take_next()
    }

    /// The signed answer to a query for `identity`.
    pub fn answer_query(&self, query: &Message, identity: &Identity, fault: Fault) -> Result<Message, SignError> {
        let mut answer = Message::new();
        for name in ["version", "encoding", "bizType", "txnSubType", "accessType", "merId", "orderId", "txnTime"] {
            answer.set(name, query.get(name).unwrap_or_default());
        }
        answer.set("orderId", &identity.order).set("txnTime", &identity.time);
        let repaid = self.refund(identity);
        match self.payment(identity) {
            None if repaid.is_some() => {
                answer.set("respCode", "00").set("respMsg", "成功[0000000]");
                if let Some(refund) = repaid {
                    refund.describe(&mut answer);
                    let code = if fault.pending { "05" } else { refund.terms.failed.as_deref().unwrap_or("00") };
                    let text = if code == "00" {
                        "成功[0000000]".to_owned()
                    } else {
                        format!("交易未完成[20000{code}]")
                    };
                    answer.set("origRespCode", code).set("origRespMsg", &text);
                }
            }
            None => {
                answer.set("txnType", "00").set("respCode", "34").set("respMsg", "查无此交易[2600000]");
            }
            Some(payment) => {
                answer.set("respCode", "00").set("respMsg", "成功[0000000]");
                payment.describe(&mut answer);
                let unpaid_code = || self.unpaid_code(&payment);
                let code =
                    if fault.pending { "05".to_owned() } else { unpaid_code().unwrap_or_else(|| "00".to_owned()) };
                let text =
                    if code == "00" { "成功[0000000]".to_owned() } else { format!("交易未完成[20000{code}]") };
                answer.set("origRespCode", &code).set("origRespMsg", &text);
            }
        }
        if fault.wrong_amount {
            answer.set("txnAmt", "1");
        }
        self.settings.key.sign_answer(&mut answer)?;
        Ok(answer)
    }

    /// The signed report of a debit; also what the browser carries back to the merchant.
    pub fn report(&self, payment: &Payment) -> Result<Message, SignError> {
        let mut report = Message::new();
        report
            .set("version", "5.1.0")
            .set("encoding", "UTF-8")
            .set("txnSubType", "01")
            .set("accessType", "0")
            .set("bizType", &payment.terms.biz_type)
            .set("merId", &payment.identity.merchant)
            .set("orderId", &payment.identity.order)
            .set("txnTime", &payment.identity.time)
            .set("respCode", "00")
            .set("respMsg", "成功[0000000]");
        payment.describe(&mut report);
        self.settings.key.sign_answer(&mut report)?;
        Ok(report)
    }

    /// What a query says of a payment that was not debited: 05 while it can be, then 69 or the bank's own reason.
    fn unpaid_code(&self, payment: &Payment) -> Option<String> {
        let over = payment.terms.pay_timeout.is_some_and(|until| self.now() > until);
        match &payment.standing {
            Standing::Paid { .. } => None,
            Standing::Declined(code) => Some(code.clone()),
            Standing::Open => Some(if over { "69" } else { "05" }.to_owned()),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // Records are applied whole or not at all, so a panic elsewhere leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Payment {
    /// The fields that queries and notifications share.
    fn describe(&self, message: &mut Message) {
        let amount = self.terms.amount.get().to_string();
        message
            .set("txnType", "01")
            .set("txnSubType", "01")
            .set("txnAmt", &amount)
            .set("currencyCode", "156")
            .set("reqReserved", self.terms.reserved.as_deref().unwrap_or_default());
        if let Standing::Paid { query_id, at } = &self.standing {
            let (at, settled) = (time::format(*at), day_text(settle_date(*at)));
            message
                .set("queryId", query_id)
                .set("traceNo", query_id.get(14..20).unwrap_or("000000"))
                .set("traceTime", at.get(4..).unwrap_or_default())
                .set("settleDate", &settled)
                .set("settleAmt", &amount)
                .set("settleCurrencyCode", "156")
                .set("payType", "0202");
        }
    }
}

impl State {
    /// A reference that no other debit or refund has.
    pub(crate) fn next_query_id(&self, now: Timestamp) -> String {
        let debits = self.payments.values().filter(|p| matches!(p.standing, Standing::Paid { .. })).count();
        format!("{}{:06}8", time::format(now), debits + self.refunds.len() + 1)
    }

    /// On the disk first, then in memory.
    pub(crate) fn write(&mut self, record: Record) -> io::Result<()> {
        self.journal.append(&record)?;
        self.apply(record);
        Ok(())
    }

    fn apply(&mut self, record: Record) {
        match record {
            Record::Opened { identity, terms } => {
                self.by_token.insert(terms.token.clone(), identity.clone());
                let payment =
                    Payment { identity: identity.clone(), terms, standing: Standing::Open, notify_ended: false };
                self.payments.insert(identity, payment);
            }
            Record::Debited { identity, query_id, at } => {
                if let Some(payment) = self.payments.get_mut(&identity) {
                    payment.standing = Standing::Paid { query_id, at };
                }
            }
            Record::Declined { identity, code } => {
                if let Some(payment) = self.payments.get_mut(&identity) {
                    payment.standing = Standing::Declined(code);
                }
            }
            Record::Refunded { identity, refund: terms } => {
                let refund = Refund { identity: identity.clone(), terms, notify_ended: false };
                self.refunds.insert(identity, refund);
            }
            Record::NotifyEnded { identity, .. } => {
                if let Some(refund) = self.refunds.get_mut(&identity) {
                    refund.notify_ended = true;
                }
                if let Some(payment) = self.payments.get_mut(&identity) {
                    payment.notify_ended = true;
                }
            }
        }
    }
}
