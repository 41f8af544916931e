//! Secrets that a configuration names but does not hold: a PIN or a pass phrase in a file or an environment variable.

use std::{
    fs::File,
    io::Read,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use figment::value::magic::RelativePathBuf;
use secrecy::SecretString;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::config::ConfigError;

const LONGEST: u64 = 64 * 1024;

/// Where a secret is kept: `{ file = "pin.txt" }` or `{ env = "HSM_PIN" }`. If both are given, as when the environment
/// overrides the file, the variable is used. A relative file starts at the configuration's folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Place")]
pub struct Secret(Place);

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    file: Option<RelativePathBuf>,
    env: Option<String>,
}

impl TryFrom<Place> for Secret {
    type Error = &'static str;

    fn try_from(place: Place) -> Result<Self, Self::Error> {
        if place.file.is_none() && place.env.is_none() {
            return Err("a secret needs either `file` or `env`");
        }
        Ok(Self(place))
    }
}

impl Secret {
    /// A secret kept in the file `path`.
    pub fn in_file(path: impl AsRef<Path>) -> Self {
        Self(Place { file: Some(path.as_ref().into()), env: None })
    }

    /// A secret kept in the environment variable `name`.
    pub fn in_env(name: &str) -> Self {
        Self(Place { file: None, env: Some(name.to_owned()) })
    }

    /// Where the secret is kept, for messages.
    pub fn place(&self) -> String {
        match (&self.0.env, &self.0.file) {
            (Some(name), _) => format!("${name}"),
            (None, Some(file)) => file.relative().display().to_string(),
            (None, None) => String::new(),
        }
    }

    /// Reads the secret; one newline at its end is cut.
    ///
    /// # Errors
    /// [`ConfigError`] if the file is missing or open to others, the variable is not set, or the text is empty.
    pub fn read(&self) -> Result<SecretString, ConfigError> {
        let text = match (&self.0.env, &self.0.file) {
            (Some(name), _) => {
                let value = std::env::var_os(name).ok_or_else(|| ConfigError::NotSet(name.clone()))?;
                Zeroizing::new(value.into_string().map_err(|_| ConfigError::BadSecret(self.place()))?)
            }
            (None, Some(file)) => read_private(&file.relative())?,
            (None, None) => return Err(ConfigError::BadSecret(String::new())),
        };
        let text = text.strip_suffix('\n').map_or(&**text, |line| line.strip_suffix('\r').unwrap_or(line));
        if text.is_empty() {
            return Err(ConfigError::BadSecret(self.place()));
        }
        Ok(SecretString::from(text))
    }
}

/// Reads a file that holds a secret, refusing one that others than its owner and, for reading, its group can reach.
///
/// # Errors
/// [`ConfigError::Read`], [`ConfigError::Exposed`] and [`ConfigError::BadSecret`].
pub fn read_private(path: &Path) -> Result<Zeroizing<String>, ConfigError> {
    let failed = |source| ConfigError::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    // Asked of the open file, so that what is checked is what is read.
    let about = file.metadata().map_err(failed)?;
    let mode = about.permissions().mode() & 0o7777;
    if mode & 0o027 != 0 {
        return Err(ConfigError::Exposed { path: PathBuf::from(path), mode });
    }
    let mut text = Zeroizing::new(String::with_capacity(usize::try_from(about.len().min(LONGEST)).unwrap_or(0) + 1));
    let read = file.take(LONGEST + 1).read_to_string(&mut text);
    match read {
        Ok(length) if length as u64 <= LONGEST => Ok(text),
        Ok(_) => Err(ConfigError::BadSecret(path.display().to_string())),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            Err(ConfigError::BadSecret(path.display().to_string()))
        }
        Err(error) => Err(failed(error)),
    }
}
