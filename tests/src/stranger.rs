//! Ways of coming to the server without a bound key.
//!
//! Each case needs another token store, and SoftHSM reads its configuration once a process; so each is a run of its own.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use ed25519_dalek::{Signer as _, SigningKey, pkcs8::DecodePrivateKey as _};
use gridkey_client::{clock::Clock, config::ClientConfig, transport::WebSocketConnector};
use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_protocol::certificate::{Purpose, TrustAnchor};
use gridkey_server::{
    ca::{CaSigner as _, Issuer, Profile, PublicKey, SoftwareSigner, Validity, certificate::issue_root},
    config::Config,
    parts,
};
use gridkey_service::{secret::read_private, tls::read_certificates};
use serde::Serialize;

use crate::{
    door::{Answer, Door},
    person::Person,
};

/// What was tried, what the server did, and what it had to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Case {
    /// The case's name.
    pub case: &'static str,
    /// What the server did: a close code with its word, or `let in`.
    pub closed: String,
    /// What it had to do.
    pub expected: &'static str,
}

const NOT_AUTHENTICATED: &str = "4401 not-authenticated";

/// The way to the server.
pub struct Way {
    connector: WebSocketConnector,
    anchor: TrustAnchor,
}

impl Way {
    /// As somebody's `gridkey` is configured.
    ///
    /// # Errors
    /// If server or root are not configured.
    pub fn of(config: &ClientConfig) -> Result<Self> {
        let person = Person { config: config.clone(), pin_file: std::path::PathBuf::new() };
        Ok(Self { connector: person.connector()?, anchor: config.anchor()? })
    }

    async fn knock(&self) -> Result<Door> {
        Door::knock(&self.connector, &self.anchor).await
    }

    /// Proves `chain` with a key in memory.
    async fn try_with(&self, chain: Vec<Vec<u8>>, key: &SigningKey) -> Result<Answer> {
        let door = self.knock().await?;
        let signature = key.sign(&door.to_sign()).to_bytes();
        Ok(door.prove(chain, signature).await?.1)
    }
}

/// A certificate that the company's issuing key signed for this customer, and that nobody bound. The HSM is used as it
/// is configured for the server, beside it.
///
/// # Errors
/// If the certificate can't be made or the line breaks.
pub async fn never_bound(way: &Way, server: &Path, customer: &CustomerNo) -> Result<Case> {
    let config = Config::load(server)?;
    let hsm = parts::start_hsm(&config)?;
    let issuer = parts::open_issuer(&config, Arc::clone(&hsm) as _)?;
    let key = SoftwareSigner::generate()?;
    let made = issuer.customer_key(customer, key.public_key(), None, now()).await;
    hsm.shutdown(Duration::from_secs(5)).await;
    let chain = made?.record.chain;
    let answer = way.try_with(chain, &SigningKey::from_bytes(&key.seed())).await?;
    Ok(case("never bound", &answer, "4403 unbound"))
}

/// A chain of the same names and kinds under a root of one's own.
///
/// # Errors
/// If the certificates can't be made or the line breaks.
pub async fn other_root(way: &Way, server: &Path, customer: &CustomerNo) -> Result<Case> {
    let config = Config::load(server)?;
    let (organisation, arc) = (&config.pki.organisation, config.pki.arc);
    let validity = Validity::days(now(), 365);
    let (top, middle, key) = (SoftwareSigner::generate()?, SoftwareSigner::generate()?, SoftwareSigner::generate()?);
    let root = issue_root(&top, organisation, "Gridkey Root", validity, arc).await?;
    let root = Issuer::with_signer(Box::new(top), root.der, organisation, arc, config.lifetimes())?;
    let issuing = PublicKey::Ed25519(middle.public_key());
    let issuing = root.issue(&Profile::Issuing, "Gridkey Issuing", issuing, validity).await?;
    let issuing = Issuer::with_signer(Box::new(middle), issuing.der, organisation, arc, config.lifetimes())?;
    let made = issuing.customer_key(customer, key.public_key(), None, now()).await?;
    let answer = way.try_with(made.record.chain, &SigningKey::from_bytes(&key.seed())).await?;
    Ok(case("another root", &answer, NOT_AUTHENTICATED))
}

/// The server's own TLS certificate and key: the same issuer, another kind.
///
/// # Errors
/// If the files can't be read or the line breaks.
pub async fn tls_certificate(way: &Way, server: &Path) -> Result<Case> {
    let config = Config::load(server)?;
    let chain = read_certificates(&config.session.certificate)?.iter().map(|der| der.to_vec()).collect();
    let key = SigningKey::from_pkcs8_pem(&read_private(&config.session.key)?).context("the session listener's key")?;
    let answer = way.try_with(chain, &key).await?;
    Ok(case("a TLS certificate", &answer, NOT_AUTHENTICATED))
}

/// An administrator's key, bound and valid, on the customers' listener.
///
/// # Errors
/// If the key can't be used or the line breaks.
pub async fn administrator(way: &Way, person: &Person) -> Result<Case> {
    let key = person.key(Purpose::Administrator)?;
    let door = way.knock().await?;
    let signature = key.sign(door.to_sign()).await?;
    let (_, answer) = door.prove(key.certificates().chain().to_vec(), signature).await?;
    Ok(case("an administrator", &answer, NOT_AUTHENTICATED))
}

/// A bound customer's proofs used again: the message as it was sent, and its signature in a message of one's own.
///
/// # Errors
/// If the key can't be used or the line breaks.
pub async fn replayed(way: &Way, person: &Person) -> Result<Vec<Case>> {
    let key = person.key(Purpose::UsbKey)?;
    let chain = key.certificates().chain().to_vec();
    let door = way.knock().await?;
    let signature = key.sign(door.to_sign()).await?;
    let (message, answer) = door.prove(chain.clone(), signature).await?;
    let honest = case("a bound key", &answer, "let in");
    let answer = way.knock().await?.replay(message).await?;
    let message = case("a replayed message", &answer, NOT_AUTHENTICATED);
    let (_, answer) = way.knock().await?.prove(chain, signature).await?;
    Ok(vec![honest, message, case("a replayed signature", &answer, NOT_AUTHENTICATED)])
}

fn case(name: &'static str, answer: &Answer, expected: &'static str) -> Case {
    Case { case: name, closed: answer.to_string(), expected }
}

fn now() -> Timestamp {
    Clock::system().now()
}
