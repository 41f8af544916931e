//! Certificates of the gateway's shape for the sandbox, the demo and tests: root ← middle ← signing certificate whose common
//! name has its parts between `@`, and a merchant's key. Nothing real is reproduced.

use aws_lc_rs::{
    encoding::AsDer,
    rsa::{KeyPair as RsaKeyPair, KeySize},
};
use gridkey_domain::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_RSA_SHA256, SerialNumber,
};
use zeroize::Zeroizing;

use crate::verify::UNIONPAY;

/// The midnight before an instant, in the type that rcgen wants.
macro_rules! midnight {
    ($at:expr) => {{
        let date = $at.date();
        rcgen::date_time_ymd(i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs())
    }};
}

/// Making the certificates failed; this happens only when the random generator fails.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// RSA key generation failed.
    #[error("RSA key generation failed")]
    Key,
    /// A certificate could not be made.
    #[error(transparent)]
    Certificate(#[from] rcgen::Error),
}

/// A key with its certificate, both PEM.
#[derive(Clone)]
pub struct Identity {
    /// The certificate.
    pub certificate_pem: String,
    /// The private key, PKCS#8.
    pub key_pem: Zeroizing<String>,
}

/// An authority of two levels, able to issue signing certificates.
pub struct Authority {
    root_pem: String,
    middle_pem: String,
    middle: Issuer<'static, KeyPair>,
    not_before: Timestamp,
    not_after: Timestamp,
}

impl Authority {
    /// Makes a root and a middle certificate, valid from a day before `now` for ten years.
    pub fn generate(now: Timestamp) -> Result<Self, PkiError> {
        const DAY: i64 = 86_400;
        let (not_before, not_after) = (now.plus_seconds(-DAY), now.plus_seconds(3_650 * DAY));
        let organisation = "Gridkey Sandbox Certification Authority";
        let authority = |name: &str, below: u8| {
            let mut params = params(name, organisation, not_before, not_after)?;
            params.is_ca = IsCa::Ca(BasicConstraints::Constrained(below));
            params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
            Ok::<_, PkiError>(params)
        };
        let root_key = rsa_key()?;
        let root_params = authority("SANDBOX TEST CS CA", 1)?;
        let root_certificate = root_params.self_signed(&root_key)?;
        let root = Issuer::new(root_params, root_key);
        let middle_key = rsa_key()?;
        let middle_params = authority("SANDBOX TEST OCA1", 0)?;
        let middle_certificate = middle_params.signed_by(&middle_key, &root)?;
        let middle = Issuer::new(middle_params, middle_key);
        Ok(Self {
            root_pem: root_certificate.pem(),
            middle_pem: middle_certificate.pem(),
            middle,
            not_before,
            not_after,
        })
    }

    /// The root certificate, PEM.
    pub fn root_pem(&self) -> &str {
        &self.root_pem
    }

    /// The middle certificate, PEM.
    pub fn middle_pem(&self) -> &str {
        &self.middle_pem
    }

    /// Issues a signing certificate with that common name.
    pub fn issue(&self, common_name: &str) -> Result<Identity, PkiError> {
        self.issue_until(common_name, self.not_after)
    }

    /// The same, ending at `until`.
    pub fn issue_until(&self, common_name: &str, until: Timestamp) -> Result<Identity, PkiError> {
        let key = rsa_key()?;
        let params = leaf_params(common_name, self.not_before, until)?;
        let certificate = params.signed_by(&key, &self.middle)?;
        Ok(Identity { certificate_pem: certificate.pem(), key_pem: Zeroizing::new(key.serialize_pem()) })
    }

    /// Issues the gateway's signing certificate, named as in production.
    pub fn issue_gateway(&self) -> Result<Identity, PkiError> {
        self.issue(&gateway_common_name())
    }
}

/// The common name of the gateway's certificate: UnionPay's name is its third part.
pub fn gateway_common_name() -> String {
    format!("041@8310000000000000@{UNIONPAY}@00000001")
}

/// A certificate that signed itself, as a forger would make one.
pub fn self_signed(common_name: &str, now: Timestamp) -> Result<Identity, PkiError> {
    let key = rsa_key()?;
    let params = leaf_params(common_name, now.plus_seconds(-86_400), now.plus_seconds(86_400 * 365))?;
    let certificate = params.self_signed(&key)?;
    Ok(Identity { certificate_pem: certificate.pem(), key_pem: Zeroizing::new(key.serialize_pem()) })
}

fn leaf_params(common_name: &str, from: Timestamp, until: Timestamp) -> Result<CertificateParams, PkiError> {
    let mut params = params(common_name, "SANDBOX OCA1", from, until)?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::EmailProtection];
    Ok(params)
}

fn params(
    common_name: &str,
    organisation: &str,
    from: Timestamp,
    until: Timestamp,
) -> Result<CertificateParams, PkiError> {
    let mut params = CertificateParams::default();
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "CN");
    name.push(DnType::OrganizationName, organisation);
    name.push(DnType::CommonName, common_name);
    params.distinguished_name = name;
    params.not_before = midnight!(from);
    params.not_after = midnight!(until);
    let mut serial = [0; 20];
    aws_lc_rs::rand::fill(&mut serial).map_err(|_| PkiError::Key)?;
    serial[0] = serial[0] & 0x7f | 0x40; // positive, and always 20 bytes long
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    Ok(params)
}

fn rsa_key() -> Result<KeyPair, PkiError> {
    let key = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| PkiError::Key)?;
    let pkcs8: aws_lc_rs::encoding::Pkcs8V1Der<'_> = key.as_der().map_err(|_| PkiError::Key)?;
    let der = rustls_pki_types::PrivatePkcs8KeyDer::from(pkcs8.as_ref());
    Ok(KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_RSA_SHA256)?)
}
