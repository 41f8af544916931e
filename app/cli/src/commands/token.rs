//! `gridkey token`: looks after the key.

use std::path::Path;

use gridkey_client::{
    clock::Clock,
    config::TokenSource,
    key::{KeyCertificates, KeyError},
    request::certificate_request,
    session::CUSTOMER,
};
use gridkey_protocol::{bytes::hex, certificate::Certificate};
use gridkey_token::{
    KdfParams, KeyKind, Pin, SoftwareToken, Token, TokenCertificate, TokenInfo, TokenSession,
    certificate::certificates_from_pem,
    pkcs11::{Pkcs11Provider, SlotChoice},
};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::{
    args::TokenCommand,
    exit::{Done, Failure, tries_text},
    output::{Align, local, pairs, table},
    setup::{Context, open_pkcs11, read_pin_file},
};

/// Runs the command.
pub(super) fn run(context: &Context, command: TokenCommand) -> Result<Done, Failure> {
    match command {
        TokenCommand::List => list(context),
        TokenCommand::Info => info(context),
        TokenCommand::Init { label, slot, so_pin_file, out, issued_pin } => {
            init(context, &label, slot, so_pin_file.as_deref(), &out, issued_pin)
        }
        TokenCommand::Request { out } => request(context, &out),
        TokenCommand::Import { certificate, agreement, key, issued_pin } => {
            import(context, &certificate, agreement.as_deref(), key.as_deref(), issued_pin)
        }
        TokenCommand::ChangePin { new_pin_file } => change_pin(context, new_pin_file.as_deref()),
    }?;
    Ok(Done::Ok)
}

fn provider(context: &Context) -> Result<Pkcs11Provider, Failure> {
    let module = context.config.module.as_ref().ok_or_else(|| Failure::usage("`module` is not set"))?;
    Ok(Pkcs11Provider::open(module)?)
}

fn list(context: &Context) -> Result<(), Failure> {
    let tokens = provider(context)?.tokens()?;
    let objects: Vec<Value> = tokens
        .iter()
        .map(|token| {
            let mut object = about(&token.info);
            object["slot"] = json!(token.slot_id);
            object["initialised"] = json!(token.initialised);
            object["uri"] = json!(token.initialised.then(|| token.uri().to_string()));
            object
        })
        .collect();
    context.output.print(&json!({ "tokens": objects }), || {
        if tokens.is_empty() {
            return "No tokens.".into();
        }
        let rows: Vec<Vec<String>> = tokens
            .iter()
            .map(|token| {
                vec![
                    token.slot_id.to_string(),
                    if token.initialised { token.info.label.clone() } else { "(blank)".into() },
                    token.info.serial.clone(),
                    token.info.model.clone(),
                    tries_text(token.info.tries),
                ]
            })
            .collect();
        let head = [
            ("Slot", Align::Right),
            ("Label", Align::Left),
            ("Serial", Align::Left),
            ("Model", Align::Left),
            ("PIN tries left", Align::Left),
        ];
        table(&head, &rows)
    })
}

fn about(info: &TokenInfo) -> Value {
    json!({
        "label": info.label, "serial": info.serial, "manufacturer": info.manufacturer, "model": info.model,
        "tries": tries_text(info.tries), "pin": format!("{:?}", info.pin).to_lowercase(),
        "pin_length": [info.pin_length.0, info.pin_length.1],
    })
}

/// Shows the key and its certificates; no PIN is needed.
fn info(context: &Context) -> Result<(), Failure> {
    let token = context.token()?;
    let (info, stored) = (token.info()?, token.certificates()?);
    let certificates: Vec<Value> = stored.iter().filter_map(certificate_object).collect();
    // Without a root there is nothing to verify against; that is told rather than being an error.
    let verdict = context.config.anchor().map_err(Failure::from).and_then(|anchor| {
        let now = Clock::system().now();
        let certificates = KeyCertificates::read(token.as_ref(), &anchor, CUSTOMER, now)?;
        certificates.check_time(now)?;
        Ok(())
    });
    let mut object = about(&info);
    object["certificates"] = json!(certificates);
    object["verified"] = json!(verdict.is_ok());
    object["finding"] = json!(verdict.as_ref().err().map(|failure| failure.message.clone()));
    context.output.print(&object, || {
        let mut shown = pairs(&[
            ("Key", info.label.clone()),
            ("Serial", info.serial.clone()),
            ("Model", format!("{} {}", info.manufacturer, info.model)),
            ("PIN tries left", tries_text(info.tries)),
            ("Certificates", stored.len().to_string()),
            ("Verified", verdict.as_ref().map_or_else(|failure| failure.message.clone(), |()| "yes".into())),
        ]);
        for certificate in stored.iter().filter_map(|stored| Certificate::from_der(&stored.der).ok()) {
            let name = certificate.common_name().unwrap_or_default();
            shown.push_str(&format!("  {name}, until {}\n", local(certificate.not_after())));
        }
        shown
    })
}

fn certificate_object(stored: &TokenCertificate) -> Option<Value> {
    let certificate = Certificate::from_der(&stored.der).ok()?;
    Some(json!({
        "name": certificate.common_name(), "label": stored.label, "id": stored.id.to_string(),
        "kind": stored.public.map(|public| public.kind.to_string()),
        "serial": hex(certificate.serial()), "fingerprint": hex(&certificate.fingerprint()),
        "valid_from": certificate.not_before(), "valid_until": certificate.not_after(),
    }))
}

fn init(
    context: &Context,
    label: &str,
    slot: Option<u64>,
    so_pin_file: Option<&Path>,
    out: &Path,
    issued_pin: bool,
) -> Result<(), Failure> {
    let pin = new_pin(context.global.pin_file.as_deref(), "PIN for the new key")?;
    if let Some(path) = &context.config.software {
        let token = SoftwareToken::create(path, label, &pin, KdfParams::default())?;
        if issued_pin {
            token.mark_issued_pin()?;
        }
        let session = token.login(&pin, context.caution())?;
        return write_request(context, session.as_ref(), label, out);
    }
    let so_pin = new_pin(so_pin_file, "PIN for the security officer")?;
    let choice = slot.map_or(SlotChoice::FirstBlank, SlotChoice::Blank);
    let token = provider(context)?.initialise(choice, label, &so_pin, &pin)?;
    let session = token.provision(&pin, context.caution())?;
    session.generate(label)?;
    if issued_pin {
        session.mark_issued_pin()?;
    }
    write_request(context, &session, label, out)
}

/// A PIN from its file, or typed twice.
fn new_pin(file: Option<&Path>, what: &str) -> Result<Pin, Failure> {
    if let Some(path) = file {
        return read_pin_file(path);
    }
    let read = |again: &str| {
        rpassword::prompt_password(format!("{what}{again}: "))
            .map(Zeroizing::new)
            .map_err(|_| Failure::usage(format!("no terminal to ask for the {what}: give its file")))
    };
    let (first, second) = (read("")?, read(" again")?);
    if *first != *second {
        return Err(Failure::usage("the two PINs differ"));
    }
    Pin::new(first.as_str()).map_err(|error| Failure::new(crate::exit::Kind::Key, error.to_string()))
}

fn request(context: &Context, out: &Path) -> Result<(), Failure> {
    let token = context.token()?;
    let info = token.info()?;
    let session = token.login(&context.pin(Some(&info))?, context.caution())?;
    write_request(context, session.as_ref(), &info.label, out)
}

/// Writes `request.pem` (PKCS#10) and `agreement.hex` (the X25519 public key).
fn write_request(context: &Context, session: &dyn TokenSession, label: &str, out: &Path) -> Result<(), Failure> {
    let keys = session.keys()?;
    let public_of = |kind| keys.iter().find(|key| key.kind == kind && key.public.is_some());
    let signing = public_of(KeyKind::Ed25519).ok_or_else(|| {
        Failure::from(KeyError::from(gridkey_token::TokenError::KeyMissing {
            kind: KeyKind::Ed25519,
            wanted: "any".into(),
        }))
    })?;
    let public = signing.public.unwrap_or_default();
    let request = certificate_request(label, &public, |info| session.sign_ed25519(&signing.key_ref(), info))
        .map_err(Failure::other)?;
    std::fs::create_dir_all(out).map_err(|error| Failure::file(out, &error))?;
    let write = |name: &str, content: &str| {
        let path = out.join(name);
        std::fs::write(&path, content).map_err(|error| Failure::file(&path, &error)).map(|()| path)
    };
    let request_path = write("request.pem", &request)?;
    let agreement = public_of(KeyKind::X25519).and_then(|key| key.public);
    let agreement_path = match agreement {
        Some(public) => Some(write("agreement.hex", &format!("{}\n", hex(&public)))?),
        None => None,
    };
    let value = json!({
        "request": request_path, "agreement": agreement_path,
        "ed25519": hex(&public), "x25519": agreement.map(|public| hex(&public)),
    });
    context.output.print(&value, || format!("Written to {}: send it to the power company.", out.display()))
}

fn import(
    context: &Context,
    certificate: &Path,
    agreement: Option<&Path>,
    key: Option<&Path>,
    issued_pin: bool,
) -> Result<(), Failure> {
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|error| Failure::file(path, &error));
    let pem = read(certificate)?;
    let mut all = certificates_from_pem(&pem)?;
    if let Some(path) = agreement {
        all.extend(certificates_from_pem(&read(path)?)?);
    }
    match context.config.token()? {
        TokenSource::Software(path) => {
            let token = match key {
                Some(key) => {
                    let secret = Zeroizing::new(read(key)?);
                    let pin = new_pin(context.global.pin_file.as_deref(), "PIN for the new key")?;
                    SoftwareToken::import(path, "gridkey", &pin, KdfParams::default(), &secret, &pem)?
                }
                None => SoftwareToken::open(path)?,
            };
            for stored in &all {
                token.write_certificate(&stored.der, &stored.label)?;
            }
            if issued_pin {
                token.mark_issued_pin()?;
            }
        }
        TokenSource::Pkcs11 { module, uri } => {
            if key.is_some() {
                return Err(Failure::usage("--key makes a software key; a token makes its keys itself"));
            }
            let token = open_pkcs11(&module, uri.as_deref())?;
            let info = token.info()?;
            let session = token.provision(&context.pin(Some(&info))?, context.caution())?;
            for stored in &all {
                session.write_certificate(&stored.der, &info.label)?;
            }
            if issued_pin {
                session.mark_issued_pin()?;
            }
        }
    }
    let value = json!({ "imported": all.len() });
    context.output.print(&value, || format!("{} certificates stored", all.len()))
}

fn change_pin(context: &Context, new_pin_file: Option<&Path>) -> Result<(), Failure> {
    let token = context.token()?;
    let info = token.info()?;
    let old = context.pin(Some(&info))?;
    let new = match new_pin_file {
        Some(path) => read_pin_file(path)?,
        None => new_pin(None, "New PIN")?,
    };
    token.change_pin(&old, &new, context.caution())?;
    context.output.print(&json!({ "changed": true }), || "The PIN is changed.".into())
}
