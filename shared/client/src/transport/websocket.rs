//! The real channel: TCP, TLS, WebSocket.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use async_trait::async_trait;
use futures_util::{SinkExt as _, StreamExt as _};
use gridkey_protocol::{CloseCode, SUBPROTOCOL, limits};
use rustls_pki_types::ServerName;
use tokio::{
    net::{TcpSocket, TcpStream},
    time::timeout,
};
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        self, Message,
        client::IntoClientRequest as _,
        error::{CapacityError, SubProtocolError},
        http::{HeaderValue, header::SEC_WEBSOCKET_PROTOCOL},
        protocol::{CloseFrame, WebSocketConfig, frame::coding},
    },
};

use super::{Channel, ChannelError, ConnectError, Connector, Incoming, TlsSettings};
use crate::address::ServerAddress;

/// From the first SYN to the opened WebSocket.
const CONNECT: Duration = Duration::from_secs(10);
/// A peer that takes nothing for so long is gone.
const SEND: Duration = Duration::from_secs(30);
/// How long a close frame may take before the line is simply dropped.
const CLOSE: Duration = Duration::from_secs(2);
/// Sessions are mostly idle; 4 KiB each way is enough to begin with.
const BUFFER: usize = 4 * 1024;

/// Connects to the security server.
#[derive(Debug, Clone)]
pub struct WebSocketConnector {
    address: ServerAddress,
    tls: TlsSettings,
    from: Option<IpAddr>,
}

impl WebSocketConnector {
    /// A connector to `address`.
    pub const fn new(address: ServerAddress, tls: TlsSettings) -> Self {
        Self { address, tls, from: None }
    }

    /// The same from this address of the machine, where it has several.
    #[must_use]
    pub const fn from_address(mut self, from: IpAddr) -> Self {
        self.from = Some(from);
        self
    }

    async fn connect_now(&self) -> Result<WebSocketChannel, ConnectError> {
        let tcp = self.connect_tcp().await?;
        let name = ServerName::try_from(self.address.host().to_owned())
            .map_err(|_| ConnectError::Resolve { host: self.address.host().to_owned() })?;
        let tls = self.tls.connector().connect(name, tcp).await.map_err(|error| tls_error(&error))?;
        let mut exporter = [0; 32];
        tls.get_ref()
            .1
            .export_keying_material(&mut exporter[..], b"EXPORTER-Channel-Binding", Some(&[]))
            .map_err(|error| ConnectError::Tls(error.to_string()))?;
        let mut request = self.address.to_string().into_client_request().map_err(|error| websocket_error(&error))?;
        request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
        let (socket, _) = client_async_with_config(request, tls, Some(websocket_config()))
            .await
            .map_err(|error| websocket_error(&error))?;
        Ok(WebSocketChannel { socket, exporter })
    }

    async fn connect_tcp(&self) -> Result<TcpStream, ConnectError> {
        let (host, port) = (self.address.host(), self.address.port());
        let addresses =
            tokio::net::lookup_host((host, port)).await.map_err(|_| ConnectError::Resolve { host: host.to_owned() })?;
        let mut last = None;
        for address in addresses {
            match self.connect_to(address).await {
                Ok(stream) => {
                    // Requests are small and wait for their answer.
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Err(error) => last = Some(error),
            }
        }
        match last {
            Some(error) => {
                Err(ConnectError::Unreachable { authority: self.address.authority(), cause: plain_cause(&error) })
            }
            None => Err(ConnectError::Resolve { host: host.to_owned() }),
        }
    }

    async fn connect_to(&self, address: SocketAddr) -> io::Result<TcpStream> {
        let Some(from) = self.from else { return TcpStream::connect(address).await };
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.bind((from, 0).into())?;
        socket.connect(address).await
    }
}

#[async_trait]
impl Connector for WebSocketConnector {
    async fn connect(&self) -> Result<Box<dyn Channel>, ConnectError> {
        match timeout(CONNECT, self.connect_now()).await {
            Ok(channel) => Ok(Box::new(channel?)),
            Err(_) => Err(ConnectError::Timeout { authority: self.address.authority() }),
        }
    }
}

fn websocket_config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(2 * limits::MESSAGE)
        .max_message_size(Some(limits::MESSAGE))
        .max_frame_size(Some(limits::MESSAGE))
}

struct WebSocketChannel {
    socket: WebSocketStream<TlsStream<TcpStream>>,
    exporter: [u8; 32],
}

#[async_trait]
impl Channel for WebSocketChannel {
    fn exporter(&self) -> Option<[u8; 32]> {
        Some(self.exporter)
    }

    async fn send(&mut self, message: Vec<u8>) -> Result<(), ChannelError> {
        match timeout(SEND, self.socket.send(Message::binary(message))).await {
            Ok(sent) => sent.map_err(|error| channel_error(&error)),
            Err(_) => Err(ChannelError::Broken("the server takes nothing any more".into())),
        }
    }

    async fn receive(&mut self, limit: usize) -> Result<Incoming, ChannelError> {
        match self.socket.next().await {
            Some(Ok(Message::Binary(bytes))) if bytes.len() <= limit => Ok(Incoming::Message(bytes.to_vec())),
            Some(Ok(Message::Binary(_))) => Err(ChannelError::TooBig),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(Incoming::Alive),
            Some(Ok(Message::Close(frame))) => Err(closed(frame.as_ref())),
            Some(Ok(Message::Text(_) | Message::Frame(_))) => Err(ChannelError::Malformed),
            Some(Err(error)) => Err(channel_error(&error)),
            None => Err(ChannelError::Broken("end of file".into())),
        }
    }

    async fn close(&mut self, code: CloseCode) {
        let frame = CloseFrame { code: coding::CloseCode::from(code.code()), reason: code.reason().into() };
        // The server may be gone already; then there is nobody to tell.
        let _ = timeout(CLOSE, self.socket.close(Some(frame))).await;
    }
}

fn closed(frame: Option<&CloseFrame>) -> ChannelError {
    match frame {
        Some(frame) => {
            let code = u16::from(frame.code);
            CloseCode::from_frame(code, &frame.reason).map_or(ChannelError::ClosedOtherwise(code), ChannelError::Closed)
        }
        // 1005: no status received (RFC 6455, 7.4.1).
        None => ChannelError::ClosedOtherwise(1005),
    }
}

fn channel_error(error: &tungstenite::Error) -> ChannelError {
    match error {
        tungstenite::Error::Capacity(CapacityError::MessageTooLong { .. }) => ChannelError::TooBig,
        tungstenite::Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake) => {
            ChannelError::Broken("end of file".into())
        }
        tungstenite::Error::Protocol(_) | tungstenite::Error::Utf8(_) => ChannelError::Malformed,
        tungstenite::Error::Io(error) => ChannelError::Broken(plain_cause(error)),
        other => ChannelError::Broken(other.to_string()),
    }
}

fn websocket_error(error: &tungstenite::Error) -> ConnectError {
    match error {
        tungstenite::Error::Http(response) => ConnectError::Http(response.status().as_u16()),
        tungstenite::Error::Protocol(tungstenite::error::ProtocolError::SecWebSocketSubProtocolError(
            SubProtocolError::NoSubProtocol | SubProtocolError::InvalidSubProtocol,
        )) => ConnectError::Subprotocol,
        other => channel_error(other).into(),
    }
}

/// Tells a wrong certificate from a wrong clock and from a line that broke.
fn tls_error(error: &io::Error) -> ConnectError {
    use rustls::{CertificateError as Bad, Error};
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    match inner {
        Some(Error::InvalidCertificate(
            Bad::Expired | Bad::ExpiredContext { .. } | Bad::NotValidYet | Bad::NotValidYetContext { .. },
        )) => ConnectError::Clock,
        Some(Error::InvalidCertificate(bad)) => ConnectError::Untrusted(bad.to_string()),
        Some(other) => ConnectError::Tls(other.to_string()),
        None => ChannelError::Broken(plain_cause(error)).into(),
    }
}

/// The kind of an I/O error in words, without the operating system's numbers.
fn plain_cause(error: &io::Error) -> String {
    error.kind().to_string()
}
