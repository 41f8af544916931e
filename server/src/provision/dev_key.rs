//! `gridkey-server dev-key`: issues and binds a key for trials, only when the configuration allows software keys.
//!
//! The private key is made where the command runs and never reaches the server: what goes through the control socket is a
//! certificate request, and what comes back are certificates.

use std::{path::PathBuf, sync::Arc, time::Duration};

use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_service::control::{ControlCallError, ControlError, call};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    ProvisionError,
    files::{self, KeyKind},
};
use crate::{
    actor::Actor,
    ca::{CertificateRequest, SoftwareSigner},
    config::Config,
    issue::{IssueError, KeyDesk, PublicPairs},
    parts,
    store::AdminRole,
};

/// The command's name on the control socket.
pub const COMMAND: &str = "dev-key";

/// Whose key it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holder {
    /// A customer's.
    Customer(CustomerNo),
    /// An administrator's: the name of the post, and what it may do.
    Admin(String, AdminRole),
}

impl Holder {
    fn name(&self) -> &str {
        match self {
            Self::Customer(customer) => customer.as_str(),
            Self::Admin(name, _) => name,
        }
    }
}

/// What the person asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevKey {
    /// Whose key.
    pub holder: Holder,
    /// The folder for the files.
    pub out: PathBuf,
    /// A PKCS#10 request made on a token; without one a key file is made.
    pub csr: Option<PathBuf>,
    /// A file with the token's X25519 public key in hex; without one, and without a request, a key file is made.
    pub agreement_public_key: Option<PathBuf>,
}

/// What goes through the control socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DevKeyArgs {
    /// Whose key.
    pub holder: Holder,
    /// The PKCS#10 request, DER in hex.
    pub csr: String,
    /// The X25519 public key in hex.
    pub agreement: Option<String>,
}

/// What comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DevKeyResult {
    /// The authentication certificate and the issuing one, DER in hex.
    pub chain: Vec<String>,
    /// The X25519 certificate, DER in hex.
    pub agreement: Option<String>,
    /// SHA-256 of the authentication certificate.
    pub fingerprint: String,
}

/// Carries the command out where the store is: in the running server, or in the command itself when none runs.
pub async fn handle(
    software_keys: bool,
    desk: &KeyDesk,
    args: DevKeyArgs,
    now: Timestamp,
) -> Result<DevKeyResult, ControlError> {
    if !software_keys {
        return Err(ControlError::new("forbidden", "the configuration does not allow software keys"));
    }
    let bad = |what: &str| ControlError::new("bad-request", what);
    let der = hex::decode(&args.csr).map_err(|_| bad("csr is not hex"))?;
    let request = CertificateRequest::parse(&der).map_err(|error| bad(&error.to_string()))?;
    if args.agreement.is_some() && matches!(args.holder, Holder::Admin(..)) {
        return Err(bad("an administrator's key has no X25519 key"));
    }
    let agreement = match &args.agreement {
        Some(text) => Some(public_key(text).ok_or_else(|| bad("agreement is not 32 bytes of hex"))?),
        None => None,
    };
    let failed = |error: IssueError| {
        ControlError::new(if error.is_transient() { "unavailable" } else { "conflict" }, error.to_string())
    };
    let pairs = PublicPairs { authentication: request.public_key(), agreement, token: None };
    let actor = Actor::operator();
    let (made, customer) = match &args.holder {
        Holder::Customer(customer) => (desk.issue_customer_key(customer, pairs, &actor, now).await, Some(customer)),
        Holder::Admin(name, role) => (desk.issue_admin_key(name, *role, pairs, &actor, now).await, None),
    };
    let made = made.map_err(failed)?;
    desk.bind(made.record.fingerprint, customer, &actor, now).await.map_err(failed)?;
    Ok(DevKeyResult {
        chain: made.record.chain.iter().map(hex::encode).collect(),
        agreement: made.record.agreement.as_ref().map(hex::encode),
        fingerprint: hex::encode(made.record.fingerprint),
    })
}

/// Runs the command: asks the running server, or works on the store directly; then writes the files. Gives the fingerprint.
pub async fn run(config: &Config, asked: &DevKey, now: Timestamp) -> Result<String, ProvisionError> {
    let [certificate, root, key, agreement, agreement_key] =
        ["certificate.pem", "root.pem", "key.pem", "agreement.pem", "agreement-key.pem"]
            .map(|name| asked.out.join(name));
    files::ensure_absent([&certificate, &root, &key, &agreement, &agreement_key].map(PathBuf::as_path))?;
    let made = Keys::prepare(asked)?;
    let args = DevKeyArgs {
        holder: asked.holder.clone(),
        csr: hex::encode(&made.csr),
        agreement: made.agreement.map(hex::encode),
    };
    let result = ask(config, args, now).await?;

    let damaged = || ProvisionError::Configuration("the server's answer can't be read".to_owned());
    let der = |text: &String| hex::decode(text).map_err(|_| damaged());
    let chain = result.chain.iter().map(der).collect::<Result<Vec<_>, _>>()?;
    files::make_folder(&asked.out)?;
    if let Some(signer) = &made.signer {
        files::write_private(&key, &files::private_key_pem(KeyKind::Ed25519, &signer.seed())?)?;
    }
    if let Some(signer) = &made.agreement_signer {
        files::write_private(&agreement_key, &files::private_key_pem(KeyKind::X25519, &signer.seed())?)?;
    }
    if let Some(text) = &result.agreement {
        files::write_public(&agreement, &files::certificates_pem(&[der(text)?])?)?;
    }
    files::write_public(&certificate, &files::certificates_pem(&chain)?)?;
    let anchor = parts::open_anchor(config)?;
    files::write_public(&root, &files::certificates_pem(&[anchor.der()])?)?;
    Ok(result.fingerprint)
}

async fn ask(config: &Config, args: DevKeyArgs, now: Timestamp) -> Result<DevKeyResult, ProvisionError> {
    let refused = |error: ControlError| ProvisionError::Configuration(error.to_string());
    let value = serde_json::to_value(&args).unwrap_or(Value::Null);
    match call(&config.control.socket, COMMAND, value).await {
        Ok(answer) => serde_json::from_value(answer)
            .map_err(|_| ProvisionError::Configuration("the server's answer can't be read".to_owned())),
        Err(ControlCallError::NotRunning) => {
            let hsm = parts::start_hsm(config)?;
            let issuer = Arc::new(parts::open_issuer(config, Arc::clone(&hsm) as _)?);
            let store = Arc::new(parts::open_store(config, hsm.as_ref()).await?);
            let desk = KeyDesk::new(issuer, Arc::clone(&store) as _);
            let made = handle(config.development.software_keys, &desk, args, now).await.map_err(refused);
            drop(desk);
            hsm.shutdown(Duration::from_secs(5)).await;
            if let Some(store) = Arc::into_inner(store) {
                store.close().await?;
            }
            made
        }
        Err(ControlCallError::Refused(error)) => Err(refused(error)),
        Err(error @ ControlCallError::Broken(_)) => Err(ProvisionError::Configuration(error.to_string())),
    }
}

/// The keys to certify: of a token, or made here.
struct Keys {
    csr: Vec<u8>,
    agreement: Option<[u8; 32]>,
    signer: Option<SoftwareSigner>,
    agreement_signer: Option<SoftwareSigner>,
}

impl Keys {
    fn prepare(asked: &DevKey) -> Result<Self, ProvisionError> {
        let read =
            |path: &PathBuf| std::fs::read(path).map_err(|source| ProvisionError::File { path: path.clone(), source });
        let (csr, signer) = match &asked.csr {
            Some(path) => {
                super::init::read_request(path)?;
                (pem_or_der(&read(path)?), None)
            }
            None => {
                let signer = SoftwareSigner::generate()?;
                (signer.request(asked.holder.name())?, Some(signer))
            }
        };
        let (agreement, agreement_signer) = match &asked.agreement_public_key {
            Some(path) => {
                let text = String::from_utf8(read(path)?).ok();
                let bad = || ProvisionError::Configuration(format!("{} is not 32 bytes of hex", path.display()));
                (Some(text.as_deref().and_then(public_key).ok_or_else(bad)?), None)
            }
            None if signer.is_some() && matches!(asked.holder, Holder::Customer(_)) => {
                // 32 random bytes are an X25519 key as well; the seed is never used for Ed25519.
                let made = SoftwareSigner::generate()?;
                let secret = x25519_dalek::StaticSecret::from(*made.seed());
                (Some(x25519_dalek::PublicKey::from(&secret).to_bytes()), Some(made))
            }
            None => (None, None),
        };
        Ok(Self { csr, agreement, signer, agreement_signer })
    }
}

fn pem_or_der(bytes: &[u8]) -> Vec<u8> {
    der::pem::decode_vec(bytes.trim_ascii()).map_or_else(|_| bytes.to_vec(), |(_, der)| der)
}

fn public_key(text: &str) -> Option<[u8; 32]> {
    hex::decode(text.trim()).ok()?.try_into().ok()
}

/// Reads the command's arguments from the control socket; for the server's handler.
pub fn arguments(args: Value) -> Result<DevKeyArgs, ControlError> {
    serde_json::from_value(args).map_err(|error| ControlError::new("bad-request", error.to_string()))
}
