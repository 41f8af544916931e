//! Setting a server up: tokens, keys, certificates, the first administrator's key; and keys for trials.
//!
//! `gridkey-server init` runs [`init`](init::init) once. `dev-key` and `check` come after it.

use std::path::PathBuf;

use crate::{
    ca::CaError,
    envelope::EnvelopeError,
    hsm::{HsmError, module::Failure},
    issue::IssueError,
    store::StoreError,
};

pub mod check;
pub mod dev_key;
pub mod files;
pub mod init;
pub mod intranet;
pub mod tokens;
pub mod web;

/// Why setting up did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// Something of an earlier set-up is there; nothing was changed.
    #[error("already initialised: {0}")]
    AlreadyDone(String),
    /// The configuration does not allow the step or lacks something for it.
    #[error("{0}")]
    Configuration(String),
    /// The configuration, or a secret or certificate that it names, can't be read.
    #[error(transparent)]
    Config(#[from] gridkey_service::config::ConfigError),
    /// A certificate or key file can't be used.
    #[error(transparent)]
    Tls(#[from] gridkey_service::tls::TlsError),
    /// A file can't be written or read.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A token refused.
    #[error("token: {0}")]
    Token(#[from] Failure),
    /// The HSM refused.
    #[error(transparent)]
    Hsm(#[from] HsmError),
    /// No certificate.
    #[error(transparent)]
    Ca(#[from] CaError),
    /// No certificate for the public listener.
    #[error("the public listener's certificate: {0}")]
    Web(#[from] rcgen::Error),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database can't be opened.
    #[error("the database: {0}")]
    Database(#[from] gridkey_surreal::DbError),
    /// No envelope key.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// No USBKEY.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// The threads of the HSM can't be started.
    #[error("threads of the HSM: {0}")]
    Threads(std::io::Error),
}
