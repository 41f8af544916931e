//! The platform's configuration: one TOML file, environment variables over it, safe defaults under it.
//!
//! `gridkey-platform.example.toml` documents every key; a test holds it to these types. The commands that need neither
//! listeners nor gateway do without a file: [`Config::for_data_dir`].

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use gridkey_service::{
    config::{ConfigError, base, resolve},
    secret::Secret,
    telemetry::LogFormat,
};
use gridkey_surreal::{Credentials, Level};
use serde::Deserialize;

use crate::payments::config::{PaymentsConfig, UnionpayConfig};

/// Environment variables that override the file begin with this, tables and keys joined by `__`:
/// `GRIDKEY_PLATFORM_HTTPS__LISTEN`.
pub const ENV_PREFIX: &str = "GRIDKEY_PLATFORM_";

/// The whole configuration. After [`Config::load`] every path in it is complete.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the platform keeps its database, key file, control socket and `runtime.json`.
    #[serde(default = "default_data_dir")]
    pub data_dir: PathBuf,
    /// The key file of the sensitive fields; `platform.key` in the data folder unless named.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
    /// The intranet listener; only `serve` needs it.
    #[serde(default)]
    pub https: Option<Https>,
    /// Health and metrics.
    #[serde(default)]
    pub ops: Ops,
    /// The socket of the platform's own commands.
    #[serde(default)]
    pub control: Control,
    /// The database.
    #[serde(default)]
    pub database: DatabaseSection,
    /// When arrears are looked at.
    #[serde(default)]
    pub arrears: ArrearsSection,
    /// The gateway; without it `serve` takes no payments.
    #[serde(default)]
    pub unionpay: Option<UnionpayConfig>,
    /// The times in a payment's life.
    #[serde(default)]
    pub payments: PaymentsConfig,
    /// Logs.
    #[serde(default)]
    pub log: Log,
}

/// `[https]`: the one listener of the intranet. TLS 1.3, and a client certificate of the security server only.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Https {
    /// Address and port; port 0 takes any free one.
    #[serde(default = "loopback")]
    pub listen: SocketAddr,
    /// The listener's certificate chain, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM, readable by its owner only.
    pub key: PathBuf,
    /// The intranet root that the server's certificate must end at, PEM.
    pub client_root: PathBuf,
    /// The DNS name that the server's certificate must carry.
    #[serde(default = "default_client_name")]
    pub client_name: String,
}

/// `[ops]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ops {
    /// Where `/healthz` and `/metrics` are, in clear: loopback or a management network only.
    pub listen: SocketAddr,
}

/// `[control]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Control {
    /// The Unix socket; `control/platform.sock` in the data folder unless named. Its folder must be this user's alone.
    pub socket: Option<PathBuf>,
}

/// `[database]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseSection {
    /// `surrealkv://PATH`, `ws://HOST:PORT` or `wss://HOST:PORT`; an embedded one in the data folder unless named.
    pub url: Option<String>,
    /// The user on a database server.
    pub username: Option<String>,
    /// That user's password.
    pub password: Option<Secret>,
    /// Where that user is defined.
    pub level: DatabaseLevel,
}

/// Where a database user is defined.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DatabaseLevel {
    /// On the root.
    Root,
    /// On the platform's database; the least that suffices.
    #[default]
    Database,
}

/// `[arrears]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ArrearsSection {
    /// Whether arrears are looked at when the platform starts.
    pub at_start: bool,
    /// Minutes between two looks; besides, one comes right after midnight (Asia/Shanghai). At least 1.
    pub every_minutes: u32,
}

/// `[log]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// `text` or `json`.
    pub format: LogFormat,
}

impl Default for Ops {
    fn default() -> Self {
        Self { listen: loopback() }
    }
}

impl Default for ArrearsSection {
    fn default() -> Self {
        Self { at_start: true, every_minutes: 60 }
    }
}

fn default_data_dir() -> PathBuf {
    PathBuf::from("data")
}

fn default_client_name() -> String {
    "security-server".to_owned()
}

fn loopback() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

impl Config {
    /// Reads `path` and the environment. Relative paths in the file start at the file's folder.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let mut config: Self = gridkey_service::config::load(path, ENV_PREFIX)?;
        config.settle(&base(path));
        if config.arrears.every_minutes == 0 {
            return Err(ConfigError::Invalid("arrears.every_minutes: expected at least 1".to_owned()));
        }
        Ok(config)
    }

    /// Defaults over an embedded database in `data_dir`, without listeners.
    pub fn for_data_dir(data_dir: &Path) -> Self {
        Self {
            data_dir: data_dir.to_owned(),
            key_file: None,
            https: None,
            ops: Ops::default(),
            control: Control::default(),
            database: DatabaseSection::default(),
            arrears: ArrearsSection::default(),
            unionpay: None,
            payments: PaymentsConfig::default(),
            log: Log::default(),
        }
    }

    /// Where the key of the sensitive fields is.
    pub fn key_path(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.data_dir.join("platform.key"))
    }

    /// Where the control socket is.
    pub fn control_socket(&self) -> PathBuf {
        self.control.socket.clone().unwrap_or_else(|| self.data_dir.join("control").join("platform.sock"))
    }

    /// What to open as the database.
    pub fn database_url(&self) -> String {
        let embedded = || format!("surrealkv://{}", self.data_dir.join("db").display());
        self.database.url.clone().unwrap_or_else(embedded)
    }

    /// The user of a database server, if there is one.
    ///
    /// # Errors
    /// If its password can't be read.
    pub fn credentials(&self) -> Result<Option<Credentials>, ConfigError> {
        let (Some(username), Some(password)) = (&self.database.username, &self.database.password) else {
            return Ok(None);
        };
        let level = match self.database.level {
            DatabaseLevel::Root => Level::Root,
            DatabaseLevel::Database => Level::Database,
        };
        Ok(Some(Credentials { username: username.clone(), password: password.read()?, level }))
    }

    fn settle(&mut self, base: &Path) {
        let settle = |path: &mut PathBuf| *path = resolve(base, path);
        settle(&mut self.data_dir);
        self.key_file.iter_mut().for_each(settle);
        self.control.socket.iter_mut().for_each(settle);
        if let Some(https) = &mut self.https {
            [&mut https.certificate, &mut https.key, &mut https.client_root].into_iter().for_each(settle);
        }
        self.unionpay.iter_mut().for_each(|unionpay| unionpay.settle(base));
        if let Some(path) = self.database.url.as_ref().and_then(|url| url.strip_prefix("surrealkv://")) {
            self.database.url = Some(format!("surrealkv://{}", resolve(base, Path::new(path)).display()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> PathBuf {
        std::path::absolute("gridkey-platform.example.toml").unwrap()
    }

    #[test]
    fn the_shipped_example_loads_and_its_paths_start_at_its_folder() {
        let config = Config::load(&example()).unwrap();
        let folder = example().parent().unwrap().to_owned();
        assert_eq!(config.data_dir, folder.join("data"));
        assert_eq!(config.database_url(), format!("surrealkv://{}", folder.join("data/db").display()));
        assert_eq!(config.https.unwrap().client_name, "security-server");
        assert_eq!(config.unionpay.unwrap().signing_key, folder.join("unionpay/merchant-key.pem"));
        assert_eq!(config.payments, PaymentsConfig::default());
    }

    #[test]
    fn the_shipped_example_shows_every_key_with_what_is_commented_out() {
        let text: String = std::fs::read_to_string(example())
            .unwrap()
            .lines()
            .map(|line| {
                let key = line
                    .strip_prefix("# ")
                    .filter(|rest| rest.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ')));
                format!("{}\n", key.unwrap_or(line))
            })
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.toml");
        std::fs::write(&path, text).unwrap();
        let config = Config::load(&path).unwrap();
        assert!(config.key_file.is_some() && config.control.socket.is_some());
        assert!(config.database.url.is_some() && config.database.password.is_some());
        assert!(config.unionpay.is_some_and(|unionpay| unionpay.web_roots.is_some()));
    }

    #[test]
    fn a_misspelt_key_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.toml");
        std::fs::write(&path, "[arrears]\nevery_minuets = 5\n").unwrap();
        assert!(matches!(Config::load(&path), Err(ConfigError::Invalid(_))));
        std::fs::write(&path, "[arrears]\nevery_minutes = 0\n").unwrap();
        assert!(matches!(Config::load(&path), Err(ConfigError::Invalid(_))));
    }
}
