//! Tokens and keys at `init`: initialising a token, making the named keys, and the root key that signs once.

use std::sync::{Arc, Mutex, PoisonError};

use cryptoki::{
    mechanism::{
        Mechanism,
        eddsa::{EddsaParams, EddsaSignatureScheme},
    },
    object::{ObjectClass, ObjectHandle},
    session::{Session, UserType},
    types::AuthPin,
};

use super::ProvisionError;
use crate::{
    ca::{CaError, CaSigner},
    config::Config,
    hsm::{
        keys,
        module::{Failure, Lease, Module},
        session::log_in,
        uri::Pkcs11Uri,
    },
};

/// The label of the root key on its own token.
const ROOT_KEY: &str = "root";

/// Initialises the token that `uri` describes, unless it is: label from the URI, then the user PIN.
pub fn initialise(
    lease: &Lease,
    uri: &Pkcs11Uri,
    so_pin: Option<&AuthPin>,
    pin: &AuthPin,
) -> Result<(), ProvisionError> {
    match lease.find_token(uri) {
        Ok(_) => return Ok(()),
        Err(Failure::Lost(_)) => {}
        Err(failure) => return Err(failure.into()),
    }
    let (Some(label), Some(so_pin)) = (&uri.token, so_pin) else {
        return Err(ProvisionError::Configuration(format!(
            "no token is {uri}; to initialise one, the URI must name it by `token` and so_pin must be configured"
        )));
    };
    if label.len() > 32 {
        return Err(ProvisionError::Configuration("a token's label has at most 32 bytes".to_owned()));
    }
    let library = lease.library();
    let free = library.get_slots_with_token().map_err(Failure::from)?.into_iter().find(|slot| {
        // What a blank token says about itself beyond that does not matter: it gets its label now.
        library.get_token_info(*slot).is_ok_and(|info| !info.token_initialized())
    });
    let slot = free.ok_or_else(|| Failure::Lost("the module shows no token that is not initialised yet".to_owned()))?;
    library.init_token(slot, so_pin, label).map_err(Failure::from)?;
    // The module may renumber its slots.
    let (slot, _) = lease.find_token(uri)?;
    let session = lease.open_read_write(slot)?;
    session.login(UserType::So, Some(so_pin)).map_err(Failure::from)?;
    session.init_pin(pin).map_err(Failure::from)?;
    Ok(())
}

/// Makes `issuing`, `receipt` and `kek` in the server's token; fails if one of them is there.
pub fn make_server_keys(lease: &Lease, config: &Config, pin: &AuthPin) -> Result<[u8; 32], ProvisionError> {
    let (_, session) = log_in(lease, &config.hsm.token, pin, true)?;
    let signing = [("hsm.issuing", &config.hsm.issuing.0), ("hsm.receipt", &config.hsm.receipt.0)];
    for (_, uri) in signing {
        ensure_none(&session, ObjectClass::PRIVATE_KEY, uri)?;
    }
    ensure_none(&session, ObjectClass::SECRET_KEY, &config.hsm.kek.0)?;
    let mut issuing = None;
    for (name, uri) in signing {
        let made = keys::generate_ed25519(&session, label(name, uri)?)?;
        issuing.get_or_insert(made.public);
    }
    keys::generate_kek(&session, label("hsm.kek", &config.hsm.kek.0)?)?;
    issuing.ok_or_else(|| Failure::NoSuchKey("issuing key".to_owned()).into())
}

/// Makes the root key; fails if there is one.
pub fn make_root_key(module: &Arc<Module>, uri: &Pkcs11Uri, pin: &AuthPin) -> Result<RootSigner, ProvisionError> {
    let lease = module.lease()?;
    let (_, session) = log_in(&lease, uri, pin, true)?;
    let name = Pkcs11Uri::of_label(ROOT_KEY);
    ensure_none(&session, ObjectClass::PRIVATE_KEY, &name)?;
    let public = keys::generate_ed25519(&session, ROOT_KEY)?.public;
    let key = keys::find_one(&session, ObjectClass::PRIVATE_KEY, &name)?;
    Ok(RootSigner { session: Mutex::new(session), key, public, _lease: lease })
}

fn ensure_none(session: &Session, class: ObjectClass, uri: &Pkcs11Uri) -> Result<(), ProvisionError> {
    if keys::find_all(session, class, uri)?.is_empty() {
        Ok(())
    } else {
        Err(ProvisionError::AlreadyDone(format!("the token holds {uri}")))
    }
}

fn label<'a>(name: &str, uri: &'a Pkcs11Uri) -> Result<&'a str, ProvisionError> {
    match (&uri.object, &uri.id) {
        (Some(label), None) => Ok(label),
        _ => Err(ProvisionError::Configuration(format!("to make its key, {name} must be a label without an id"))),
    }
}

/// The root key on its token. Its session is used by one task at a time and blocks it: for `init` only.
pub struct RootSigner {
    // Dropped before the lease.
    session: Mutex<Session>,
    key: ObjectHandle,
    public: [u8; 32],
    _lease: Lease,
}

#[async_trait::async_trait]
impl CaSigner for RootSigner {
    fn public_key(&self) -> [u8; 32] {
        self.public
    }

    async fn sign(&self, message: &[u8]) -> Result<[u8; 64], CaError> {
        let mechanism = Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Pure));
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let signature =
            session.sign(&mechanism, self.key, message).map_err(|error| CaError::Root(error.to_string()))?;
        signature.try_into().map_err(|_| CaError::Root("its signature is not 64 bytes long".to_owned()))
    }
}
