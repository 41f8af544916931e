//! Refund: giving back what a consume debited (txnType 04/00, sent from server to server).
//!
//! The gateway's answer says no more than whether it took the refund up. What became of it is asked by a query with the refund's
//! own order and time ([`crate::query`]), as for a payment; the payment's own query does not show it.

use crate::{
    Message,
    consume::{CURRENCY_CNY, Transaction},
    query::AnswerError,
    signing::{SignError, SigningKey},
    time,
    verify::Verified,
};

/// The path of refunds below the gateway's base URL.
pub const BACK_PATH: &str = "/gateway/api/backTransReq.do";

/// A refund about to be signed.
#[derive(Debug, Clone)]
pub struct Refund<'a> {
    /// Its own order and time, and the amount given back. The same again is the same refund: the gateway takes it up once.
    pub transaction: &'a Transaction,
    /// `origQryId`: the gateway's reference of the payment.
    pub payment: &'a str,
    /// Where the gateway sends its notification (`backUrl`); no query string.
    pub back_url: &'a str,
}

impl Refund<'_> {
    /// The signed fields to post to [`BACK_PATH`].
    pub fn sign(&self, key: &SigningKey) -> Result<Message, SignError> {
        let mut message = self.transaction.base();
        message
            .set("txnType", "04")
            .set("txnSubType", "00")
            .set("channelType", "07")
            .set("txnAmt", &self.transaction.amount().get().to_string())
            .set("currencyCode", CURRENCY_CNY)
            .set("backUrl", self.back_url)
            .set("origQryId", self.payment);
        key.sign_request(&mut message)?;
        Ok(message)
    }
}

/// What the gateway said when a refund was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundAnswer {
    /// Taken up, not done yet; or known from before.
    Taken,
    /// Turned down. Whether that is the end of it, the query says.
    Refused {
        /// `respCode`.
        code: String,
    },
    /// The code says neither: ask.
    Unclear {
        /// `respCode`.
        code: String,
    },
}

impl RefundAnswer {
    /// Reads the answer to `transaction`.
    pub fn read(answer: &Verified, transaction: &Transaction) -> Result<Self, AnswerError> {
        let time = time::format(transaction.time());
        for (name, expected) in
            [("merId", transaction.merchant()), ("orderId", transaction.order()), ("txnTime", &time), ("txnType", "04")]
        {
            match answer.get(name) {
                None => return Err(AnswerError::Missing(name)),
                Some(found) if found == expected => {}
                Some(found) => {
                    let (found, expected) = (found.to_owned(), expected.to_owned());
                    return Err(AnswerError::Mismatch { field: name, found, expected });
                }
            }
        }
        Ok(Self::of_code(answer.get("respCode").ok_or(AnswerError::Missing("respCode"))?))
    }

    fn of_code(code: &str) -> Self {
        let owned = code.to_owned();
        match code {
            // 12: this order was handed in before.
            "00" | "A6" | "12" => Self::Taken,
            "01" | "02" | "10" | "11" | "13" | "30" | "31" | "32" | "33" | "35" | "36" | "38" | "39" | "43" | "44"
            | "45" | "46" | "60" | "61" | "62" | "63" => Self::Refused { code: owned },
            _ => Self::Unclear { code: owned },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_code_that_is_not_known_decides_nothing(code in "[0-9A-Z]{0,3}") {
            let unclear = matches!(RefundAnswer::of_code(&code), RefundAnswer::Unclear { .. });
            prop_assert!(unclear || code.len() == 2);
        }
    }

    #[test]
    fn what_may_be_under_way_is_not_refused() {
        for code in ["03", "04", "05", "06", "34", "37", "42", "74", "83", "99"] {
            assert!(matches!(RefundAnswer::of_code(code), RefundAnswer::Unclear { .. }), "{code}");
        }
        assert_eq!(RefundAnswer::of_code("00"), RefundAnswer::Taken);
        assert_eq!(RefundAnswer::of_code("36"), RefundAnswer::Refused { code: "36".into() });
    }
}
