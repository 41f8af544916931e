//! A WebSocket over TLS that answers each message with one of the length that its first four bytes ask for: what any server pays
//! for TLS and WebSocket, with the buffers and limits of ours and nothing behind them.

use std::{net::SocketAddr, path::PathBuf, process::Command};

use anyhow::{Context as _, Result};
use clap::Args;
use futures_util::{SinkExt as _, StreamExt as _};
use gridkey_protocol::{SUBPROTOCOL, limits};
use gridkey_service::tls::{ClientAuth, Identity, Versions, server_config};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::{
    accept_hdr_async_with_config,
    tungstenite::{
        Message,
        handshake::server::{Callback, ErrorResponse, Request, Response},
        http::{HeaderValue, header::SEC_WEBSOCKET_PROTOCOL},
        protocol::WebSocketConfig,
    },
};

use crate::{bench::Bench, children::Child, stack::Stack};

/// The arguments of the echo's process.
#[derive(Args)]
pub(crate) struct EchoArgs {
    /// Where it writes its address.
    #[arg(long)]
    announce: PathBuf,
    /// Certificate chain.
    #[arg(long)]
    certificate: PathBuf,
    /// Its key.
    #[arg(long)]
    key: PathBuf,
}

/// A running echo.
pub(crate) struct Echo {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Echo {
    /// Starts it with the certificate of `stack`, so that the same clients trust it.
    pub(crate) async fn start(bench: &Bench, stack: &Stack) -> Result<Self> {
        let folder = bench.folder("echo")?;
        let (certificate, key) = stack.session_identity();
        let announce = folder.join("address");
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("echo").arg("--announce").arg(&announce);
        command.arg("--certificate").arg(certificate).arg("--key").arg(key);
        let mut child = Child::spawn("echo", &mut command, &folder)?;
        let address = child.wait_for(async || std::fs::read_to_string(&announce).ok()?.parse().ok()).await?;
        Ok(Self { child, address })
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.pid()
    }
}

/// A message of `length` bytes that asks for an answer of `answer` bytes.
pub(crate) fn message(length: usize, answer: usize) -> Vec<u8> {
    let mut message = vec![0x5a; length.max(4)];
    message[..4].copy_from_slice(&u32::try_from(answer).unwrap_or(0).to_be_bytes());
    message
}

/// The process: serves until it is ended.
pub(crate) async fn serve(args: EchoArgs) -> Result<()> {
    let identity = Identity::from_pem_files(&args.certificate, &args.key)?;
    let acceptor = TlsAcceptor::from(server_config(&identity, ClientAuth::None, Versions::Tls13)?);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let fresh = args.announce.with_extension("new");
    std::fs::write(&fresh, listener.local_addr()?.to_string())?;
    std::fs::rename(&fresh, &args.announce)?;
    loop {
        let (stream, _) = listener.accept().await?;
        let acceptor = acceptor.clone();
        // A client that hangs up ends its own connection and nothing else.
        tokio::spawn(async move { answer(stream, &acceptor).await.ok() });
    }
}

async fn answer(stream: TcpStream, acceptor: &TlsAcceptor) -> Result<()> {
    stream.set_nodelay(true)?;
    let tls = acceptor.accept(stream).await?;
    let config = WebSocketConfig::default()
        .read_buffer_size(1024)
        .write_buffer_size(0)
        .max_write_buffer_size(2 * limits::MESSAGE)
        .max_message_size(Some(limits::MESSAGE))
        .max_frame_size(Some(limits::MESSAGE));
    let mut socket = accept_hdr_async_with_config(tls, Ours, Some(config)).await?;
    while let Some(message) = socket.next().await {
        let Message::Binary(bytes) = message? else { continue };
        let wanted = bytes.first_chunk().context("too short a message")?;
        let length = usize::try_from(u32::from_be_bytes(*wanted))?.min(limits::MESSAGE);
        socket.send(Message::Binary(vec![0x5a; length].into())).await?;
    }
    Ok(())
}

/// Agrees to our subprotocol, so that our own connector takes part.
#[derive(Debug, Clone, Copy)]
struct Ours;

impl Callback for Ours {
    fn on_request(self, _: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
        response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
        Ok(response)
    }
}
