//! The tokens of a PKCS#11 module as a source of keys.

use std::path::PathBuf;
use std::time::Duration;

use super::poll::Poll;
use super::{KeySource, KeyWatch, PresentKey, ReaderService, SourceInfo, SourceKind};
use crate::error::TokenError;
use crate::pkcs11::{Pkcs11Provider, TokenDescription};
use crate::token::Token;
use crate::uri::Pkcs11Uri;

/// How often the slots are looked at. PC/SC tells of cards at once; this is for tokens that it does not know.
const INTERVAL: Duration = Duration::from_secs(1);

/// All initialised tokens of a module, or those that a URI describes.
///
/// The module is loaded at the first use and again after a failure, so that a driver installed meanwhile is found.
#[derive(Debug, Clone)]
pub struct Pkcs11Keys {
    module: PathBuf,
    narrowed: Pkcs11Uri,
    interval: Duration,
}

impl Pkcs11Keys {
    /// The tokens of `module`; with `uri` only those that it describes. Its `module-path` is left aside.
    pub fn new(module: impl Into<PathBuf>, uri: Option<Pkcs11Uri>) -> Self {
        Self { module: module.into(), narrowed: uri.unwrap_or_default(), interval: INTERVAL }
    }

    /// Looks every `interval` instead of every second.
    #[must_use]
    pub fn looking_every(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    fn tokens(&self) -> Result<Vec<TokenDescription>, TokenError> {
        Ok(self.ours(Pkcs11Provider::open(&self.module)?.tokens()?))
    }

    fn tokens_seen_anew(&self) -> Result<Vec<TokenDescription>, TokenError> {
        Ok(self.ours(Pkcs11Provider::open(&self.module)?.tokens_seen_anew()?))
    }

    fn ours(&self, mut tokens: Vec<TokenDescription>) -> Vec<TokenDescription> {
        tokens.retain(|token| token.initialised && token.matches(&self.narrowed));
        tokens.sort_by_cached_key(|token| token.uri().to_string());
        tokens
    }
}

impl KeySource for Pkcs11Keys {
    fn present(&self) -> Result<Vec<PresentKey>, TokenError> {
        let provider = Pkcs11Provider::open(&self.module)?;
        // The watch goes without the PIN's state: it would open a session on each token at each look.
        let tokens = self.tokens()?.into_iter().map(|token| provider.with_pin_state(token));
        Ok(tokens
            .map(|token| PresentKey { id: token.uri().to_string(), info: token.info, reader: token.reader })
            .collect())
    }

    fn open(&self, id: &str) -> Result<Box<dyn Token>, TokenError> {
        let uri = self.tokens()?.iter().map(TokenDescription::uri).find(|uri| uri.to_string() == id);
        let uri = uri.ok_or_else(|| TokenError::NoToken(id.to_owned()))?;
        Ok(Box::new(Pkcs11Provider::open(&self.module)?.token(&uri)))
    }

    fn watch(&self, on_change: Box<dyn FnMut() + Send>) -> Option<KeyWatch> {
        let keys = self.clone();
        // An error is a state like any other: told when it comes, when it changes and when it goes.
        let look = move || keys.tokens_seen_anew().map_err(|error| error.to_string());
        let failed = |error: &std::io::Error| tracing::error!(%error, "no thread to watch the keys");
        let poll = Poll::start(self.interval, look, on_change).inspect_err(failed).ok()?;
        let mut threads: Vec<Box<dyn Send>> = Vec::new();
        #[cfg(feature = "pcsc")]
        if uses_readers(&self.module) {
            // Without the service the look at intervals is all there is; this thread waits for its start.
            let nudger = poll.nudger();
            let nudge = move |_| nudger.iter().for_each(super::poll::Nudger::look);
            if let Ok(readers) = crate::presence::ReaderWatcher::start(nudge).inspect_err(failed) {
                threads.push(Box::new(readers));
            }
        }
        threads.push(Box::new(poll));
        Some(KeyWatch { _threads: threads })
    }

    fn describe(&self) -> SourceInfo {
        SourceInfo { kind: SourceKind::Pkcs11, path: self.module.clone(), readers: self.reader_service() }
    }
}

impl Pkcs11Keys {
    #[cfg(feature = "pcsc")]
    fn reader_service(&self) -> ReaderService {
        if !uses_readers(&self.module) {
            return ReaderService::NotUsed;
        }
        match crate::presence::readers() {
            Ok(readers) => ReaderService::Running(readers.into_iter().map(|reader| reader.name).collect()),
            Err(error) => ReaderService::Missing(error.to_string()),
        }
    }

    #[cfg(not(feature = "pcsc"))]
    fn reader_service(&self) -> ReaderService {
        ReaderService::NotUsed
    }
}

/// Whether the module's tokens sit in readers. Modules do not tell; those known to keep their tokens in files do not.
#[cfg(feature = "pcsc")]
fn uses_readers(module: &std::path::Path) -> bool {
    let maker = Pkcs11Provider::open(module).and_then(|provider| provider.manufacturer()).unwrap_or_default();
    !["SoftHSM", "Kryoptic"].iter().any(|soft| maker.to_ascii_lowercase().contains(&soft.to_ascii_lowercase()))
}
