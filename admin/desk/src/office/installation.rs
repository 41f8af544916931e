//! What the installation gives the program: whom to trust, where the server is, which keys, which reader.

use std::sync::Arc;

use gridkey_client::{
    app::{Company, Installation as ClientInstallation},
    config::ConfigError,
    transport::Connector,
};
use gridkey_protocol::certificate::TrustAnchor;
use gridkey_token::KeySource;

use super::{Bench, OfficeConfig, Problem, bench::Pkcs11Bench};

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
    /// The reader in which keys are made; none without a PKCS#11 module.
    pub bench: Option<Arc<dyn Bench>>,
    /// Digits of an issued PIN.
    pub pin_digits: usize,
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
    pub fn new(config: &OfficeConfig, agent: &str) -> Result<Self, ConfigError> {
        // The administrators' program keeps no store; the folder is named only.
        let base = ClientInstallation::new(&config.client, agent)?;
        let bench = config
            .token_module()
            .map(|module| Arc::new(Pkcs11Bench::new(module.to_owned(), Arc::clone(&base.anchor))) as Arc<dyn Bench>);
        Ok(Self {
            anchor: base.anchor,
            keys: base.keys,
            connector: base.connector,
            allow_unbound: base.allow_unbound,
            bench,
            pin_digits: config.pin_digits()?,
            agent: base.agent,
            locale: base.locale,
            company: base.company,
        })
    }

    /// As [`Self::new`], from what reading the file gave; what is wrong becomes what the set-up check tells.
    ///
    /// # Errors
    /// The problem for the person.
    pub fn from_config(config: Result<OfficeConfig, ConfigError>, agent: &str) -> Result<Self, Problem> {
        config.and_then(|config| Self::new(&config, agent)).map_err(|error| {
            tracing::error!(%error, "the installation is not complete");
            Problem::from(&error)
        })
    }
}

impl std::fmt::Debug for Installation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Installation").field("company", &self.company).finish_non_exhaustive()
    }
}
