//! One PKCS#11 context per module and process.
//!
//! A second `C_Initialize` on the same module fails or, with some, corrupts its state; so modules are kept in a
//! process-wide table under their canonical path, and stay loaded until the process ends.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};

use crate::error::TokenError;

static LOADED: OnceLock<Mutex<HashMap<PathBuf, &'static Module>>> = OnceLock::new();

/// A loaded and initialised module.
#[derive(Debug)]
pub(crate) struct Module {
    context: Pkcs11,
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
        match context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            // Somebody else in this process initialised it; it is just as usable.
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(failed(error.to_string())),
        }
        // Kept for the life of the process on purpose, like the table that points at it.
        let module: &'static Self = Box::leak(Box::new(Self { context }));
        loaded.insert(key, module);
        Ok(module)
    }

    pub(crate) fn context(&self) -> &Pkcs11 {
        &self.context
    }
}
