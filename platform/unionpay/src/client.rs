//! Asking the gateway over HTTP.

use std::time::Duration;

use gridkey_domain::Timestamp;
use jiff::civil::Date;

use crate::{
    Message,
    consume::{FRONT_PATH, Transaction},
    parse::{MAX_BODY, ParseError, parse_answer_within},
    query::{AnswerError, Found, Kind, QUERY_PATH, QueryOutcome, sign_find, sign_query},
    refund::{BACK_PATH, Refund, RefundAnswer},
    settlement::{self, FileAnswer, FileError},
    signing::{SignError, SigningKey},
    verify::{Verified, Verifier, VerifyError},
};

/// Why a query brought no usable answer. None of these says anything about the payment: ask again later.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// No connection, broken off, or a TLS failure.
    #[error("the gateway can't be reached")]
    Transport(#[source] reqwest::Error),
    /// No whole answer in time.
    #[error("the gateway did not answer in time")]
    Timeout,
    /// An HTTP status other than 200.
    #[error("the gateway answered with HTTP {0}")]
    Status(u16),
    /// The body is no message ("Invalid request.", an HTML page).
    #[error("the gateway's answer: {0}")]
    Body(#[from] ParseError),
    /// Not the gateway's, or not signed.
    #[error("the gateway's answer is not trusted: {0}")]
    Untrusted(#[from] VerifyError),
    /// Genuine, but not about what was asked. An operator must look.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// Our own signature could not be made.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The settlement file can't be used. An operator must look.
    #[error(transparent)]
    File(#[from] FileError),
    /// The operator named no host of settlement files.
    #[error("no host of settlement files is configured")]
    NoFileHost,
}

/// Where a message goes, and how long its answer may be.
struct To {
    url: String,
    longest: usize,
}

/// The gateway as a peer.
#[derive(Debug)]
pub struct Gateway {
    http: reqwest::Client,
    base: String,
    browser_base: String,
    files: Option<String>,
    timeout: Duration,
}

impl Gateway {
    /// The gateway below `base` (`https://gateway.95516.com`), reached through `http`; `timeout` bounds a whole query.
    pub fn new(http: reqwest::Client, base: &str, timeout: Duration) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        Self { http, browser_base: base.clone(), base, files: None, timeout }
    }

    /// The same gateway, which payers' browsers reach below `base`.
    #[must_use]
    pub fn for_browsers(self, base: &str) -> Self {
        Self { browser_base: base.trim_end_matches('/').to_owned(), ..self }
    }

    /// With settlement files from below `base` (`https://filedownload.95516.com`).
    #[must_use]
    pub fn with_files(self, base: Option<&str>) -> Self {
        Self { files: base.map(|base| base.trim_end_matches('/').to_owned()), ..self }
    }

    /// Whether settlement files can be asked for.
    pub const fn has_files(&self) -> bool {
        self.files.is_some()
    }

    /// Where the payer's browser posts the form of a front transaction.
    pub fn front_url(&self) -> String {
        format!("{}{FRONT_PATH}", self.browser_base)
    }

    /// Asks what became of `transaction`, which is of that kind; the answer is verified as of `now`.
    pub async fn query(
        &self,
        transaction: &Transaction,
        kind: Kind,
        key: &SigningKey,
        verifier: &Verifier,
        now: Timestamp,
    ) -> Result<QueryOutcome, GatewayError> {
        let answer = self.ask(&self.below(QUERY_PATH), &sign_query(transaction, key)?, verifier, now).await?;
        Ok(QueryOutcome::read(&answer, transaction, kind)?)
    }

    /// The payment of `merchant` that the gateway debited under `reference`, if there is one.
    pub async fn find(
        &self,
        merchant: &str,
        reference: &str,
        key: &SigningKey,
        verifier: &Verifier,
        now: Timestamp,
    ) -> Result<Option<Found>, GatewayError> {
        let query = sign_find(merchant, reference, now, key)?;
        let answer = self.ask(&self.below(QUERY_PATH), &query, verifier, now).await?;
        Ok(Found::read(&answer, merchant, reference)?)
    }

    /// What the gateway settled for `merchant` on `day`.
    pub async fn settled(
        &self,
        merchant: &str,
        day: Date,
        key: &SigningKey,
        verifier: &Verifier,
        now: Timestamp,
    ) -> Result<FileAnswer, GatewayError> {
        let base = self.files.as_ref().ok_or(GatewayError::NoFileHost)?;
        let request = settlement::sign_request(merchant, day, now, key)?;
        let to = To { url: format!("{base}{}", settlement::FILE_PATH), longest: settlement::MAX_ANSWER };
        let answer = self.ask(&to, &request, verifier, now).await?;
        Ok(FileAnswer::read(&answer, merchant, day)??)
    }

    /// Hands a refund in. Whatever comes back, the query decides; a refund handed in again is the same one.
    pub async fn refund(
        &self,
        refund: &Refund<'_>,
        key: &SigningKey,
        verifier: &Verifier,
        now: Timestamp,
    ) -> Result<RefundAnswer, GatewayError> {
        let answer = self.ask(&self.below(BACK_PATH), &refund.sign(key)?, verifier, now).await?;
        Ok(RefundAnswer::read(&answer, refund.transaction)?)
    }

    /// Posts a signed message; gives the genuine answer.
    async fn ask(
        &self,
        to: &To,
        message: &Message,
        verifier: &Verifier,
        now: Timestamp,
    ) -> Result<Verified, GatewayError> {
        let body = tokio::time::timeout(self.timeout, self.post(to, message.to_form()))
            .await
            .map_err(|_| GatewayError::Timeout)??;
        let answer = parse_answer_within(&body, to.longest)?;
        if answer.get("signature").is_none() {
            // Early refusals are unsigned; the code is worth a line in the log and no more trust than that.
            tracing::warn!(code = answer.get("respCode").unwrap_or("-"), "the gateway answered without a signature");
        }
        Ok(verifier.verify(answer, now)?)
    }

    fn below(&self, path: &str) -> To {
        To { url: format!("{}{path}", self.base), longest: MAX_BODY }
    }

    async fn post(&self, to: &To, form: String) -> Result<Vec<u8>, GatewayError> {
        let sent = self
            .http
            .post(&to.url)
            .header("content-type", "application/x-www-form-urlencoded;charset=UTF-8")
            .body(form)
            .send()
            .await;
        let mut answer = sent.map_err(transport)?;
        if answer.status().as_u16() != 200 {
            return Err(GatewayError::Status(answer.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(transport)? {
            if body.len() + chunk.len() > to.longest {
                return Err(ParseError::TooLarge.into());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

fn transport(error: reqwest::Error) -> GatewayError {
    // The address may hold nothing secret, yet it adds nothing to a log line either.
    if error.is_timeout() { GatewayError::Timeout } else { GatewayError::Transport(error.without_url()) }
}
