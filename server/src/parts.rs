//! Opening the server's parts as the configuration names them; `serve` and the commands put them together from here.

use std::{sync::Arc, time::Duration};

use gridkey_protocol::certificate::{Purposes, TrustAnchor};
use gridkey_service::tls::read_certificates;
use gridkey_surreal::{Credentials, Database};

use crate::{
    ca::Issuer,
    config::Config,
    hsm::{Hsm, HsmSettings, Pkcs11Hsm, module::Module, session::KeyNames},
    provision::ProvisionError,
    store::surreal::{DataKey, SurrealStore, load_wrapped_data_key},
};

impl Config {
    /// How the HSM's token and keys are named.
    pub fn key_names(&self) -> KeyNames {
        let hsm = &self.hsm;
        KeyNames {
            token: hsm.token.clone(),
            issuing: hsm.issuing.0.clone(),
            receipt: hsm.receipt.0.clone(),
            kek: hsm.kek.0.clone(),
            envelope: hsm.envelope.0.clone(),
        }
    }
}

/// Starts the HSM's threads. A token that is missing now is used when it appears; ask [`Hsm::check`] to know.
pub fn start_hsm(config: &Config) -> Result<Arc<Pkcs11Hsm>, ProvisionError> {
    start_hsm_with(config, Module::new(&config.hsm.module))
}

/// The same on a library that is in use already.
pub fn start_hsm_with(config: &Config, module: Arc<Module>) -> Result<Arc<Pkcs11Hsm>, ProvisionError> {
    let settings = HsmSettings {
        names: config.key_names(),
        threads: config.hsm.threads,
        queue: config.hsm.queue,
        call_limit: Duration::from_millis(config.hsm.call_milliseconds),
    };
    let pin = config.hsm.pin.read()?;
    Pkcs11Hsm::start(module, settings, pin).map(Arc::new).map_err(ProvisionError::Threads)
}

/// The issuer: the certificate at `[pki] issuing`, the key in the HSM.
pub fn open_issuer(config: &Config, hsm: Arc<dyn Hsm>) -> Result<Issuer, ProvisionError> {
    let certificate = first(read_certificates(&config.pki.issuing)?)?;
    Ok(Issuer::new(hsm, certificate, &config.pki.organisation, config.pki.arc, config.lifetimes())?)
}

/// The company root, as clients trust it.
pub fn open_anchor(config: &Config) -> Result<TrustAnchor, ProvisionError> {
    let root = first(read_certificates(&config.root.certificate)?)?;
    let purposes = Purposes::under(&config.pki.arc.oid().to_string())
        .map_err(|_| ProvisionError::Configuration("pki.arc is not an OID".to_owned()))?;
    TrustAnchor::new(&root, purposes)
        .map_err(|error| ProvisionError::Configuration(format!("{}: {error}", config.root.certificate.display())))
}

/// The chain over the HSM's receipt key, leaf first, DER.
pub fn open_receipt_chain(config: &Config) -> Result<Vec<Vec<u8>>, ProvisionError> {
    Ok(read_certificates(&config.pki.receipt)?.iter().map(|der| der.to_vec()).collect())
}

fn first(certificates: Vec<rustls_pki_types::CertificateDer<'static>>) -> Result<Vec<u8>, ProvisionError> {
    let none = || ProvisionError::Configuration("a certificate file is empty".to_owned());
    certificates.into_iter().next().map(|der| der.to_vec()).ok_or_else(none)
}

/// The database alone, without the key to its sealed fields.
pub async fn open_database(config: &Config) -> Result<Database, ProvisionError> {
    let store = &config.store;
    let password = store.password.as_ref().map(|secret| secret.read()).transpose()?;
    let credentials = match (&store.user, password) {
        (Some(user), Some(password)) => {
            Some(Credentials { username: user.clone(), password, level: store.user_level.into() })
        }
        _ => None,
    };
    Ok(Database::open(&store.url, &store.namespace, &store.database, credentials).await?)
}

/// The store: the database and its data key, which the HSM unwraps. Fails with [`ProvisionError::Configuration`] before `init`.
pub async fn open_store(config: &Config, hsm: &dyn Hsm) -> Result<SurrealStore, ProvisionError> {
    let database = open_database(config).await?;
    let wrapped = load_wrapped_data_key(&database).await?;
    let wrapped = wrapped.ok_or_else(|| {
        ProvisionError::Configuration("the database holds no data key: run `gridkey-server init` first".to_owned())
    })?;
    let key = hsm.unwrap_data_key(&wrapped).await?;
    Ok(SurrealStore::open(database, DataKey::new(key)).await?)
}
