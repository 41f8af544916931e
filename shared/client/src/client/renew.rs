//! Renewing the key: new pairs on the same token, certified because the old key asks for it.
//!
//! Whatever breaks off in the middle leaves a key that works. Until the new certificates are on the token that is the old one, which
//! stays good until the new one has logged in; renewing once more begins anew. From then on it is the new one:
//! [`Store::open_with_earlier`] finishes the hand-over of the store. A new one that does not log in within a day is revoked; then
//! the old one goes on, see [`UsbKey::before_renewal`].

use std::path::Path;

use gridkey_protocol::{
    ByteArray, ByteString,
    ops::{self, Empty, key::RenewBody},
    possession::{RequestDraft, agreement_answer, renewal_message},
};
use gridkey_token::{KeyKind, KeyMaker, KeyRef, PublicKey, TokenError, TokenKey, TokenSession};

use super::{Client, ClientError};
use crate::{
    key::{KeyCertificates, KeyError, UsbKey},
    store::{Store, StoreError},
};

/// The label of renewed pairs on the token.
const LABEL: &str = "gridkey renewed";
/// The label of the issuer's certificate beside them.
const ISSUER_LABEL: &str = "gridkey issuer";

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenewStep {
    /// The PIN opens the key for writing.
    Pin,
    /// The key makes new pairs and proves that it has them.
    Pairs,
    /// The server certifies them.
    Certify,
    /// The certificates are written to the key.
    Write,
    /// The offline store goes over to the new key.
    Store,
    /// The new key logs in.
    Session,
}

/// A key that was renewed and not used yet.
#[derive(Debug)]
pub struct Renewal {
    /// The new key, in the old one's login.
    pub key: UsbKey,
    /// The store, which the new key opens from now on.
    pub store: Store,
    old: UsbKey,
}

/// What a token made and signed for a renewal.
struct Pairs {
    body: RenewBody,
    signing: KeyRef,
    agreement: KeyRef,
}

impl Client {
    /// Renews the key, which must have been logged in with [`UsbKey::log_in_to_write`], over the open session. `folder` is that of
    /// the offline store, which the new key takes over. Then close this client and log in with the new key; once that
    /// succeeded, [`Renewal::forget_old`] takes the old one off the token.
    ///
    /// # Errors
    /// [`ClientError`]; the old key is as it was, and the call may be repeated.
    pub async fn renew_key(&self, folder: &Path) -> Result<Renewal, ClientError> {
        self.renew_key_telling(folder, |_| {}).await
    }

    /// As [`Self::renew_key`]; `tell` hears of each step before it begins.
    ///
    /// # Errors
    /// As [`Self::renew_key`].
    pub async fn renew_key_telling(
        &self,
        folder: &Path,
        tell: impl Fn(RenewStep) + Send + Sync,
    ) -> Result<Renewal, ClientError> {
        tell(RenewStep::Pairs);
        let old = self.key().clone();
        forget_unused(&old).await?;
        let challenge = self.call::<ops::KeyPrepare>(&Empty {}).await?;
        let own = old.certificates().key().clone();
        let name = challenge.name.clone();
        let (bytes, ephemeral) = (challenge.challenge.0, challenge.ephemeral.0);
        let Pairs { body, signing, agreement } =
            old.on_thread(move |session| make(session, &own, &name, &bytes, &ephemeral)).await?;
        tell(RenewStep::Certify);
        let renewed = self.call::<ops::KeyRenew>(&body).await?;

        let chain: Vec<Vec<u8>> = renewed.chain.into_iter().map(|der| der.0).collect();
        let certified = renewed.agreement.0;
        let certificates =
            KeyCertificates::of_pairs(chain.clone(), &certified, (signing, agreement), self.anchor(), self.now())?;
        tell(RenewStep::Write);
        let known = old.certificates().chain().to_vec();
        old.on_thread(move |session| {
            let maker = maker(session)?;
            // Issued by another one than the old key's: without it nobody can verify the new one.
            for issuer in chain.iter().skip(1).filter(|issuer| !known.contains(issuer)) {
                maker.store_certificate(issuer, ISSUER_LABEL)?;
            }
            // The agreement's first: without it the other would be found and could open no store.
            maker.store_certificate(&certified, LABEL)?;
            maker.store_certificate(chain.first().map_or(&[][..], Vec::as_slice), LABEL)
        })
        .await?;
        tell(RenewStep::Store);
        let key = old.beside(certificates);
        let store = match Store::rewrap(folder, &old, &key).await {
            Err(error @ StoreError::Key(_)) => return Err(error.into()),
            Err(error) => {
                // The new key is on the token and will be the one that is used; what cannot be read stays where it is.
                tracing::error!(%error, "the old key's store was not taken over");
                Store::open(folder, &key).await?
            }
            Ok(store) => store,
        };
        Ok(Renewal { key, store, old })
    }
}

impl Renewal {
    /// Takes the old key off the token, once the new one has logged in: nothing can be signed with it any more. Its X25519 key
    /// stays until the next renewal, so that the stores of other machines go over to the new one.
    ///
    /// # Errors
    /// [`KeyError`]; an old key that stays on the token harms nobody.
    pub async fn forget_old(self) -> Result<(), KeyError> {
        let certificates = self.old.certificates();
        let (signing, earlier) = (certificates.key().clone(), certificates.earlier().to_vec());
        let forget = move |session: &dyn TokenSession| {
            let maker = maker(session)?;
            maker.remove_key(KeyKind::Ed25519, &signing)?;
            earlier.iter().try_for_each(|earlier| maker.remove_key(KeyKind::X25519, &earlier.key))
        };
        self.old.on_thread(forget).await
    }
}

/// Takes pairs off the token that an earlier renewal made and nobody certified: those of its label beside the one in use.
async fn forget_unused(key: &UsbKey) -> Result<(), KeyError> {
    let certificates = key.certificates();
    let agreements = certificates.agreement().into_iter().chain(certificates.earlier());
    let mut used: Vec<Option<PublicKey>> =
        agreements.map(|key| Some(PublicKey { kind: KeyKind::X25519, bytes: key.public })).collect();
    used.push(certificates.key().public);
    key.on_thread(move |session| {
        let maker = maker(session)?;
        for found in session.keys()?.into_iter().filter(|found| found.label == LABEL) {
            let reference = found.key_ref();
            if reference.public.is_some() && !used.contains(&reference.public) {
                maker.remove_key(found.kind, &reference)?;
            }
        }
        Ok(())
    })
    .await
}

fn maker(session: &dyn TokenSession) -> Result<&dyn KeyMaker, TokenError> {
    session.maker().ok_or(TokenError::UnsupportedMechanism("making new keys"))
}

/// Makes both pairs and has them and the old key prove what they must.
fn make(
    session: &dyn TokenSession,
    old: &KeyRef,
    name: &str,
    challenge: &[u8; 32],
    ephemeral: &[u8; 32],
) -> Result<Pairs, TokenError> {
    let maker = maker(session)?;
    let public = |key: &TokenKey| {
        key.public.ok_or_else(|| TokenError::Argument("the token does not show the public half".to_owned()))
    };
    let bad = |error: gridkey_protocol::possession::PossessionError| TokenError::Argument(error.to_string());
    let (signing, agreement) = (maker.make_key(KeyKind::Ed25519, LABEL)?, maker.make_key(KeyKind::X25519, LABEL)?);
    let (signing_public, agreement_public) = (public(&signing)?, public(&agreement)?);
    let draft = RequestDraft::new(name, &signing_public, challenge).map_err(bad)?;
    let signature = session.sign_ed25519(&signing.key_ref(), draft.to_sign())?;
    let request = draft.finish(&signature).map_err(bad)?;
    let shared = session.agree_x25519(&agreement.key_ref(), ephemeral)?;
    let answer = agreement_answer(&shared, challenge, &signing_public, &agreement_public);
    let signature = session.sign_ed25519(old, &renewal_message(challenge, &request, &agreement_public))?;
    let body = RenewBody {
        request: ByteString(request),
        agreement: ByteArray(agreement_public),
        answer: ByteArray(*answer),
        signature: ByteArray(signature),
    };
    Ok(Pairs { body, signing: signing.key_ref(), agreement: agreement.key_ref() })
}
