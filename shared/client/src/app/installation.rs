//! What the installation gives the program: whom to trust, where the server is, which keys, where the store.

use std::{path::PathBuf, sync::Arc};

use gridkey_protocol::certificate::TrustAnchor;
use gridkey_token::{KeySource, SoftwareKeys};

use super::{Company, Problem};
use crate::{
    config::{ClientConfig, ConfigError, TokenSource},
    queue::Caps,
    transport::{Connector, TlsSettings, WebSocketConnector},
};

/// Everything that the configuration says, read and checked.
#[derive(Clone)]
pub struct Installation {
    /// The company root.
    pub anchor: Arc<TrustAnchor>,
    /// The keys of this machine.
    pub keys: Arc<dyn KeySource>,
    /// The way to the server.
    pub connector: Arc<dyn Connector>,
    /// Whether a server without channel binding is acceptable.
    pub allow_unbound: bool,
    /// The folder of the offline store.
    pub store: PathBuf,
    /// The limits of orders.
    pub caps: Caps,
    /// How long an order may be executed, seconds.
    pub order_seconds: i64,
    /// The program's name and version, told to the server.
    pub agent: String,
    /// The language told to the server until the person chooses one.
    pub locale: String,
    /// Who to turn to.
    pub company: Company,
}

impl Installation {
    /// Reads what `config` names. `agent` is the program's name and version.
    ///
    /// # Errors
    /// Whatever is missing or wrong, the first of it.
    pub fn new(config: &ClientConfig, agent: &str) -> Result<Self, ConfigError> {
        let server = config.server()?.clone();
        let anchor = config.anchor()?;
        let tls = TlsSettings::new(&anchor)
            .map_err(|error| ConfigError::Invalid { key: "root", reason: error.to_string() })?;
        let store = config.store.clone().or_else(ClientConfig::default_store).ok_or(ConfigError::Missing("store"))?;
        let company =
            Company { name: company_name(&anchor), support: config.support.clone(), server: Some(server.authority()) };
        Ok(Self {
            keys: keys(config)?,
            connector: Arc::new(WebSocketConnector::new(server, tls)),
            allow_unbound: config.allow_unbound,
            store,
            caps: config.caps()?,
            order_seconds: config.order_seconds()?,
            agent: agent.to_owned(),
            locale: config.locale().to_owned(),
            company,
            anchor: Arc::new(anchor),
        })
    }

    /// As [`Self::new`], from what reading the file gave; what is wrong becomes what the set-up check tells.
    ///
    /// # Errors
    /// The problem for the person.
    pub fn from_config(config: Result<ClientConfig, ConfigError>, agent: &str) -> Result<Self, Problem> {
        let made = config.and_then(|config| Self::new(&config, agent));
        made.map_err(|error| {
            tracing::error!(%error, "the installation is not complete");
            Problem::from(&error)
        })
    }
}

impl std::fmt::Debug for Installation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Installation")
            .field("store", &self.store)
            .field("company", &self.company)
            .finish_non_exhaustive()
    }
}

/// A software key, where one is named, goes before a module.
fn keys(config: &ClientConfig) -> Result<Arc<dyn KeySource>, ConfigError> {
    match config.token()? {
        TokenSource::Software(path) => Ok(Arc::new(SoftwareKeys::new(path))),
        #[cfg(feature = "pkcs11")]
        TokenSource::Pkcs11 { module, uri } => {
            let uri = uri
                .map(|uri| uri.parse::<gridkey_token::Pkcs11Uri>())
                .transpose()
                .map_err(|error| ConfigError::Invalid { key: "uri", reason: error.to_string() })?;
            Ok(Arc::new(gridkey_token::Pkcs11Keys::new(module, uri)))
        }
        #[cfg(not(feature = "pkcs11"))]
        TokenSource::Pkcs11 { .. } => {
            Err(ConfigError::Invalid { key: "module", reason: "this device takes software keys only".into() })
        }
    }
}

/// The organisation that the root is of, or its common name.
fn company_name(anchor: &TrustAnchor) -> Option<String> {
    use der::Decode as _;
    let root = x509_cert::Certificate::from_der(anchor.der()).ok()?;
    name_of(root.tbs_certificate().subject())
}

/// A name's organisation, or its common name.
pub(super) fn name_of(name: &x509_cert::name::Name) -> Option<String> {
    let organisation = name.organization().ok().flatten();
    organisation.or_else(|| name.common_name().ok().flatten()).map(|text| text.value().into_owned())
}
