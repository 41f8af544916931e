//! Identities that are read again when their files change, so that a new certificate needs no restart: what is connected goes on,
//! and who connects next sees the new one. A file that can't be used changes nothing but a metric and the log.

use std::{
    fmt, fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use gridkey_domain::Timestamp;
use rustls::{
    SignatureScheme,
    client::ResolvesClientCert,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use x509_cert::der::Decode as _;

use super::{Identity, TlsError, provider};
use crate::clock::Clock;

/// Between two looks at the files.
const PERIOD: Duration = Duration::from_secs(5);

/// The identity of a listener or a client, as its files have it now.
///
/// Metrics: `gridkey_certificate_not_after_seconds` (Unix time) of what is in use, and `gridkey_certificate_reload_failed` (1 while
/// the files hold something that can't be used), both with the label `name`.
pub struct Kept {
    name: &'static str,
    chain: PathBuf,
    key: PathBuf,
    current: RwLock<Arc<CertifiedKey>>,
    seen: Mutex<[Stamp; 2]>,
}

/// What tells one state of a file from another without reading it.
type Stamp = Option<(u64, u64, i64, i64)>;

impl Kept {
    /// Reads the identity; `name` tells it from others in metrics and logs.
    ///
    /// # Errors
    /// As [`Identity::from_pem_files`], and if the key does not fit the certificate.
    pub fn open(name: &'static str, chain: &Path, key: &Path) -> Result<Arc<Self>, TlsError> {
        // Looked at before they are read: a change in between is found by the next look.
        let seen = [stamp(chain), stamp(key)];
        let current = read(chain, key)?;
        let (chain, key) = (chain.to_owned(), key.to_owned());
        let kept = Self { name, chain, key, current: RwLock::new(Arc::new(current)), seen: Mutex::new(seen) };
        kept.show(false);
        Ok(Arc::new(kept))
    }

    /// Reads the files again if they changed since the last look, or in any case with `anyway`. Whether another identity is in
    /// use now.
    ///
    /// # Errors
    /// If what the files hold can't be used; what was in use stays so.
    pub fn look(&self, now: Timestamp, anyway: bool) -> Result<bool, TlsError> {
        let found = [stamp(&self.chain), stamp(&self.key)];
        let before = std::mem::replace(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner), found);
        if found == before && !anyway {
            return Ok(false);
        }
        let taken = read(&self.chain, &self.key).and_then(|fresh| match times(&fresh) {
            Some((from, to)) if from <= now && now <= to => Ok(fresh),
            _ => Err(TlsError::OutOfTime { path: self.chain.clone() }),
        });
        let fresh = taken.inspect_err(|_| self.show(true))?;
        let changed = fresh.cert != self.current().cert;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        self.show(false);
        Ok(changed)
    }

    /// The end of the certificate in use, if it can be read.
    pub fn not_after(&self) -> Option<Timestamp> {
        times(&self.current()).map(|(_, to)| to)
    }

    fn current(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn show(&self, failed: bool) {
        metrics::gauge!("gridkey_certificate_reload_failed", "name" => self.name).set(if failed { 1 } else { 0 });
        if let Some(end) = self.not_after() {
            show_end(self.name, end);
        }
    }
}

/// Shows when the certificate `name` ends, as [`Kept`] does for its own.
pub fn show_end(name: &'static str, end: Timestamp) {
    let seconds = u32::try_from(end.seconds()).unwrap_or(u32::MAX);
    metrics::gauge!("gridkey_certificate_not_after_seconds", "name" => name).set(seconds);
}

/// Shows when the certificate `der` ends, if it can be read.
pub fn show_end_of(name: &'static str, der: &[u8]) {
    if let Some((_, end)) = times_of(der) {
        show_end(name, end);
    }
}

/// Looks at the files of `kept` every few seconds, and at once on SIGHUP, until `shutdown`.
pub async fn watch(kept: Vec<Arc<Kept>>, clock: Arc<dyn Clock>, shutdown: CancellationToken) {
    let mut hangup =
        signal(SignalKind::hangup()).inspect_err(|error| tracing::warn!(%error, "SIGHUP is not heard")).ok();
    loop {
        let asked = async {
            match &mut hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        let anyway = tokio::select! {
            () = shutdown.cancelled() => return,
            _ = asked => true,
            () = tokio::time::sleep(PERIOD) => false,
        };
        for one in &kept {
            match one.look(clock.now(), anyway) {
                Ok(true) => tracing::info!(name = one.name, ends = ?one.not_after(), "another certificate is in use"),
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(name = one.name, %error, "a certificate was not taken; the old one stays in use");
                }
            }
        }
    }
}

fn read(chain: &Path, key: &Path) -> Result<CertifiedKey, TlsError> {
    let identity = Identity::from_pem_files(chain, key)?;
    Ok(CertifiedKey::from_der(identity.chain().to_vec(), identity.clone_key(), &provider())?)
}

fn stamp(path: &Path) -> Stamp {
    let about = fs::metadata(path).ok()?;
    Some((about.ino(), about.size(), about.mtime(), about.mtime_nsec()))
}

fn times(key: &CertifiedKey) -> Option<(Timestamp, Timestamp)> {
    times_of(key.cert.first()?)
}

fn times_of(der: &[u8]) -> Option<(Timestamp, Timestamp)> {
    let certificate = x509_cert::Certificate::from_der(der).ok()?;
    let validity = certificate.tbs_certificate().validity();
    let at = |time: x509_cert::time::Time| {
        i64::try_from(time.to_unix_duration().as_secs()).ok().map(Timestamp::from_seconds)
    };
    Some((at(validity.not_before)?, at(validity.not_after)?))
}

impl ResolvesServerCert for Kept {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

impl ResolvesClientCert for Kept {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("name", &self.name).field("chain", &self.chain).finish_non_exhaustive()
    }
}
