//! queryTrans: what became of a payment or a refund. Its verified answer is the only thing that books money.

use gridkey_domain::{Fen, Timestamp};

use crate::{
    Message,
    consume::{BIZ_TYPE_B2B, CURRENCY_CNY, Transaction, VERSION},
    signing::{SignError, SigningKey},
    time,
    verify::Verified,
};

/// The path of queries below the gateway's base URL.
pub const QUERY_PATH: &str = "/gateway/api/queryTrans.do";

/// The signed query for `transaction` (txnType 00/00).
pub fn sign_query(transaction: &Transaction, key: &SigningKey) -> Result<Message, SignError> {
    let mut message = transaction.base();
    message.set("txnType", "00").set("txnSubType", "00");
    key.sign_request(&mut message)?;
    Ok(message)
}

/// The signed query for whatever the gateway knows under `reference`, a `queryId`, sent at `now`.
pub fn sign_find(merchant: &str, reference: &str, now: Timestamp, key: &SigningKey) -> Result<Message, SignError> {
    let mut message = Message::new()
        .with("version", VERSION)
        .with("encoding", "UTF-8")
        .with("txnType", "00")
        .with("txnSubType", "00")
        .with("bizType", BIZ_TYPE_B2B)
        .with("accessType", "0")
        .with("merId", merchant)
        .with("txnTime", &time::format(now))
        .with("queryId", reference);
    key.sign_request(&mut message)?;
    Ok(message)
}

/// A payment as the gateway tells it when asked by its reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// `orderId`.
    pub order: String,
    /// `txnTime`: with merchant and order it names the payment.
    pub time: Timestamp,
    /// `txnAmt`, fen.
    pub amount: Fen,
    /// `reqReserved`: what we sent along.
    pub reserved: Option<String>,
}

impl Found {
    /// Reads the answer to [`sign_find`]; `None` if the gateway knows no payment under that reference that was debited.
    pub fn read(answer: &Verified, merchant: &str, reference: &str) -> Result<Option<Self>, AnswerError> {
        let field = |name: &'static str| answer.get(name).ok_or(AnswerError::Missing(name));
        for (name, expected) in [("merId", merchant), ("queryId", reference)] {
            let found = field(name)?;
            if found != expected {
                let (found, expected) = (found.to_owned(), expected.to_owned());
                return Err(AnswerError::Mismatch { field: name, found, expected });
            }
        }
        if field("respCode")? != "00" || !matches!(field("origRespCode")?, "00" | "A6") {
            return Ok(None);
        }
        let unlike = |field: &'static str, found: &str, expected: &str| AnswerError::Mismatch {
            field,
            found: found.to_owned(),
            expected: expected.to_owned(),
        };
        let currency = field("currencyCode")?;
        if currency != CURRENCY_CNY {
            return Err(unlike("currencyCode", currency, CURRENCY_CNY));
        }
        let text = field("txnTime")?;
        Ok(Some(Self {
            order: field("orderId")?.to_owned(),
            time: time::parse(text).ok_or_else(|| unlike("txnTime", text, "a time"))?,
            amount: amount(answer.message(), "txnAmt").ok_or(AnswerError::Missing("txnAmt"))?,
            reserved: answer.get("reqReserved").map(str::to_owned),
        }))
    }
}

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A consume.
    Payment,
    /// A refund.
    Refund,
}

impl Kind {
    /// Its `txnType`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Payment => "01",
            Self::Refund => "04",
        }
    }
}

/// What the gateway said of a payment, or of a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueryOutcome {
    /// Debited, or given back. Amount, currency and identity are those asked for.
    Paid {
        /// The gateway's reference, needed for a refund.
        query_id: String,
        /// `true` for A6: paid, but the gateway still has to settle a defect of its own.
        defective: bool,
    },
    /// Known and not finished; ask again.
    Pending {
        /// `origRespCode`.
        code: String,
    },
    /// No such transaction. Not a failure: it may still come.
    NotFound,
    /// Failed, and nothing was debited. Final only once `payTimeout` has passed.
    Failed {
        /// `origRespCode`.
        code: String,
    },
    /// Money may have moved (42, 74, 75), or the code says nothing clear. Never book or free on it; ask again.
    Doubtful {
        /// `origRespCode`.
        code: String,
    },
    /// The gateway did not answer the query itself (format, signature, permission, asked too often); says nothing about
    /// the payment.
    NotAnswered {
        /// `respCode`.
        code: String,
    },
}

/// Why a genuine answer can't be used. Never book on it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// A field that the answer needs is missing.
    #[error("the answer has no {0}")]
    Missing(&'static str),
    /// It speaks of another transaction, amount or currency than asked for: an operator must look.
    #[error("the answer's {field} is {found:?}, not {expected:?}")]
    Mismatch {
        /// The field.
        field: &'static str,
        /// What the answer has.
        found: String,
        /// What was asked for.
        expected: String,
    },
}

impl QueryOutcome {
    /// Reads the answer to a query for `transaction`, which is of that kind.
    pub fn read(answer: &Verified, transaction: &Transaction, asked: Kind) -> Result<Self, AnswerError> {
        let field = |name: &'static str| answer.get(name).ok_or(AnswerError::Missing(name));
        let must_equal = |name: &'static str, expected: &str| match answer.get(name) {
            None => Err(AnswerError::Missing(name)),
            Some(found) if found == expected => Ok(()),
            Some(found) => {
                Err(AnswerError::Mismatch { field: name, found: found.to_owned(), expected: expected.to_owned() })
            }
        };
        let identity = || {
            must_equal("merId", transaction.merchant())?;
            must_equal("orderId", transaction.order())?;
            must_equal("txnTime", &time::format(transaction.time()))
        };
        match field("respCode")? {
            "00" => {}
            "34" => return identity().map(|()| Self::NotFound),
            code => return Ok(Self::NotAnswered { code: code.to_owned() }),
        }
        identity()?;
        let code = field("origRespCode")?;
        if code != "00" && code != "A6" {
            return Ok(Self::of_code(code));
        }
        if let Some(kind) = answer.get("txnType").filter(|kind| *kind != asked.code() && *kind != "00") {
            // 00 echoes the query, else it names the original; anything else is about another kind of transaction.
            let (found, expected) = (kind.to_owned(), asked.code().to_owned());
            return Err(AnswerError::Mismatch { field: "txnType", found, expected });
        }
        must_equal("txnAmt", &transaction.amount().get().to_string())?;
        must_equal("currencyCode", CURRENCY_CNY)?;
        Ok(Self::Paid { query_id: field("queryId")?.to_owned(), defective: code == "A6" })
    }

    /// Classes an `origRespCode` that is not a success. Codes not listed by the gateway's documents are doubtful.
    fn of_code(code: &str) -> Self {
        let owned = code.to_owned();
        match code {
            // Accepted, state unknown, busy, waiting for the cardholder or the issuer.
            "03" | "04" | "05" | "06" | "70" | "83" => Self::Pending { code: owned },
            "01" | "02" | "10" | "11" | "13" | "14" | "30" | "31" | "32" | "33" | "35" | "36" | "38" | "39" | "40"
            | "41" | "43" | "44" | "60" | "61" | "62" | "63" | "64" | "65" | "66" | "67" | "68" | "69" | "71"
            | "72" | "73" | "76" | "77" | "78" | "79" | "80" | "81" | "82" | "85" | "86" | "87" | "88" | "89"
            | "90" | "91" | "92" | "93" | "94" | "95" | "96" => Self::Failed { code: owned },
            // 34 here: the query worked, yet the original is not found. 12: a duplicate of what? 42, 74, 75: debited.
            _ => Self::Doubtful { code: owned },
        }
    }
}

/// The amount in an answer or notification, if it is one.
pub(crate) fn amount(message: &Message, field: &str) -> Option<Fen> {
    let text = message.get(field)?;
    let digits = text.len() <= 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).and_then(|fen| Fen::new(fen).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_that_may_mean_a_debit_are_neither_failed_nor_paid() {
        for code in ["42", "74", "75", "34", "12", "37", "99", "XX", ""] {
            assert!(matches!(QueryOutcome::of_code(code), QueryOutcome::Doubtful { .. }), "{code}");
        }
        for code in ["03", "04", "05"] {
            assert!(matches!(QueryOutcome::of_code(code), QueryOutcome::Pending { .. }), "{code}");
        }
        assert_eq!(QueryOutcome::of_code("64"), QueryOutcome::Failed { code: "64".into() });
    }

    proptest! {
        #[test]
        fn no_code_but_success_is_paid(code in "[0-9A-Z]{0,3}") {
            let paid = matches!(QueryOutcome::of_code(&code), QueryOutcome::Paid { .. });
            prop_assert!(!paid);
        }
    }
}
