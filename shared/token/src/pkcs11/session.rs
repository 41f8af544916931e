//! A logged-in PKCS#11 session.

use std::cell::{Cell, RefCell};
use std::fmt;

use cryptoki::error::Error;
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::mechanism::elliptic_curve::{EcKdf, Ecdh1DeriveParams};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use cryptoki::slot::Slot;
use cryptoki::types::Ulong;
use zeroize::Zeroizing;

use super::codes::{self, Place};
use super::module::Module;
use super::{OpenSession, objects};
use crate::agreement;
use crate::error::TokenError;
use crate::key::{KeyKind, KeyRef, TokenKey, select_key};
use crate::token::TokenSession;

/// Owns the login: dropping it logs the token out.
pub(super) struct Pkcs11Session {
    module: &'static Module,
    slot: Slot,
    session: OpenSession,
    /// Handles of the private keys, read once.
    keys: RefCell<Option<Vec<(ObjectHandle, TokenKey)>>>,
    state: Cell<State>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    LoggedIn,
    /// The token was pulled out: dead for good, even if the same token comes back under the same handle.
    Removed,
    /// Logged out, by us or by another program.
    LoggedOut,
}

impl Pkcs11Session {
    pub(super) fn new(module: &'static Module, slot: Slot, session: OpenSession) -> Self {
        Self { module, slot, session, keys: RefCell::new(None), state: Cell::new(State::LoggedIn) }
    }

    /// Runs one step on the session and remembers when that finds the token gone.
    pub(super) fn run<T>(&self, step: &str, work: impl FnOnce(&Session) -> Result<T, Error>) -> Result<T, TokenError> {
        match self.state.get() {
            State::LoggedIn => {}
            State::Removed => return Err(TokenError::Removed),
            State::LoggedOut => return Err(TokenError::LoggedOut),
        }
        work(&self.session).map_err(|error| {
            let error = match codes::read(&error, step, Place::Session) {
                // Some modules say no more than "failed" once the token is gone: look for it.
                TokenError::Device { .. } if !self.token_is_there() => TokenError::Removed,
                error => error,
            };
            match error {
                TokenError::Removed => self.state.set(State::Removed),
                TokenError::LoggedOut => self.state.set(State::LoggedOut),
                _ => {}
            }
            error
        })
    }

    /// The key that `wanted` means, and its handle.
    pub(super) fn find(&self, kind: KeyKind, wanted: &KeyRef) -> Result<(ObjectHandle, TokenKey), TokenError> {
        let cached = self.keys.borrow().clone();
        let found = match cached {
            Some(found) if self.state.get() == State::LoggedIn => found,
            _ => self.read_keys()?,
        };
        let keys: Vec<TokenKey> = found.iter().map(|(_, key)| key.clone()).collect();
        let key = select_key(&keys, kind, wanted)?;
        found
            .iter()
            .find(|(_, candidate)| candidate == key)
            .cloned()
            .ok_or_else(|| TokenError::KeyMissing { kind, wanted: wanted.to_string() })
    }

    /// Reads the keys anew, after some were made or deleted too.
    pub(super) fn read_keys(&self) -> Result<Vec<(ObjectHandle, TokenKey)>, TokenError> {
        let found = self.run("reading the keys", objects::private_keys)?;
        // SoftHSM lists nothing, without an error, once its token is gone.
        if found.is_empty() && !self.token_is_there() {
            self.state.set(State::Removed);
            return Err(TokenError::Removed);
        }
        self.keys.replace(Some(found.clone()));
        Ok(found)
    }

    pub(super) fn module(&self) -> &'static Module {
        self.module
    }

    pub(super) fn slot(&self) -> Slot {
        self.slot
    }

    fn token_is_there(&self) -> bool {
        self.module.context().get_token_info(self.slot).is_ok()
    }

    fn log_out(&self) -> Result<(), TokenError> {
        let result = self.run("logout", Session::logout);
        self.state.set(State::LoggedOut);
        result
    }
}

impl TokenSession for Pkcs11Session {
    fn keys(&self) -> Result<Vec<TokenKey>, TokenError> {
        Ok(self.read_keys()?.into_iter().map(|(_, key)| key).collect())
    }

    fn sign_ed25519(&self, key: &KeyRef, message: &[u8]) -> Result<[u8; 64], TokenError> {
        let (object, _) = self.find(KeyKind::Ed25519, key)?;
        let mechanism = Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Pure));
        let signature = self.run("signing", |session| session.sign(&mechanism, object, message))?;
        signature.as_slice().try_into().map_err(|_| TokenError::Device {
            function: "signing".to_owned(),
            code: format!("a signature of {} bytes", signature.len()),
        })
    }

    fn agree_x25519(&self, key: &KeyRef, peer: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, TokenError> {
        agreement::refuse_weak_peer(peer)?;
        let (object, _) = self.find(KeyKind::X25519, key)?;
        // Raw bytes: SoftHSM also takes a wrapped point, smart cards take nothing else than the 32 bytes.
        let mechanism = Mechanism::Ecdh1Derive(Ecdh1DeriveParams::new(EcKdf::null(), peer));
        let template = [
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::GENERIC_SECRET),
            Attribute::Token(false),
            Attribute::Sensitive(false),
            Attribute::Extractable(true),
            Attribute::ValueLen(Ulong::new(32)),
        ];
        let value = self.run("key agreement", |session| {
            let derived = session.derive_key(&mechanism, object, &template)?;
            let read = session.get_attributes(derived, &[AttributeType::Value]);
            let destroyed = session.destroy_object(derived);
            let value = read?.into_iter().find_map(|attribute| match attribute {
                Attribute::Value(value) => Some(Zeroizing::new(value)),
                _ => None,
            });
            destroyed.map(|()| value)
        })?;
        let mut shared = Zeroizing::new([0; 32]);
        match value {
            Some(value) if value.len() == shared.len() => shared.copy_from_slice(&value),
            _ => {
                let code = "the shared secret cannot be read".to_owned();
                return Err(TokenError::Device { function: "key agreement".to_owned(), code });
            }
        }
        agreement::refuse_all_zero(shared)
    }

    fn logout(self: Box<Self>) -> Result<(), TokenError> {
        self.log_out()
    }
}

impl Drop for Pkcs11Session {
    fn drop(&mut self) {
        if self.state.get() == State::LoggedIn
            && let Err(error) = self.log_out()
        {
            tracing::debug!(%error, "the token could not be logged out");
        }
    }
}

impl fmt::Debug for Pkcs11Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pkcs11Session").field("slot", &self.slot).field("state", &self.state).finish_non_exhaustive()
    }
}
