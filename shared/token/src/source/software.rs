//! Key files as a source of keys: a file that is there is a key that is plugged in.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::poll::Poll;
use super::{KeySource, KeyWatch, PresentKey, ReaderService, SourceInfo, SourceKind};
use crate::error::TokenError;
use crate::software::SoftwareToken;
use crate::token::Token;

/// How often the files are looked at.
const INTERVAL: Duration = Duration::from_millis(500);
/// The most entries of a folder that are looked at, so that a wrong folder does not hold everything up.
const MOST_ENTRIES: usize = 256;

/// One key file, or a folder of them.
#[derive(Debug, Clone)]
pub struct SoftwareKeys {
    path: PathBuf,
    interval: Duration,
}

impl SoftwareKeys {
    /// The file or folder. It need not be there yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), interval: INTERVAL }
    }

    /// Looks every `interval` instead of twice a second.
    #[must_use]
    pub fn looking_every(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// The files to look at, in order.
    fn files(&self) -> Result<Vec<PathBuf>, TokenError> {
        let failed = |source| TokenError::File { path: self.path.clone(), source };
        match fs::metadata(&self.path) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => return Ok(vec![self.path.clone()]),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        }
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(failed)?.take(MOST_ENTRIES) {
            let path = entry.map_err(failed)?.path();
            if path.is_file() {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    fn keys(&self) -> Result<Vec<(PresentKey, SoftwareToken)>, TokenError> {
        let (mut keys, mut unreadable) = (Vec::new(), None);
        for file in self.files()? {
            match present(&file) {
                Ok(key) => keys.push(key),
                // Removed between the two looks.
                Err(TokenError::NoToken(_)) => {}
                // A folder may hold other files too; the one file that was named must be a key.
                Err(TokenError::FileFormat { path, reason }) if file != self.path => {
                    tracing::debug!(path = %path.display(), reason, "passed over: no software key");
                }
                Err(error) if file == self.path => return Err(error),
                // The other keys of the folder are no worse for it.
                Err(error) => {
                    tracing::debug!(path = %file.display(), %error, "passed over: it cannot be read");
                    unreadable.get_or_insert(error);
                }
            }
        }
        // Where no key is left it says why.
        unreadable.filter(|_| keys.is_empty()).map_or(Ok(keys), Err)
    }
}

fn present(file: &Path) -> Result<(PresentKey, SoftwareToken), TokenError> {
    let token = SoftwareToken::open(file)?;
    let info = token.info()?;
    // The name too: a copy of a file bears the same serial number.
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let id = format!("software:{}:{name}", info.serial);
    Ok((PresentKey { id, info, reader: file.display().to_string() }, token))
}

impl KeySource for SoftwareKeys {
    fn present(&self) -> Result<Vec<PresentKey>, TokenError> {
        Ok(self.keys()?.into_iter().map(|(key, _)| key).collect())
    }

    fn open(&self, id: &str) -> Result<Box<dyn Token>, TokenError> {
        let found = self.keys()?.into_iter().find(|(key, _)| key.id == id);
        found
            .map_or_else(|| Err(TokenError::NoToken(id.to_owned())), |(_, token)| Ok(Box::new(token) as Box<dyn Token>))
    }

    fn watch(&self, on_change: Box<dyn FnMut() + Send>) -> Option<KeyWatch> {
        let keys = self.clone();
        // An error is a state like any other: told when it comes, when it changes and when it goes.
        let look = move || keys.present().map_err(|error| error.to_string());
        let poll = Poll::start(self.interval, look, on_change)
            .inspect_err(|error| tracing::error!(%error, "no thread"))
            .ok()?;
        Some(KeyWatch { _threads: vec![Box::new(poll)] })
    }

    fn describe(&self) -> SourceInfo {
        SourceInfo { kind: SourceKind::Software, path: self.path.clone(), readers: ReaderService::NotUsed }
    }
}
