//! The dashboard's configuration: the keys of `gridkey-admin`'s, and a few of its own.

use std::path::{Path, PathBuf};

use gridkey_client::config::{ClientConfig, ConfigError};

/// Digits of an issued PIN unless configured.
const PIN_DIGITS: usize = 8;
/// What a wrong number of them is told.
const DIGITS: &str = "6 to 16 expected";

/// What the file may say. Every key may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfficeConfig {
    /// The keys of every program on the client library: `server` (the administrators' listener), `root`, `module`, `uri`,
    /// `software` (a software key's file, or a folder of them, for trials), `locale`, `support`, …
    pub client: ClientConfig,
    /// `token_module`: the PKCS#11 module of the reader in which keys are made; the administrator's own unless given.
    pub token_module: Option<PathBuf>,
    /// `pin_digits`: digits of an issued PIN, 6 to 16; 8 when left out.
    pub pin_digits: Option<usize>,
}

impl OfficeConfig {
    /// Reads a configuration file. Relative paths in it begin at its folder.
    ///
    /// # Errors
    /// [`ConfigError::File`], [`ConfigError::Syntax`], [`ConfigError::Invalid`].
    pub fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| ConfigError::File { path: path.to_owned(), source })?;
        // An error's own text quotes the line, and people write into files what does not belong there.
        let syntax = |error: &toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let reason = format!("line {}: {}", before.matches('\n').count() + 1, error.message());
            ConfigError::Syntax { path: path.to_owned(), reason }
        };
        let mut table: toml::Table = toml::from_str(&text).map_err(|error| syntax(&error))?;
        let wrong = |key, reason: &str| ConfigError::Invalid { key, reason: reason.to_owned() };
        let module = table.remove("token_module").map(|value| match value {
            toml::Value::String(module) => Ok(PathBuf::from(module)),
            _ => Err(wrong("token_module", "a file's path expected")),
        });
        let pin_digits = table.remove("pin_digits").map(|value| match value {
            toml::Value::Integer(digits) => usize::try_from(digits).map_err(|_| wrong("pin_digits", DIGITS)),
            _ => Err(wrong("pin_digits", DIGITS)),
        });
        let client: ClientConfig = table.try_into().map_err(|error: toml::de::Error| syntax(&error))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let module = module.transpose()?;
        let token_module = module.map(|module| if module.is_relative() { folder.join(module) } else { module });
        let config = Self { client: client.relative_to(folder), token_module, pin_digits: pin_digits.transpose()? };
        config.pin_digits().map(|_| config)
    }

    /// The configuration file of the person who uses this machine: `gridkey/admin.toml` below `XDG_CONFIG_HOME` or `~/.config`.
    /// It need not be there.
    pub fn default_file() -> Option<PathBuf> {
        Some(ClientConfig::default_file()?.with_file_name("admin.toml"))
    }

    /// Where this machine's preferences are kept: `dashboard.toml` beside the configuration.
    pub fn default_preferences() -> Option<PathBuf> {
        Some(ClientConfig::default_file()?.with_file_name("dashboard.toml"))
    }

    /// Digits of an issued PIN.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`].
    pub fn pin_digits(&self) -> Result<usize, ConfigError> {
        let digits = self.pin_digits.unwrap_or(PIN_DIGITS);
        if (6..=16).contains(&digits) {
            Ok(digits)
        } else {
            Err(ConfigError::Invalid { key: "pin_digits", reason: DIGITS.into() })
        }
    }

    /// The module of the reader in which keys are made, if there is one.
    pub fn token_module(&self) -> Option<&Path> {
        self.token_module.as_deref().or(self.client.module.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_holds_both_kinds_of_keys_and_says_what_is_wrong_without_quoting_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("admin.toml");
        std::fs::write(&path, "root = \"root.pem\"\nmodule = \"/m.so\"\npin_digits = 10\n").unwrap();
        let config = OfficeConfig::from_file(&path).unwrap();
        assert_eq!(config.client.root, Some(folder.path().join("root.pem")));
        assert_eq!((config.token_module(), config.pin_digits().unwrap()), (Some(Path::new("/m.so")), 10));
        for text in ["pin = \"1234\"\n", "pin_digits = 4\n", "token_module = 1234\n"] {
            std::fs::write(&path, text).unwrap();
            let said = OfficeConfig::from_file(&path).unwrap_err().to_string();
            assert!(!said.contains("1234"), "{said}");
        }
    }
}
