//! `gridkey-admin key init|write|issue`: making keys on tokens.

use std::path::Path;

use gridkey_client::request::certificate_request;
use gridkey_desk::{
    issue::{Action, Holder, IssueOrder, Outcome, Trouble},
    maker::{Person, Workbench, make_key},
    record::Record,
};
use gridkey_domain::{CustomerNo, key::AdminRole};
use gridkey_protocol::{
    bytes::hex,
    ops::admin::keys::{AdminName, KeyDetail},
};
use gridkey_token::{
    Caution, KeyKind, Pkcs11Provider, Token as _, TokenSession as _, certificate::certificates_from_pem,
    pkcs11::SlotChoice,
};
use serde_json::json;

use super::{fingerprint, finish, keys::about};
use crate::{
    args::Bench,
    exit::{Done, Failure, Kind},
    setup::{Context, read_pin_file},
};

/// The label of an administrator's pair and certificates.
const LABEL: &str = "gridkey";

/// What is wanted, from the options.
pub(super) fn order(
    customer: Option<CustomerNo>,
    admin: Option<(String, AdminRole)>,
    replaces: Option<&str>,
    no_bind: bool,
) -> Result<IssueOrder, Failure> {
    let holder = match (customer, admin) {
        (Some(customer), _) => Holder::Customer(customer),
        (None, Some((name, role))) => Holder::Admin(AdminName { name, role }),
        (None, None) => return Err(Failure::usage("--customer, or --admin with --role, is needed")),
    };
    let replaces = replaces.map(fingerprint).transpose()?.map(|old| (old, "replaced at the desk".to_owned()));
    Ok(IssueOrder { holder, replaces, bind: !no_bind })
}

/// The reader, for a token that gets `label`.
pub(super) fn workbench(context: &Context, bench: &Bench, label: &str) -> Result<Workbench, Failure> {
    let module = bench.token_module.as_ref().or(context.config.module.as_ref());
    let module = module.ok_or_else(|| Failure::usage("--token-module: the reader's PKCS#11 module is needed"))?;
    Ok(Workbench {
        provider: Pkcs11Provider::open(module)?,
        slot: match (bench.slot, bench.erase) {
            (Some(slot), true) => SlotChoice::Erase(slot),
            (Some(slot), false) => SlotChoice::Blank(slot),
            (None, _) => SlotChoice::FirstBlank,
        },
        label: label.to_owned(),
        so_pin: read_pin_file(&bench.so_pin_file)?,
        user_pin: read_pin_file(&bench.user_pin_file)?,
    })
}

fn label(bench: &Bench) -> Result<&str, Failure> {
    bench.label.as_deref().ok_or_else(|| Failure::usage("--label: the label that the token gets is needed"))
}

/// Sets a blank token up for an administrator that no other administrator can issue it to.
pub(super) fn init(context: &Context, bench: &Bench, csr: &Path) -> Result<Done, Failure> {
    let bench = workbench(context, bench, label(bench)?)?;
    let token = bench.provider.initialise(bench.slot, &bench.label, &bench.so_pin, &bench.user_pin)?;
    let session = token.provision(&bench.user_pin, Caution::Normal)?;
    let key = session.generate_key(KeyKind::Ed25519, LABEL)?;
    let public = key.public.ok_or_else(|| Failure::new(Kind::Key, "the token does not show its public key"))?;
    let sign = |message: &[u8]| session.sign_ed25519(&key.key_ref(), message);
    let request = certificate_request(&bench.label, &public, sign).map_err(Failure::other)?;
    session.mark_issued_pin()?;
    std::fs::write(csr, request).map_err(|error| Failure::file(csr, &error))?;
    let info = token.info()?;
    let value = json!({ "token": info.serial, "label": info.label, "uri": token.uri().to_string(), "csr": csr });
    context.output.print(&value, || {
        format!("Token {} (serial {}) is set up; its request is {}", info.label, info.serial, csr.display())
    })?;
    Ok(Done::Ok)
}

/// Writes certificates to the administrator's token.
pub(super) fn write(context: &Context, certificates: &Path) -> Result<Done, Failure> {
    let pem = std::fs::read_to_string(certificates).map_err(|error| Failure::file(certificates, &error))?;
    let certificates = certificates_from_pem(&pem)?;
    let token = context.pkcs11()?;
    let info = token.info()?;
    let session = token.provision(&context.pin(&info.label)?, context.caution())?;
    // The authorities first: what shows a leaf has the rest.
    let (own, authorities): (Vec<_>, Vec<_>) = certificates.iter().partition(|certificate| !certificate.authority);
    for certificate in authorities.into_iter().chain(own) {
        session.write_certificate(&certificate.der, LABEL)?;
    }
    let value = json!({ "token": info.serial, "certificates": certificates.len() });
    context.output.print(&value, || format!("{} certificates are on {}", certificates.len(), info.label))?;
    Ok(Done::Ok)
}

/// Sets a forgotten or locked PIN anew.
pub(super) fn unblock(context: &Context, so_pin: &Path, user_pin: &Path) -> Result<Done, Failure> {
    let token = context.pkcs11()?;
    token.unblock(&read_pin_file(so_pin)?, &read_pin_file(user_pin)?)?;
    let info = token.info()?;
    let value = json!({ "token": info.serial, "label": info.label });
    context.output.print(&value, || format!("{} has a new PIN, which its holder must change", info.label))?;
    Ok(Done::Ok)
}

/// The whole way from a blank token to a key in its holder's hand.
pub(super) async fn issue(
    context: &Context,
    bench: &Bench,
    order: IssueOrder,
    record: Option<&Path>,
) -> Result<Done, Failure> {
    let bench = workbench(context, bench, label(bench)?)?;
    let desk = context.desk().await?;
    let by = desk.key().certificates().leaf().common_name().unwrap_or_else(|| "-".to_owned());
    let outcome = make_key(&desk, &bench, order, &mut Terminal { json: context.output.json }).await;
    let at = desk.now();
    finish(desk).await;
    let key = made(outcome)?;
    if let Some(path) = record {
        let text = Record { key: &key, label: &bench.label, by: &by, at }.text();
        std::fs::write(path, text).map_err(|error| Failure::file(path, &error))?;
    }
    context.output.print(&key, || about(&key))?;
    Ok(Done::Ok)
}

/// What came of a key, or why none did, as the command's end.
pub(super) fn made(outcome: Outcome) -> Result<Box<KeyDetail>, Failure> {
    match outcome {
        Outcome::Ready(key) => Ok(key),
        Outcome::Nothing(trouble) => {
            Err(failure(&trouble, format!("no key came of it: {trouble}. Nothing is left that could be used")))
        }
        Outcome::Unbound { key, trouble } => Err(failure(
            &trouble,
            format!("the key {} is on its token, but not bound as asked: {trouble}", hex(&key.0)),
        )),
    }
}

fn failure(trouble: &Trouble, message: String) -> Failure {
    match trouble {
        Trouble::Refused { code, .. } => Failure::coded(Kind::Refused, code, message),
        Trouble::Lost(_) => Failure::coded(Kind::Unknown, "lost", message),
        Trouble::Removed => Failure::coded(Kind::Key, "removed", message),
        Trouble::Full => Failure::coded(Kind::Key, "full", message),
        Trouble::SoPin { .. } => Failure::coded(Kind::Key, "so-pin", message),
        Trouble::OtherToken | Trouble::OtherKeys => Failure::coded(Kind::Key, "other-token", message),
        Trouble::Token(_) => Failure::coded(Kind::Key, "token", message),
    }
}

/// The person at the terminal.
pub(super) struct Terminal {
    pub(super) json: bool,
}

impl Person for Terminal {
    fn told(&mut self, action: &Action) {
        let what = match action {
            Action::SetUp => "setting the token up",
            Action::MakePairs { .. } => "making its keys",
            Action::Challenge(_) => "asking the server for a challenge",
            Action::Prove(_) => "having the token answer it",
            Action::Issue(_) => "having the certificates issued",
            Action::Write { .. } => "writing them to the token; leave it in the reader",
            Action::AwaitToken { .. } => "the token was pulled out",
            Action::Bind(_) | Action::Replace(_) => "binding the key",
            Action::Revoke(_) => "withdrawing what was issued",
            Action::Finish(_) => return,
        };
        if !self.json {
            eprintln!("gridkey-admin: {what}");
        }
    }

    fn puts_token_back(&mut self) -> bool {
        eprint!("Put the same token back and press Enter, or type q and Enter to give it up: ");
        let mut line = String::new();
        match std::io::stdin().read_line(&mut line) {
            Ok(read) => read > 0 && !line.trim().eq_ignore_ascii_case("q"),
            Err(_) => false,
        }
    }
}
