//! Payments as the customer follows them: at the server, on this machine, and their receipts.

use gridkey_domain::{
    Fen, PaymentId, PaymentState, Timestamp,
    payment::{BillShare, Method, Payment, Transition},
};
use gridkey_protocol::{
    cbor,
    certificate::TrustAnchor,
    ops::{
        self,
        payments::{PaymentBody, PaymentDetail, PaymentListBody, Submitted},
    },
    receipt::{Receipt, ReceiptError, SignedReceipt},
};
use serde::Serialize;

use super::{Client, ClientError, Fetched, PayError, Sent};
use crate::{
    queue::OrderRecord,
    session::CallError,
    store::{StoreError, Table},
};

/// A payment, wherever it is known from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentView {
    /// The order's id.
    pub payment: PaymentId,
    /// Where it stands.
    pub state: PaymentState,
    /// It went out and its answer is outstanding.
    pub in_doubt: bool,
    /// How it is paid.
    pub method: Method,
    /// The whole amount, fen.
    pub amount: Fen,
    /// What it pays.
    pub bills: Vec<BillShare>,
    /// When the order was signed.
    pub created: Timestamp,
    /// When the state last changed.
    pub updated: Timestamp,
    /// The gateway's reference.
    pub reference: Option<String>,
    /// Why it is in this state, a stable word.
    pub reason: Option<String>,
    /// The one-time bank page, while pending.
    pub page: Option<String>,
}

/// A receipt that proved genuine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedReceipt {
    /// As signed.
    pub signed: SignedReceipt,
    /// What it states.
    pub receipt: Receipt,
    /// Whether this machine has the order itself and the receipt is for exactly its bytes.
    pub for_own_order: bool,
}

impl From<&OrderRecord> for PaymentView {
    fn from(record: &OrderRecord) -> Self {
        Self {
            payment: record.id,
            state: record.state,
            in_doubt: record.in_doubt,
            method: record.method,
            amount: record.amount,
            bills: record.bills.clone(),
            created: record.created,
            updated: record.history.last().map_or(record.created, |last| last.at),
            reference: None,
            reason: record.reason.clone(),
            page: None,
        }
    }
}

impl From<Payment> for PaymentView {
    fn from(payment: Payment) -> Self {
        let Payment { payment, method, state, created, updated, amount, bills, reference, reason } = payment;
        Self { payment, state, in_doubt: false, method, amount, bills, created, updated, reference, reason, page: None }
    }
}

impl PaymentView {
    /// Of a payment in full.
    pub fn of_detail(detail: &PaymentDetail) -> Self {
        summary(detail).into()
    }
}

/// The part of a detail that a list has too.
fn summary(detail: &PaymentDetail) -> Payment {
    Payment {
        payment: detail.payment,
        method: detail.method,
        state: detail.state,
        created: detail.created,
        updated: detail.updated,
        amount: detail.amount,
        bills: detail.bills.clone(),
        reference: detail.reference.clone(),
        reason: detail.reason.clone(),
    }
}

impl Client {
    /// All payments the server knows, newest first. What it says of own orders is kept with them.
    pub async fn payments(&self) -> Result<Fetched<Vec<Payment>>, ClientError> {
        let payments = self
            .fetch_pages("payments".into(), |next| async move {
                let body = PaymentListBody { before: None, next, limit: None };
                let page = self.call::<ops::PaymentList>(&body).await?;
                Ok((page.payments, page.next))
            })
            .await?;
        if payments.live {
            self.observe(payments.value.clone()).await?;
        }
        Ok(payments)
    }

    /// The orders signed on this machine, newest first, with what time did to them.
    pub async fn orders(&self) -> Result<Vec<OrderRecord>, ClientError> {
        let now = self.server_now().await;
        self.with_store(move |store| {
            let mut records = store.change(|change| {
                let mut records: Vec<OrderRecord> = change.list(Table::Orders)?;
                for record in &mut records {
                    if record.tick(now) {
                        change.put(Table::Orders, &record.id.to_string(), record)?;
                    }
                }
                Ok::<_, StoreError>(records)
            })?;
            records.sort_by_key(|record| std::cmp::Reverse(record.id));
            Ok(records)
        })
        .await
    }

    /// One payment: from the server, or what this machine knows of an own order.
    pub async fn payment(&self, payment: PaymentId) -> Result<PaymentDetail, ClientError> {
        match self.call::<ops::PaymentGet>(&PaymentBody { payment }).await {
            Ok(detail) => {
                self.observe(vec![summary(&detail)]).await?;
                Ok(detail)
            }
            Err(ClientError::Call(error)) if error.code() == Some(ops::error::NOT_FOUND) => {
                self.own_detail(payment).await?.ok_or(ClientError::NoSuchPayment(payment))
            }
            Err(error) if error.is_offline() => match self.own_detail(payment).await? {
                Some(detail) => Ok(detail),
                None => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    /// The state, and while pending a fresh bank page. An own order that has not arrived yet is sent first.
    pub async fn confirm(&self, payment: PaymentId) -> Result<PaymentView, PayError> {
        if let Some(record) = self.own_order(payment).await?
            && record.state == PaymentState::Queued
        {
            return match self.send(record, true).await? {
                Sent::Taken(view) | Sent::Waiting(view, _) => Ok(view),
                Sent::Refused(_, error) => Err(PayError::Refused { payment, error }),
                Sent::Ended(view) => Ok(view),
            };
        }
        let submitted =
            self.call::<ops::PaymentConfirm>(&PaymentBody { payment }).await.map_err(|error| match error.code() {
                Some(ops::error::NOT_FOUND) => ClientError::NoSuchPayment(payment),
                _ => error,
            })?;
        Ok(self.view(&submitted).await?)
    }

    /// Withdraws a payment: on this machine while it never went out, at the server afterwards.
    pub async fn cancel(&self, payment: PaymentId) -> Result<PaymentView, PayError> {
        if let Some(record) = self.own_order(payment).await?
            && record.state == PaymentState::Queued
        {
            if !record.in_doubt {
                let now = self.now();
                let record = self
                    .change_order(payment, move |record| record.cancel(now))
                    .await?
                    .ok_or(ClientError::NoSuchPayment(payment))?;
                return Ok(PaymentView::from(&record));
            }
            // The server may know it: let it say, then withdraw it there.
            match self.send(record, true).await? {
                // Where another program of this key brought it to the server meanwhile, the server is asked.
                Sent::Ended(view) if view.state.frees_bills() => return Ok(view),
                Sent::Taken(_) | Sent::Ended(_) => {}
                Sent::Refused(_, error) => return Err(PayError::Refused { payment, error }),
                Sent::Waiting(_, error) => return Err(ClientError::from(error).into()),
            }
        }
        let detail =
            self.call::<ops::PaymentCancel>(&PaymentBody { payment }).await.map_err(|error| match error.code() {
                Some(ops::error::NOT_FOUND) => ClientError::NoSuchPayment(payment),
                _ => error,
            })?;
        let payment = summary(&detail);
        self.observe(vec![payment.clone()]).await?;
        Ok(payment.into())
    }

    /// The receipt of a paid payment, verified up to the company root and, if the order was signed here, against its bytes.
    pub async fn receipt(&self, payment: PaymentId) -> Result<VerifiedReceipt, ClientError> {
        let name = format!("receipt/{payment}");
        let signed = match self.call::<ops::PaymentGet>(&PaymentBody { payment }).await {
            Ok(detail) => {
                self.observe(vec![summary(&detail)]).await?;
                let signed = detail.receipt.ok_or(ClientError::NoReceipt(payment, detail.state))?;
                self.keep(name, self.now(), signed.clone()).await;
                signed
            }
            Err(error) if error.is_offline() => {
                let kept = self.with_store(move |store| store.recall::<SignedReceipt>(&name)).await?;
                kept.ok_or(error)?.value
            }
            Err(ClientError::Call(error)) if error.code() == Some(ops::error::NOT_FOUND) => {
                return Err(ClientError::NoSuchPayment(payment));
            }
            Err(error) => return Err(error),
        };
        let own = self.own_order(payment).await?;
        let receipt = match &own {
            Some(record) => signed.verify_for(record.signed.order.as_ref(), self.anchor())?,
            None => signed.verify(self.anchor())?,
        };
        if receipt.id != payment {
            return Err(ReceiptError::OtherOrder.into());
        }
        Ok(VerifiedReceipt { signed, receipt, for_own_order: own.is_some() })
    }

    /// Takes the payment of a `payment` push into the own orders.
    pub async fn observe(&self, payments: Vec<Payment>) -> Result<(), ClientError> {
        self.with_store(move |store| {
            store.change(|change| {
                for payment in &payments {
                    let name = payment.payment.to_string();
                    if let Some(mut record) = change.get::<OrderRecord>(Table::Orders, &name)?
                        && record.observe(payment)
                    {
                        change.put(Table::Orders, &name, &record)?;
                    }
                }
                Ok(())
            })
        })
        .await
    }

    /// An order signed on this machine.
    pub async fn own_order(&self, payment: PaymentId) -> Result<Option<OrderRecord>, ClientError> {
        Ok(self.orders().await?.into_iter().find(|record| record.id == payment))
    }

    async fn own_detail(&self, payment: PaymentId) -> Result<Option<PaymentDetail>, ClientError> {
        Ok(self.own_order(payment).await?.map(|record| {
            let view = PaymentView::from(&record);
            let history: Vec<Transition> = record.history;
            PaymentDetail {
                payment: view.payment,
                method: view.method,
                state: view.state,
                created: view.created,
                updated: view.updated,
                amount: view.amount,
                bills: view.bills,
                reference: None,
                reason: view.reason,
                history,
                receipt: None,
                refund: None,
            }
        }))
    }

    /// Changes one order in a transaction of its own; `None` if there is none.
    pub(super) async fn change_order<E>(
        &self,
        payment: PaymentId,
        work: impl FnOnce(&mut OrderRecord) -> Result<(), E> + Send + 'static,
    ) -> Result<Option<OrderRecord>, ClientError>
    where
        E: Into<ClientError> + Send + 'static,
    {
        let store = self.parts.store.clone();
        let done = tokio::task::spawn_blocking(move || {
            store.change(|change| {
                let name = payment.to_string();
                let Some(mut record) = change.get::<OrderRecord>(Table::Orders, &name)? else { return Ok(None) };
                work(&mut record).map_err(Into::into)?;
                change.put(Table::Orders, &name, &record)?;
                Ok::<_, ClientError>(Some(record))
            })
        });
        done.await.map_err(|_| ClientError::from(StoreError::Thread))?
    }

    /// A view of what `payment.submit` or `payment.confirm` answered.
    pub(super) async fn view(&self, submitted: &Submitted) -> Result<PaymentView, ClientError> {
        let (payment, state, now) = (submitted.payment, submitted.state, self.now());
        let own = self
            .change_order(payment, move |record| {
                record.taken(state, now);
                Ok::<_, ClientError>(())
            })
            .await?;
        let mut view = match own {
            Some(record) => PaymentView::from(&record),
            None => summary(&self.call::<ops::PaymentGet>(&PaymentBody { payment }).await?).into(),
        };
        view.state = submitted.state;
        view.page.clone_from(&submitted.page);
        Ok(view)
    }
}

impl VerifiedReceipt {
    /// The receipt as a file: the signed receipt of the contract in CBOR.
    pub fn to_file(&self) -> Vec<u8> {
        cbor::encode(&self.signed)
    }

    /// Verifies a receipt's file with the company root alone.
    pub fn from_file(bytes: &[u8], anchor: &TrustAnchor) -> Result<Self, ReceiptError> {
        let signed: SignedReceipt = cbor::decode(bytes)?;
        let receipt = signed.verify(anchor)?;
        Ok(Self { signed, receipt, for_own_order: false })
    }
}

impl ClientError {
    /// The server's word, if it refused.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Call(error) => CallError::code(error),
            _ => None,
        }
    }
}
