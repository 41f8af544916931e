//! `[unionpay]` and `[payments]` of the configuration.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use gridkey_service::{
    config::{ConfigError, resolve},
    https::{self, ClientTimeouts},
    secret::read_private,
    tls::{self, TlsError, Versions},
};
use gridkey_unionpay::{
    client::Gateway,
    signing::{KeyError, SigningKey},
    verify::{NameRule, PinError, UNIONPAY, Verifier},
};
use serde::Deserialize;

/// `[unionpay]`: the gateway and who we are to it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnionpayConfig {
    /// The gateway's base address: `https://gateway.95516.com`, or a sandbox over HTTP.
    pub gateway: String,
    /// The gateway's base address as payers' browsers reach it; [`Self::gateway`] unless named. A sandbox may have another inside.
    #[serde(default)]
    pub browser_gateway: Option<String>,
    /// The base address of the gateway's settlement files: `https://filedownload.95516.com`. Without it nothing is compared
    /// with the gateway.
    #[serde(default)]
    pub file_gateway: Option<String>,
    /// The roots that an HTTPS gateway's own certificate must end at, PEM; not needed for HTTP.
    #[serde(default)]
    pub web_roots: Option<PathBuf>,
    /// Our merchant id, 15 letters or digits.
    pub merchant: String,
    /// The key that requests are signed with, PEM, readable by its owner only.
    pub signing_key: PathBuf,
    /// Its certificate, PEM.
    pub signing_certificate: PathBuf,
    /// The root that the gateway's signing certificates must end at, PEM.
    pub verify_root: PathBuf,
    /// The certificate between that root and them, PEM.
    pub verify_middle: PathBuf,
    /// The third part (between `@`) of the common name of the gateway's signing certificates.
    #[serde(default = "unionpay")]
    pub common_name: String,
    /// Whether the name of the gateway's test environment is accepted, too.
    #[serde(default)]
    pub allow_test_name: bool,
    /// The security server's public address: payers return to `/pay/return` below it, notifications come to
    /// `/unionpay/notify`.
    pub public_base: String,
    /// The same listener as the gateway reaches it, for notifications; [`Self::public_base`] unless named.
    #[serde(default)]
    pub notify_base: Option<String>,
    /// Seconds for a connection to the gateway.
    #[serde(default = "connect_seconds")]
    pub connect_timeout_seconds: u32,
    /// Seconds for a whole query.
    #[serde(default = "query_seconds")]
    pub query_timeout_seconds: u32,
}

/// `[payments]`: the times in a payment's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PaymentsConfig {
    /// Minutes after which a payment expires whose form nobody fetched, if its order does not end before: an order signed offline and sent at
    /// night waits for its payer.
    pub unused_after_minutes: u32,
    /// Minutes to pay, from the first form on.
    pub pay_timeout_minutes: u32,
    /// Seconds after the end of that time from when on the gateway's "not paid" is final: clocks differ, and a
    /// confirmation may be under way.
    pub final_after_seconds: u32,
    /// Seconds between two queries once the first four (after 5, 10, 30 and 60 s) are through.
    pub query_every_seconds: u32,
    /// Days after which the gateway gives no payment back any more.
    pub refund_days: u32,
}

impl PaymentsConfig {
    /// Seconds after a form was handed out from when on the gateway's answer to a query is final.
    pub fn late_seconds(&self) -> i64 {
        i64::from(self.pay_timeout_minutes.max(1)) * 60 + i64::from(self.final_after_seconds)
    }
}

impl Default for PaymentsConfig {
    fn default() -> Self {
        Self {
            unused_after_minutes: 10_080,
            pay_timeout_minutes: 15,
            final_after_seconds: 60,
            query_every_seconds: 300,
            refund_days: 330,
        }
    }
}

fn unionpay() -> String {
    UNIONPAY.to_owned()
}

const fn connect_seconds() -> u32 {
    5
}

const fn query_seconds() -> u32 {
    10
}

/// The gateway can't be used as configured; the operator has to mend it.
#[derive(Debug, thiserror::Error)]
pub enum UnionpayConfigError {
    /// A file can't be read.
    #[error(transparent)]
    File(#[from] ConfigError),
    /// The signing key or its certificate.
    #[error("unionpay.signing_key: {0}")]
    Key(#[from] KeyError),
    /// The pinned certificates.
    #[error("unionpay.verify_root, unionpay.verify_middle: {0}")]
    Pin(#[from] PinError),
    /// The web roots.
    #[error("unionpay.web_roots: {0}")]
    Tls(#[from] TlsError),
    /// The HTTP client.
    #[error("the HTTP client: {0}")]
    Client(#[from] reqwest::Error),
    /// A value that the gateway would not take.
    #[error("unionpay.{0}")]
    Value(&'static str),
}

/// The gateway and what is needed to speak to it.
#[derive(Debug)]
pub struct Unionpay {
    /// The peer.
    pub gateway: Gateway,
    /// Signs requests.
    pub key: SigningKey,
    /// Decides who signed.
    pub verifier: Verifier,
    /// `merId`.
    pub merchant: String,
    /// `frontUrl`.
    pub front_url: String,
    /// `backUrl`.
    pub back_url: String,
}

impl UnionpayConfig {
    /// Makes relative paths begin at `base`.
    pub fn settle(&mut self, base: &Path) {
        let files =
            [&mut self.signing_key, &mut self.signing_certificate, &mut self.verify_root, &mut self.verify_middle];
        for path in files.into_iter().chain(&mut self.web_roots) {
            *path = resolve(base, path);
        }
    }

    /// The verifier alone, for `unionpay verify`.
    ///
    /// # Errors
    /// If a file can't be read or used.
    pub fn verifier(&self) -> Result<Verifier, UnionpayConfigError> {
        let name = NameRule::new(self.common_name.clone(), self.allow_test_name);
        Ok(Verifier::from_pem(&read(&self.verify_root)?, &read(&self.verify_middle)?, name)?)
    }

    /// Reads keys and certificates and prepares the HTTP client.
    ///
    /// # Errors
    /// If a file can't be read or used, or a value is not one the gateway takes.
    pub fn open(&self) -> Result<Unionpay, UnionpayConfigError> {
        if self.merchant.len() != 15 || !self.merchant.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(UnionpayConfigError::Value("merchant: expected 15 letters or digits"));
        }
        let web = |url: &str| url.starts_with("https://") || url.starts_with("http://");
        let plain = |url: &str| web(url) && !url.contains(['?', '~', '#']) && url.len() <= 200;
        let base = self.public_base.trim_end_matches('/');
        if !plain(base) {
            return Err(UnionpayConfigError::Value("public_base: expected a plain web address"));
        }
        let notify_base = self.notify_base.as_deref().map_or(base, |url| url.trim_end_matches('/'));
        if !plain(notify_base) {
            return Err(UnionpayConfigError::Value("notify_base: expected a plain web address"));
        }
        if self.file_gateway.as_deref().is_some_and(|url| !plain(url)) {
            return Err(UnionpayConfigError::Value("file_gateway: expected a plain web address"));
        }
        let browser_gateway = self.browser_gateway.as_ref().unwrap_or(&self.gateway);
        if !plain(browser_gateway) {
            return Err(UnionpayConfigError::Value("browser_gateway: expected a plain web address"));
        }
        let key = SigningKey::from_pem(&read_private(&self.signing_key)?, &read(&self.signing_certificate)?)?;
        let query = Duration::from_secs(self.query_timeout_seconds.into());
        let timeouts =
            ClientTimeouts { connect: Duration::from_secs(self.connect_timeout_seconds.into()), request: query };
        let http = if self.gateway.starts_with("https://") {
            let roots = self.web_roots.as_ref().ok_or(UnionpayConfigError::Value("web_roots: needed for HTTPS"))?;
            https::client(tls::client_config(&tls::read_certificates(roots)?, None, Versions::Tls12Up)?, timeouts)?
        } else if self.gateway.starts_with("http://") {
            https::plain_client(timeouts)?
        } else {
            return Err(UnionpayConfigError::Value("gateway: expected a web address"));
        };
        Ok(Unionpay {
            gateway: Gateway::new(http, &self.gateway, query)
                .for_browsers(browser_gateway)
                .with_files(self.file_gateway.as_deref()),
            key,
            verifier: self.verifier()?,
            merchant: self.merchant.clone(),
            front_url: format!("{base}/pay/return"),
            back_url: format!("{notify_base}/unionpay/notify"),
        })
    }
}

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })
}
