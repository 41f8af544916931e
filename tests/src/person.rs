//! A person with a key: `gridkey`'s configuration file and a PIN file opened as the client does it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use gridkey_client::{
    client::{Client, ClientParts, Wish},
    clock::Clock,
    config::{ClientConfig, TokenSource},
    key::{KeyCertificates, UsbKey},
    store::Store,
    transport::{TlsSettings, WebSocketConnector},
};
use gridkey_protocol::certificate::Purpose;
use gridkey_token::{Caution, Pin, Pkcs11Uri, pkcs11::Pkcs11Token};

/// Where somebody's key is and how it is opened.
#[derive(Debug, Clone)]
pub struct Person {
    /// As `gridkey` is configured.
    pub config: ClientConfig,
    /// The PIN.
    pub pin_file: PathBuf,
}

impl Person {
    /// Reads the configuration.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn read(config: &Path, pin_file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(config).with_context(|| format!("cannot read {}", config.display()))?;
        let read: ClientConfig = toml::from_str(&text).with_context(|| format!("{} is wrong", config.display()))?;
        let folder = config.parent().unwrap_or_else(|| Path::new("."));
        Ok(Self { config: read.relative_to(folder), pin_file: pin_file.to_owned() })
    }

    /// The key, logged in, by its certificate of kind `purpose`.
    ///
    /// # Errors
    /// If the token does not let in or has no such certificate.
    pub fn key(&self, purpose: Purpose) -> Result<UsbKey> {
        let TokenSource::Pkcs11 { module, uri } = self.config.token()? else { bail!("the key is not on a token") };
        let uri: Pkcs11Uri = uri.unwrap_or_default().parse()?;
        let token = Pkcs11Token::open(Some(&module), &uri)?;
        let pin = std::fs::read_to_string(&self.pin_file).context("the PIN file")?;
        let pin = Pin::new(pin.trim_end())?;
        let certificates = KeyCertificates::read(&token, &self.config.anchor()?, purpose, Clock::system().now())?;
        Ok(UsbKey::log_in(&token, certificates, &pin, Caution::Normal)?)
    }

    /// The way to the server.
    ///
    /// # Errors
    /// If server or root are not configured.
    pub fn connector(&self) -> Result<WebSocketConnector> {
        let tls = TlsSettings::new(&self.config.anchor()?)?;
        Ok(WebSocketConnector::new(self.config.server()?.clone(), tls))
    }

    /// A client with an open session that keeps nothing on this machine.
    ///
    /// # Errors
    /// If the key or the server does not let in.
    pub async fn client(&self) -> Result<Client> {
        let mut client = Client::new(ClientParts {
            key: self.key(Purpose::UsbKey)?,
            store: Store::in_memory()?,
            anchor: Arc::new(self.config.anchor()?),
            caps: self.config.caps()?,
            order_seconds: self.config.order_seconds()?,
            clock: Clock::system(),
        });
        let wish = Wish {
            follow: false,
            reconnect: false,
            allow_unbound: false,
            agent: "gridkey-demo".into(),
            locale: "en".into(),
        };
        client.connect(Arc::new(self.connector()?), wish).await.map_err(|failure| anyhow::anyhow!("{failure}"))?;
        Ok(client)
    }
}
