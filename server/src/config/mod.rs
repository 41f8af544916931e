//! The server's configuration: one TOML file, environment variables over it, safe defaults under it.
//!
//! `gridkey-server.example.toml` documents every key; a test holds it to the types of [`sections`].

use std::path::{Path, PathBuf};

use gridkey_service::config::{ConfigError, base, resolve};
use serde::{Deserialize, Serialize};

use crate::ca::Lifetimes;

mod sections;

pub use sections::{
    Admin, Audit, Control, Development, HsmSection, Log, ObjectName, Ops, Orders, Pki, Platform, Public, Root,
    SessionSection, StoreSection,
};

/// Environment variables that override the file begin with this, tables and keys joined by `__`:
/// `GRIDKEY_SERVER_SESSION__LISTEN`.
pub const ENV_PREFIX: &str = "GRIDKEY_SERVER_";

/// The whole configuration. After [`Config::load`] every path in it is complete.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the server keeps certificates, keys, its database and `runtime.json`.
    #[serde(default = "default_state_dir")]
    pub state_dir: PathBuf,
    /// The customers' WebSocket listener.
    #[serde(default)]
    pub session: SessionSection,
    /// The administrators' WebSocket listener.
    #[serde(default)]
    pub admin: Admin,
    /// The listener that browsers and the gateway reach.
    #[serde(default)]
    pub public: Public,
    /// Health and metrics.
    #[serde(default)]
    pub ops: Ops,
    /// The socket of the server's own commands.
    #[serde(default)]
    pub control: Control,
    /// The hardware security module.
    pub hsm: HsmSection,
    /// The company root.
    #[serde(default)]
    pub root: Root,
    /// The database.
    #[serde(default)]
    pub store: StoreSection,
    /// The payment platform on the intranet.
    #[serde(default)]
    pub platform: Platform,
    /// Limits on payment orders.
    #[serde(default)]
    pub orders: Orders,
    /// Certificates.
    #[serde(default)]
    pub pki: Pki,
    /// The audit chain.
    #[serde(default)]
    pub audit: Audit,
    /// What only a demo or a test may switch on.
    #[serde(default)]
    pub development: Development,
    /// Logs.
    #[serde(default)]
    pub log: Log,
}

fn default_state_dir() -> PathBuf {
    PathBuf::from("state")
}

impl Config {
    /// Where the newest revocation list is kept.
    pub fn crl_path(&self) -> PathBuf {
        self.state_dir.join("crl.der")
    }

    /// Reads `path` and the environment. Relative paths in the file start at the file's folder; certificates and sockets that it
    /// doesn't name lie in the state folder.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let mut config: Self = gridkey_service::config::load(path, ENV_PREFIX)?;
        config.settle(&base(path));
        config.check()?;
        Ok(config)
    }

    /// Where the certificates between server and platform lie unless configured otherwise.
    pub fn intranet_dir(&self) -> PathBuf {
        self.state_dir.join("intranet")
    }

    /// The demo's web root, for whoever opens the public listener's pages.
    pub fn web_root(&self) -> PathBuf {
        self.state_dir.join("web-root.pem")
    }

    /// How long certificates live.
    pub fn lifetimes(&self) -> Lifetimes {
        Lifetimes {
            key_days: self.pki.key_days,
            envelope_days: self.pki.envelope_days,
            tls_days: self.pki.tls_days,
            receipt_days: self.pki.receipt_days,
        }
    }

    fn settle(&mut self, base: &Path) {
        self.state_dir = resolve(base, &self.state_dir);
        self.hsm.module = resolve(base, &self.hsm.module);
        let state = self.state_dir.clone();
        let intranet = self.intranet_dir();
        let place = |path: &mut PathBuf, folder: &Path, name: &str| {
            *path = if path.as_os_str().is_empty() { folder.join(name) } else { resolve(base, path) };
        };
        place(&mut self.session.certificate, &state, "session.pem");
        place(&mut self.session.key, &state, "session-key.pem");
        place(&mut self.public.certificate, &state, "public.pem");
        place(&mut self.public.key, &state, "public-key.pem");
        place(&mut self.control.socket, &state, "control/server.sock");
        place(&mut self.root.certificate, &state, "root.pem");
        place(&mut self.pki.issuing, &state, "issuing.pem");
        place(&mut self.pki.receipt, &state, "receipt.pem");
        place(&mut self.platform.root, &intranet, "root.pem");
        place(&mut self.platform.certificate, &intranet, "security-server.pem");
        place(&mut self.platform.key, &intranet, "security-server-key.pem");
        if self.store.url.is_empty() {
            self.store.url = format!("surrealkv://{}", state.join("store").display());
        } else if let Some(path) = self.store.url.strip_prefix("surrealkv://") {
            self.store.url = format!("surrealkv://{}", resolve(base, Path::new(path)).display());
        }
    }

    fn check(&self) -> Result<(), ConfigError> {
        let wrong = |key: &str, why: &str| Err(ConfigError::Invalid(format!("{key}: {why}")));
        if !self.hsm.token.names_token() || self.hsm.token.names_object() {
            return wrong("hsm.token", "expected a pkcs11: URI that names a token");
        }
        if !self.root.token.names_token() || self.root.token == self.hsm.token {
            return wrong("root.token", "expected a pkcs11: URI that names another token than hsm.token");
        }
        for (key, uri) in [
            ("hsm.issuing", &self.hsm.issuing),
            ("hsm.receipt", &self.hsm.receipt),
            ("hsm.kek", &self.hsm.kek),
            ("hsm.envelope", &self.hsm.envelope),
        ] {
            if !uri.0.names_object() || (uri.0.names_token() && !self.hsm.token.is_at_least(&uri.0)) {
                return wrong(key, "expected a label, or a pkcs11: URI of an object on hsm.token");
            }
        }
        if self.hsm.envelope.0.object.is_none() || self.hsm.envelope.0.id.is_some() {
            return wrong("hsm.envelope", "expected a label without an id: each envelope key has its own id");
        }
        if !(1..=30).contains(&self.pki.envelope_days) || self.pki.envelope_days <= 7 {
            return wrong("pki.envelope_days", "expected 8 to 30");
        }
        for (key, value) in [
            ("session.handshake_seconds", u64::from(self.session.handshake_seconds)),
            ("session.max_connections", self.session.max_connections as u64),
            ("session.max_handshakes", self.session.max_handshakes as u64),
            ("session.max_failures_per_minute", u64::from(self.session.max_failures_per_minute)),
            ("session.sessions_per_key", self.session.sessions_per_key as u64),
            ("session.unanswered", self.session.unanswered as u64),
            ("hsm.threads", self.hsm.threads as u64),
            ("hsm.queue", self.hsm.queue as u64),
            ("hsm.call_milliseconds", self.hsm.call_milliseconds),
            ("orders.page_minutes", u64::from(self.orders.page_minutes)),
            ("pki.key_days", u64::from(self.pki.key_days)),
            ("pki.crl_hours", u64::from(self.pki.crl_hours)),
            ("audit.head_seconds", self.audit.head_seconds),
        ] {
            if value == 0 {
                return wrong(key, "expected more than 0");
            }
        }
        if self.store.user.is_some() != self.store.password.is_some() {
            return wrong("store.user", "user and password go together");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> PathBuf {
        std::path::absolute("gridkey-server.example.toml").unwrap()
    }

    /// The keys of a table, nested ones joined by a dot.
    fn keys(table: &serde_json::Value, prefix: &str, into: &mut Vec<String>) {
        for (name, value) in table.as_object().into_iter().flatten() {
            if value.is_object() {
                keys(value, &format!("{prefix}{name}."), into);
            } else {
                into.push(format!("{prefix}{name}"));
            }
        }
    }

    #[test]
    fn the_shipped_example_loads_and_documents_every_key() {
        let config = Config::load(&example()).unwrap();
        let text = std::fs::read_to_string(example()).unwrap();
        let mut all = Vec::new();
        keys(&serde_json::to_value(&config).unwrap(), "", &mut all);
        all.extend(["hsm.pin", "hsm.so_pin", "root.pin", "root.so_pin", "store.password"].map(str::to_owned));
        assert!(all.len() > 50, "{all:?}");
        for key in all {
            let (table, name) = key.rsplit_once('.').unwrap_or(("", &key));
            let section = if table.is_empty() {
                text.split("\n[").next().unwrap()
            } else {
                let start = text.find(&format!("\n[{table}]")).unwrap_or_else(|| panic!("no table {table}"));
                text[start + 2..].split("\n[").next().unwrap()
            };
            let line = section.lines().find(|line| line.trim_start_matches("# ").starts_with(&format!("{name} =")));
            assert!(line.is_some(), "{key} is not in the example");
        }
    }

    #[test]
    fn the_example_says_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let minimal = folder.path().join("server.toml");
        let hsm = "[hsm]\nmodule = \"/usr/lib/softhsm/libsofthsm2.so\"\ntoken = \"pkcs11:token=gridkey\"\npin = { file = \"pin\" }\n";
        std::fs::write(&minimal, hsm).unwrap();
        let copy = folder.path().join("example.toml");
        std::fs::copy(example(), &copy).unwrap();
        let json = |path| serde_json::to_value(Config::load(path).unwrap()).unwrap();
        assert_eq!(json(&minimal), json(&copy));
    }

    #[test]
    fn a_misspelt_key_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("server.toml");
        let hsm = "[hsm]\nmodule = \"m\"\ntoken = \"pkcs11:token=gridkey\"\npin = { env = \"PIN\" }\n";
        for wrong in ["[sesion]\n", "[session]\nlistn = \"127.0.0.1:0\"\n", "[orders]\npage_minutes = 0\n"] {
            std::fs::write(&path, format!("{hsm}{wrong}")).unwrap();
            assert!(matches!(Config::load(&path), Err(ConfigError::Invalid(_))), "{wrong}");
        }
        for hsm in [
            "[hsm]\nmodule = \"m\"\ntoken = \"pkcs11:object=x\"\npin = { env = \"PIN\" }\n",
            "[hsm]\nmodule = \"m\"\ntoken = \"pkcs11:token=gridkey?pin-value=1\"\npin = { env = \"PIN\" }\n",
            "[hsm]\nmodule = \"m\"\ntoken = \"pkcs11:token=gridkey-root\"\npin = { env = \"PIN\" }\n",
        ] {
            std::fs::write(&path, hsm).unwrap();
            assert!(matches!(Config::load(&path), Err(ConfigError::Invalid(_))), "{hsm}");
        }
    }
}
