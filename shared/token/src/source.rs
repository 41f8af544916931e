//! Which keys are plugged in, and how to open one: what a program asks that lets a person choose.
//!
//! A [`KeySource`] stands for "the keys of this machine", whatever they are: [`Pkcs11Keys`] are the tokens of a PKCS#11
//! module, [`SoftwareKeys`] are key files. The caller lists them, shows them, opens the chosen one, and is told when
//! anything changes, also while one of them is logged in.

#[cfg(feature = "pkcs11")]
mod pkcs11;
mod poll;
mod software;

use std::fmt;
use std::path::PathBuf;

use crate::error::TokenError;
use crate::token::{Token, TokenInfo};

#[cfg(feature = "pkcs11")]
pub use self::pkcs11::Pkcs11Keys;
pub use self::software::SoftwareKeys;

/// The keys of this machine.
///
/// Everything here may block, as tokens do.
pub trait KeySource: Send + Sync {
    /// The keys that are there now, in a stable order. Blank tokens are none.
    ///
    /// # Errors
    /// [`TokenError::ModuleNotLoadable`], [`TokenError::Device`], [`TokenError::File`]. No key at all is an empty list.
    fn present(&self) -> Result<Vec<PresentKey>, TokenError>;

    /// Opens the key that [`PresentKey::id`] named.
    ///
    /// # Errors
    /// [`TokenError::NoToken`] when it is not there any more, and those of [`KeySource::present`].
    fn open(&self, id: &str) -> Result<Box<dyn Token>, TokenError>;

    /// Calls `on_change` once at the start and then each time that keys came, went or tell something else than before,
    /// on a thread of its own and within about a second. It should return quickly; it may call [`KeySource::present`].
    ///
    /// `None` when nothing can be watched because the system gives no thread.
    fn watch(&self, on_change: Box<dyn FnMut() + Send>) -> Option<KeyWatch>;

    /// What stands behind it, for a set-up check.
    fn describe(&self) -> SourceInfo;
}

/// A key that is plugged in, as it tells about itself without a PIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentKey {
    /// Names this key for as long as it is there; another key never gets the same name.
    pub id: String,
    /// What it tells.
    pub info: TokenInfo,
    /// Where it is plugged in (the reader's or slot's name, the file's path).
    pub reader: String,
}

/// What stands behind a [`KeySource`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceInfo {
    /// Of what kind it is.
    pub kind: SourceKind,
    /// The module's file; the key's file or the folder of keys.
    pub path: PathBuf,
    /// The service for smart card readers.
    pub readers: ReaderService,
}

/// Where the keys of a [`KeySource`] come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// A PKCS#11 module.
    Pkcs11,
    /// Key files.
    Software,
}

/// The service for smart card readers (PC/SC).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReaderService {
    /// These keys need none.
    NotUsed,
    /// It answers, and knows these readers.
    Running(Vec<String>),
    /// It does not answer; the library's words. Keys behind readers cannot be seen.
    Missing(String),
}

/// A running watch. Dropping it ends it and waits for its thread: no call comes after that.
pub struct KeyWatch {
    _threads: Vec<Box<dyn Send>>,
}

impl fmt::Debug for KeyWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyWatch")
    }
}
