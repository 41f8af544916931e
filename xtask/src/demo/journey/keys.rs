//! Keys of people: each on a SoftHSM2 token in a store of its own, certified and imported as a real one would be.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::Journey;
use crate::demo::{
    config::{quoted, token_store},
    layout::{self, make_folder, write_pin},
    process::output,
    stack::TokenAt,
};

/// A key, and how `gridkey` reaches it.
#[derive(Debug, Clone)]
pub(super) struct Key {
    /// Its place in `stack.json`.
    pub(super) at: TokenAt,
    /// The folder of its files.
    pub(super) folder: PathBuf,
    /// The configuration of `gridkey`.
    pub(super) config: PathBuf,
    /// SHA-256 of its certificate in hex; empty until it has one.
    pub(super) fingerprint: String,
}

impl Key {
    /// Sets up a token named `label` in `folder` and has it make its keys; the requests lie in `folder/request`.
    pub(super) fn make(journey: &Journey, folder: &Path, label: &str, customer: Option<&str>) -> Result<Self> {
        make_folder(folder)?;
        let conf = folder.join("softhsm2.conf");
        token_store(&conf)?;
        let (pin, so_pin) = (folder.join("pin"), folder.join("so-pin"));
        write_pin(&pin)?;
        write_pin(&so_pin)?;
        let at = TokenAt {
            customer: customer.map(str::to_owned),
            module: journey.plan.module.clone(),
            uri: format!("pkcs11:token={label}"),
            conf,
            pin_file: pin,
        };
        let key =
            Self { at, folder: folder.to_owned(), config: folder.join("client.toml"), fingerprint: String::new() };
        key.configure(journey)?;
        let mut init = journey.gridkey(&key);
        init.args(["token", "init", "--label", label, "--so-pin-file"]).arg(so_pin).arg("--out").arg(key.request());
        output(&mut init)?;
        Ok(key)
    }

    /// A key that an administrator issued, on the token named `label` of the store that `desk` selects.
    pub(super) fn issued(
        journey: &Journey,
        folder: &Path,
        desk: &TokenAt,
        label: &str,
        customer: &str,
        fingerprint: &str,
    ) -> Result<Self> {
        make_folder(folder)?;
        let at = TokenAt {
            customer: Some(customer.to_owned()),
            uri: format!("pkcs11:token={label}"),
            pin_file: folder.join("pin"),
            ..desk.clone()
        };
        let key = Self {
            at,
            folder: folder.to_owned(),
            config: folder.join("client.toml"),
            fingerprint: fingerprint.to_owned(),
        };
        key.configure(journey)?;
        Ok(key)
    }

    /// Writes the configuration of `gridkey`.
    fn configure(&self, journey: &Journey) -> Result<()> {
        let text = format!(
            "# For gridkey --config FILE; SOFTHSM2_CONF has to be {conf}\nserver = \"{server}\"\nroot = {root}\n\
             module = {module}\nuri = \"{uri}\"\nstore = {store}\n\
             support = \"95598\"\n",
            conf = self.at.conf.display(),
            server = journey.stack.server.session,
            root = quoted(&journey.stack.root),
            module = quoted(&self.at.module),
            uri = self.at.uri,
            store = quoted(&self.folder.join("store")),
        );
        layout::write(&self.config, &text)
    }

    /// The folder of the certificate request and the X25519 public key.
    pub(super) fn request(&self) -> PathBuf {
        self.folder.join("request")
    }

    /// Puts issued certificates on the token.
    pub(super) fn import(&self, journey: &Journey, issued: &Path) -> Result<()> {
        let mut import = journey.gridkey(self);
        import.args(["token", "import", "--certificate"]).arg(issued.join("certificate.pem"));
        let agreement = issued.join("agreement.pem");
        if agreement.exists() {
            import.arg("--agreement").arg(agreement);
        }
        output(&mut import).map(drop)
    }

    /// Has the server certify and bind the key to its customer, and imports the certificates.
    pub(super) fn certify(&mut self, journey: &Journey) -> Result<()> {
        let Some(customer) = self.at.customer.clone() else { bail!("an administrator's key comes with init") };
        let issued = self.folder.join("issued");
        let request = self.request();
        let mut issue = journey.server();
        issue.args(["dev-key", "--customer", &customer, "--out"]).arg(&issued);
        issue.arg("--csr").arg(request.join("request.pem"));
        issue.arg("--agreement-public-key").arg(request.join("agreement.hex"));
        self.fingerprint = output(&mut issue)?.trim().to_owned();
        self.import(journey, &issued)
    }
}
