//! From options and configuration to an open desk.

use std::{path::Path, sync::Arc};

use gridkey_client::{
    clock::Clock,
    config::{ClientConfig, TokenSource},
    key::{KeyCertificates, UsbKey},
    transport::{TlsSettings, WebSocketConnector},
};
use gridkey_desk::{Desk, DeskSettings, office::OfficeConfig};
use gridkey_protocol::certificate::Purpose;
use gridkey_token::{Caution, Pin, Pkcs11Token, Pkcs11Uri, SoftwareToken, Token};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::{
    args::Global,
    exit::{Failure, Kind},
    output::Output,
};

/// The name and version told to the server.
const AGENT: &str = concat!("gridkey-admin/", env!("CARGO_PKG_VERSION"));

/// What every command gets.
pub(crate) struct Context {
    pub(crate) global: Global,
    pub(crate) config: ClientConfig,
    pub(crate) output: Output,
}

impl Context {
    /// Reads the configuration: file, then options.
    pub(crate) fn new(global: Global) -> Result<Self, Failure> {
        let mut config = match &global.config {
            // The file may be the dashboard's, too.
            Some(path) => OfficeConfig::from_file(path)?.client,
            None => ClientConfig::default(),
        };
        if global.module.is_some() || global.uri.is_some() {
            // Options name a token: the file's software key is not meant.
            config.software = None;
        }
        set(&mut config.server, &global.server);
        set(&mut config.root, &global.root);
        set(&mut config.module, &global.module);
        set(&mut config.uri, &global.uri);
        set(&mut config.software, &global.software);
        let output = Output { json: global.json };
        Ok(Self { global, config, output })
    }

    pub(crate) const fn caution(&self) -> Caution {
        if self.global.confirm_last_try { Caution::LastTryConfirmed } else { Caution::Normal }
    }

    /// The administrator's token, which need not be there yet.
    fn token(&self) -> Result<Box<dyn Token>, Failure> {
        match self.config.token()? {
            TokenSource::Software(file) => Ok(Box::new(SoftwareToken::open(file)?)),
            TokenSource::Pkcs11 { .. } => Ok(Box::new(self.pkcs11()?)),
        }
    }

    /// The same, which must be a PKCS#11 token.
    pub(crate) fn pkcs11(&self) -> Result<Pkcs11Token, Failure> {
        let uri = match &self.config.uri {
            Some(text) => text.parse::<Pkcs11Uri>().map_err(|error| Failure::usage(format!("--uri: {error}")))?,
            None => Pkcs11Uri::default(),
        };
        Ok(Pkcs11Token::open(self.config.module.as_deref(), &uri)?)
    }

    /// The administrator's PIN from the file named, the environment, or the person.
    pub(crate) fn pin(&self, label: &str) -> Result<Pin, Failure> {
        if let Some(path) = &self.global.pin_file {
            return read_pin_file(path);
        }
        if let Some(pin) = std::env::var_os("GRIDKEY_ADMIN_PIN") {
            let pin = pin.into_string().map_err(|_| Failure::usage("GRIDKEY_ADMIN_PIN is not text"))?;
            return to_pin(&SecretString::from(pin));
        }
        let typed = rpassword::prompt_password(format!("PIN of {label}: "))
            .map_err(|_| Failure::usage("no terminal to ask for the PIN: give --pin-file or GRIDKEY_ADMIN_PIN"))?;
        to_pin(&SecretString::from(typed))
    }

    /// Logs the administrator in. A key that will not do is told before the PIN is asked for.
    pub(crate) async fn desk(&self) -> Result<Desk, Failure> {
        let anchor = self.config.anchor()?;
        let tls = TlsSettings::new(&anchor).map_err(Failure::other)?;
        let connector = WebSocketConnector::new(self.config.server()?.clone(), tls);
        let token = self.token()?;
        let label = token.info()?.label;
        let clock = Clock::system();
        let certificates = KeyCertificates::read(token.as_ref(), &anchor, Purpose::Administrator, clock.now())?;
        certificates.check_time(clock.now())?;
        let pin = self.pin(&label)?;
        let key = UsbKey::log_in(token.as_ref(), certificates, &pin, self.caution())?;
        let settings = DeskSettings {
            anchor: Arc::new(anchor),
            allow_unbound: self.config.allow_unbound,
            agent: AGENT.into(),
            locale: self.config.locale().into(),
            clock,
        };
        Ok(Desk::open(Arc::new(connector), key, settings).await?)
    }
}

/// Reads a PIN from a file that others cannot read.
pub(crate) fn read_pin_file(path: &Path) -> Result<Pin, Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(path).map_err(|error| Failure::file(path, &error))?.permissions().mode();
        // A pipe or /dev/fd has no content for others to read.
        if path.is_file() && mode & 0o004 != 0 {
            return Err(Failure::usage(format!("{}: others can read this PIN file; chmod 600 it", path.display())));
        }
    }
    let text = std::fs::read_to_string(path).map(Zeroizing::new).map_err(|error| Failure::file(path, &error))?;
    to_pin(&SecretString::from(text.trim_end_matches(['\n', '\r'])))
}

fn to_pin(text: &SecretString) -> Result<Pin, Failure> {
    Pin::new(text.expose_secret()).map_err(|error| Failure::new(Kind::Key, error.to_string()))
}

fn set<T: Clone>(place: &mut Option<T>, value: &Option<T>) {
    if value.is_some() {
        place.clone_from(value);
    }
}
