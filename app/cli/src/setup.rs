//! From options and configuration to an open client.

use std::{path::Path, sync::Arc};

use gridkey_client::{
    client::{Client, ClientParts, Wish},
    clock::Clock,
    config::{ClientConfig, ConfigError, TokenSource},
    key::{KeyCertificates, UsbKey},
    session::{CUSTOMER, Online, SessionFailure},
    store::{Store, StoreError},
    transport::{TlsSettings, WebSocketConnector},
};
use gridkey_token::{Caution, Pin, Pkcs11Uri, SoftwareToken, Token, TokenInfo, pkcs11::Pkcs11Token};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::{
    args::Global,
    exit::{Failure, Kind, tries_text},
    output::Output,
};

/// The name and version told to the server.
const AGENT: &str = concat!("gridkey/", env!("CARGO_PKG_VERSION"));

/// What every command gets.
pub(crate) struct Context {
    pub(crate) global: Global,
    pub(crate) config: ClientConfig,
    pub(crate) output: Output,
}

impl Context {
    /// Reads the configuration: file, then options.
    pub(crate) fn new(global: Global) -> Result<Self, Failure> {
        let config = load(&global)?;
        let output = Output::new(global.json);
        Ok(Self { global, config, output })
    }

    /// The token, which need not be there yet.
    pub(crate) fn token(&self) -> Result<Box<dyn Token>, Failure> {
        match self.config.token()? {
            TokenSource::Software(file) => Ok(Box::new(SoftwareToken::open(file)?)),
            TokenSource::Pkcs11 { module, uri } => Ok(Box::new(open_pkcs11(&module, uri.as_deref())?)),
        }
    }

    pub(crate) const fn caution(&self) -> Caution {
        if self.global.confirm_last_try { Caution::LastTryConfirmed } else { Caution::Normal }
    }

    /// The PIN from the file named, the environment, or the person.
    pub(crate) fn pin(&self, info: Option<&TokenInfo>) -> Result<Pin, Failure> {
        if let Some(path) = &self.global.pin_file {
            return read_pin_file(path);
        }
        if let Some(pin) = std::env::var_os("GRIDKEY_PIN") {
            let pin = pin.into_string().map_err(|_| Failure::usage("GRIDKEY_PIN is not text"))?;
            return to_pin(&SecretString::from(pin));
        }
        if let Some(info) = info
            && (info.tries.is_last() || info.tries == gridkey_token::Tries::Low)
        {
            eprintln!("PIN tries left: {}", tries_text(info.tries));
        }
        let label = info.map_or("the key", |info| info.label.as_str());
        ask_pin(&format!("PIN of {label}: "))
    }

    /// Reads and verifies the key's certificates, then logs in with the PIN. A key that will not do is told before the PIN is
    /// asked for.
    pub(crate) fn log_in(&self) -> Result<(UsbKey, TokenInfo), Failure> {
        let anchor = self.config.anchor()?;
        let token = self.token()?;
        let info = token.info()?;
        let certificates = KeyCertificates::read(token.as_ref(), &anchor, CUSTOMER, Clock::system().now())?;
        let pin = self.pin(Some(&info))?;
        let key = UsbKey::log_in(token.as_ref(), certificates, &pin, self.caution())?;
        let info = token.info().unwrap_or(info);
        Ok((key, info))
    }

    /// A client without a session.
    pub(crate) async fn client(&self) -> Result<(Client, TokenInfo), Failure> {
        if !self.global.offline {
            // A configuration that leads nowhere is told before the PIN is asked for.
            self.connector()?;
        }
        let (key, info) = self.log_in()?;
        let store = match Store::open(self.config.store()?, &key).await {
            Err(StoreError::NoAgreementKey) => {
                eprintln!("gridkey: this key has no X25519 key, so nothing is kept on this computer");
                Store::in_memory()?
            }
            outcome => outcome?,
        };
        let client = Client::new(ClientParts {
            key,
            store,
            anchor: Arc::new(self.config.anchor()?),
            caps: self.config.caps()?,
            order_seconds: self.config.order_seconds()?,
            clock: Clock::system(),
        });
        Ok((client, info))
    }

    /// A client with a session, for commands that make no sense without.
    pub(crate) async fn online(&self) -> Result<(Client, Arc<Online>), Failure> {
        if self.global.offline {
            return Err(Failure::usage("this command needs a connection; leave --offline away"));
        }
        let (mut client, _) = self.client().await?;
        let online =
            self.connect(&mut client, false, false).await.map_err(|failure| Failure::from(failure.as_ref()))?;
        Ok((client, online))
    }

    /// A client with a session if there can be one. A server that lets this key in no further is an error all the same.
    pub(crate) async fn maybe_online(&self) -> Result<Client, Failure> {
        let (mut client, _) = self.client().await?;
        if self.global.offline {
            return Ok(client);
        }
        match self.connect(&mut client, false, false).await {
            Ok(_) => Ok(client),
            Err(failure) if failure.invites_retry() => {
                eprintln!("gridkey: {failure}");
                Ok(client)
            }
            Err(failure) => Err(Failure::from(failure.as_ref())),
        }
    }

    /// Starts the session.
    pub(crate) async fn connect(
        &self,
        client: &mut Client,
        follow: bool,
        reconnect: bool,
    ) -> Result<Arc<Online>, Arc<SessionFailure>> {
        let connector = match self.connector() {
            Ok(connector) => connector,
            Err(failure) => {
                let reason = gridkey_client::transport::ConnectError::Tls(failure.message);
                return Err(Arc::new(reason.into()));
            }
        };
        let wish = Wish {
            follow,
            reconnect,
            allow_unbound: self.config.allow_unbound,
            agent: AGENT.into(),
            locale: self.config.locale().into(),
        };
        client.connect(Arc::new(connector), wish).await
    }

    fn connector(&self) -> Result<WebSocketConnector, Failure> {
        let tls = TlsSettings::new(&self.config.anchor()?).map_err(Failure::other)?;
        Ok(WebSocketConnector::new(self.config.server()?.clone(), tls))
    }
}

/// The PKCS#11 token of the configuration; without a URI the only one there is.
pub(crate) fn open_pkcs11(module: &Path, uri: Option<&str>) -> Result<Pkcs11Token, Failure> {
    let uri = match uri {
        Some(text) => text.parse::<Pkcs11Uri>().map_err(|error| Failure::usage(format!("--uri: {error}")))?,
        None => Pkcs11Uri::default(),
    };
    Ok(Pkcs11Token::open(Some(module), &uri)?)
}

/// Reads a PIN from a file that others cannot read.
pub(crate) fn read_pin_file(path: &Path) -> Result<Pin, Failure> {
    refuse_shared(path)?;
    let text = std::fs::read_to_string(path).map(Zeroizing::new).map_err(|error| Failure::file(path, &error))?;
    let pin = text.strip_suffix('\n').unwrap_or(&text);
    let pin = pin.strip_suffix('\r').unwrap_or(pin);
    to_pin(&SecretString::from(pin))
}

#[cfg(unix)]
fn refuse_shared(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path).map_err(|error| Failure::file(path, &error))?.permissions().mode();
    // A pipe or /dev/fd has no content for others to read.
    let regular = path.is_file();
    if regular && mode & 0o004 != 0 {
        return Err(Failure::usage(format!("{}: others can read this PIN file; chmod 600 it", path.display())));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_shared(_: &Path) -> Result<(), Failure> {
    Ok(())
}

/// Asks the person at the terminal.
pub(crate) fn ask_pin(prompt: &str) -> Result<Pin, Failure> {
    let typed = rpassword::prompt_password(prompt)
        .map_err(|_| Failure::usage("no terminal to ask for the PIN: give --pin-file or GRIDKEY_PIN"))?;
    to_pin(&SecretString::from(typed))
}

fn to_pin(text: &SecretString) -> Result<Pin, Failure> {
    Pin::new(text.expose_secret()).map_err(|error| Failure::new(Kind::Key, error.to_string()))
}

fn load(global: &Global) -> Result<ClientConfig, Failure> {
    let file = global.config.clone().or_else(|| ClientConfig::default_file().filter(|path| path.exists()));
    let mut config = match &file {
        Some(path) => ClientConfig::from_file(path).map_err(|error| match error {
            ConfigError::File { path, source } => Failure::file(&path, &source),
            other => Failure::usage(other.to_string()),
        })?,
        None => ClientConfig::default(),
    };
    let Global { server, root, module, uri, software, store, locale, .. } = global;
    if module.is_some() || uri.is_some() {
        // Options name a token: the file's software key is not meant.
        config.software = None;
    }
    set(&mut config.server, server);
    set(&mut config.root, root);
    set(&mut config.module, module);
    set(&mut config.uri, uri);
    set(&mut config.software, software);
    set(&mut config.store, store);
    set(&mut config.locale, locale);
    if config.store.is_none() {
        config.store = ClientConfig::default_store();
    }
    Ok(config)
}

fn set<T: Clone>(place: &mut Option<T>, value: &Option<T>) {
    if value.is_some() {
        place.clone_from(value);
    }
}
