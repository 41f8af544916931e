//! One PKCS#11 context per module and process.
//!
//! A second `C_Initialize` on the same module fails or, with some, corrupts its state; so modules are kept in a
//! process-wide table under their canonical path, and stay loaded until the process ends.
//!
//! Some modules learn of tokens only in `C_Initialize`: a token that another process set up is not seen by this one. Such a
//! module is initialised anew when somebody looks for tokens and nobody uses it; a session is a use.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};

use crate::error::TokenError;

static LOADED: OnceLock<Mutex<HashMap<PathBuf, &'static Module>>> = OnceLock::new();

/// Makers of modules that learn of tokens only in `C_Initialize`.
const LATE: [&str; 1] = ["SoftHSM"];

/// A loaded and initialised module.
#[derive(Debug)]
pub(crate) struct Module {
    context: Pkcs11,
    /// Whether it has to be initialised anew to see tokens that came. Never if somebody else in this process initialised it, who may
    /// use it still.
    learns_late: bool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// How many use it now.
    uses: usize,
    /// Whether it could not be initialised anew. It shows no tokens until that works again.
    down: bool,
}

/// A use of the module: while one is there, the module is not initialised anew.
#[derive(Debug)]
pub(crate) struct Use(&'static Module);

impl Drop for Use {
    fn drop(&mut self) {
        self.0.state().uses -= 1;
    }
}

impl Module {
    /// Loads the module, or finds it among those loaded before.
    pub(crate) fn load(path: &Path) -> Result<&'static Self, TokenError> {
        let failed = |reason: String| TokenError::ModuleNotLoadable { path: path.to_owned(), reason };
        // A bare file name is left to the loader's own search path; anything else is one file whatever its spelling.
        let key = if path.components().count() > 1 {
            path.canonicalize().map_err(|error| failed(error.to_string()))?
        } else {
            path.to_owned()
        };
        let mut loaded = LOADED.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(module) = loaded.get(&key) {
            return Ok(module);
        }
        let context = Pkcs11::new(&key).map_err(|error| failed(error.to_string()))?;
        let ours = match initialise(&context) {
            Ok(()) => true,
            // Somebody else in this process initialised it; it is just as usable.
            Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => false,
            Err(error) => return Err(failed(error.to_string())),
        };
        let maker = context.get_library_info().map(|info| info.manufacturer_id().to_owned()).unwrap_or_default();
        let learns_late = ours && LATE.iter().any(|late| maker.contains(late));
        // Kept for the life of the process on purpose, like the table that points at it.
        let module: &'static Self = Box::leak(Box::new(Self { context, learns_late, state: Mutex::default() }));
        loaded.insert(key, module);
        Ok(module)
    }

    /// The functions. Whoever calls them holds a [`Use`], except to ask what the module itself is.
    pub(crate) fn context(&self) -> &Pkcs11 {
        &self.context
    }

    /// Begins a use.
    pub(crate) fn enter(&'static self) -> Use {
        self.state().uses += 1;
        Use(self)
    }

    /// Lets a module that needs it learn of tokens that came since. Nothing is done while anybody uses it.
    pub(crate) fn refresh(&self) {
        let mut state = self.state();
        if !self.learns_late || state.uses > 0 {
            return;
        }
        let finalised = if state.down { Ok(()) } else { self.context.clone().finalize() };
        let renewed = match finalised.and_then(|()| initialise(&self.context)) {
            Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(()),
            other => other,
        };
        match (&renewed, state.down) {
            (Err(error), false) => tracing::warn!(%error, "the PKCS#11 module cannot be initialised anew"),
            (Ok(()), true) => tracing::info!("the PKCS#11 module is initialised again"),
            _ => {}
        }
        state.down = renewed.is_err();
    }

    /// Whether it could not be initialised anew the last time.
    pub(crate) fn is_down(&self) -> bool {
        self.state().down
    }

    // Nothing panics while holding the lock, so a poisoned one still guards a right count.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn initialise(context: &Pkcs11) -> Result<(), Error> {
    context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
}
