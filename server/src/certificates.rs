//! The certificates that this server has from its own issuing key: that of the session listeners and that of the receipt key. Both are
//! made anew while the server runs, once two thirds of their life are over or when an operator asks.
//!
//! The session certificate comes with a new key, and [`gridkey_service::tls::Kept`] takes both into use. The receipt key stays, since
//! it never leaves the HSM; its new certificate begins where the old one did, so that a receipt for a payment of yesterday that is
//! signed today is in its time, and receipts signed before hold with the chain that is in them.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use gridkey_domain::Timestamp;
use gridkey_protocol::{
    cbor::Value,
    certificate::{Certificate, PublicKey as Certified},
};
use gridkey_service::{
    clock::Clock,
    tls::{Identity, Kept, read_certificates, show_end_of},
};
use tokio_util::sync::CancellationToken;

use crate::{
    ca::{Host, Issued, Issuer, Profile, PublicKey, Validity},
    config::Config,
    hsm::{Hsm, HsmKey},
    issue::draft,
    provision::{
        ProvisionError,
        files::{self, KeyKind},
        intranet::software_key,
    },
    store::Store,
};

/// Between two looks.
const PERIOD: Duration = Duration::from_secs(3600);
/// A new certificate that would end less than this after the old one is not worth making: the issuing certificate's end bounds both.
const GAIN: i64 = 86_400;

/// A chain that is in use, leaf first, DER; replaced as a whole.
#[derive(Default)]
pub struct Chain(RwLock<Arc<Vec<Vec<u8>>>>);

impl Chain {
    /// Starts with this one.
    pub fn new(chain: Vec<Vec<u8>>) -> Self {
        Self(RwLock::new(Arc::new(chain)))
    }

    /// The chain now.
    pub fn get(&self) -> Arc<Vec<Vec<u8>>> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes another into use.
    pub fn replace(&self, chain: Vec<Vec<u8>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(chain);
    }
}

/// Makes the server's own certificates anew.
pub struct CertificateKeeper {
    /// Holds the receipt key.
    pub hsm: Arc<dyn Hsm>,
    /// Issues.
    pub issuer: Arc<Issuer>,
    /// Takes the audit entries.
    pub store: Arc<dyn Store>,
    /// Where the files are.
    pub places: Places,
    /// The session identity as the listeners use it, where they run.
    pub session: Option<Arc<Kept>>,
}

/// Where the server's own certificates are, and what they are for.
#[derive(Debug, Clone)]
pub struct Places {
    session: PathBuf,
    session_key: PathBuf,
    receipt: PathBuf,
    issuing: PathBuf,
    root: PathBuf,
    host: Host,
    tls_days: u32,
    receipt_days: u32,
}

impl Places {
    /// As `config` has them.
    pub fn of(config: &Config) -> Self {
        Self {
            session: config.session.certificate.clone(),
            session_key: config.session.key.clone(),
            receipt: config.pki.receipt.clone(),
            issuing: config.pki.issuing.clone(),
            root: config.root.certificate.clone(),
            host: config.session.host.clone(),
            tls_days: config.pki.tls_days,
            receipt_days: config.pki.receipt_days,
        }
    }

    /// Ends what a crash may have left of a renewal: a key that was written and whose certificate is in its place, but which is not in
    /// its own yet. To be called before the session certificate is read.
    ///
    /// # Errors
    /// If a file can't be moved or removed.
    pub fn mend(&self) -> Result<(), ProvisionError> {
        let fresh = files::beside(&self.session_key);
        if !fresh.exists() {
            return Ok(());
        }
        let fits = Identity::from_pem_files(&self.session, &fresh).is_ok_and(|identity| identity.fits());
        if fits {
            tracing::warn!("a renewal of the session certificate that was broken off is brought to its end");
            files::put(&fresh, &self.session_key)
        } else {
            std::fs::remove_file(&fresh).map_err(|source| ProvisionError::File { path: fresh, source })
        }
    }

    /// Shows the ends of the certificates that no listener shows: receipt, issuing, root.
    pub fn show_ends(&self) {
        for (name, path) in [("receipt", &self.receipt), ("issuing", &self.issuing), ("root", &self.root)] {
            if let Some(leaf) = read_certificates(path).ok().and_then(|chain| chain.into_iter().next()) {
                show_end_of(name, &leaf);
            }
        }
    }
}

impl CertificateKeeper {
    /// Makes those anew of which two thirds are over, or both with `anyway`; gives what was made and until when it is good. `by` is
    /// noted in the audit chain.
    ///
    /// # Errors
    /// If the HSM, the store or a file refuses; what was in use stays so.
    pub async fn renew(
        &self,
        chain: &Chain,
        anyway: bool,
        by: &str,
        now: Timestamp,
    ) -> Result<Vec<(&'static str, Timestamp)>, ProvisionError> {
        let mut made = Vec::new();
        let places = &self.places;
        let old = leaf(&places.session)?;
        if self.is_worth_it(&old, places.tls_days, anyway, now)? {
            let (secret, public) = software_key()?;
            let issued = self.issuer.tls_server(public, vec![places.host.clone()], now).await?;
            self.note("session", &issued, by, now).await?;
            let fresh = files::beside(&places.session_key);
            files::write_private_over(&fresh, &files::private_key_pem(KeyKind::Ed25519, &secret)?)?;
            self.put_chain(&places.session, &issued)?;
            // Between the two the old key lies beside the new certificate; `mend` ends that after a crash.
            files::put(&fresh, &places.session_key)?;
            if let Some(session) = &self.session {
                session.look(now, true)?;
            }
            made.push(("session", issued.validity.not_after));
        }
        let old = leaf(&places.receipt)?;
        if self.is_worth_it(&old, places.receipt_days, anyway, now)? {
            let public = self.hsm.public_key(HsmKey::Receipt).await?;
            let mut validity = Validity::days(now, places.receipt_days);
            if old.public_key() == Certified::Ed25519(public) {
                validity.not_before = old.not_before();
            }
            let issued = self.issuer.issue(&Profile::Receipt, "receipt", PublicKey::Ed25519(public), validity).await?;
            self.note("receipt", &issued, by, now).await?;
            self.put_chain(&places.receipt, &issued)?;
            chain.replace(self.issuer.chain_of(&issued));
            made.push(("receipt", issued.validity.not_after));
        }
        places.show_ends();
        Ok(made)
    }

    fn is_worth_it(&self, old: &Certificate, days: u32, anyway: bool, now: Timestamp) -> Result<bool, ProvisionError> {
        let issuing = Certificate::from_der(self.issuer.certificate())
            .map_err(|error| ProvisionError::Configuration(format!("the issuing certificate: {error}")))?;
        let end = Validity::days(now, days).not_after.min(issuing.not_after());
        Ok(anyway || (is_due(old.not_before(), old.not_after(), now) && end.seconds_since(old.not_after()) > GAIN))
    }

    async fn note(&self, kind: &str, issued: &Issued, by: &str, now: Timestamp) -> Result<(), ProvisionError> {
        let facts = vec![
            ("certificate".to_owned(), Value::Bytes(issued.der.clone())),
            ("kind".to_owned(), Value::Text(kind.to_owned())),
        ];
        self.store.append_audit(draft("certificate.renewed", by, None, facts, now)).await?;
        Ok(())
    }

    fn put_chain(&self, path: &Path, issued: &Issued) -> Result<(), ProvisionError> {
        let fresh = files::beside(path);
        files::write_public_over(&fresh, &files::certificates_pem(&self.issuer.chain_of(issued))?)?;
        files::put(&fresh, path)
    }
}

/// Renews what is due, now and every hour, until `shutdown`.
pub async fn run(
    keeper: Arc<CertificateKeeper>,
    chain: Arc<Chain>,
    clock: Arc<dyn Clock>,
    shutdown: CancellationToken,
) {
    loop {
        match keeper.renew(&chain, false, "server", clock.now()).await {
            Ok(made) => {
                for (name, ends) in made {
                    tracing::info!(name, %ends, "a certificate was renewed");
                }
            }
            Err(error) => tracing::error!(%error, "the server's own certificates were not looked after"),
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(PERIOD) => {}
        }
    }
}

/// Whether two thirds of the time from `start` to `end` are over.
fn is_due(start: Timestamp, end: Timestamp, now: Timestamp) -> bool {
    now.seconds_since(start).saturating_mul(3) >= end.seconds_since(start).saturating_mul(2)
}

fn leaf(path: &Path) -> Result<Certificate, ProvisionError> {
    let wrong = |why: String| ProvisionError::Configuration(format!("{}: {why}", path.display()));
    let chain = read_certificates(path)?;
    let der = chain.first().ok_or_else(|| wrong("holds no certificate".to_owned()))?;
    Certificate::from_der(der).map_err(|error| wrong(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_due_when_two_thirds_are_over() {
        let at = Timestamp::from_seconds;
        assert!(!is_due(at(0), at(300), at(199)));
        assert!(is_due(at(0), at(300), at(200)));
        assert!(is_due(at(0), at(300), at(400)));
    }
}
