//! TLS of the daemons: certificates and keys from PEM files, server and client configurations.
//!
//! The provider is always *ring*, passed explicitly: another crate of the workspace brings a second provider along, so a
//! process-wide default would depend on who asks first. Sessions are never resumed, because a resumed one would skip the
//! look at the client's certificate and the tickets' keys would outlive the handshake's.

mod identity;
mod kept;
mod verifier;

use std::{path::PathBuf, sync::Arc};

use rustls::{
    ClientConfig, ConfigBuilder, RootCertStore, ServerConfig, SupportedProtocolVersion,
    client::WantsClientCert,
    crypto::CryptoProvider,
    server::{NoClientAuth, NoServerSessionStorage, WantsServerCert, danger::ClientCertVerifier},
};
use rustls_pki_types::CertificateDer;

use self::verifier::OnlyClient;
pub use self::{
    identity::{Identity, read_certificates},
    kept::{Kept, show_end, show_end_of, watch},
};

/// TLS cannot be set up from what the configuration names.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or a key file is open to others.
    #[error(transparent)]
    File(#[from] crate::config::ConfigError),
    /// The file holds no certificate, no key, or no PEM at all.
    #[error("{} holds no usable {what} in PEM", path.display())]
    Pem {
        /// Which file.
        path: PathBuf,
        /// `certificate` or `private key`.
        what: &'static str,
    },
    /// A certificate that was to take another's place has ended, has not begun, or says neither.
    #[error("the certificate in {} is out of its time", path.display())]
    OutOfTime {
        /// Which file.
        path: PathBuf,
    },
    /// No root certificate was given, so nobody could be trusted.
    #[error("no root certificate to trust")]
    NoRoot,
    /// A root or an identity that the TLS library does not take.
    #[error("unusable certificate or key: {0}")]
    Rustls(#[from] rustls::Error),
}

/// The TLS versions of a listener or a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Versions {
    /// TLS 1.3 alone: the session listener and the intranet.
    Tls13,
    /// TLS 1.2 and 1.3: browsers and the gateway.
    Tls12Up,
}

impl Versions {
    fn list(self) -> &'static [&'static SupportedProtocolVersion] {
        static BOTH: [&SupportedProtocolVersion; 2] = [&rustls::version::TLS13, &rustls::version::TLS12];
        match self {
            Self::Tls13 => &BOTH[..1],
            Self::Tls12Up => &BOTH,
        }
    }
}

/// Which client certificates a listener asks for.
#[derive(Debug, Clone)]
pub enum ClientAuth {
    /// None is asked for.
    None,
    /// One is required: its chain ends at one of `roots`, it is for client authentication, and it carries `name` as a
    /// DNS name, letter by letter.
    Require {
        /// The only trust anchors.
        roots: Vec<CertificateDer<'static>>,
        /// The one accepted peer.
        name: String,
    },
}

/// A server configuration with ALPN `http/1.1`, without resumption and early data.
///
/// # Errors
/// If the key does not fit the certificate, or a root is unusable.
pub fn server_config(
    identity: &Identity,
    client: ClientAuth,
    versions: Versions,
) -> Result<Arc<ServerConfig>, TlsError> {
    let builder = server_builder(client, versions)?;
    Ok(finished(builder.with_single_cert(identity.chain().to_vec(), identity.clone_key())?))
}

/// The same with an identity whose files may change while the listener serves.
///
/// # Errors
/// If a root is unusable.
pub fn kept_server_config(
    identity: Arc<Kept>,
    client: ClientAuth,
    versions: Versions,
) -> Result<Arc<ServerConfig>, TlsError> {
    Ok(finished(server_builder(client, versions)?.with_cert_resolver(identity)))
}

fn server_builder(
    client: ClientAuth,
    versions: Versions,
) -> Result<ConfigBuilder<ServerConfig, WantsServerCert>, TlsError> {
    let provider = provider();
    let verifier: Arc<dyn ClientCertVerifier> = match client {
        ClientAuth::None => Arc::new(NoClientAuth),
        ClientAuth::Require { roots, name } => Arc::new(OnlyClient::new(&roots, name, &provider)?),
    };
    let builder = ServerConfig::builder_with_provider(provider).with_protocol_versions(versions.list())?;
    Ok(builder.with_client_cert_verifier(verifier))
}

fn finished(mut config: ServerConfig) -> Arc<ServerConfig> {
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.max_early_data_size = 0;
    Arc::new(config)
}

/// A client configuration that trusts `roots` alone and shows `identity` when asked.
///
/// # Errors
/// If there is no root, a root is unusable, or the key does not fit the certificate.
pub fn client_config(
    roots: &[CertificateDer<'static>],
    identity: Option<&Identity>,
    versions: Versions,
) -> Result<ClientConfig, TlsError> {
    let builder = client_builder(roots, versions)?;
    let mut config = match identity {
        Some(identity) => builder.with_client_auth_cert(identity.chain().to_vec(), identity.clone_key())?,
        None => builder.with_no_client_auth(),
    };
    config.resumption = rustls::client::Resumption::disabled();
    Ok(config)
}

/// The same with an identity whose files may change while the client is in use.
///
/// # Errors
/// If there is no root, or a root is unusable.
pub fn kept_client_config(
    roots: &[CertificateDer<'static>],
    identity: Arc<Kept>,
    versions: Versions,
) -> Result<ClientConfig, TlsError> {
    let mut config = client_builder(roots, versions)?.with_client_cert_resolver(identity);
    config.resumption = rustls::client::Resumption::disabled();
    Ok(config)
}

fn client_builder(
    roots: &[CertificateDer<'static>],
    versions: Versions,
) -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, TlsError> {
    let builder = ClientConfig::builder_with_provider(provider()).with_protocol_versions(versions.list())?;
    Ok(builder.with_root_certificates(root_store(roots)?))
}

/// A client configuration that refuses every server, for clients that speak plain HTTP alone.
pub(crate) fn trusting_nobody() -> ClientConfig {
    ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(Versions::Tls13.list())
        .expect("ring has suites of TLS 1.3")
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth()
}

/// The cryptography of every TLS connection.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn root_store(roots: &[CertificateDer<'static>]) -> Result<RootCertStore, TlsError> {
    if roots.is_empty() {
        return Err(TlsError::NoRoot);
    }
    let mut store = RootCertStore::empty();
    for root in roots {
        store.add(root.clone())?;
    }
    Ok(store)
}
