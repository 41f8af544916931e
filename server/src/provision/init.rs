//! `gridkey-server init`: from blank tokens to a server that can be started.
//!
//! It refuses when anything of an earlier run is there. `root.pem` is written last, so its presence means that all of it was
//! done; after a run that broke off, an operator removes what the message names and runs it again.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use gridkey_domain::Timestamp;
use zeroize::Zeroizing;

use super::{
    ProvisionError,
    files::{self, KeyKind},
    intranet::{self, software_key},
    tokens, web,
};
use crate::{
    actor::Actor,
    ca::{CertificateRequest, Issued, Issuer, Profile, PublicKey, Validity, certificate::issue_root},
    config::Config,
    envelope::EnvelopeKeeper,
    hsm::{Hsm, HsmKey, module::Module},
    issue::{KeyDesk, PublicPairs},
    parts,
    store::{
        AdminRole, Store,
        surreal::{DataKey, SurrealStore, load_wrapped_data_key, store_wrapped_data_key},
    },
};

/// The first administrator's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminRequest {
    /// A PKCS#10 request made on the administrator's token; without one a key file is made, if the configuration allows it.
    pub csr: Option<PathBuf>,
    /// The folder for `certificate.pem` and, without a request, `key.pem`.
    pub out: PathBuf,
}

/// What the first administrator is called in the certificate.
const ADMIN_NAME: &str = "admin-1";
/// How long sessions may take to close.
const SHUTDOWN: Duration = Duration::from_secs(5);

/// Sets everything up; gives the lines that tell the operator what was made.
pub async fn init(config: &Config, admin: Option<AdminRequest>, now: Timestamp) -> Result<Vec<String>, ProvisionError> {
    let mut done = Vec::new();
    files::ensure_absent([
        config.root.certificate.as_path(),
        &config.pki.issuing,
        &config.pki.receipt,
        &config.session.certificate,
        &config.session.key,
    ])?;
    let admin = admin.map(|request| AdminKey::prepare(config, request)).transpose()?;
    files::make_folder(&config.state_dir)?;

    let module = Module::new(&config.hsm.module);
    let (root, issuing) = make_authority(config, &module, now).await?;
    done.push(format!("tokens and keys in {}", config.hsm.module.display()));

    let hsm = parts::start_hsm_with(config, module)?;
    let store = Arc::new(make_store(config, hsm.as_ref()).await?);
    done.push(format!("database {}", config.store.url));
    let made = make_certificates(config, &issuing, Arc::clone(&hsm) as _, Arc::clone(&store) as _, admin, now).await;
    // Both are closed in good order whatever came of it: other processes can open the database, and SoftHSM exits clean.
    hsm.shutdown(SHUTDOWN).await;
    if let Some(store) = Arc::into_inner(store) {
        store.close().await?;
    }
    done.extend(made?);
    files::write_public(&config.root.certificate, &files::certificates_pem(&[&root.der])?)?;
    done.push(format!("company root {}", config.root.certificate.display()));
    Ok(done)
}

/// Everything that the issuing key signs, and the certificates beside it.
async fn make_certificates(
    config: &Config,
    issuing: &Issued,
    hsm: Arc<dyn Hsm>,
    store: Arc<dyn Store>,
    admin: Option<AdminKey>,
    now: Timestamp,
) -> Result<Vec<String>, ProvisionError> {
    let mut done = Vec::new();
    let organisation = &config.pki.organisation;
    let certificate = issuing.der.clone();
    let issuer = Issuer::new(Arc::clone(&hsm), certificate, organisation, config.pki.arc, config.lifetimes())?;
    let issuer = Arc::new(issuer);
    EnvelopeKeeper::new(Arc::clone(&hsm), Arc::clone(&issuer), Arc::clone(&store)).ensure_current(now).await?;
    write_server_certificates(config, &issuer, hsm.as_ref(), now).await?;
    done.push(format!("session certificate {}", config.session.certificate.display()));
    if web::make(config, now)? {
        let (leaf, root) = (config.public.certificate.display(), config.web_root());
        done.push(format!("public certificate {leaf} under {}", root.display()));
    }
    if intranet::make(config, now).await? {
        done.push(format!("intranet certificates in {}", config.intranet_dir().display()));
    }
    files::write_public(&config.pki.issuing, &files::certificates_pem(&[&issuing.der])?)?;
    if let Some(admin) = admin {
        let desk = KeyDesk::new(issuer, store);
        let (pairs, actor) =
            (PublicPairs { authentication: admin.public, agreement: None, token: None }, Actor::operator());
        let made = desk.issue_admin_key(ADMIN_NAME, AdminRole::SecurityOfficer, pairs, &actor, now).await?;
        desk.bind(made.authentication.fingerprint, None, &actor, now).await?;
        admin.write(&made.record.chain)?;
        done.push(format!("administrator's certificate {}", admin.certificate.display()));
    }
    Ok(done)
}

/// Both tokens, their keys, and the root's and the issuing certificate.
async fn make_authority(
    config: &Config,
    module: &Arc<Module>,
    now: Timestamp,
) -> Result<(Issued, Issued), ProvisionError> {
    let hsm_pin = config.hsm.pin.read()?;
    let missing = || ProvisionError::Configuration("init needs root.pin".to_owned());
    let root_pin = config.root.pin.as_ref().ok_or_else(missing)?.read()?;
    let so_pin =
        |secret: &Option<gridkey_service::secret::Secret>| secret.as_ref().map(|secret| secret.read()).transpose();
    let lease = module.lease()?;
    tokens::initialise(&lease, &config.root.token, so_pin(&config.root.so_pin)?.as_ref(), &root_pin)?;
    tokens::initialise(&lease, &config.hsm.token, so_pin(&config.hsm.so_pin)?.as_ref(), &hsm_pin)?;
    let signer = tokens::make_root_key(module, &config.root.token, &root_pin)?;
    let issuing = tokens::make_server_keys(&lease, config, &hsm_pin)?;

    let organisation = &config.pki.organisation;
    let validity = Validity::days(now, config.pki.root_days);
    let root = issue_root(&signer, organisation, "Gridkey Root", validity, config.pki.arc).await?;
    let top =
        Issuer::with_signer(Box::new(signer), root.der.clone(), organisation, config.pki.arc, config.lifetimes())?;
    let validity = Validity::days(now, config.pki.issuing_days);
    let issuing = top.issue(&Profile::Issuing, "Gridkey Issuing", PublicKey::Ed25519(issuing), validity).await?;
    Ok((root, issuing))
}

/// A database with a fresh data key in it, wrapped by the HSM.
async fn make_store(config: &Config, hsm: &dyn Hsm) -> Result<SurrealStore, ProvisionError> {
    let database = parts::open_database(config).await?;
    if load_wrapped_data_key(&database).await?.is_some() {
        return Err(ProvisionError::AlreadyDone(format!("{} holds a data key", config.store.url)));
    }
    let mut key = Zeroizing::new([0; 32]);
    getrandom::fill(key.as_mut_slice()).map_err(|_| crate::ca::CaError::Random)?;
    let wrapped = hsm.wrap_data_key(&key).await?;
    store_wrapped_data_key(&database, &wrapped).await?;
    Ok(SurrealStore::open(database, DataKey::new(key)).await?)
}

/// The receipt certificate and the session listener's.
async fn write_server_certificates(
    config: &Config,
    issuer: &Issuer,
    hsm: &dyn Hsm,
    now: Timestamp,
) -> Result<(), ProvisionError> {
    let receipt = issuer.receipt(hsm.public_key(HsmKey::Receipt).await?, now).await?;
    files::write_public(&config.pki.receipt, &files::certificates_pem(&issuer.chain_of(&receipt))?)?;
    let (secret, public) = software_key()?;
    let session = issuer.tls_server(public, vec![config.session.host.clone()], now).await?;
    files::write_private(&config.session.key, &files::private_key_pem(KeyKind::Ed25519, &secret)?)?;
    files::write_public(&config.session.certificate, &files::certificates_pem(&issuer.chain_of(&session))?)
}

/// The administrator's public key, checked before anything is made.
struct AdminKey {
    public: [u8; 32],
    secret: Option<Zeroizing<[u8; 32]>>,
    certificate: PathBuf,
    key: PathBuf,
}

impl AdminKey {
    fn prepare(config: &Config, request: AdminRequest) -> Result<Self, ProvisionError> {
        let (certificate, key) = (request.out.join("certificate.pem"), request.out.join("key.pem"));
        files::ensure_absent([certificate.as_path(), &key])?;
        if let Some(path) = request.csr {
            let public = read_request(&path)?.public_key();
            return Ok(Self { public, secret: None, certificate, key });
        }
        if !config.development.software_keys {
            return Err(ProvisionError::Configuration(
                "an administrator's key needs --admin-csr, made on a token (or [development] software_keys)".to_owned(),
            ));
        }
        let (secret, public) = software_key()?;
        Ok(Self { public, secret: Some(secret), certificate, key })
    }

    fn write(&self, chain: &[Vec<u8>]) -> Result<(), ProvisionError> {
        if let Some(secret) = &self.secret {
            files::write_private(&self.key, &files::private_key_pem(KeyKind::Ed25519, secret)?)?;
        }
        files::write_public(&self.certificate, &files::certificates_pem(chain)?)
    }
}

/// Reads a PKCS#10 request, PEM or DER.
pub(super) fn read_request(path: &Path) -> Result<CertificateRequest, ProvisionError> {
    let bytes = std::fs::read(path).map_err(|source| ProvisionError::File { path: path.to_owned(), source })?;
    Ok(CertificateRequest::parse(&bytes)?)
}
