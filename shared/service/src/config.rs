//! The configuration of a daemon: one TOML file, then the environment over it.
//!
//! A key `listen` in the table `[session]` is overridden by `PREFIX_SESSION__LISTEN`. Structures should carry
//! `#[serde(deny_unknown_fields)]`, so that a misspelt key is an error and not a silent default. Values from the
//! environment are read as TOML-like scalars: text that looks like a number needs quotes (`'"0042"'`).

use std::{
    io,
    path::{Path, PathBuf},
};

use figment::{
    Figment,
    error::Kind,
    providers::{Env, Format, Toml},
};
use serde::de::DeserializeOwned;

/// The configuration or a secret it names cannot be used; the operator has to mend it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be opened or read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The text is not TOML, or keys are unknown, missing or of the wrong kind. Values are left out: one of them may be
    /// a secret written in the wrong place.
    #[error("{0}")]
    Invalid(String),
    /// A file that holds a secret may be read or written by people it is not for.
    #[error("{} has mode {mode:04o}: no access for others and no writing by its group, try chmod 600", path.display())]
    Exposed {
        /// Which file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The environment variable that should hold a secret is not set.
    #[error("the environment variable {0} is not set")]
    NotSet(String),
    /// The secret is empty, too long or not UTF-8.
    #[error("the secret in {0} is empty, too long or not UTF-8 text")]
    BadSecret(String),
}

/// Reads `path` and lays the environment variables that begin with `env_prefix` (e.g. `GRIDKEY_SERVER_`) over it.
///
/// # Errors
/// [`ConfigError::Read`] if the file cannot be read, [`ConfigError::Invalid`] if the result is not a `T`.
pub fn load<T: DeserializeOwned>(path: &Path, env_prefix: &str) -> Result<T, ConfigError> {
    // Figment takes a missing file for an empty one; a daemon started with the wrong path should say so.
    std::fs::File::open(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
    let prefix = if env_prefix.ends_with('_') { env_prefix.to_owned() } else { format!("{env_prefix}_") };
    Figment::new()
        .merge(Toml::file_exact(path))
        // `PREFIX_CONFIG` names the file itself.
        .merge(Env::prefixed(&prefix).ignore(&["config"]).split("__"))
        .extract()
        .map_err(|error| ConfigError::Invalid(describe(&error, path)))
}

/// The folder that relative paths in the configuration file `path` start from.
pub fn base(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// `path` as seen from `base`; an absolute path stays as it is.
pub fn resolve(base: &Path, path: &Path) -> PathBuf {
    base.join(path)
}

fn describe(errors: &figment::Error, path: &Path) -> String {
    let one = |error: figment::Error| {
        let reason = match &error.kind {
            Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) => format!("expected {expected}"),
            kind => kind.to_string(),
        };
        let key = match (&error.profile, &error.metadata) {
            (Some(profile), Some(metadata)) => metadata.interpolate(profile, &error.path),
            _ => error.path.join("."),
        };
        if key.is_empty() { reason } else { format!("{key}: {reason}") }
    };
    let all: Vec<String> = errors.clone().into_iter().map(one).collect();
    format!("{}: {}", path.display(), all.join("; "))
}
