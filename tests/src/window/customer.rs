//! A customer at the desk: the key, its PIN, and how the app is configured for both.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use gridkey_client::address::ServerAddress;
use gridkey_token::SoftwareToken;
use toml::{Table, Value};

use super::{Desktop, Line, Program, Start};
use crate::stack::{Stack, Token, programs};

/// The PIN of keys made here.
const FILE_PIN: &str = "274190385516";

/// A customer with a key.
#[derive(Debug, Clone)]
pub struct Customer {
    /// The customer number.
    pub number: String,
    /// The PIN.
    pub pin: String,
    config: Table,
    environment: Vec<(String, String)>,
    /// The key's file and where it lies while it is not plugged in.
    file: Option<(PathBuf, PathBuf)>,
}

impl Customer {
    /// With the key on a token that the stack made.
    ///
    /// # Errors
    /// If there is no such customer.
    pub fn with_token(stack: &Stack, desktop: &Desktop, number: &str) -> Result<Self> {
        let token = stack.token(number)?;
        let pin = fs::read_to_string(&token.pin_file)?.trim_end().to_owned();
        let config = configuration(stack, desktop, number)?;
        let environment = vec![("SOFTHSM2_CONF".to_owned(), token.conf.to_string_lossy().into_owned())];
        Ok(Self { number: number.to_owned(), pin, config, environment, file: None })
    }

    /// With a key that an administrator made on a token named `label` of the store that holds the token `beside`; `pin` is the
    /// issued one.
    pub fn on_token(stack: &Stack, desktop: &Desktop, number: &str, beside: &Token, label: &str, pin: String) -> Self {
        let mut config = Table::new();
        config.insert("server".into(), Value::String(stack.at.server.session.clone()));
        config.insert("root".into(), text(&stack.at.root));
        config.insert("module".into(), text(&beside.module));
        config.insert("uri".into(), Value::String(format!("pkcs11:token={label}")));
        config.insert("store".into(), text(&desktop.home().join(".local/share/gridkey/store")));
        let environment = vec![("SOFTHSM2_CONF".to_owned(), beside.conf.to_string_lossy().into_owned())];
        Self { number: number.to_owned(), pin, config, environment, file: None }
    }

    /// With a further key in a file, made and certified now. The file is the key: while it lies in the folder of keys, the
    /// key is plugged in. It is not at first.
    ///
    /// # Errors
    /// If the key can't be made.
    pub fn with_file(stack: &Stack, desktop: &Desktop, number: &str) -> Result<Self> {
        let (folder, work) = (desktop.home().join("keys"), desktop.home().join(format!("key-{number}")));
        fs::create_dir_all(&folder)?;
        fs::create_dir_all(&work)?;
        let away = work.join("key.json");
        make_key(stack, number, &work, &away)?;
        let mut config = configuration(stack, desktop, number)?;
        config.remove("module");
        config.remove("uri");
        config.insert("software".into(), text(&folder));
        let there = folder.join(format!("{number}.json"));
        let file = Some((there, away));
        Ok(Self { number: number.to_owned(), pin: FILE_PIN.to_owned(), config, environment: Vec::new(), file })
    }

    /// Over a line that can be cut.
    ///
    /// # Errors
    /// If the server's address is not as expected.
    pub fn through(mut self) -> Result<(Self, Line)> {
        let server = self.config.get("server").and_then(Value::as_str).context("no server")?;
        let authority = server.parse::<ServerAddress>()?.authority();
        let (_, port) = authority.rsplit_once(':').context("an address without a port")?;
        let line = Line::to(port.parse()?)?;
        let near = server.replace(&format!(":{port}"), &format!(":{}", line.port()));
        self.config.insert("server".into(), Value::String(near));
        Ok((self, line))
    }

    /// Marks the PIN as the issued one, which must be replaced at first use.
    ///
    /// # Errors
    /// If the key is on a token, or plugged in.
    pub fn issue_pin(&self) -> Result<()> {
        let (_, away) = self.file.as_ref().context("this key is on a token")?;
        Ok(SoftwareToken::open(away)?.mark_issued_pin()?)
    }

    /// Plugs the key in.
    ///
    /// # Errors
    /// If it is on a token, or plugged in already.
    pub fn plug_in(&self) -> Result<()> {
        let (there, away) = self.file.as_ref().context("this key is on a token")?;
        fs::rename(away, there).context("the key is not at hand")
    }

    /// Pulls the key out.
    ///
    /// # Errors
    /// If it is on a token, or not plugged in.
    pub fn pull_out(&self) -> Result<()> {
        let (there, away) = self.file.as_ref().context("this key is on a token")?;
        fs::rename(there, away).context("the key is not plugged in")
    }

    /// How `program` is started for this customer.
    pub fn start(&self, program: Program) -> Start {
        let mut start = Start::new(program, self.config.to_string());
        start.environment.clone_from(&self.environment);
        start
    }
}

/// The configuration that the stack made, with an offline store on this desk.
fn configuration(stack: &Stack, desktop: &Desktop, number: &str) -> Result<Table> {
    let file = stack.token(number)?.pin_file.with_file_name("client.toml");
    let mut config: Table = toml::from_str(&fs::read_to_string(file)?)?;
    config.insert("store".into(), text(&desktop.home().join(".local/share/gridkey/store")));
    Ok(config)
}

fn text(path: &Path) -> Value {
    Value::String(path.to_string_lossy().into_owned())
}

/// Makes a key in `file`, has the server certify and bind it, and puts the certificates into the file.
fn make_key(stack: &Stack, number: &str, folder: &Path, file: &Path) -> Result<()> {
    let (pin, request, issued) = (folder.join("pin"), folder.join("request"), folder.join("issued"));
    crate::stack::write_private(&pin, FILE_PIN)?;
    let config = stack.token(number)?.pin_file.with_file_name("client.toml");
    let gridkey = |arguments: &[&Path]| -> Result<()> {
        let mut command = Command::new(programs()?.join("gridkey"));
        command.arg("--config").arg(&config).arg("--software").arg(file).arg("--pin-file").arg(&pin);
        let done = command.arg("token").args(arguments).stdin(Stdio::null()).output()?;
        ensure!(done.status.success(), "gridkey token: {}", String::from_utf8_lossy(&done.stderr));
        Ok(())
    };
    let label = format!("pocket-{number}");
    gridkey(&["init".as_ref(), "--label".as_ref(), label.as_ref(), "--out".as_ref(), &request])?;
    let argument = |path: &Path| path.to_string_lossy().into_owned();
    let arguments = [
        "dev-key".to_owned(),
        "--customer".to_owned(),
        number.to_owned(),
        "--out".to_owned(),
        argument(&issued),
        "--csr".to_owned(),
        argument(&request.join("request.pem")),
        "--agreement-public-key".to_owned(),
        argument(&request.join("agreement.hex")),
    ];
    stack.operate("server", &arguments.each_ref().map(String::as_str))?;
    let (certificate, agreement) = (issued.join("certificate.pem"), issued.join("agreement.pem"));
    gridkey(&["import".as_ref(), "--certificate".as_ref(), &certificate, "--agreement".as_ref(), &agreement])
}
