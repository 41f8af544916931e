//! `stack.json`: what runs, where, and with which keys. It is written as soon as something runs, so that the next run finds
//! what a broken-off one left.

use std::{collections::BTreeMap, fs, io::ErrorKind, path::Path, path::PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// The file's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stack {
    pub(crate) server: Server,
    pub(crate) platform: Platform,
    pub(crate) sandbox: Sandbox,
    /// The company root, PEM: the clients' only trust anchor.
    pub(crate) root: PathBuf,
    /// The root of the public listener's certificate, PEM.
    pub(crate) web_root: PathBuf,
    /// The folder of the programs.
    pub(crate) bin: PathBuf,
    /// Process ids by the names of the daemons; only what runs.
    pub(crate) pids: BTreeMap<String, u32>,
    /// The customers' keys.
    pub(crate) tokens: Vec<TokenAt>,
    /// The administrators' keys.
    pub(crate) admins: Vec<TokenAt>,
}

/// The security server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Server {
    /// `wss://…/session`.
    pub(crate) session: String,
    /// `https://…` of the pages for browsers.
    pub(crate) public: String,
    /// `http://…/metrics`.
    pub(crate) metrics: String,
    /// The administrators' listener, where there is one.
    pub(crate) admin: Option<String>,
    pub(crate) config: PathBuf,
}

/// The payment platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Platform {
    /// `https://…` with mutual TLS.
    pub(crate) url: String,
    /// `http://…/metrics`.
    pub(crate) metrics: String,
    pub(crate) config: PathBuf,
}

/// The UnionPay gateway's stand-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sandbox {
    /// `http://…`.
    pub(crate) url: String,
    pub(crate) config: PathBuf,
}

/// A key and how to reach it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TokenAt {
    /// Whose it is; none for an administrator.
    pub(crate) customer: Option<String>,
    /// The PKCS#11 module.
    pub(crate) module: PathBuf,
    /// The token, RFC 7512.
    pub(crate) uri: String,
    /// What `SOFTHSM2_CONF` has to be.
    pub(crate) conf: PathBuf,
    pub(crate) pin_file: PathBuf,
}

impl Stack {
    /// Reads the file; `None` if there is none.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>> {
        match fs::read(path) {
            Ok(content) => {
                serde_json::from_slice(&content).map(Some).with_context(|| format!("{} is damaged", path.display()))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// Replaces the file as a whole.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let fresh = path.with_extension("json.new");
        let text = serde_json::to_string_pretty(self)? + "\n";
        let written = fs::write(&fresh, text).and_then(|()| fs::rename(&fresh, path));
        written.with_context(|| format!("cannot write {}", path.display()))
    }

    /// The configuration file of the daemon `name`, which also is in its command line.
    pub(crate) fn config_of(&self, name: &str) -> Option<&Path> {
        match name {
            "server" => Some(&self.server.config),
            "platform" | "meter-feed" => Some(&self.platform.config),
            "sandbox" => Some(&self.sandbox.config),
            _ => None,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A stack whose files are in `folder`.
    pub(crate) fn sample(folder: &Path) -> Stack {
        let token = TokenAt {
            customer: Some("1100000001".to_owned()),
            module: "/usr/lib/softhsm/libsofthsm2.so".into(),
            uri: "pkcs11:token=usbkey".to_owned(),
            conf: "softhsm2.conf".into(),
            pin_file: "pin".into(),
        };
        Stack {
            server: Server {
                session: "wss://localhost:1/session".to_owned(),
                public: "https://localhost:2".to_owned(),
                metrics: "http://127.0.0.1:3/metrics".to_owned(),
                admin: None,
                config: folder.join("server.toml"),
            },
            platform: Platform {
                url: "https://localhost:4".to_owned(),
                metrics: "http://127.0.0.1:5/metrics".to_owned(),
                config: folder.join("platform.toml"),
            },
            sandbox: Sandbox { url: "http://127.0.0.1:6".to_owned(), config: folder.join("sandbox.toml") },
            root: "root.pem".into(),
            web_root: "web-root.pem".into(),
            bin: "debug".into(),
            pids: BTreeMap::from([("server".to_owned(), 1)]),
            tokens: vec![token],
            admins: Vec::new(),
        }
    }

    #[test]
    fn the_file_reads_back_and_has_the_names_that_others_rely_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stack.json");
        assert_eq!(Stack::read(&path).unwrap(), None);
        let stack = sample(Path::new("/demo"));
        stack.write(&path).unwrap();
        assert_eq!(Stack::read(&path).unwrap(), Some(stack));
        let json: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        for pointer in
            ["/server/session", "/server/admin", "/web_root", "/pids/server", "/tokens/0/pin_file", "/admins"]
        {
            assert!(json.pointer(pointer).is_some(), "{pointer}");
        }
        fs::write(&path, "{}").unwrap();
        assert!(Stack::read(&path).is_err());
    }
}
