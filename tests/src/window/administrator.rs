//! An administrator at the desk: the key, its PIN, and how the dashboard is configured for both.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, ensure};
use toml::{Table, Value};

use super::{Desktop, Program, Start};
use crate::stack::{Stack, Token, write_private};

/// The issued PIN of keys made here.
const ISSUED_PIN: &str = "604918273355";
/// The PIN of their tokens' security officer.
const SO_PIN: &str = "918450326617";

/// An administrator with a key on a token. The token store is also the reader at the desk: blank tokens appear in it.
#[derive(Debug, Clone)]
pub struct Administrator {
    /// The name of the post.
    pub name: String,
    /// The PIN.
    pub pin: String,
    /// The key.
    pub token: Token,
    server: String,
    root: PathBuf,
}

impl Administrator {
    /// The first administrator, a security officer.
    ///
    /// # Errors
    /// If the stack has none.
    pub fn first(stack: &Stack) -> Result<Self> {
        let token = stack.at.admins.first().context("there is no administrator")?.clone();
        Self::with(stack, "admin-1", token)
    }

    /// A further administrator of this role, `operator` or `auditor`, whose key the first one makes now. The PIN is the issued one.
    ///
    /// # Errors
    /// If the key can't be made.
    pub fn made(stack: &Stack, desktop: &Desktop, name: &str, role: &str) -> Result<Self> {
        let first = stack.at.admins.first().context("there is no administrator")?;
        let folder = desktop.home().join("admins").join(name);
        fs::create_dir_all(&folder)?;
        let (pin_file, so_pin_file) = (folder.join("pin"), folder.join("so-pin"));
        write_private(&pin_file, ISSUED_PIN)?;
        write_private(&so_pin_file, SO_PIN)?;
        let (pin, so_pin) = (pin_file.to_string_lossy(), so_pin_file.to_string_lossy());
        let said = stack.admin(
            first,
            &[
                "key",
                "issue",
                "--admin",
                name,
                "--role",
                role,
                "--label",
                name,
                "--user-pin-file",
                &pin,
                "--so-pin-file",
                &so_pin,
            ],
        )?;
        ensure!(said.status == 0, "the key of {name} was not made: {}", said.error);
        let token = Token { uri: format!("pkcs11:token={name}"), pin_file: pin_file.clone(), ..first.clone() };
        Self::with(stack, name, token)
    }

    fn with(stack: &Stack, name: &str, token: Token) -> Result<Self> {
        let pin = fs::read_to_string(&token.pin_file)?.trim_end().to_owned();
        let server = stack.at.server.admin.clone().context("there is no administrators' listener")?;
        Ok(Self { name: name.to_owned(), pin, token, server, root: stack.at.root.clone() })
    }

    /// The security officer's PIN of tokens made at this desk.
    pub const fn so_pin(&self) -> &'static str {
        SO_PIN
    }

    /// How the dashboard is started for this administrator.
    pub fn start(&self) -> Start {
        let mut config = Table::new();
        let mut set = |key: &str, value: &str| config.insert(key.to_owned(), Value::String(value.to_owned()));
        set("server", &self.server);
        set("root", &self.root.to_string_lossy());
        set("module", &self.token.module.to_string_lossy());
        set("uri", &self.token.uri);
        set("support", "95598");
        let mut start = Start::new(Program::Dashboard, config.to_string());
        start.environment.push(("SOFTHSM2_CONF".to_owned(), self.token.conf.to_string_lossy().into_owned()));
        start
    }
}
