//! `issue`, `bind`, `lost`, `replace`, `renew`: the life of a key, by `gridkey-admin` on the administrators' listener.
//!
//! The reader at the desk is the first administrator's token store: the operator's token and the customer's new ones are in it.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{
    CUSTOMERS, Journey,
    gridkey::{Running, ask, list, run, text},
    keys::Key,
};
use crate::demo::{
    config::quoted,
    layout::{make_folder, write, write_pin},
    stack::TokenAt,
};

/// How fast a lost key's session is cut.
const CUT: Duration = Duration::from_secs(1);
/// The customer whose keys are managed; it has another one, which stays as it is.
const CUSTOMER: usize = 3;

/// The operator's post.
const OPERATOR: &str = "desk-1";

/// Where the dashboard of the operator finds what it needs, and the app of whoever gets a key from there.
pub(super) struct Desk {
    /// The dashboard's configuration.
    pub(super) config: PathBuf,
    /// The configuration of an app on the same reader: the key that was just made is plugged in there.
    pub(super) customer: PathBuf,
    /// What `SOFTHSM2_CONF` has to be for both.
    pub(super) conf: PathBuf,
    /// The file of the operator's PIN.
    pub(super) pin_file: PathBuf,
    /// The folder of its files.
    pub(super) folder: PathBuf,
}

impl Desk {
    fn of(journey: &Journey, operator: &TokenAt) -> Result<Self> {
        let folder = people(journey, OPERATOR);
        make_folder(&folder)?;
        Ok(Self {
            config: folder.join("admin.toml"),
            customer: folder.join("client.toml"),
            conf: operator.conf.clone(),
            pin_file: operator.pin_file.clone(),
            folder,
        })
    }

    fn configure(&self, journey: &Journey, operator: &TokenAt) -> Result<()> {
        let server = journey.stack.server.admin.as_ref().context("there is no administrators' listener")?;
        let text = |server: &str, more: &str| {
            format!(
                "# SOFTHSM2_CONF has to be {conf}\nserver = \"{server}\"\nroot = {root}\nmodule = {module}\n\
                 support = \"95598\"\n{more}",
                conf = self.conf.display(),
                root = quoted(&journey.stack.root),
                module = quoted(&operator.module),
            )
        };
        write(&self.config, &text(server, &format!("uri = \"{}\"\n", operator.uri)))?;
        let store = format!("store = {}\n", quoted(&self.folder.join("store")));
        write(&self.customer, &text(&journey.stack.server.session, &store))
    }
}

/// What one step leaves for the next.
pub(super) struct Managed {
    /// The operator's key.
    operator: TokenAt,
    /// The customer's key as it stands.
    key: Key,
}

/// `gridkey-admin` with somebody's key and PIN, answering in JSON.
fn admin(journey: &Journey, at: &TokenAt) -> Result<Command> {
    let server = journey.stack.server.admin.as_ref().context("there is no administrators' listener")?;
    let mut command = journey.program("gridkey-admin");
    command.env("SOFTHSM2_CONF", &at.conf).args(["--server", server, "--uri", &at.uri, "--json"]);
    command.arg("--root").arg(&journey.stack.root).arg("--module").arg(&at.module);
    command.arg("--pin-file").arg(&at.pin_file);
    Ok(command)
}

/// Has a key made on a blank token named `label`: PINs in `folder`, the record there too.
fn make(journey: &Journey, by: &TokenAt, label: &str, folder: &Path, whose: &[&str]) -> Result<Value> {
    make_folder(folder)?;
    for pin in ["pin", "so-pin"] {
        write_pin(&folder.join(pin))?;
    }
    let mut issue = admin(journey, by)?;
    issue.args(["key", "issue", "--label", label]).args(whose);
    issue.arg("--user-pin-file").arg(folder.join("pin")).arg("--so-pin-file").arg(folder.join("so-pin"));
    ask(issue.arg("--record").arg(folder.join("record.txt")))
}

fn people(journey: &Journey, name: &str) -> PathBuf {
    journey.layout.root().join("people").join(name)
}

fn managed(journey: &Journey) -> Result<&Managed> {
    journey.managed.as_ref().context("no key was issued")
}

/// The first administrator makes an operator's key, in the reader that is its own.
fn operator(journey: &mut Journey) -> Result<TokenAt> {
    let first = journey.stack.admins.first().context("there is no administrator's key")?.clone();
    let folder = people(journey, OPERATOR);
    make(journey, &first, OPERATOR, &folder, &["--admin", OPERATOR, "--role", "operator"])?;
    let operator = TokenAt { uri: format!("pkcs11:token={OPERATOR}"), pin_file: folder.join("pin"), ..first };
    journey.stack.admins.push(operator.clone());
    journey.stack.write(&journey.layout.stack())?;
    Ok(operator)
}

/// An operator, and everything that the dashboard needs to be opened for one.
pub(super) fn desk(journey: &mut Journey) -> Result<String> {
    let operator = operator(journey)?;
    let desk = Desk::of(journey, &operator)?;
    desk.configure(journey, &operator)?;
    journey.desk = Some(desk);
    Ok(format!("the first administrator made the operator {OPERATOR}, whose reader takes blank keys"))
}

/// The first administrator makes an operator; the operator makes a customer's key, which is not let in before it is bound.
pub(super) fn issue(journey: &mut Journey) -> Result<String> {
    let operator = operator(journey)?;
    let (customer, label) = (CUSTOMERS[CUSTOMER - 1], "usbkey-issued");
    let folder = people(journey, &format!("{customer}-issued"));
    let issued = make(journey, &operator, label, &folder, &["--customer", customer, "--no-bind"])?;
    ensure!(text(&issued, "/state")? == "issued", "the key is {}", text(&issued, "/state")?);
    let key = Key::issued(journey, &folder, &operator, label, customer, text(&issued, "/key")?)?;
    run(journey.gridkey(&key).arg("login"))?.refused(4, "unbound").context("before it is bound")?;
    let serial = text(&issued, "/token")?.to_owned();
    journey.managed = Some(Managed { operator, key });
    Ok(format!(
        "the first administrator made an operator, who made a key for {customer} on token {serial}: pairs made on it, \
         proven, certified, read back; not let in before it is bound"
    ))
}

/// The key is bound, once, and its customer is let in.
pub(super) fn bind(journey: &mut Journey) -> Result<String> {
    let Managed { operator, key } = managed(journey)?;
    let bind = || -> Result<Command> {
        let mut bind = admin(journey, operator)?;
        bind.args(["key", "bind", "--customer", CUSTOMERS[CUSTOMER - 1], "--key", &key.fingerprint]);
        Ok(bind)
    };
    ask(&mut bind()?)?;
    run(&mut bind()?)?.refused(6, "key-bound").context("a second binding")?;
    let login = ask(journey.gridkey(key).arg("login"))?;
    ensure!(text(&login, "/customer")? == CUSTOMERS[CUSTOMER - 1], "{login}");
    Ok(format!("bound once, a second time refused; {} logged in with it", CUSTOMERS[CUSTOMER - 1]))
}

/// The key is reported lost: its session is cut within a second, and it is not let in again.
pub(super) fn lost(journey: &mut Journey) -> Result<String> {
    let Managed { operator, key } = managed(journey)?;
    let mut watch = Running::start(journey.gridkey(key).arg("watch"))?;
    watch.wait_online()?;
    let mut lost = admin(journey, operator)?;
    let said = ask(lost.args(["key", "lost", "--key", &key.fingerprint, "--reason", "left in a taxi"]))?;
    let reported = Instant::now();
    watch.ended()?.refused(4, "lost").context("the open session")?;
    let after = reported.elapsed();
    ensure!(after < CUT, "the open session was cut only {} ms after the report", after.as_millis());
    ensure!(said.pointer("/keys/0/sessions") == Some(&1.into()), "{said}");
    run(journey.gridkey(key).arg("login"))?.refused(4, "lost").context("the next login")?;
    ask(journey.gridkey(journey.key(CUSTOMER)?).arg("login")).context("the customer's other key")?;
    Ok(format!("session cut {} ms after the report, next login refused as lost", after.as_millis()))
}

/// Another key takes the lost one's place; the customer finds its history as it was.
pub(super) fn replace(journey: &mut Journey) -> Result<String> {
    let (customer, label) = (CUSTOMERS[CUSTOMER - 1], "usbkey-replaced");
    let folder = people(journey, &format!("{customer}-replaced"));
    let Managed { operator, key: old } = managed(journey)?;
    let (operator, lost) = (operator.clone(), old.fingerprint.clone());
    let whose = ["--customer", customer, "--replaces", lost.as_str()];
    let issued = make(journey, &operator, label, &folder, &whose)?;
    ensure!(text(&issued, "/succeeds")? == lost, "{issued}");
    let key = Key::issued(journey, &folder, &operator, label, customer, text(&issued, "/key")?)?;
    let known = ask(journey.gridkey(journey.key(CUSTOMER)?).arg("history"))?;
    let seen = ask(journey.gridkey(&key).arg("history"))?;
    let (known, seen) = (list(&known, "/payments")?, list(&seen, "/payments")?);
    ensure!(known == seen, "the new key sees {} payments, the other one {}", seen.len(), known.len());
    let payments = seen.len();
    journey.managed = Some(Managed { operator, key });
    Ok(format!("another key in its place; {customer} logged in with it and found {payments} payments as they were"))
}

/// The customer renews the key: new pairs on the same token, the old one replaced once the new one is used.
pub(super) fn renew(journey: &mut Journey) -> Result<String> {
    let Managed { operator, key } = managed(journey)?;
    let mut renew = journey.helper("renew");
    renew.env("SOFTHSM2_CONF", &key.at.conf).arg("--config").arg(&key.config);
    let renewed = ask(renew.arg("--pin-file").arg(&key.at.pin_file))?;
    let (old, new) = (text(&renewed, "/old")?, text(&renewed, "/new")?);
    ensure!(old == key.fingerprint && new != old, "{renewed}");
    let login = ask(journey.gridkey(key).arg("login"))?;
    ensure!(text(&login, "/fingerprint")? == new, "the token shows another key: {login}");
    let mut show = admin(journey, operator)?;
    let life = ask(show.args(["key", "show", "--key", old]))?;
    ensure!(text(&life, "/key/state")? == "replaced" && text(&life, "/key/reason")? == "renewed", "{life}");
    Ok("renewed with the PIN: new pairs on the same token, the old key replaced once the new one logged in".to_owned())
}
