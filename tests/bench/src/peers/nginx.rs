//! nginx, as the end of a mutual TLS handshake and nothing more.

use std::{net::SocketAddr, path::Path, process::Command, sync::Arc};

use anyhow::{Context as _, Result, ensure};
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsConnector;

use super::{connect_from, free_port, installed};
use crate::{bench::Bench, children::Child, fleet::client_address, pki::Pki};

/// A running nginx that asks for a client's certificate.
pub(crate) struct Nginx {
    child: Child,
    address: SocketAddr,
    tls: Arc<ClientConfig>,
}

impl Nginx {
    /// Starts it, and makes sure that it lets our client in and nobody without a certificate.
    pub(crate) async fn start(bench: &Bench) -> Result<Self> {
        let folder = bench.folder("nginx")?;
        let (pki, address) = (Pki::make(&folder)?, free_port()?);
        let file = folder.join("nginx.conf");
        std::fs::write(&file, configuration(&folder, address))?;
        let mut command = Command::new(installed("nginx")?);
        command.arg("-p").arg(&folder).arg("-c").arg(&file).args(["-e", "stderr"]);
        let mut child = Child::spawn("nginx", &mut command, &folder)?;
        child.wait_for(async || tokio::net::TcpStream::connect(address).await.ok()).await?;
        let nginx = Self { child, address, tls: pki.client()? };
        nginx.check().await?;
        Ok(nginx)
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.pid()
    }

    /// The `n`th client's handshake. The server has judged our certificate when its side is closed.
    pub(crate) async fn handshake(&self, n: usize) -> Result<()> {
        let stream = connect_from(client_address(n), self.address).await?;
        let name = ServerName::IpAddress(self.address.ip().into());
        let mut tls = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await?;
        tls.shutdown().await?;
        // Nothing but the end comes.
        let _ = tls.read(&mut [0; 64]).await;
        Ok(())
    }

    async fn check(&self) -> Result<()> {
        let stream = connect_from(client_address(0), self.address).await?;
        let name = ServerName::IpAddress(self.address.ip().into());
        let mut tls = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await?;
        tls.write_all(b"GET / HTTP/1.0\r\n\r\n").await?;
        let mut answer = String::new();
        // nginx may close without a goodbye of TLS.
        let _ = tls.read_to_string(&mut answer).await;
        ensure!(answer.contains(" 204 "), "nginx did not take the client's certificate: {}", self.child.last_words());
        Ok(())
    }
}

fn configuration(folder: &Path, address: SocketAddr) -> String {
    let folder = folder.display();
    format!(
        "daemon off;\nworker_processes 2;\npid {folder}/nginx.pid;\nevents {{ worker_connections 4096; }}\n\
         http {{\n access_log off;\n client_body_temp_path {folder}/body;\n proxy_temp_path {folder}/proxy;\n \
         fastcgi_temp_path {folder}/fastcgi;\n uwsgi_temp_path {folder}/uwsgi;\n scgi_temp_path {folder}/scgi;\n \
         server {{\n  listen {address} ssl backlog=4096;\n  ssl_protocols TLSv1.3;\n  ssl_session_tickets off;\n  \
         ssl_session_cache off;\n  ssl_certificate {folder}/server.pem;\n  ssl_certificate_key {folder}/server-key.pem;\n  \
         ssl_client_certificate {folder}/root.pem;\n  ssl_verify_client on;\n  location / {{ return 204; }}\n }}\n}}\n"
    )
}

/// So that a missing program is told before anything else is made.
pub(crate) fn ensure_installed() -> Result<()> {
    installed("nginx").map(drop).context("run `cargo xtask bench`, which installs it")
}
