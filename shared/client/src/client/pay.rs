//! Making orders and sending them.

use std::sync::Arc;

use gridkey_domain::{BillId, Fen, PaymentId, PaymentState, Timestamp, bill::BillState, payment::Method};
use gridkey_protocol::{
    ByteArray, ByteString, cbor,
    certificate::PublicKey,
    frame::OpError,
    ops::{self, payments::SubmitBody},
    order::{self, Order, Share, SignedOrder},
};

use super::{Client, ClientError, PayError, PaymentView};
use crate::{
    queue::{AdmitError, Intent, OrderRecord, TWICE, admit},
    random,
    session::{CallError, Online, Session},
    store::{StoreError, Table},
};

/// What to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayRequest {
    /// Bills, each with an amount or with all that is open on it.
    Bills(Vec<(BillId, Option<Fen>)>),
    /// A payment on account.
    OnAccount(Fen),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayOutcome {
    /// The server took the order.
    Submitted(PaymentView),
    /// An order for one of the bills has not ended; no other was made.
    Existing(PaymentView),
    /// The order waits on this machine.
    Queued(PaymentView),
}

/// What came of sending an order that was kept.
#[derive(Debug, Clone)]
pub enum Sent {
    /// The server has it.
    Taken(PaymentView),
    /// The server refused it for good.
    Refused(PaymentView, OpError),
    /// It stays here: no connection, no answer, or the server asks to try again.
    Waiting(PaymentView, CallError),
    /// It had ended before it could be sent.
    Ended(PaymentView),
}

impl Client {
    /// Signs an order and sends it, or with [`Intent::Queue`] keeps it until the queue is sent. An order to be paid now never
    /// turns into a queued one: without a session it fails before anything is signed.
    pub async fn pay(&self, request: PayRequest, intent: Intent) -> Result<PayOutcome, PayError> {
        if intent == Intent::Queue && !self.store().is_durable() {
            return Err(PayError::NoStore);
        }
        if intent == Intent::Now {
            self.online()?;
        }
        let shares = self.shares(&request).await?;
        if let Some(existing) = self.unfinished(&request, &shares).await? {
            return Ok(PayOutcome::Existing(existing));
        }
        let kept = match self.sign_and_admit(&request, shares, intent).await {
            Ok(kept) => kept,
            Err(PayError::Admit(AdmitError::Unfinished(payment))) => {
                // Another program of this key, or another call, was quicker.
                let existing = self.own_order(payment).await?.ok_or(ClientError::NoSuchPayment(payment))?;
                return Ok(PayOutcome::Existing(PaymentView::from(&existing)));
            }
            Err(error) => return Err(error),
        };
        if intent == Intent::Queue {
            return Ok(PayOutcome::Queued(PaymentView::from(&kept)));
        }
        let payment = kept.id;
        match self.send(kept, true).await? {
            Sent::Taken(view) | Sent::Ended(view) => Ok(PayOutcome::Submitted(view)),
            Sent::Refused(_, error) => Err(PayError::Refused { payment, error }),
            Sent::Waiting(view, _) if view.in_doubt => Err(PayError::OutcomeUnknown(payment)),
            Sent::Waiting(_, error) => Err(PayError::GivenUp { payment, error }),
        }
    }

    /// Sends what waits. `by_hand` leaves back-off times aside ("send now").
    pub async fn send_queue(&self, by_hand: bool) -> Result<Vec<Sent>, PayError> {
        self.online()?;
        let mut records = self.orders().await?;
        // Oldest first, as the person made them.
        records.reverse();
        let now = self.server_now().await;
        let mut sent = Vec::new();
        for record in records.into_iter().filter(|record| record.is_due(now, by_hand) && !record.is_unsent()) {
            let outcome = self.send(record, by_hand).await?;
            let line_is_gone = matches!(&outcome, Sent::Waiting(_, error) if !matches!(error, CallError::Refused(_)));
            sent.push(outcome);
            if line_is_gone {
                break;
            }
        }
        Ok(sent)
    }

    /// One attempt: noted on disk, sealed afresh to the session's envelope key, sent, and the answer noted.
    pub(super) async fn send(&self, record: OrderRecord, by_hand: bool) -> Result<Sent, PayError> {
        let payment = record.id;
        let online = match self.online() {
            Ok(online) => online,
            Err(error) if record.in_doubt => {
                tracing::debug!(%error, "an order in doubt cannot be sent");
                return Ok(Sent::Waiting(PaymentView::from(&record), CallError::NotConnected));
            }
            // The session went while the order was being signed: it must not wait here in silence.
            Err(_) if record.intent == Intent::Now => {
                let now = self.now();
                let given_up = self.change_order(payment, move |record| {
                    record.not_begun(now);
                    Ok::<_, ClientError>(())
                });
                let record = given_up.await?.ok_or(ClientError::NoSuchPayment(payment))?;
                return Ok(Sent::Waiting(PaymentView::from(&record), CallError::NotConnected));
            }
            Err(error) => return Err(error.into()),
        };
        let now = self.server_now().await;
        let record = self
            .change_order(payment, move |record| {
                record.tick(now);
                if record.is_due(now, by_hand) {
                    record.begin();
                }
                Ok::<_, ClientError>(())
            })
            .await?
            .ok_or(ClientError::NoSuchPayment(payment))?;
        if record.state != PaymentState::Queued {
            return Ok(Sent::Ended(PaymentView::from(&record)));
        }
        let body = seal(&record.signed, &online)?;
        let answer = self.call::<ops::PaymentSubmit>(&body).await;
        self.note(payment, answer).await
    }

    async fn note(
        &self,
        payment: PaymentId,
        answer: Result<ops::payments::Submitted, ClientError>,
    ) -> Result<Sent, PayError> {
        let now = self.now();
        let error = match answer {
            Ok(submitted) if submitted.payment == payment => return Ok(Sent::Taken(self.view(&submitted).await?)),
            Ok(_) => CallError::BadAnswer(cbor::DecodeError::Shape("payment: another id".into())),
            Err(ClientError::Call(error)) => error,
            Err(ClientError::Offline | ClientError::Session(_)) => CallError::NotConnected,
            Err(other) => return Err(other.into()),
        };
        let random = u64::from_be_bytes(random::bytes()?);
        let noted = error.clone();
        let record = self
            .change_order(payment, move |record| {
                match &noted {
                    CallError::Refused(refusal) => record.refused(refusal, now, random),
                    CallError::NotConnected | CallError::BadRequest(_) => record.not_sent(now),
                    // No answer: in doubt, as noted before the attempt.
                    CallError::Lost | CallError::NoAnswer | CallError::BadAnswer(_) => {}
                }
                Ok::<_, ClientError>(())
            })
            .await?
            .ok_or(ClientError::NoSuchPayment(payment))?;
        let view = PaymentView::from(&record);
        match error {
            CallError::Refused(refusal) if record.state == PaymentState::Refused => Ok(Sent::Refused(view, refusal)),
            error => Ok(Sent::Waiting(view, error)),
        }
    }

    /// Bills and amounts; what is open where no amount was given.
    async fn shares(&self, request: &PayRequest) -> Result<Vec<Share>, PayError> {
        let PayRequest::Bills(wanted) = request else { return Ok(Vec::new()) };
        let mut shares: Vec<Share> = Vec::new();
        for (bill, amount) in wanted {
            if shares.iter().any(|share| share.bill == *bill) {
                return Err(PayError::Malformed);
            }
            let amount = match amount {
                Some(amount) => *amount,
                None => self.open_amount(bill).await?,
            };
            shares.push(Share { bill: bill.clone(), amount });
        }
        if shares.is_empty() { Err(PayError::Malformed) } else { Ok(shares) }
    }

    async fn open_amount(&self, bill: &BillId) -> Result<Fen, PayError> {
        let open = match self.bill(bill).await {
            Ok(found) => found.value.open,
            Err(error) if error.is_offline() => {
                let listed = self.bills().await.ok().map(|bills| bills.value).unwrap_or_default();
                let listed = listed.into_iter().find(|listed| listed.bill == *bill);
                listed.ok_or_else(|| PayError::AmountUnknown(bill.clone()))?.open
            }
            Err(error) => return Err(error.into()),
        };
        if open == Fen::ZERO { Err(PayError::NothingOpen(bill.clone())) } else { Ok(open) }
    }

    /// An order that holds one of the bills and has not ended: signed here, or by another device of the customer. A payment on
    /// account holds no bill; the same amount a moment ago is the same payment, asked for twice by impatience.
    async fn unfinished(&self, request: &PayRequest, shares: &[Share]) -> Result<Option<PaymentView>, PayError> {
        let pays = |bill: &BillId| shares.iter().any(|share| share.bill == *bill);
        let since = self.server_now().await.plus_seconds(-TWICE);
        let holds = |record: &OrderRecord| {
            record.is_unfinished()
                && match request {
                    PayRequest::Bills(_) => record.bills.iter().any(|own| pays(&own.bill)),
                    PayRequest::OnAccount(amount) => {
                        record.bills.is_empty() && record.amount == *amount && record.created >= since
                    }
                }
        };
        let own = self.orders().await?.into_iter().find(holds);
        if let Some(record) = own {
            let known_by_server = record.state != PaymentState::Queued;
            if !known_by_server {
                return Ok(Some(PaymentView::from(&record)));
            }
            // It may have ended at the server since.
            return match self.confirm(record.id).await {
                Ok(view) if view.state.is_open() => Ok(Some(view)),
                Ok(_) => Ok(None),
                Err(PayError::Client(error)) if error.is_offline() => Ok(Some(PaymentView::from(&record))),
                Err(error) => Err(error),
            };
        }
        if shares.is_empty() || self.online().is_err() {
            return Ok(None);
        }
        let bills = self.bills().await?.value;
        if !bills.iter().any(|bill| bill.state == BillState::InPayment && pays(&bill.bill)) {
            return Ok(None);
        }
        let payments = self.payments().await?.value;
        let open = payments
            .into_iter()
            .find(|payment| payment.state.is_open() && payment.bills.iter().any(|share| pays(&share.bill)));
        match open {
            Some(payment) => Ok(Some(self.confirm(payment.payment).await?)),
            None => Ok(None),
        }
    }

    async fn sign_and_admit(
        &self,
        request: &PayRequest,
        shares: Vec<Share>,
        intent: Intent,
    ) -> Result<OrderRecord, PayError> {
        let record = self.sign(request, shares, intent).await?;
        self.admit(record.clone()).await?;
        Ok(record)
    }

    /// Encodes the order once and has the key sign those bytes.
    async fn sign(&self, request: &PayRequest, shares: Vec<Share>, intent: Intent) -> Result<OrderRecord, PayError> {
        let identity = self.identity().await?;
        let certificates = self.key().certificates();
        let amount = match request {
            PayRequest::OnAccount(amount) => Some(*amount),
            PayRequest::Bills(_) => Fen::checked_sum(shares.iter().map(|share| share.amount)),
        };
        let created = self.now().plus_seconds(identity.clock_behind);
        certificates.check_time(created)?;
        let order = Order {
            v: 1,
            id: PaymentId::from_parts(self.parts.clock.millis(), random::bytes()?),
            customer: identity.customer,
            bills: shares,
            amount: amount.ok_or(PayError::Malformed)?,
            currency: order::CURRENCY.into(),
            method: Method::Gateway,
            created,
            not_after: created.plus_seconds(self.parts.order_seconds),
            key: ByteArray(certificates.leaf().fingerprint()),
        };
        order.check_shape().map_err(|_| PayError::Malformed)?;
        // Judged before the key is asked, so that nothing is signed in vain.
        let records = self.orders().await?;
        admit(&order, &records, self.parts.caps)?;
        let bytes = cbor::encode(&order);
        let signature = self.key().sign(order::message_to_sign(&bytes)).await?;
        let signed = SignedOrder {
            order: ByteString(bytes),
            signature: ByteArray(signature),
            chain: certificates.chain().iter().map(|der| ByteString(der.clone())).collect(),
        };
        Ok(OrderRecord::new(signed, &order, intent))
    }

    /// Judges and keeps the order in one transaction, so that two programs cannot both be first.
    async fn admit(&self, record: OrderRecord) -> Result<(), PayError> {
        let (store, caps) = (self.parts.store.clone(), self.parts.caps);
        let order: Order = cbor::decode(record.signed.order.as_ref()).map_err(|_| PayError::Malformed)?;
        let kept = tokio::task::spawn_blocking(move || {
            store.change(|change| {
                let records: Vec<OrderRecord> = change.list(Table::Orders)?;
                admit(&order, &records, caps)?;
                change.put(Table::Orders, &record.id.to_string(), &record)?;
                Ok::<_, PayError>(())
            })
        });
        kept.await.map_err(|_| PayError::from(StoreError::Thread))?
    }

    fn online(&self) -> Result<Arc<Online>, ClientError> {
        self.session.as_ref().and_then(Session::current).ok_or_else(|| self.offline_error())
    }

    /// The server's time as well as this machine can tell.
    pub(super) async fn server_now(&self) -> Timestamp {
        let behind = self.identity().await.map_or(0, |identity| identity.clock_behind);
        self.now().plus_seconds(behind)
    }
}

/// Seals the order to the envelope key of this session.
fn seal(signed: &SignedOrder, online: &Online) -> Result<SubmitBody, PayError> {
    let PublicKey::X25519(recipient) = online.envelope.public_key() else { return Err(PayError::Malformed) };
    let ephemeral = random::secret()?;
    let sealed = signed.seal(&recipient, &ephemeral).map_err(|_| PayError::Malformed)?;
    Ok(SubmitBody { to: ByteArray(online.envelope.fingerprint()), sealed: ByteString(sealed) })
}
