//! Whether a new order may join.

use gridkey_domain::{Fen, PaymentId, PaymentState};
use gridkey_protocol::order::Order;
use serde::{Deserialize, Serialize};

use super::OrderRecord;

/// A payment on account holds no bill; a second one of the same amount within so many seconds is the same payment, asked for
/// twice by impatience.
pub(crate) const TWICE: i64 = 600;

/// The caps of orders made on this machine. The server has its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caps {
    /// The most one order may pay, fen.
    pub per_order: Fen,
    /// The most that may wait in the queue together, fen.
    pub queued: Fen,
}

/// Why a new order may not join.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdmitError {
    /// The order is above the cap.
    #[error("the order of {amount} yuan is above the limit of {cap} yuan for one order")]
    AboveCap {
        /// The order's amount.
        amount: Fen,
        /// The cap.
        cap: Fen,
    },
    /// All queued orders together would be above the cap.
    #[error("{queued} yuan wait in the queue already; with {amount} yuan more the limit of {cap} yuan is passed")]
    AboveTotal {
        /// What is queued.
        queued: Fen,
        /// The order's amount.
        amount: Fen,
        /// The cap.
        cap: Fen,
    },
    /// An own order for one of the bills, or the same payment on account a moment ago, has not ended.
    #[error("payment {0} for the same has not ended")]
    Unfinished(PaymentId),
}

/// Judges `order` against the `records` kept.
pub fn admit(order: &Order, records: &[OrderRecord], caps: Caps) -> Result<(), AdmitError> {
    let same = |record: &&OrderRecord| {
        record.bills.is_empty() && record.amount == order.amount && record.created >= order.created.plus_seconds(-TWICE)
    };
    let holds = |record: &&OrderRecord| {
        record.is_unfinished()
            && if order.bills.is_empty() {
                same(record)
            } else {
                record.bills.iter().any(|share| order.bills.iter().any(|own| own.bill == share.bill))
            }
    };
    if let Some(record) = records.iter().find(holds) {
        return Err(AdmitError::Unfinished(record.id));
    }
    if order.amount > caps.per_order {
        return Err(AdmitError::AboveCap { amount: order.amount, cap: caps.per_order });
    }
    let waiting = records.iter().filter(|record| record.state == PaymentState::Queued).map(|record| record.amount);
    let queued = Fen::checked_sum(waiting);
    match queued.and_then(|queued| queued.checked_add(order.amount)) {
        Some(total) if total <= caps.queued => Ok(()),
        _ => Err(AdmitError::AboveTotal {
            queued: queued.unwrap_or(caps.queued),
            amount: order.amount,
            cap: caps.queued,
        }),
    }
}
