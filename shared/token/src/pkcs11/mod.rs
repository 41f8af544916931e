//! Tokens behind a PKCS#11 module.
//!
//! [`Pkcs11Provider`] is a loaded module: it lists the tokens, opens one by URI and sets up blank ones.
//! [`Pkcs11Token`] is a token named by URI that may come and go: each call looks it up anew, so pulling the key and
//! putting it back in needs no restart. Return codes are read in one place, [`codes`].

pub mod codes;
mod module;
mod objects;
mod provision;
mod session;
mod slots;

use std::ops::Deref;
use std::path::Path;

use cryptoki::context::Function;
use cryptoki::error::{Error, RvError};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;

pub use self::provision::{Generated, ProvisioningSession, SlotChoice};
pub use self::slots::TokenDescription;

use self::codes::Place;
use self::module::{Module, Use};
use self::session::Pkcs11Session;
use crate::certificate::TokenCertificate;
use crate::error::TokenError;
use crate::pin::Pin;
use crate::token::{Caution, Token, TokenInfo, TokenSession};
use crate::uri::Pkcs11Uri;

/// A PKCS#11 module, loaded once per process and shared by everything opened through it.
#[derive(Debug, Clone)]
pub struct Pkcs11Provider {
    module: &'static Module,
}

impl Pkcs11Provider {
    /// Loads and initialises the module, or takes the one already loaded from the same file.
    ///
    /// # Errors
    /// [`TokenError::ModuleNotLoadable`] with the path and the reason.
    pub fn open(path: &Path) -> Result<Self, TokenError> {
        Ok(Self { module: Module::load(path)? })
    }

    /// Every slot that holds a token now, initialised or blank.
    ///
    /// # Errors
    /// [`TokenError::Device`].
    pub fn tokens(&self) -> Result<Vec<TokenDescription>, TokenError> {
        slots::list(self.module)
    }

    /// As [`Pkcs11Provider::tokens`], with those that a module sees only when it is initialised anew. That is done unless this
    /// process has a session open.
    ///
    /// # Errors
    /// [`TokenError::Device`].
    pub fn tokens_seen_anew(&self) -> Result<Vec<TokenDescription>, TokenError> {
        self.module.refresh();
        slots::list(self.module)
    }

    /// A token by URI; it need not be plugged in yet. Object attributes of the URI are left aside.
    pub fn token(&self, uri: &Pkcs11Uri) -> Pkcs11Token {
        Pkcs11Token { module: self.module, uri: uri.clone() }
    }

    /// A listed token with [`TokenInfo::pin`] as [`Token::info`] tells it: a PIN that is still the issued one shows, which
    /// takes a session for a moment.
    #[must_use]
    pub fn with_pin_state(&self, mut token: TokenDescription) -> TokenDescription {
        if let Ok(slot) = Slot::try_from(token.slot_id) {
            token.info.pin = slots::pin_state(self.module, slot, token.info.pin);
        }
        token
    }

    /// Who made the module, as it tells; empty when it does not.
    ///
    /// # Errors
    /// [`TokenError::Device`].
    pub fn manufacturer(&self) -> Result<String, TokenError> {
        let info = self.module.context().get_library_info();
        let info = info.map_err(|error| codes::read(&error, "reading the module's name", Place::Public))?;
        Ok(info.manufacturer_id().trim_end().to_owned())
    }

    pub(crate) fn module(&self) -> &'static Module {
        self.module
    }
}

/// A token named by URI, looked up anew on each call.
#[derive(Debug, Clone)]
pub struct Pkcs11Token {
    module: &'static Module,
    uri: Pkcs11Uri,
}

impl Pkcs11Token {
    /// Opens the module and names the token; `module` goes before the URI's `module-path`.
    ///
    /// # Errors
    /// [`TokenError::ModuleNotLoadable`]; [`TokenError::Argument`] when neither names a module.
    pub fn open(module: Option<&Path>, uri: &Pkcs11Uri) -> Result<Self, TokenError> {
        let path = module.or(uri.module_path.as_deref()).ok_or_else(|| {
            TokenError::Argument("neither a module nor a URI with `module-path` was given".to_owned())
        })?;
        Ok(Pkcs11Provider::open(path)?.token(uri))
    }

    /// The URI it is looked up by.
    pub fn uri(&self) -> &Pkcs11Uri {
        &self.uri
    }

    /// The checks before a try is spent: all on what the token tells right now.
    fn before_try(&self, slot: Slot, pin: &Pin, caution: Caution) -> Result<(), TokenError> {
        codes::may_try(&slots::read_info(self.module, slot)?, pin.byte_len(), caution)
    }

    /// Reads a refused PIN together with what the token tells after it: OpenSC answers "incorrect" for a locked PIN too.
    fn after_refusal(&self, slot: Slot, error: &Error, step: &str) -> TokenError {
        let refused = codes::read(error, step, Place::Public);
        match slots::read_info(self.module, slot) {
            Ok(info) => codes::refine_refusal(refused, &info),
            Err(_) => refused,
        }
    }
}

impl Token for Pkcs11Token {
    fn info(&self) -> Result<TokenInfo, TokenError> {
        let slot = slots::find(self.module, &self.uri)?;
        let info = slots::read_info(self.module, slot)?;
        Ok(TokenInfo { pin: slots::pin_state(self.module, slot, info.pin), ..info })
    }

    fn certificates(&self) -> Result<Vec<TokenCertificate>, TokenError> {
        let slot = slots::find(self.module, &self.uri)?;
        let session = open_session(self.module, slot, Access::ReadOnly)?;
        objects::certificates(&session).map_err(|error| codes::read(&error, "reading certificates", Place::Public))
    }

    fn login(&self, pin: &Pin, caution: Caution) -> Result<Box<dyn TokenSession>, TokenError> {
        Ok(Box::new(self.log_in(pin, caution, Access::ReadOnly)?))
    }

    fn makes_keys(&self) -> bool {
        true
    }

    fn login_to_write(&self, pin: &Pin, caution: Caution) -> Result<Box<dyn TokenSession>, TokenError> {
        Ok(Box::new(self.provision(pin, caution)?))
    }

    fn change_pin(&self, old: &Pin, new: &Pin, caution: Caution) -> Result<(), TokenError> {
        let slot = slots::find(self.module, &self.uri)?;
        self.before_try(slot, old, caution)?;
        let info = slots::read_info(self.module, slot)?;
        codes::check_length(info.pin_length, new.byte_len())?;
        let session = open_session(self.module, slot, Access::ReadWrite)?;
        session
            .set_pin(old.as_secret(), new.as_secret())
            .map_err(|error| self.after_refusal(slot, &error, "changing the PIN"))?;
        if let Err(error) = forget_issued_pin(&session, new) {
            // The PIN is changed; saying otherwise would be worse than asking for another change later.
            tracing::error!(%error, "the mark of the issued PIN could not be deleted");
        }
        Ok(())
    }
}

/// Deletes the mark of the issued PIN. `pin` is the new one, just taken by the token: some tokens let nobody write before
/// a login.
fn forget_issued_pin(session: &Session, pin: &Pin) -> cryptoki::error::Result<()> {
    let marks = objects::issued_pin_marks(session)?;
    let delete = || marks.iter().try_for_each(|mark| session.destroy_object(*mark));
    if delete().is_ok() {
        return Ok(());
    }
    session.login(UserType::User, Some(pin.as_secret()))?;
    let deleted = delete();
    session.logout()?;
    deleted
}

impl Pkcs11Token {
    fn log_in(&self, pin: &Pin, caution: Caution, access: Access) -> Result<Pkcs11Session, TokenError> {
        let slot = slots::find(self.module, &self.uri)?;
        self.before_try(slot, pin, caution)?;
        let session = open_session(self.module, slot, access)?;
        match session.login(UserType::User, Some(pin.as_secret())) {
            Ok(()) => Ok(Pkcs11Session::new(self.module, slot, session)),
            // No retry of any kind: each call here may cost a try.
            Err(error) => Err(self.after_refusal(slot, &error, "login")),
        }
    }

    /// Logs in with the right to write objects, for setting a token up.
    ///
    /// # Errors
    /// As [`Token::login`].
    pub fn provision(&self, pin: &Pin, caution: Caution) -> Result<ProvisioningSession, TokenError> {
        Ok(ProvisioningSession::new(self.log_in(pin, caution, Access::ReadWrite)?))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    ReadOnly,
    ReadWrite,
}

/// A session, and the use of the module that it is.
struct OpenSession {
    // Closed before its use ends: fields go in their order.
    session: Session,
    _use: Use,
}

impl Deref for OpenSession {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

fn open_session(module: &'static Module, slot: Slot, access: Access) -> Result<OpenSession, TokenError> {
    let entered = module.enter();
    let opened = match access {
        Access::ReadOnly => module.context().open_ro_session(slot),
        Access::ReadWrite => module.context().open_rw_session(slot),
    };
    opened.map(|session| OpenSession { session, _use: entered }).map_err(|error| match error {
        // Only the token's setter-up holds a security officer's session, for moments.
        Error::Pkcs11(RvError::SessionReadWriteSoExists, Function::OpenSession) => TokenError::Busy,
        error => codes::read(&error, "opening a session", Place::Public),
    })
}
