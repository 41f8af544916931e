//! Front consume: the form with which the payer's browser goes to the bank's page (txnType 01/01, B2B gateway).

use gridkey_domain::{Fen, Timestamp};

use crate::{
    Message,
    signing::{SignError, SigningKey},
    time,
};

/// The protocol version spoken.
pub const VERSION: &str = "5.1.0";
/// Enterprises paying through their bank's gateway.
pub const BIZ_TYPE_B2B: &str = "000202";
/// Renminbi, ISO 4217 numeric.
pub const CURRENCY_CNY: &str = "156";
/// The path of front transactions below the gateway's base URL.
pub const FRONT_PATH: &str = "/gateway/api/frontTransReq.do";
/// The largest `txnAmt`: 12 digits.
const MAX_AMOUNT: u64 = 999_999_999_999;

/// Why a transaction can't be expressed to the gateway. The caller erred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransactionError {
    /// `merId` is not 15 letters or digits.
    #[error("a merchant id has 15 letters or digits")]
    Merchant,
    /// `orderId` is not 8 to 40 letters or digits.
    #[error("an order id has 8 to 40 letters or digits")]
    Order,
    /// Nothing, or more than 12 digits.
    #[error("an amount is 1 to 999999999999 fen")]
    Amount,
}

/// What identifies a payment at the gateway, and its amount.
///
/// Identity is merchant + order + time. The same order under another time would be another payment, so the time is fixed
/// once and stored before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    merchant: String,
    order: String,
    time: Timestamp,
    amount: Fen,
}

impl Transaction {
    /// Checks the parts against the gateway's formats.
    pub fn new(merchant: &str, order: &str, time: Timestamp, amount: Fen) -> Result<Self, TransactionError> {
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if merchant.len() != 15 || !plain(merchant) {
            return Err(TransactionError::Merchant);
        }
        if !(8..=40).contains(&order.len()) || !plain(order) {
            return Err(TransactionError::Order);
        }
        if !(1..=MAX_AMOUNT).contains(&amount.get()) {
            return Err(TransactionError::Amount);
        }
        Ok(Self { merchant: merchant.to_owned(), order: order.to_owned(), time, amount })
    }

    /// `merId`.
    pub fn merchant(&self) -> &str {
        &self.merchant
    }

    /// `orderId`.
    pub fn order(&self) -> &str {
        &self.order
    }

    /// `txnTime`.
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// `txnAmt`.
    pub fn amount(&self) -> Fen {
        self.amount
    }

    /// The fields of every message about this transaction.
    pub(crate) fn base(&self) -> Message {
        Message::new()
            .with("version", VERSION)
            .with("encoding", "UTF-8")
            .with("bizType", BIZ_TYPE_B2B)
            .with("accessType", "0")
            .with("merId", &self.merchant)
            .with("orderId", &self.order)
            .with("txnTime", &time::format(self.time))
    }
}

/// A front consume about to be signed.
#[derive(Debug, Clone)]
pub struct FrontConsume<'a> {
    /// What is paid.
    pub transaction: &'a Transaction,
    /// Where the browser returns to (`frontUrl`); proves nothing.
    pub front_url: &'a str,
    /// Where the gateway sends its notification (`backUrl`); no query string.
    pub back_url: &'a str,
    /// Until when the payer may pay (`payTimeout`).
    pub pay_timeout: Timestamp,
    /// What queries give back as it is (`reqReserved`); letters, digits, `+`, `/` and `=` only, up to 1024.
    pub reserved: Option<&'a str>,
}

impl FrontConsume<'_> {
    /// The signed fields of the form to post to [`FRONT_PATH`].
    pub fn sign(&self, key: &SigningKey) -> Result<Message, SignError> {
        let mut message = self.transaction.base();
        message
            .set("txnType", "01")
            .set("txnSubType", "01")
            .set("channelType", "07")
            .set("txnAmt", &self.transaction.amount.get().to_string())
            .set("currencyCode", CURRENCY_CNY)
            .set("frontUrl", self.front_url)
            .set("backUrl", self.back_url)
            .set("payTimeout", &time::format(self.pay_timeout))
            .set("reqReserved", self.reserved.unwrap_or_default());
        key.sign_request(&mut message)?;
        Ok(message)
    }
}
