//! The server under test: provisioned in a folder of its own, with its HSM on a SoftHSM token and its database on the disk, as in
//! the demo.

use std::{
    fs,
    net::SocketAddr,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use anyhow::{Context as _, Result};
use gridkey_protocol::certificate::TrustAnchor;
use gridkey_server::{config::Config, parts};
use serde::Deserialize;

use crate::{
    bench::Bench,
    children::{Child, output},
};

/// Nobody listens there (RFC 6335: the port is reserved).
const NOBODY: &str = "127.0.0.1:1";

/// A provisioned server, running or not.
pub(crate) struct Stack {
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// Its configuration.
    pub(crate) config: PathBuf,
    /// The company root.
    pub(crate) anchor: Arc<TrustAnchor>,
    program: PathBuf,
    server: Option<Child>,
}

/// `runtime.json`.
#[derive(Deserialize)]
struct Runtime {
    pid: u32,
    session: SocketAddr,
}

impl Stack {
    /// Makes tokens, keys, certificates and the database below a fresh folder. Nothing runs yet.
    pub(crate) async fn provision(bench: &Bench, name: &str, platform: Option<SocketAddr>) -> Result<Self> {
        let folder = bench.folder(name)?;
        for inner in ["secrets", "tokens"] {
            fs::DirBuilder::new().mode(0o700).create(folder.join(inner))?;
        }
        for secret in ["hsm-pin", "hsm-so-pin", "root-pin", "root-so-pin"] {
            write_private(&folder.join("secrets").join(secret), &random_pin()?)?;
        }
        let tokens = folder.join("tokens");
        let conf =
            format!("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n", tokens.display());
        fs::write(folder.join("softhsm2.conf"), conf)?;
        let config = folder.join("server.toml");
        let platform = platform.map_or_else(|| NOBODY.to_owned(), |address| address.to_string());
        fs::write(&config, configuration(&bench.module, &platform))?;
        let program = bench.program("gridkey-server");
        let mut init = Command::new(&program);
        output(init.arg("--config").arg(&config).arg("init").env("SOFTHSM2_CONF", softhsm_conf(&folder))).await?;
        let anchor = Arc::new(parts::open_anchor(&Config::load(&config)?)?);
        Ok(Self { folder, config, anchor, program, server: None })
    }

    /// Starts the server, anew if it runs; gives where its customers' listener is.
    pub(crate) async fn start(&mut self) -> Result<SocketAddr> {
        self.stop();
        let mut command = Command::new(&self.program);
        command.arg("--config").arg(&self.config).arg("serve");
        command.env("SOFTHSM2_CONF", softhsm_conf(&self.folder)).env("RUST_LOG", "error");
        let mut server = Child::spawn("server", &mut command, &self.folder)?;
        let (state, pid) = (self.folder.join("state/runtime.json"), server.pid());
        let session = server
            .wait_for(async || {
                let runtime: Runtime = serde_json::from_slice(&fs::read(&state).ok()?).ok()?;
                (runtime.pid == pid).then_some(runtime.session)
            })
            .await?;
        self.server = Some(server);
        Ok(session)
    }

    /// Stops the server, if it runs.
    pub(crate) fn stop(&mut self) {
        self.server = None;
    }

    /// The running server's process.
    pub(crate) fn pid(&self) -> Result<u32> {
        Ok(self.server.as_ref().context("the server does not run")?.pid())
    }

    /// Where commands of an operator go.
    pub(crate) fn control(&self) -> PathBuf {
        self.folder.join("state/control/server.sock")
    }

    /// The certificate chain and key of the customers' listener, for a peer that speaks to the same clients.
    pub(crate) fn session_identity(&self) -> (PathBuf, PathBuf) {
        (self.folder.join("state/session.pem"), self.folder.join("state/session-key.pem"))
    }

    /// The folder of the intranet's certificates.
    pub(crate) fn intranet(&self) -> PathBuf {
        self.folder.join("state/intranet")
    }
}

/// The `SOFTHSM2_CONF` of a server's folder.
pub(crate) fn softhsm_conf(folder: &Path) -> PathBuf {
    folder.join("softhsm2.conf")
}

fn configuration(module: &Path, platform: &str) -> String {
    let module = module.display();
    format!(
        r#"state_dir = "state"

[session]
listen = "127.0.0.1:0"
# An address, so that clients ask no resolver.
host = "127.0.0.1"

[public]
listen = "127.0.0.1:0"

[ops]
listen = "127.0.0.1:0"

[hsm]
module = "{module}"
token = "pkcs11:token=gridkey"
pin = {{ file = "secrets/hsm-pin" }}
so_pin = {{ file = "secrets/hsm-so-pin" }}

[root]
token = "pkcs11:token=gridkey-root"
pin = {{ file = "secrets/root-pin" }}
so_pin = {{ file = "secrets/root-so-pin" }}

[platform]
url = "https://{platform}"

[development]
software_keys = true
"#
    )
}

fn random_pin() -> Result<String> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(hex::encode(bytes))
}

fn write_private(path: &Path, text: &str) -> Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    Ok(std::io::Write::write_all(&mut file, text.as_bytes())?)
}
