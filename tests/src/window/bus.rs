//! A private message bus with the accessibility registry on it. The session's bus and the one of the accessibility tree are
//! the same here: one less program, and nothing can be started on it by itself.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use zbus::{Connection, connection};

use super::{process::Process, wait_for};

const REGISTRY: &str = "org.a11y.atspi.Registry";

/// Where Debian and others put the registry.
const REGISTRY_PROGRAMS: [&str; 3] =
    ["/usr/libexec/at-spi2-registryd", "/usr/lib/at-spi2-core/at-spi2-registryd", "/usr/lib/at-spi2-registryd"];

/// A bus and the test's own place on it.
#[derive(Debug)]
pub(super) struct Bus {
    address: String,
    connection: Connection,
    _registry: Process,
    _daemon: Process,
    _folder: TempDir,
}

impl Bus {
    /// Starts the bus and connects to it.
    pub(super) fn start(runtime: &Runtime) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let config = folder.path().join("bus.conf");
        fs::write(&config, configuration(&folder.path().to_string_lossy()))?;
        let mut command = Process::command("dbus-daemon");
        command.arg("--config-file").arg(&config).args(["--nofork", "--print-address=1"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut daemon = Process::start(command)?;
        let mut address = String::new();
        let output = daemon.stdout().context("dbus-daemon's output is not there")?;
        BufReader::new(output).read_line(&mut address)?;
        let address = address.trim().to_owned();
        ensure!(!address.is_empty(), "dbus-daemon (Debian: dbus) did not start");

        let connection = runtime.block_on(async { connection::Builder::address(address.as_str())?.build().await })?;
        let program = REGISTRY_PROGRAMS.iter().find(|path| fs::metadata(path).is_ok());
        let mut command = Process::command(program.context("at-spi2-registryd (Debian: at-spi2-core) is needed")?);
        command.env("DBUS_SESSION_BUS_ADDRESS", &address).env("AT_SPI_BUS_ADDRESS", &address).env_remove("DISPLAY");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let registry = Process::start(command)?;
        let bus = Self { address, connection, _registry: registry, _daemon: daemon, _folder: folder };
        wait_for("the accessibility registry", Duration::from_secs(20), || {
            Ok(runtime.block_on(bus.has(REGISTRY))?.then_some(()))
        })?;
        Ok(bus)
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) const fn connection(&self) -> &Connection {
        &self.connection
    }

    async fn has(&self, name: &str) -> Result<bool> {
        let reply = self
            .connection
            .call_method(
                Some("org.freedesktop.DBus"),
                "/org/freedesktop/DBus",
                Some("org.freedesktop.DBus"),
                "NameHasOwner",
                &name,
            )
            .await?;
        Ok(reply.body().deserialize()?)
    }
}

/// A bus without services to start.
fn configuration(folder: &str) -> String {
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir={folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#
    )
}
