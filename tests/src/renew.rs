//! A customer renews its key on the token, with the PIN, and goes on with the new one.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use gridkey_client::{
    client::{Client, ClientParts, Wish},
    clock::Clock,
    config::TokenSource,
    key::{KeyCertificates, UsbKey},
    store::Store,
};
use gridkey_protocol::{bytes::hex, certificate::Purpose};
use gridkey_token::{Caution, Pin, Pkcs11Uri, pkcs11::Pkcs11Token};
use serde::Serialize;

use crate::person::Person;

/// What became of the key.
#[derive(Debug, Serialize)]
pub struct Renewed {
    /// SHA-256 of the old certificate, in hex.
    pub old: String,
    /// SHA-256 of the new one.
    pub new: String,
    /// The payments that the old key saw, and the new one after it.
    pub payments: (usize, usize),
}

/// Renews the person's key; its offline store goes over to the new one.
///
/// # Errors
/// If the key or the server does not do it.
pub async fn renew(person: &Person) -> Result<Renewed> {
    let config = &person.config;
    let TokenSource::Pkcs11 { module, uri } = config.token()? else { bail!("the key is not on a token") };
    let uri: Pkcs11Uri = uri.unwrap_or_default().parse()?;
    let token = Pkcs11Token::open(Some(&module), &uri)?;
    let pin = Pin::new(std::fs::read_to_string(&person.pin_file).context("the PIN file")?.trim_end())?;
    let anchor = Arc::new(config.anchor()?);
    let certificates = KeyCertificates::read(&token, &anchor, Purpose::UsbKey, Clock::system().now())?;
    let key = UsbKey::log_in_to_write(&token, certificates, &pin, Caution::Normal)?;
    let folder = config.store()?;

    let parts = |key: &UsbKey, store: Store| -> Result<ClientParts> {
        Ok(ClientParts {
            key: key.clone(),
            store,
            anchor: Arc::clone(&anchor),
            caps: config.caps()?,
            order_seconds: config.order_seconds()?,
            clock: Clock::system(),
        })
    };
    let mut before = Client::new(parts(&key, Store::open(folder, &key).await?)?);
    connect(&mut before, person).await?;
    let seen = payments(&before).await?;
    let renewal = before.renew_key(folder).await?;
    before.close().await;
    let mut after = Client::new(parts(&renewal.key, renewal.store.clone())?);
    connect(&mut after, person).await?;
    let seen_after = payments(&after).await?;
    after.close().await;
    let name = |key: &UsbKey| hex(&key.certificates().leaf().fingerprint());
    let renewed = Renewed { old: name(&key), new: name(&renewal.key), payments: (seen, seen_after) };
    renewal.forget_old().await?;
    Ok(renewed)
}

async fn connect(client: &mut Client, person: &Person) -> Result<()> {
    let wish = Wish {
        follow: true,
        reconnect: false,
        allow_unbound: false,
        agent: "gridkey-demo".into(),
        locale: "en".into(),
    };
    client.connect(Arc::new(person.connector()?), wish).await.map(drop).map_err(|failure| anyhow!("{failure}"))
}

async fn payments(client: &Client) -> Result<usize> {
    use gridkey_protocol::ops::{PaymentList, payments::PaymentListBody};
    let body = PaymentListBody { before: None, next: None, limit: Some(200) };
    Ok(client.call::<PaymentList>(&body).await?.payments.len())
}
