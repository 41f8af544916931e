//! The gateway's notifications: verified, kept as received before they are answered, and then nothing but a reason to ask.

use gridkey_domain::{PaymentId, PaymentState, RefundId, Timestamp};
use gridkey_unionpay::{
    notification::{Notification, NotificationError},
    parse::{ParseError, parse_form},
    settlement::{detail::Settled, settle_date},
    verify::VerifyError,
};
use sha2::{Digest, Sha256};

use super::Payments;
use crate::store::{
    StoreError,
    payments::{KeptNotification, PaymentRecord},
    refunds::Learnt,
};

/// `txnType` of a refund.
const REFUND: &str = "04";

/// Why a notification is not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// Not a form.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// Not the gateway's: forged, or the pinned certificates are out of date.
    #[error(transparent)]
    Untrusted(#[from] VerifyError),
    /// Genuine, but it names no payment.
    #[error(transparent)]
    Content(#[from] NotificationError),
    /// The store failed; the gateway will try again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Payments {
    /// Takes a notification's body as received. When this returns `Ok`, it is on the disk and may be answered. The payment
    /// it speaks of is asked about at once; the notification itself changes nothing.
    ///
    /// What is not the gateway's is not kept: anybody can send it, as much as they like.
    ///
    /// # Errors
    /// [`NotifyError`]; nothing is kept then.
    pub async fn notified(&self, body: &[u8]) -> Result<(), NotifyError> {
        let result = self.keep(body).await;
        let word = match &result {
            Ok(true) => "kept",
            Ok(false) => "duplicate",
            Err(NotifyError::Untrusted(_)) => "untrusted",
            Err(NotifyError::Store(_)) => "store-failed",
            Err(_) => "malformed",
        };
        metrics::counter!("gridkey_platform_notifications_total", "verdict" => word).increment(1);
        result.map(drop)
    }

    async fn keep(&self, body: &[u8]) -> Result<bool, NotifyError> {
        let now = self.clock.now();
        let verified = self.unionpay.verifier.verify(parse_form(body)?, now)?;
        let notification = Notification::read(&verified)?;
        let record = self.spoken_of(&notification).await?;
        let fresh = self
            .store
            .keep_notification(&KeptNotification {
                digest: Sha256::digest(body).into(),
                body,
                at: now,
                payment: record.as_ref().map(|record| record.payment),
                signer: hex::encode(verified.signer_fingerprint()),
            })
            .await?;
        // As it stands now that the notification is kept: it may have ended meanwhile.
        let record = match record {
            Some(record) => Some(self.store.payment(record.payment).await?),
            None => None,
        };
        match record {
            None => self.meet_stranger(notification, now),
            Some(record)
                if matches!(record.state, PaymentState::Pending | PaymentState::Unknown | PaymentState::Refunding) =>
            {
                self.ring(record.payment);
            }
            // A refund's; it is at its end.
            Some(_) if notification.kind == REFUND => {}
            Some(record) if record.state != PaymentState::Paid && notification.is_success() => {
                metrics::counter!("gridkey_platform_payment_alarms_total").increment(1);
                tracing::error!(
                    payment = %record.payment, state = %record.state,
                    "the gateway reports a debit for a payment that ended without one"
                );
            }
            Some(_) => {}
        }
        Ok(fresh)
    }

    /// Our payment with the notification's merchant, order and time, or the one that it gives back.
    async fn spoken_of(&self, notification: &Notification) -> Result<Option<PaymentRecord>, StoreError> {
        if notification.kind == REFUND && notification.merchant == self.unionpay.merchant {
            let Ok(id) = notification.order.parse::<RefundId>() else { return Ok(None) };
            return match self.store.refund(id).await?.filter(|refund| refund.at == notification.time) {
                Some(refund) => {
                    self.store.note_refund_learnt(id, &Learnt::Known).await?;
                    Ok(Some(self.store.payment(refund.payment).await?))
                }
                None => Ok(None),
            };
        }
        let ours = notification.merchant == self.unionpay.merchant && notification.kind == "01";
        let Some(id) = notification.order.parse::<PaymentId>().ok().filter(|_| ours) else { return Ok(None) };
        match self.store.payment(id).await {
            Ok(record) => Ok(record.handed.is_some_and(|handed| handed.at == notification.time).then_some(record)),
            Err(StoreError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A payment that this store does not know may be one that a restore took away.
    fn meet_stranger(&self, notification: Notification, now: Timestamp) {
        let Notification { merchant, order, kind, amount, query_id, .. } = notification;
        tracing::warn!(order, kind, "a genuine notification of a payment that is not known here");
        if let (Some(amount), Some(reference)) = (amount, query_id)
            && merchant == self.unionpay.merchant
            && kind == "01"
        {
            let (original, day) = (String::new(), settle_date(now));
            self.strangers().push(Settled { kind, merchant, order, amount, reference, original, day });
            self.work.notify_one();
        }
    }

    fn ring(&self, payment: PaymentId) {
        tracing::debug!(%payment, "a notification came");
        self.urgent().insert(payment);
        self.work.notify_one();
    }
}
