//! The USBKEY as the client uses it: its certificates, read and verified before the PIN, and the logged-in key.

use std::sync::{Arc, Mutex, PoisonError};

use gridkey_domain::Timestamp;
use gridkey_protocol::certificate::{Certificate, ChainError, PublicKey, Purpose, TrustAnchor};
use gridkey_token::{Caution, KeyKind, KeyRef, Pin, Token, TokenCertificate, TokenError, TokenSession};
use zeroize::Zeroizing;

/// Why the key cannot be used.
#[derive(Debug, Clone, thiserror::Error)]
pub enum KeyError {
    /// The token says so.
    #[error(transparent)]
    Token(Arc<TokenError>),
    /// There is no certificate on it.
    #[error("the key holds no certificate yet: ask the power company to issue one")]
    NoCertificate,
    /// Its certificates are not this company's, or of another kind.
    #[error("the key's certificate is not a customer's certificate of this power company: {0}")]
    NotTrusted(ChainError),
    /// The certificate's time has not come.
    #[error("the key's certificate is valid from {0} only: check this computer's date and time")]
    NotYet(Timestamp),
    /// The certificate's time is over.
    #[error("the key's certificate ended on {0}: ask the power company to renew it")]
    Expired(Timestamp),
    /// The key has no X25519 key, so nothing can be kept encrypted for it.
    #[error("the key has no X25519 key: nothing can be kept offline with it")]
    NoAgreement,
    /// The thread that talks to the token died.
    #[error("the key's driver failed")]
    Driver,
}

impl From<TokenError> for KeyError {
    fn from(error: TokenError) -> Self {
        Self::Token(Arc::new(error))
    }
}

/// The X25519 key of the offline store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementKey {
    /// Where it is on the token.
    pub key: KeyRef,
    /// Its public half.
    pub public: [u8; 32],
}

/// What a token's certificates say, verified.
#[derive(Debug, Clone)]
pub struct KeyCertificates {
    leaf: Certificate,
    chain: Vec<Vec<u8>>,
    key: KeyRef,
    agreement: Option<AgreementKey>,
    earlier: Vec<AgreementKey>,
    before: Option<Box<Before>>,
}

/// The certificate that authenticated before a renewal.
#[derive(Debug, Clone)]
struct Before {
    leaf: Certificate,
    chain: Vec<Vec<u8>>,
    key: KeyRef,
}

impl KeyCertificates {
    /// Reads the certificates (no PIN needed) and validates the one of kind `purpose` up to `anchor`. The leaf's dates are
    /// left to [`Self::check_time`], so that a screen can show a certificate that is over.
    pub fn read(token: &dyn Token, anchor: &TrustAnchor, purpose: Purpose, now: Timestamp) -> Result<Self, KeyError> {
        let stored = token.certificates()?;
        if stored.is_empty() {
            return Err(KeyError::NoCertificate);
        }
        let mut found = find_all(&stored, anchor, purpose, now)?.into_iter();
        let Some((leaf, chain, at)) = found.next() else { return Err(KeyError::NoCertificate) };
        let key = at.key_ref();
        let before = found
            .find(|(before, ..)| before.common_name() == leaf.common_name() && before.is_in_time(now))
            .map(|(leaf, chain, at)| Box::new(Before { leaf, chain, key: at.key_ref() }));
        let mut agreements = find_all(&stored, anchor, Purpose::Agreement, now).unwrap_or_default().into_iter();
        let agreement = agreements.next().and_then(|(certificate, _, at)| agreement_key(&certificate, at));
        let same_holder = |certificate: &Certificate| certificate.common_name() == leaf.common_name();
        let earlier = agreements
            .filter(|(certificate, ..)| same_holder(certificate))
            .filter_map(|(certificate, _, at)| agreement_key(&certificate, at))
            .filter(|earlier| agreement.as_ref().is_none_or(|agreement| agreement.public != earlier.public))
            .collect();
        Ok(Self { leaf, chain, key, agreement, earlier, before })
    }

    /// Certificates that were just issued for two pairs of a token, held against the company root and the pairs.
    pub fn of_pairs(
        chain: Vec<Vec<u8>>,
        agreement: &[u8],
        pairs: (KeyRef, KeyRef),
        anchor: &TrustAnchor,
        now: Timestamp,
    ) -> Result<Self, KeyError> {
        let (key, agreement_key) = pairs;
        let leaf = anchor.validate(&chain, Purpose::UsbKey, now).map_err(KeyError::NotTrusted)?;
        let agreement_chain: Vec<&[u8]> =
            std::iter::once(agreement).chain(chain.iter().skip(1).map(Vec::as_slice)).collect();
        let certified = anchor.validate(&agreement_chain, Purpose::Agreement, now).map_err(KeyError::NotTrusted)?;
        let (PublicKey::Ed25519(signing), PublicKey::X25519(public)) = (leaf.public_key(), certified.public_key())
        else {
            return Err(other_key());
        };
        let is = |key: &KeyRef, bytes| key.public.is_some_and(|public| public.bytes == bytes);
        if !is(&key, signing) || !is(&agreement_key, public) {
            return Err(other_key());
        }
        let agreement = Some(AgreementKey { key: agreement_key, public });
        Ok(Self { leaf, chain, key, agreement, earlier: Vec::new(), before: None })
    }

    /// The same with the certificate before a renewal, if the token still holds it and its time is not over: the one to go on with
    /// when the server has revoked the renewed one, because nobody logged in with it in time.
    pub fn before_renewal(&self) -> Option<Self> {
        let Before { leaf, chain, key } = *self.before.clone()?;
        Some(Self { leaf, chain, key, before: None, ..self.clone() })
    }

    /// Whether the certificate is in its time at `now`.
    pub fn check_time(&self, now: Timestamp) -> Result<(), KeyError> {
        if now < self.leaf.not_before() {
            Err(KeyError::NotYet(self.leaf.not_before()))
        } else if now > self.leaf.not_after() {
            Err(KeyError::Expired(self.leaf.not_after()))
        } else {
            Ok(())
        }
    }

    /// The certificate that authenticates and signs.
    pub const fn leaf(&self) -> &Certificate {
        &self.leaf
    }

    /// Where its key is on the token.
    pub const fn key(&self) -> &KeyRef {
        &self.key
    }

    /// Its chain, leaf first, DER.
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    /// The X25519 key, if the token has one: before the PIN only one that this company certified shows.
    pub const fn agreement(&self) -> Option<&AgreementKey> {
        self.agreement.as_ref()
    }

    /// X25519 keys that this holder's token had before a renewal and still has, the latest first.
    pub fn earlier(&self) -> &[AgreementKey] {
        &self.earlier
    }
}

fn agreement_key(certificate: &Certificate, at: &TokenCertificate) -> Option<AgreementKey> {
    match certificate.public_key() {
        PublicKey::X25519(public) => Some(AgreementKey { key: at.key_ref(), public }),
        PublicKey::Ed25519(_) | PublicKey::Other => None,
    }
}

fn other_key() -> KeyError {
    TokenError::BadCertificate("it is for another key than the one it was asked for".to_owned()).into()
}

/// A verified certificate, its chain, and where it is on the token.
type Found<'a> = (Certificate, Vec<Vec<u8>>, &'a TokenCertificate);

/// Finds the certificates of kind `purpose` and the chains that lead to the anchor; at least one. A token holds a handful of
/// certificates, in any order, so every chain of at most three is tried; the error is the one of the chain that came furthest.
/// One in its time goes before one that is not, then the one that lasts longest; a renewal that could last no longer than what
/// it renews, because the issuer's own time ends, is told by its beginning.
fn find_all<'a>(
    stored: &'a [TokenCertificate],
    anchor: &TrustAnchor,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Vec<Found<'a>>, KeyError> {
    let mut refusal = None;
    let mut found: Vec<Found<'_>> = Vec::new();
    for candidate in stored {
        let of_kind = Certificate::from_der(&candidate.der)
            .is_ok_and(|certificate| certificate.purpose(anchor.purposes()) == Some(purpose));
        if !of_kind {
            continue;
        }
        for chain in chains(candidate, stored) {
            match anchor.validate(&chain, purpose, now) {
                Ok(leaf) => {
                    found.push((leaf, chain, candidate));
                    break;
                }
                // A chain that merely does not fit together says less than one that fits and fails.
                Err(ChainError::Issuer(_)) if refusal.is_some() => {}
                Err(error) => refusal = Some(error),
            }
        }
    }
    found.sort_by_key(|(leaf, ..)| std::cmp::Reverse((leaf.is_in_time(now), leaf.not_after(), leaf.not_before())));
    if found.is_empty() { Err(KeyError::NotTrusted(refusal.unwrap_or(ChainError::Purpose))) } else { Ok(found) }
}

fn chains(leaf: &TokenCertificate, stored: &[TokenCertificate]) -> Vec<Vec<Vec<u8>>> {
    let others = || stored.iter().filter(|other| other.der != leaf.der);
    let mut chains = vec![vec![leaf.der.clone()]];
    for first in others() {
        chains.push(vec![leaf.der.clone(), first.der.clone()]);
        for second in others().filter(|second| second.der != first.der) {
            chains.push(vec![leaf.der.clone(), first.der.clone(), second.der.clone()]);
        }
    }
    chains
}

/// A logged-in key. Dropping the last clone logs the token out.
#[derive(Clone)]
pub struct UsbKey {
    certificates: Arc<KeyCertificates>,
    /// `None` once logged out.
    session: Arc<Mutex<Option<Box<dyn TokenSession>>>>,
}

impl std::fmt::Debug for UsbKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UsbKey").finish_non_exhaustive()
    }
}

impl UsbKey {
    /// Logs in with the PIN that the person typed. Blocks.
    pub fn log_in(
        token: &dyn Token,
        certificates: KeyCertificates,
        pin: &Pin,
        caution: Caution,
    ) -> Result<Self, KeyError> {
        Self::new(token.login(pin, caution)?, certificates)
    }

    /// As [`Self::log_in`], with the right to make new keys on the token, which a renewal needs. Blocks.
    pub fn log_in_to_write(
        token: &dyn Token,
        certificates: KeyCertificates,
        pin: &Pin,
        caution: Caution,
    ) -> Result<Self, KeyError> {
        Self::new(token.login_to_write(pin, caution)?, certificates)
    }

    /// Logs the open key out and in again with the right to make new keys, under whoever uses it: they wait meanwhile. After a
    /// failure the key is logged out; a token that cannot make keys is left as it is.
    ///
    /// # Errors
    /// [`KeyError::Token`].
    pub async fn log_in_again_to_write(&self, token: Arc<dyn Token>, pin: Pin) -> Result<(), KeyError> {
        let session = Arc::clone(&self.session);
        let done = tokio::task::spawn_blocking(move || {
            let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
            if session.as_ref().ok_or(TokenError::LoggedOut)?.maker().is_some() {
                return Ok(());
            }
            if !token.makes_keys() {
                return Err(TokenError::UnsupportedMechanism("making new keys"));
            }
            // A token has one login, whoever on the machine made it.
            session.take().map_or(Ok(()), TokenSession::logout)?;
            *session = Some(token.login_to_write(&pin, Caution::Normal)?);
            Ok(())
        });
        Ok(done.await.map_err(|_| KeyError::Driver)??)
    }

    /// The same login with another of the holder's X25519 keys.
    pub(crate) fn with_agreement(&self, agreement: AgreementKey) -> Self {
        self.beside(KeyCertificates { agreement: Some(agreement), earlier: Vec::new(), ..self.certificates().clone() })
    }

    /// Another key of the same token, in the same login.
    #[must_use]
    pub fn beside(&self, certificates: KeyCertificates) -> Self {
        Self { certificates: Arc::new(certificates), session: Arc::clone(&self.session) }
    }

    /// The key before a renewal, in the same login, see [`KeyCertificates::before_renewal`].
    pub fn before_renewal(&self) -> Option<Self> {
        Some(self.beside(self.certificates().before_renewal()?))
    }

    /// A key that is logged in already. The store needs an X25519 key and no certificate for it; one that nobody has
    /// certified yet will do.
    pub fn new(session: Box<dyn TokenSession>, mut certificates: KeyCertificates) -> Result<Self, KeyError> {
        if certificates.agreement.is_none() {
            certificates.agreement =
                session.keys()?.into_iter().find(|key| key.kind == KeyKind::X25519).and_then(|key| {
                    let public = key.public?;
                    Some(AgreementKey { key: key.key_ref(), public })
                });
        }
        Ok(Self { certificates: Arc::new(certificates), session: Arc::new(Mutex::new(Some(session))) })
    }

    /// Its certificates.
    pub fn certificates(&self) -> &KeyCertificates {
        &self.certificates
    }

    /// Signs with the certificate's Ed25519 key, on a thread that may block.
    pub async fn sign(&self, message: Vec<u8>) -> Result<[u8; 64], KeyError> {
        let key = self.certificates.key.clone();
        self.on_thread(move |session| session.sign_ed25519(&key, &message)).await
    }

    /// X25519 with the agreement key, on a thread that may block.
    pub async fn agree(&self, peer: [u8; 32]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let key = self.certificates.agreement.as_ref().ok_or(KeyError::NoAgreement)?.key.clone();
        self.on_thread(move |session| session.agree_x25519(&key, &peer)).await
    }

    /// Logs the token out, whoever else still holds a clone.
    pub async fn log_out(&self) {
        let session = Arc::clone(&self.session);
        let done = tokio::task::spawn_blocking(move || {
            let session = session.lock().unwrap_or_else(PoisonError::into_inner).take();
            match session.map(TokenSession::logout) {
                // A token that is gone needs no logout.
                None | Some(Ok(()) | Err(TokenError::Removed | TokenError::LoggedOut)) => {}
                Some(Err(error)) => tracing::warn!(%error, "the key was not logged out"),
            }
        });
        if done.await.is_err() {
            tracing::error!("the key's driver failed at the logout");
        }
    }

    /// Works with the token's session on a thread that may block.
    pub async fn on_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn TokenSession) -> Result<T, TokenError> + Send + 'static,
    ) -> Result<T, KeyError> {
        let session = Arc::clone(&self.session);
        let done = tokio::task::spawn_blocking(move || {
            let session = session.lock().unwrap_or_else(PoisonError::into_inner);
            work(session.as_deref().ok_or(TokenError::LoggedOut)?)
        });
        Ok(done.await.map_err(|_| KeyError::Driver)??)
    }
}
