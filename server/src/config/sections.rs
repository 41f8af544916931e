//! The tables of the configuration.

use std::{net::SocketAddr, path::PathBuf};

use gridkey_service::{secret::Secret, telemetry::LogFormat};
use serde::{Deserialize, Serialize};

use crate::{
    ca::{Arc, Host},
    hsm::Pkcs11Uri,
};

/// `[session]`: the customers' WebSocket listener.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionSection {
    /// Where it listens; port 0 takes any free one.
    pub listen: SocketAddr,
    /// The host that clients are told to connect to: the subject alternative name of the TLS certificate.
    pub host: Host,
    /// The TLS certificate chain, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM, readable by the server's user only.
    pub key: PathBuf,
    /// Seconds from TCP accept to the whole `authenticate`.
    pub handshake_seconds: u32,
    /// Connections at the same time; one more is closed at once.
    pub max_connections: usize,
    /// Handshakes at the same time.
    pub max_handshakes: usize,
    /// Failed handshakes a minute from one address before it is turned away with 4429.
    pub max_failures_per_minute: u32,
    /// Sessions of one key at the same time; one more closes the oldest.
    pub sessions_per_key: usize,
    /// Requests of a session that may wait for their answer.
    pub unanswered: usize,
    /// Whether handshakes are offered without TLS channel binding, behind a proxy that ends TLS.
    pub allow_unbound_channel: bool,
}

impl Default for SessionSection {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8443)),
            host: Host::Dns("localhost".to_owned()),
            certificate: PathBuf::new(),
            key: PathBuf::new(),
            handshake_seconds: 10,
            max_connections: 20_000,
            max_handshakes: 256,
            max_failures_per_minute: 100,
            sessions_per_key: 4,
            unanswered: 64,
            allow_unbound_channel: false,
        }
    }
}

/// `[admin]`: the administrators' WebSocket listener, with the TLS certificate of `[session]`.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Admin {
    /// Where it listens: loopback or the intranet, never the public network. Without an address there is no such listener.
    pub listen: Option<SocketAddr>,
}

/// `[public]`: the listener that browsers and the gateway reach.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Public {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Host name that `init` puts into the demo's certificate, besides localhost and 127.0.0.1; `[session] host` by default.
    pub host: Option<Host>,
    /// How the outside reaches it, such as `https://pay.example.com`; the bound address by default.
    pub base_url: Option<String>,
    /// The TLS certificate chain, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
}

impl Default for Public {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8445)),
            host: None,
            base_url: None,
            certificate: PathBuf::new(),
            key: PathBuf::new(),
        }
    }
}

/// `[ops]`: health and metrics.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ops {
    /// Where `/healthz` and `/metrics` are served, in clear: keep it on loopback or a management network.
    pub listen: SocketAddr,
}

impl Default for Ops {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 9443)) }
    }
}

/// `[control]`: the socket of the server's own commands.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Control {
    /// The Unix socket.
    pub socket: PathBuf,
}

/// An object of the token: a `pkcs11:` URI, or its label.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ObjectName(pub Pkcs11Uri);

impl TryFrom<String> for ObjectName {
    type Error = crate::hsm::uri::UriError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Pkcs11Uri::object_or_label(&text).map(Self)
    }
}

impl Serialize for ObjectName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

fn object(label: &str) -> ObjectName {
    ObjectName(Pkcs11Uri::of_label(label))
}

/// `[hsm]`: the hardware security module.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HsmSection {
    /// The PKCS#11 library.
    pub module: PathBuf,
    /// The token, as an RFC 7512 URI without a PIN.
    pub token: Pkcs11Uri,
    /// The user PIN.
    #[serde(skip_serializing)]
    pub pin: Secret,
    /// The security officer's PIN: only for `init` on a token that is not initialised yet.
    #[serde(default, skip_serializing)]
    pub so_pin: Option<Secret>,
    /// Threads, each with a PKCS#11 session of its own.
    #[serde(default = "two")]
    pub threads: usize,
    /// Calls that may wait for a thread; one more is refused with 4503.
    #[serde(default = "queue")]
    pub queue: usize,
    /// How long a call may take, waiting included.
    #[serde(default = "call_milliseconds")]
    pub call_milliseconds: u64,
    /// The Ed25519 key that signs certificates.
    #[serde(default = "issuing")]
    pub issuing: ObjectName,
    /// The Ed25519 key that signs receipts and audit heads.
    #[serde(default = "receipt")]
    pub receipt: ObjectName,
    /// The AES-256 key that wraps data keys.
    #[serde(default = "kek")]
    pub kek: ObjectName,
    /// The label of the X25519 envelope keys.
    #[serde(default = "envelope")]
    pub envelope: ObjectName,
}

fn two() -> usize {
    2
}
fn queue() -> usize {
    256
}
fn call_milliseconds() -> u64 {
    3_000
}
fn issuing() -> ObjectName {
    object("issuing")
}
fn receipt() -> ObjectName {
    object("receipt")
}
fn kek() -> ObjectName {
    object("kek")
}
fn envelope() -> ObjectName {
    object("envelope")
}

/// `[root]`: the company root. Token and PINs are used by `init` alone; keep the token offline afterwards.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Root {
    /// The root's own token, in the same module.
    pub token: Pkcs11Uri,
    /// The user PIN.
    #[serde(skip_serializing)]
    pub pin: Option<Secret>,
    /// The security officer's PIN, for a token that is not initialised yet.
    #[serde(skip_serializing)]
    pub so_pin: Option<Secret>,
    /// The root certificate, PEM.
    pub certificate: PathBuf,
}

impl Default for Root {
    fn default() -> Self {
        let token = Pkcs11Uri { token: Some("gridkey-root".to_owned()), ..Pkcs11Uri::default() };
        Self { token, pin: None, so_pin: None, certificate: PathBuf::new() }
    }
}

/// `[store]`: the database.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreSection {
    /// `surrealkv://PATH`, `mem://` or `ws://HOST:PORT`.
    pub url: String,
    /// SurrealDB's namespace.
    pub namespace: String,
    /// SurrealDB's database.
    pub database: String,
    /// User of a database server.
    pub user: Option<String>,
    /// Where that user is defined.
    pub user_level: UserLevel,
    /// Its password.
    #[serde(skip_serializing)]
    pub password: Option<Secret>,
}

impl Default for StoreSection {
    fn default() -> Self {
        Self {
            url: String::new(),
            namespace: "gridkey".to_owned(),
            database: "server".to_owned(),
            user: None,
            user_level: UserLevel::Database,
            password: None,
        }
    }
}

/// Where a database user is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserLevel {
    /// On the database: the least that suffices.
    Database,
    /// On the root: may make namespace and database.
    Root,
}

impl From<UserLevel> for gridkey_surreal::Level {
    fn from(level: UserLevel) -> Self {
        match level {
            UserLevel::Database => Self::Database,
            UserLevel::Root => Self::Root,
        }
    }
}

/// `[platform]`: the payment platform on the intranet.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Platform {
    /// Where it is.
    pub url: String,
    /// The DNS name that its certificate carries.
    pub name: String,
    /// The intranet root, PEM.
    pub root: PathBuf,
    /// The server's client certificate, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
    /// How long one poll of the outbox waits for news.
    pub outbox_wait_seconds: u32,
    /// How long any other call may take.
    pub call_seconds: u32,
}

impl Default for Platform {
    fn default() -> Self {
        Self {
            url: "https://127.0.0.1:8444".to_owned(),
            name: "platform".to_owned(),
            root: PathBuf::new(),
            certificate: PathBuf::new(),
            key: PathBuf::new(),
            outbox_wait_seconds: 25,
            call_seconds: 8,
        }
    }
}

/// `[orders]`: limits on payment orders.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Orders {
    /// The largest order in fen.
    pub max_amount_fen: u64,
    /// How long the one-time address of a bank page works.
    pub page_minutes: u32,
}

impl Default for Orders {
    fn default() -> Self {
        Self { max_amount_fen: 500_000_000, page_minutes: 10 }
    }
}

/// `[pki]`: certificates.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pki {
    /// The company's name in certificates.
    pub organisation: String,
    /// The OID arc of the purposes; replace the documentation arc by the operator's own.
    pub arc: Arc,
    /// The issuing certificate, PEM.
    pub issuing: PathBuf,
    /// The receipt certificate's chain, PEM.
    pub receipt: PathBuf,
    /// Life of the root certificate.
    pub root_days: u32,
    /// Life of the issuing certificate.
    pub issuing_days: u32,
    /// Life of USBKEYs' and administrators' certificates.
    pub key_days: u32,
    /// Life of envelope certificates, 8 to 30.
    pub envelope_days: u32,
    /// Life of TLS certificates.
    pub tls_days: u32,
    /// Life of the receipt certificate.
    pub receipt_days: u32,
    /// How long a revocation list is good for; a new one is made in half that time and after each revocation.
    pub crl_hours: u32,
}

impl Default for Pki {
    fn default() -> Self {
        Self {
            organisation: "Gridkey Demo Power Company".to_owned(),
            arc: Arc::DOCUMENTATION,
            issuing: PathBuf::new(),
            receipt: PathBuf::new(),
            root_days: 7_300,
            issuing_days: 3_650,
            key_days: 1_095,
            envelope_days: 30,
            tls_days: 397,
            receipt_days: 3_650,
            crl_hours: 24,
        }
    }
}

/// `[audit]`: the audit chain.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Audit {
    /// How often the chain's head is signed and lodged at the platform.
    pub head_seconds: u64,
}

impl Default for Audit {
    fn default() -> Self {
        Self { head_seconds: 60 }
    }
}

/// `[development]`: what only a demo or a test may switch on.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Development {
    /// Whether `dev-key` and `init` may write keys to files instead of tokens.
    pub software_keys: bool,
}

/// `[log]`: logs.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// `text` or `json`.
    #[serde(serialize_with = "log_format")]
    pub format: LogFormat,
}

fn log_format<S: serde::Serializer>(format: &LogFormat, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match format {
        LogFormat::Text => "text",
        LogFormat::Json => "json",
    })
}
