//! `gridkey-server check`: whether the server could start: configuration, HSM, certificates, database.

use std::{path::Path, time::Duration};

use gridkey_domain::Timestamp;
use gridkey_protocol::certificate::{Certificate, PublicKey, Purpose};
use gridkey_service::{
    control::is_running,
    tls::{Identity, read_certificates},
};

use super::ProvisionError;
use crate::{
    config::Config,
    hsm::{Hsm, HsmKey},
    parts,
    store::Store as _,
};

/// One thing that was looked at: its name, and what was found.
pub type Finding = (&'static str, Result<String, String>);

/// Looks at everything; nothing is changed.
pub async fn check(config: &Config, now: Timestamp) -> Vec<Finding> {
    let mut findings = vec![("configuration", Ok(format!("state in {}", config.state_dir.display())))];
    let hsm = match parts::start_hsm(config) {
        Ok(hsm) => hsm,
        Err(error) => {
            findings.push(("hsm", Err(error.to_string())));
            return findings;
        }
    };
    let token = hsm.check().await;
    let there = token.is_ok();
    findings.push(("hsm", told(token.map(|()| config.hsm.token.to_string()))));
    findings.push(("issuing", told(issuing(config, hsm.as_ref(), there, now).await)));
    findings.push(("receipt", told(receipt(config, hsm.as_ref(), there, now).await)));
    findings.push(("session certificate", told(session(config, now))));
    findings.push(("public certificate", told(identity(&config.public.certificate, &config.public.key))));
    findings.push(("intranet", told(identity(&config.platform.certificate, &config.platform.key))));
    if is_running(&config.control.socket).await {
        findings.push(("database", Ok("in use by the running server".to_owned())));
    } else if there {
        findings.push(("database", told(database(config, hsm.as_ref(), now).await)));
    } else {
        findings.push(("database", Err("its key can't be unwrapped without the HSM".to_owned())));
    }
    hsm.shutdown(Duration::from_secs(5)).await;
    findings
}

fn told<E: std::fmt::Display>(result: Result<String, E>) -> Result<String, String> {
    result.map_err(|error| error.to_string())
}

fn wrong(why: impl Into<String>) -> ProvisionError {
    ProvisionError::Configuration(why.into())
}

/// The issuing certificate: signed by the root, in time, and of the HSM's key.
async fn issuing(config: &Config, hsm: &dyn Hsm, ask: bool, now: Timestamp) -> Result<String, ProvisionError> {
    let root = parts::open_anchor(config)?;
    let issuing = leaf(&config.pki.issuing)?;
    if root.der() == issuing.der() || !issuing.is_in_time(now) {
        return Err(wrong("the issuing certificate is out of time"));
    }
    same_key(&issuing, hsm, HsmKey::Issuing, ask).await?;
    Ok(format!("until {}", issuing.not_after()))
}

async fn receipt(config: &Config, hsm: &dyn Hsm, ask: bool, now: Timestamp) -> Result<String, ProvisionError> {
    let chain = parts::open_receipt_chain(config)?;
    let leaf = parts::open_anchor(config)?
        .validate(&chain, Purpose::Receipt, now)
        .map_err(|error| wrong(error.to_string()))?;
    same_key(&leaf, hsm, HsmKey::Receipt, ask).await?;
    in_time(&leaf, now)
}

async fn same_key(certificate: &Certificate, hsm: &dyn Hsm, key: HsmKey, ask: bool) -> Result<(), ProvisionError> {
    if ask && certificate.public_key() != PublicKey::Ed25519(hsm.public_key(key).await?) {
        return Err(wrong(format!("the {key} certificate is not that of the HSM's key")));
    }
    Ok(())
}

fn session(config: &Config, now: Timestamp) -> Result<String, ProvisionError> {
    Identity::from_pem_files(&config.session.certificate, &config.session.key)?;
    let chain: Vec<_> = read_certificates(&config.session.certificate)?;
    let leaf =
        parts::open_anchor(config)?.validate(&chain, Purpose::Tls, now).map_err(|error| wrong(error.to_string()))?;
    in_time(&leaf, now)
}

fn identity(certificate: &Path, key: &Path) -> Result<String, ProvisionError> {
    Identity::from_pem_files(certificate, key)?;
    Ok(certificate.display().to_string())
}

fn leaf(path: &Path) -> Result<Certificate, ProvisionError> {
    let chain = read_certificates(path)?;
    let der = chain.first().ok_or_else(|| wrong(format!("{} holds no certificate", path.display())))?;
    Certificate::from_der(der).map_err(|error| wrong(error.to_string()))
}

fn in_time(certificate: &Certificate, now: Timestamp) -> Result<String, ProvisionError> {
    if certificate.is_in_time(now) {
        Ok(format!("until {}", certificate.not_after()))
    } else {
        Err(wrong(format!("out of time since {}", certificate.not_after())))
    }
}

async fn database(config: &Config, hsm: &dyn Hsm, now: Timestamp) -> Result<String, ProvisionError> {
    let store = parts::open_store(config, hsm).await?;
    store.check().await?;
    let envelopes = store.envelopes().await?;
    let newest = envelopes.first().ok_or_else(|| wrong("there is no envelope certificate"))?;
    if newest.not_after < now {
        return Err(wrong("the newest envelope certificate is out of time; `serve` makes a new one"));
    }
    let found = format!("{}, envelope until {}", config.store.url, newest.not_after);
    store.close().await?;
    Ok(found)
}
