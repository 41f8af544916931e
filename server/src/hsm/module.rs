//! The PKCS#11 library of this process: loaded once, initialised anew after a loss.
//!
//! Some modules (SoftHSM among them) learn of tokens only in `C_Initialize`, so a token that went away comes back only after
//! `C_Finalize`. That ends every session of the process, so it happens here alone, when no [`Lease`] is out.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    error::{Error, RvError},
    session::Session,
    slot::{Slot, TokenInfo},
};

use super::uri::Pkcs11Uri;

/// Why a token did not do what was asked. Holds PKCS#11's words, never a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The token, its session or the library is gone: reopening may help.
    #[error("{0}")]
    Lost(String),
    /// The PIN is wrong, locked, expired or on its last try: never tried again by itself.
    #[error("{0}")]
    Pin(String),
    /// There is no object of that name.
    #[error("the token holds no {0}")]
    NoSuchKey(String),
    /// What was to be decrypted was changed or belongs to another key.
    #[error("the ciphertext does not open")]
    NotOpened,
    /// The token refused; trying again does not help.
    #[error("{0}")]
    Refused(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let text = error.to_string();
        match error {
            Error::Pkcs11(code, _) => match code {
                RvError::DeviceError
                | RvError::DeviceMemory
                | RvError::DeviceRemoved
                | RvError::TokenNotPresent
                | RvError::TokenNotRecognized
                | RvError::SessionHandleInvalid
                | RvError::SessionClosed
                | RvError::SlotIdInvalid
                | RvError::GeneralError
                | RvError::FunctionFailed
                | RvError::HostMemory
                | RvError::KeyHandleInvalid
                | RvError::ObjectHandleInvalid
                | RvError::OperationActive
                | RvError::UserNotLoggedIn
                | RvError::SessionCount
                | RvError::CryptokiNotInitialized => Self::Lost(text),
                RvError::PinIncorrect
                | RvError::PinInvalid
                | RvError::PinLenRange
                | RvError::PinExpired
                | RvError::PinLocked
                | RvError::UserPinNotInitialized => Self::Pin(text),
                _ => Self::Refused(text),
            },
            // The library can be installed or mounted later.
            Error::LibraryLoading(_) | Error::MissingSymbol(_) => Self::Lost(text),
            _ => Self::Refused(text),
        }
    }
}

#[derive(Default)]
struct State {
    library: Option<Pkcs11>,
    initialised: bool,
    /// This process had initialised it before we came; whoever did may still use it, so we never finalise.
    foreign: bool,
    leases: usize,
    stale: bool,
}

/// The library. One per process and path.
pub struct Module {
    path: PathBuf,
    state: Mutex<State>,
}

impl Module {
    /// The library at `path`; loaded when first used.
    pub fn new(path: &Path) -> Arc<Self> {
        Arc::new(Self { path: path.to_owned(), state: Mutex::default() })
    }

    /// Asks for a fresh `C_Initialize` before the next session.
    pub fn mark_stale(&self) {
        self.lock().stale = true;
    }

    /// Whether holders of sessions should drop them, so that the library can be initialised anew.
    pub fn is_stale(&self) -> bool {
        self.lock().stale
    }

    /// The right to use the library; initialises it if need be.
    pub fn lease(self: &Arc<Self>) -> Result<Lease, Failure> {
        let mut state = self.lock();
        if state.stale && state.leases > 0 {
            return Err(Failure::Lost("sessions of the lost token are still being closed".to_owned()));
        }
        if state.stale {
            state.finalise();
            state.stale = false;
        }
        let library = match &state.library {
            Some(library) => library.clone(),
            None => state.library.insert(Pkcs11::new(&self.path)?).clone(),
        };
        if !state.initialised {
            match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
                Ok(()) => state.foreign = false,
                Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => state.foreign = true,
                Err(error) => return Err(error.into()),
            }
            state.initialised = true;
        }
        state.leases += 1;
        Ok(Lease { module: Arc::clone(self), library })
    }

    // No code panics while holding the lock, so a poisoned one still guards a whole state.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn finalise(&mut self) {
        if std::mem::take(&mut self.initialised)
            && !self.foreign
            && let Some(library) = &self.library
            && let Err(error) = library.clone().finalize()
        {
            tracing::warn!(%error, "the PKCS#11 module did not finalise");
        }
    }
}

impl Drop for Module {
    /// SoftHSM may crash at exit when it was not finalised while OpenSSL was still up.
    fn drop(&mut self) {
        self.state.get_mut().unwrap_or_else(PoisonError::into_inner).finalise();
    }
}

/// While one is held, the library stays initialised.
pub struct Lease {
    module: Arc<Module>,
    library: Pkcs11,
}

impl Lease {
    /// The slot of the one initialised token that `uri` describes.
    pub fn find_token(&self, uri: &Pkcs11Uri) -> Result<(Slot, TokenInfo), Failure> {
        let mut found = None;
        for slot in self.library.get_slots_with_token()? {
            // A slot whose token can't be read is not the one; the others may be fine.
            let Ok(info) = self.library.get_token_info(slot) else { continue };
            if info.token_initialized() && matches(uri, &info) && found.replace((slot, info)).is_some() {
                return Err(Failure::Refused(format!("more than one token is {uri}")));
            }
        }
        found.ok_or_else(|| Failure::Lost(format!("no token is {uri}")))
    }

    /// The library itself.
    pub fn library(&self) -> &Pkcs11 {
        &self.library
    }

    /// A read-only session.
    pub fn open(&self, slot: Slot) -> Result<Session, Failure> {
        Ok(self.library.open_ro_session(slot)?)
    }

    /// A session that can make and destroy objects.
    pub fn open_read_write(&self, slot: Slot) -> Result<Session, Failure> {
        Ok(self.library.open_rw_session(slot)?)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut state = self.module.lock();
        state.leases = state.leases.saturating_sub(1);
    }
}

fn matches(uri: &Pkcs11Uri, info: &TokenInfo) -> bool {
    let same = |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|wanted| wanted == is.trim_end());
    same(&uri.token, info.label())
        && same(&uri.manufacturer, info.manufacturer_id())
        && same(&uri.serial, info.serial_number())
        && same(&uri.model, info.model())
}
