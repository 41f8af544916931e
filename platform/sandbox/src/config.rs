//! The configuration file; every key is explained in `sandbox.example.toml`.

use std::{
    collections::HashMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context as _;
use gridkey_service::{
    clock::SystemClock,
    config,
    https::{self, ClientTimeouts},
    telemetry::LogFormat,
    tls,
};
use gridkey_unionpay::{certificate::Certificate, signing::SigningKey};
use serde::Deserialize;

use crate::gateway::{Merchant, Settings};

/// The environment overrides the file under this prefix: `UNIONPAY_SANDBOX_LISTEN`.
pub const ENV_PREFIX: &str = "UNIONPAY_SANDBOX_";

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The address to listen on; keep it on loopback.
    pub listen: SocketAddr,
    /// The folder of the journal and of `runtime.json`.
    pub state: PathBuf,
    /// How log lines are written.
    #[serde(default)]
    pub log: LogFormat,
    /// Who signs as the gateway.
    pub gateway: KeyFiles,
    /// Who may use the gateway.
    #[serde(default)]
    pub merchant: Vec<MerchantConfig>,
    /// How debits are reported.
    #[serde(default)]
    pub notify: NotifyConfig,
}

/// A private key and its certificate.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFiles {
    /// PEM, PKCS#8.
    pub key: PathBuf,
    /// PEM.
    pub certificate: PathBuf,
}

/// A merchant.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MerchantConfig {
    /// `merId`.
    pub id: String,
    /// Shown to the payer.
    pub name: String,
    /// The certificate its requests are signed under, PEM.
    pub certificate: PathBuf,
}

/// Notifications.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NotifyConfig {
    /// The root to trust when `backUrl` is HTTPS, PEM. Without it only plain HTTP is reached.
    pub web_root: Option<PathBuf>,
    /// The pause before each try, milliseconds.
    pub pauses_ms: Vec<u64>,
    /// How long the merchant may take to answer, milliseconds.
    pub answer_within_ms: u64,
}

impl Default for NotifyConfig {
    fn default() -> Self {
        // As the gateway's own samples tell it: five tries, after 0, 1, 2 and 4 minutes and once more.
        Self { web_root: None, pauses_ms: vec![0, 60_000, 120_000, 240_000, 240_000], answer_within_ms: 10_000 }
    }
}

impl Config {
    /// Reads the file and the environment; relative paths begin at the file's folder.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let mut config: Self = config::load(path, ENV_PREFIX)?;
        let base = config::base(path);
        let merchants = config.merchant.iter_mut().map(|merchant| &mut merchant.certificate);
        let files = [&mut config.state, &mut config.gateway.key, &mut config.gateway.certificate];
        for file in files.into_iter().chain(merchants).chain(&mut config.notify.web_root) {
            *file = config::resolve(&base, file);
        }
        Ok(config)
    }

    /// Reads the keys and certificates.
    pub fn settings(&self) -> anyhow::Result<Settings> {
        let read =
            |path: &Path| std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
        let key = gridkey_service::secret::read_private(&self.gateway.key)?;
        let key = SigningKey::from_pem(&key, &read(&self.gateway.certificate)?).context("the gateway's key")?;
        let mut merchants = HashMap::new();
        for merchant in &self.merchant {
            let certificate = Certificate::from_pem(&read(&merchant.certificate)?)
                .with_context(|| format!("the certificate of merchant {}", merchant.id))?;
            merchants.insert(merchant.id.clone(), Merchant { name: merchant.name.clone(), certificate });
        }
        let timeouts = ClientTimeouts::default();
        let http = match &self.notify.web_root {
            Some(path) => {
                let roots = tls::read_certificates(path)?;
                https::client(tls::client_config(&roots, None, tls::Versions::Tls12Up)?, timeouts)?
            }
            None => https::plain_client(timeouts)?,
        };
        Ok(Settings {
            journal: self.state.join("journal.jsonl"),
            key,
            merchants,
            http,
            pauses: self.notify.pauses_ms.iter().copied().map(Duration::from_millis).collect(),
            answer_within: Duration::from_millis(self.notify.answer_within_ms),
            clock: SystemClock::shared(),
        })
    }
}
