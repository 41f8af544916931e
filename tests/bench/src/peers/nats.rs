//! nats-server over TLS with client certificates, and as much of a client as the rows need: subscribe, publish, answer pings.

use std::{net::SocketAddr, process::Command, sync::Arc};

use anyhow::{Context as _, Result, bail, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{connect_from, free_port, installed};
use crate::{bench::Bench, children::Child, fleet::client_address, pki::Pki};

/// What everybody listens to.
const SUBJECT: &str = "alarm";
/// Connections being opened at a time.
const AT_ONCE: usize = 32;

/// A running nats-server.
pub(crate) struct Nats {
    child: Child,
    address: SocketAddr,
    tls: Arc<ClientConfig>,
}

/// A client's connection.
pub(crate) struct Connection {
    stream: BufReader<TlsStream<TcpStream>>,
}

impl Nats {
    /// Starts it.
    pub(crate) async fn start(bench: &Bench) -> Result<Self> {
        let folder = bench.folder("nats")?;
        let (pki, address) = (Pki::make(&folder)?, free_port()?);
        let file = folder.join("nats.conf");
        std::fs::write(&file, configuration(&pki, address))?;
        let mut command = Command::new(installed("nats-server")?);
        let mut child = Child::spawn("nats-server", command.arg("-c").arg(&file), &folder)?;
        child.wait_for(async || TcpStream::connect(address).await.ok()).await?;
        Ok(Self { child, address, tls: pki.client()? })
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.pid()
    }

    /// The `n`th client's connection, subscribed, after an answer showed that the server has noted it.
    pub(crate) async fn subscribe(&self, n: usize) -> Result<Connection> {
        let mut connection = self.connect(n).await?;
        connection.send(format!("SUB {SUBJECT} 1\r\nPING\r\n").as_bytes()).await?;
        connection.expect("PONG").await?;
        Ok(connection)
    }

    /// The subscribers `range`.
    pub(crate) async fn subscribe_many(&self, range: std::ops::Range<usize>) -> Result<Vec<Connection>> {
        stream::iter(range).map(|n| self.subscribe(n)).buffer_unordered(AT_ONCE).try_collect().await
    }

    /// A connection that publishes.
    pub(crate) async fn connect(&self, n: usize) -> Result<Connection> {
        let mut stream = connect_from(client_address(n), self.address).await?;
        // The server speaks first, before TLS; byte by byte, so that nothing of TLS is swallowed.
        let mut line = Vec::new();
        while line.last() != Some(&b'\n') {
            ensure!(line.len() < 64 * 1024, "nats-server: too long a greeting");
            line.push(stream.read_u8().await?);
        }
        ensure!(line.starts_with(b"INFO "), "nats-server: {}", String::from_utf8_lossy(&line));
        let name = ServerName::IpAddress(self.address.ip().into());
        let tls = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await?;
        // A small buffer: the generator's own memory is no measure, but there are thousands.
        let mut connection = Connection { stream: BufReader::with_capacity(1024, tls) };
        let hello = "CONNECT {\"verbose\":false,\"pedantic\":false,\"tls_required\":true,\"lang\":\"rust\",\"version\":\"0\",\
                     \"protocol\":1}\r\nPING\r\n";
        connection.send(hello.as_bytes()).await?;
        connection.expect("PONG").await?;
        Ok(connection)
    }
}

impl Connection {
    /// Publishes to all subscribers.
    pub(crate) async fn publish(&mut self, payload: &[u8]) -> Result<()> {
        let mut message = format!("PUB {SUBJECT} {}\r\n", payload.len()).into_bytes();
        message.extend_from_slice(payload);
        message.extend_from_slice(b"\r\n");
        self.send(&message).await
    }

    /// The next message's payload.
    pub(crate) async fn next(&mut self) -> Result<Vec<u8>> {
        loop {
            let line = self.line().await?;
            let Some(rest) = line.strip_prefix("MSG ") else {
                self.answer(&line).await?;
                continue;
            };
            let length: usize = rest.rsplit(' ').next().unwrap_or_default().parse().context("a message's length")?;
            let mut payload = vec![0; length + 2];
            self.stream.read_exact(&mut payload).await?;
            payload.truncate(length);
            return Ok(payload);
        }
    }

    async fn expect(&mut self, word: &str) -> Result<()> {
        loop {
            let line = self.line().await?;
            if line == word {
                return Ok(());
            }
            self.answer(&line).await?;
        }
    }

    async fn answer(&mut self, line: &str) -> Result<()> {
        match line {
            "PING" => self.send(b"PONG\r\n").await,
            _ if line.starts_with("-ERR") => bail!("nats-server: {line}"),
            _ => Ok(()),
        }
    }

    async fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.stream.read_line(&mut line).await? > 0, "nats-server hung up");
        Ok(line.trim_end().to_owned())
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.get_mut().write_all(bytes).await?;
        Ok(self.stream.get_mut().flush().await?)
    }
}

fn configuration(pki: &Pki, address: SocketAddr) -> String {
    let [root, certificate, key] =
        ["root.pem", "server.pem", "server-key.pem"].map(|name| pki.file(name).display().to_string());
    format!(
        "listen: \"{address}\"\nmax_connections: 20000\ntls {{\n  cert_file: \"{certificate}\"\n  key_file: \"{key}\"\n  \
         ca_file: \"{root}\"\n  verify: true\n  timeout: 10\n}}\n"
    )
}

/// So that a missing program is told before anything else is made.
pub(crate) fn ensure_installed() -> Result<()> {
    installed("nats-server").map(drop).context("run `cargo xtask bench`, which installs it")
}
