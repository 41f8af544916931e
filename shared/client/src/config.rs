//! The client's configuration: one TOML file, the same for every program on this crate.
//!
//! The company delivers server address and root certificate with the installation; the rest has safe defaults.

use std::path::{Path, PathBuf};

use gridkey_domain::Fen;
use gridkey_protocol::{
    certificate::{ChainError, Purposes, TrustAnchor},
    limits,
};
use rustls_pki_types::{CertificateDer, pem::PemObject as _};
use serde::{Deserialize, Serialize};

use crate::{address::ServerAddress, queue::Caps};

/// 5,000,000 yuan.
const DEFAULT_PER_ORDER: u64 = 500_000_000;
/// 20,000,000 yuan.
const DEFAULT_QUEUED: u64 = 2_000_000_000;
/// 72 hours.
const DEFAULT_ORDER_HOURS: u32 = 72;

/// What the file may say. Every key may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClientConfig {
    /// The session listener: `wss://HOST:PORT/session`.
    pub server: Option<ServerAddress>,
    /// The company root, PEM or DER: the only trust anchor.
    pub root: Option<PathBuf>,
    /// The operator's arc of extended key usages; the documentation arc when left out.
    pub arc: Option<String>,
    /// Whether a server that binds sessions to no TLS channel is acceptable. Leave it `false`.
    pub allow_unbound: bool,
    /// The PKCS#11 module of the USBKEY.
    pub module: Option<PathBuf>,
    /// Which token, as an RFC 7512 `pkcs11:` URI; needed when there are several.
    pub uri: Option<String>,
    /// A software key's file, instead of a token.
    pub software: Option<PathBuf>,
    /// The folder of the encrypted offline store.
    pub store: Option<PathBuf>,
    /// The most one order may pay, fen; 500,000,000 when left out.
    pub max_order: Option<u64>,
    /// The most that may wait in the queue together, fen; 2,000,000,000 when left out.
    pub max_queued: Option<u64>,
    /// How long an order may be executed, hours; 72 when left out, at most 168.
    pub order_hours: Option<u32>,
    /// The person's language: `en` or `zh-CN`.
    pub locale: Option<String>,
    /// The company's telephone number for lost keys and questions, as it is to be read.
    pub support: Option<String>,
}

/// What is missing or wrong in the configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A key is needed and not set.
    #[error("`{0}` is not set: give it in the configuration file or as an option")]
    Missing(&'static str),
    /// A key's value is not acceptable.
    #[error("`{key}`: {reason}")]
    Invalid {
        /// The key.
        key: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The file is no configuration.
    #[error("{}: {reason}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where and what.
        reason: String,
    },
    /// The file, or the root that it names, cannot be read.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The root is no root.
    #[error("{} is not the company's root certificate: {reason}", path.display())]
    Root {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: ChainError,
    },
}

/// Where the key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenSource {
    /// A PKCS#11 token.
    Pkcs11 {
        /// The module.
        module: PathBuf,
        /// Which token; `None` takes the only one.
        uri: Option<String>,
    },
    /// A software key's file.
    Software(PathBuf),
}

impl ClientConfig {
    /// Reads a configuration file. Relative paths in it begin at its folder.
    ///
    /// # Errors
    /// [`ConfigError::File`] and [`ConfigError::Syntax`].
    pub fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| ConfigError::File { path: path.to_owned(), source })?;
        let config: Self = toml::from_str(&text).map_err(|error| {
            // The error's own text quotes the line, and people write into files what does not belong there: a PIN.
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let reason = format!("line {}: {}", before.matches('\n').count() + 1, error.message());
            ConfigError::Syntax { path: path.to_owned(), reason }
        })?;
        Ok(config.relative_to(path.parent().unwrap_or(Path::new(""))))
    }

    /// The configuration file of the person who uses this machine: `gridkey/client.toml` below `XDG_CONFIG_HOME` or `~/.config`.
    /// It need not be there.
    pub fn default_file() -> Option<PathBuf> {
        Some(home("XDG_CONFIG_HOME", ".config")?.join("gridkey").join("client.toml"))
    }

    /// Where the offline store goes unless configured: `gridkey` below `XDG_DATA_HOME` or `~/.local/share`.
    pub fn default_store() -> Option<PathBuf> {
        Some(home("XDG_DATA_HOME", ".local/share")?.join("gridkey"))
    }

    /// Takes relative paths as relative to `folder`, the configuration file's.
    #[must_use]
    pub fn relative_to(mut self, folder: &Path) -> Self {
        for path in [&mut self.root, &mut self.module, &mut self.software, &mut self.store].into_iter().flatten() {
            if path.is_relative() {
                *path = folder.join(&*path);
            }
        }
        self
    }

    /// The server's address.
    pub fn server(&self) -> Result<&ServerAddress, ConfigError> {
        self.server.as_ref().ok_or(ConfigError::Missing("server"))
    }

    /// The trust anchor, read from the root's file.
    pub fn anchor(&self) -> Result<TrustAnchor, ConfigError> {
        let path = self.root.as_ref().ok_or(ConfigError::Missing("root"))?;
        let bytes = std::fs::read(path).map_err(|source| ConfigError::File { path: path.clone(), source })?;
        let der = CertificateDer::from_pem_slice(&bytes).map_or(bytes, |der| der.to_vec());
        let purposes = match &self.arc {
            Some(arc) => {
                Purposes::under(arc).map_err(|error| ConfigError::Invalid { key: "arc", reason: error.to_string() })?
            }
            None => Purposes::default(),
        };
        TrustAnchor::new(&der, purposes).map_err(|reason| ConfigError::Root { path: path.clone(), reason })
    }

    /// Where the key is.
    pub fn token(&self) -> Result<TokenSource, ConfigError> {
        match (&self.software, &self.module) {
            (Some(file), _) => Ok(TokenSource::Software(file.clone())),
            (None, Some(module)) => Ok(TokenSource::Pkcs11 { module: module.clone(), uri: self.uri.clone() }),
            (None, None) => Err(ConfigError::Missing("module")),
        }
    }

    /// The folder of the offline store.
    pub fn store(&self) -> Result<&Path, ConfigError> {
        self.store.as_deref().ok_or(ConfigError::Missing("store"))
    }

    /// The caps of orders.
    pub fn caps(&self) -> Result<Caps, ConfigError> {
        let fen = |key, value: Option<u64>, default| {
            Fen::new(value.unwrap_or(default)).map_err(|error| ConfigError::Invalid { key, reason: error.to_string() })
        };
        Ok(Caps {
            per_order: fen("max_order", self.max_order, DEFAULT_PER_ORDER)?,
            queued: fen("max_queued", self.max_queued, DEFAULT_QUEUED)?,
        })
    }

    /// How long an order may be executed, seconds.
    pub fn order_seconds(&self) -> Result<i64, ConfigError> {
        let seconds = i64::from(self.order_hours.unwrap_or(DEFAULT_ORDER_HOURS)) * 3600;
        if (3600..=limits::ORDER_LIFE_SECONDS).contains(&seconds) {
            Ok(seconds)
        } else {
            Err(ConfigError::Invalid { key: "order_hours", reason: "1 to 168 expected".into() })
        }
    }

    /// The person's language.
    pub fn locale(&self) -> &str {
        self.locale.as_deref().unwrap_or("en")
    }
}

/// A folder of the XDG base directories (an absolute path, or it does not count).
fn home(variable: &str, below_home: &str) -> Option<PathBuf> {
    let set = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    set.or_else(|| Some(std::env::home_dir()?.join(below_home)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_may_live_a_week_at_most() {
        let config = |order_hours| ClientConfig { order_hours, ..ClientConfig::default() };
        assert_eq!(config(None).order_seconds().unwrap(), 72 * 3600);
        assert_eq!(config(Some(168)).order_seconds().unwrap(), limits::ORDER_LIFE_SECONDS);
        assert!(config(Some(169)).order_seconds().is_err());
        assert!(config(Some(0)).order_seconds().is_err());
    }

    #[test]
    fn a_software_key_goes_before_a_module() {
        let config =
            ClientConfig { software: Some("key".into()), module: Some("module.so".into()), ..ClientConfig::default() };
        assert_eq!(config.token().unwrap(), TokenSource::Software("key".into()));
    }

    #[test]
    fn a_file_is_read_and_a_wrong_one_says_where() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("client.toml");
        std::fs::write(
            &path,
            "server = \"wss://pay.example.com:8443/session\"\nroot = \"root.pem\"\nsupport = \"95598\"\n",
        )
        .unwrap();
        let config = ClientConfig::from_file(&path).unwrap();
        assert_eq!(config.root, Some(folder.path().join("root.pem")));
        assert_eq!(config.support.as_deref(), Some("95598"));
        std::fs::write(&path, "sever = 1").unwrap();
        let error = ClientConfig::from_file(&path).unwrap_err();
        assert!(matches!(&error, ConfigError::Syntax { .. }) && error.to_string().contains("sever"), "{error}");
        std::fs::write(&path, "locale = \"en\"\npin = \"1234\"\n").unwrap();
        let said = ClientConfig::from_file(&path).unwrap_err().to_string();
        assert!(said.contains("line 2") && said.contains("pin") && !said.contains("1234"), "{said}");
        assert!(matches!(ClientConfig::from_file(&folder.path().join("none")), Err(ConfigError::File { .. })));
    }

    #[test]
    fn relative_paths_begin_at_the_file() {
        let config = ClientConfig { root: Some("root.pem".into()), store: Some("/var/s".into()), ..Default::default() };
        let config = config.relative_to(Path::new("/etc/gridkey"));
        assert_eq!(config.root.as_deref(), Some(Path::new("/etc/gridkey/root.pem")));
        assert_eq!(config.store.as_deref(), Some(Path::new("/var/s")));
    }
}
