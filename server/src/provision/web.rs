//! The demo's certificate for the public listener: ECDSA P-256 under a web root of its own, as browsers know them. In
//! production a publicly trusted certificate takes its place.

use std::time::Duration;

use gridkey_domain::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256,
};

use super::{ProvisionError, files};
use crate::config::Config;

/// Browsers accept no longer life.
const DAYS: u64 = 397;

/// Writes `web-root.pem` and the public listener's certificate and key, unless the latter are there.
pub fn make(config: &Config, now: Timestamp) -> Result<bool, ProvisionError> {
    let root_path = config.web_root();
    if config.public.certificate.exists() || config.public.key.exists() || root_path.exists() {
        return Ok(false);
    }
    let start = u64::try_from(now.seconds()).unwrap_or(0).saturating_sub(300);
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    let mut root = CertificateParams::new(Vec::new())?;
    root.distinguished_name.push(DnType::OrganizationName, config.pki.organisation.as_str());
    root.distinguished_name.push(DnType::CommonName, "Web Root");
    root.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    root.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let mut leaf = CertificateParams::new(names(config))?;
    leaf.distinguished_name.push(DnType::CommonName, "public");
    leaf.is_ca = IsCa::ExplicitNoCa;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    leaf.use_authority_key_identifier_extension = true;
    for (parameters, days) in [(&mut root, 3_650), (&mut leaf, DAYS)] {
        parameters.not_before = epoch + Duration::from_secs(start);
        parameters.not_after = epoch + Duration::from_secs(start + days * 86_400);
    }
    let root_key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let leaf_key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let root_certificate = root.self_signed(&root_key)?;
    let leaf_certificate = leaf.signed_by(&leaf_key, &Issuer::new(root, root_key))?;
    let key = zeroize::Zeroizing::new(leaf_key.serialize_pem());
    files::write_private(&config.public.key, &key)?;
    files::write_public(&config.public.certificate, &files::certificates_pem(&[leaf_certificate.der()])?)?;
    files::write_public(&root_path, &files::certificates_pem(&[root_certificate.der()])?)?;
    Ok(true)
}

fn names(config: &Config) -> Vec<String> {
    let mut names = vec![config.public.host.as_ref().unwrap_or(&config.session.host).to_string()];
    for more in ["localhost", "127.0.0.1"] {
        if !names.iter().any(|name| name == more) {
            names.push(more.to_owned());
        }
    }
    names
}
