//! Building one certificate and having it signed.

use der::{
    Decode as _, Encode as _, Sequence,
    asn1::{AnyRef, BitString, ObjectIdentifier, OctetString},
    oid::AssociatedOid as _,
};
use gridkey_domain::Timestamp;
use sha2::{Digest as _, Sha256};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::{
    Certificate, Version,
    ext::{
        Extension,
        pkix::{AuthorityKeyIdentifier, SubjectKeyIdentifier},
    },
    name::Name,
    serial_number::SerialNumber,
    time,
};

use super::{
    CaError, CaSigner,
    profile::{Arc, Profile, extension},
};

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const X25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.110");

/// How far a certificate's start lies before its issue, so that a client whose clock is a little slow accepts it.
pub(super) const BACKDATING_SECONDS: i64 = 300;

/// The key a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicKey {
    /// An Ed25519 key.
    Ed25519([u8; 32]),
    /// An X25519 key.
    X25519([u8; 32]),
}

impl PublicKey {
    /// The raw key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        match self {
            Self::Ed25519(key) | Self::X25519(key) => key,
        }
    }

    pub(super) fn to_spki(self) -> Result<SubjectPublicKeyInfoOwned, CaError> {
        let oid = match self {
            Self::Ed25519(_) => ED25519,
            Self::X25519(_) => X25519,
        };
        Ok(SubjectPublicKeyInfoOwned {
            algorithm: AlgorithmIdentifierOwned { oid, parameters: None },
            subject_public_key: BitString::from_bytes(self.as_bytes()).map_err(CaError::Encoding)?,
        })
    }
}

/// The first and last second of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// First second.
    pub not_before: Timestamp,
    /// Last second.
    pub not_after: Timestamp,
}

impl Validity {
    /// From a little before `now` for `days` days.
    pub fn days(now: Timestamp, days: u32) -> Self {
        let not_before = now.plus_seconds(-BACKDATING_SECONDS);
        Self { not_before, not_after: not_before.plus_seconds(i64::from(days) * 86_400) }
    }
}

/// A certificate as issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The certificate.
    pub der: Vec<u8>,
    /// Its serial number, big-endian without leading zeros.
    pub serial: Vec<u8>,
    /// SHA-256 of the DER.
    pub fingerprint: [u8; 32],
    /// Its time.
    pub validity: Validity,
}

/// Who signs: the issuer's certificate and key.
pub(super) struct Authority<'a> {
    pub(super) name: Name,
    pub(super) key_id: Vec<u8>,
    pub(super) not_after: Timestamp,
    pub(super) signer: &'a dyn CaSigner,
}

impl<'a> Authority<'a> {
    /// The authority of `certificate` (DER), signing with `signer`.
    pub(super) fn of(certificate: &[u8], signer: &'a dyn CaSigner) -> Result<Self, CaError> {
        let parsed = Certificate::from_der(certificate).map_err(CaError::Damaged)?;
        let tbs = parsed.tbs_certificate();
        Ok(Self {
            name: tbs.subject().clone(),
            key_id: key_id(&signer.public_key()),
            not_after: to_timestamp(&tbs.validity().not_after),
            signer,
        })
    }
}

/// TBSCertificate of RFC 5280, 4.1, without the unique identifiers.
#[derive(Sequence)]
struct Tbs {
    #[asn1(context_specific = "0", default = "Default::default")]
    version: Version,
    serial_number: SerialNumber,
    signature: AlgorithmIdentifierOwned,
    issuer: Name,
    validity: time::Validity,
    subject: Name,
    subject_public_key_info: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<Vec<Extension>>,
}

/// What certificates, requests and revocation lists have in common: something signed.
#[derive(Sequence)]
pub(super) struct Signed<'a> {
    pub(super) body: AnyRef<'a>,
    pub(super) algorithm: AlgorithmIdentifierOwned,
    pub(super) signature: BitString,
}

/// A self-signed certificate; what to issue under it is the caller's affair.
pub async fn issue_root(
    signer: &dyn CaSigner,
    organisation: &str,
    common_name: &str,
    validity: Validity,
    arc: Arc,
) -> Result<Issued, CaError> {
    let name = subject(organisation, common_name)?;
    let public = PublicKey::Ed25519(signer.public_key());
    let authority =
        Authority { name: name.clone(), key_id: key_id(public.as_bytes()), not_after: validity.not_after, signer };
    issue(&authority, &Profile::Root, name, public, validity, arc).await
}

/// A certificate of kind `profile`, signed by `authority`; it never outlives its issuer.
pub(super) async fn issue(
    authority: &Authority<'_>,
    profile: &Profile,
    subject: Name,
    public: PublicKey,
    validity: Validity,
    arc: Arc,
) -> Result<Issued, CaError> {
    let validity = Validity { not_after: validity.not_after.min(authority.not_after), ..validity };
    if validity.not_after <= validity.not_before.plus_seconds(BACKDATING_SECONDS) {
        return Err(CaError::IssuerExpired);
    }
    let serial = random_serial()?;
    let mut extensions = profile.extensions(arc)?;
    let own = SubjectKeyIdentifier(octets(key_id(public.as_bytes()))?);
    let issuer =
        AuthorityKeyIdentifier { key_identifier: Some(octets(authority.key_id.clone())?), ..Default::default() };
    extensions.push(extension(false, SubjectKeyIdentifier::OID, &own)?);
    extensions.push(extension(false, AuthorityKeyIdentifier::OID, &issuer)?);
    let tbs = Tbs {
        version: Version::V3,
        serial_number: serial,
        signature: ed25519(),
        issuer: authority.name.clone(),
        validity: time::Validity::new(to_time(validity.not_before)?, to_time(validity.not_after)?),
        subject,
        subject_public_key_info: public.to_spki()?,
        extensions: Some(extensions),
    };
    let der = sign(&tbs.to_der().map_err(CaError::Encoding)?, authority.signer).await?;
    Ok(Issued {
        serial: tbs.serial_number.as_bytes().to_vec(),
        fingerprint: Sha256::digest(&der).into(),
        der,
        validity,
    })
}

/// `body` with its signature.
pub(super) async fn sign(body: &[u8], signer: &dyn CaSigner) -> Result<Vec<u8>, CaError> {
    let signature = signer.sign(body).await?;
    let signed = Signed {
        body: AnyRef::try_from(body).map_err(CaError::Encoding)?,
        algorithm: ed25519(),
        signature: BitString::from_bytes(&signature).map_err(CaError::Encoding)?,
    };
    signed.to_der().map_err(CaError::Encoding)
}

/// id-Ed25519 (RFC 8410): no parameters.
pub(super) fn ed25519() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: ED25519, parameters: None }
}

/// `O=organisation, CN=common_name`. A customer is named by number only, so certificates can be shown to anyone.
pub(super) fn subject(organisation: &str, common_name: &str) -> Result<Name, CaError> {
    // RFC 4514 text would need escaping; plain words need none and are all that is wanted here.
    let plain = |text: &str| {
        (1..=64).contains(&text.chars().count())
            && text.trim() == text
            && text.chars().all(|c| c.is_alphanumeric() || " -.".contains(c))
    };
    if !plain(organisation) || !plain(common_name) {
        return Err(CaError::Name("the subject"));
    }
    // RFC 4514 lists the most specific name first.
    format!("CN={common_name},O={organisation}").parse().map_err(|_| CaError::Name("the subject"))
}

/// The key identifier of RFC 7093, 2, method 1 (the leftmost 160 bits of SHA-256 over the key).
pub(super) fn key_id(public: &[u8; 32]) -> Vec<u8> {
    Sha256::digest(public).iter().take(20).copied().collect()
}

/// 16 random bytes, made positive and of full length.
fn random_serial() -> Result<SerialNumber, CaError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| CaError::Random)?;
    bytes[0] = (bytes[0] & 0x7f) | 0x40;
    SerialNumber::new(&bytes).map_err(CaError::Encoding)
}

fn octets(bytes: Vec<u8>) -> Result<OctetString, CaError> {
    OctetString::new(bytes).map_err(CaError::Encoding)
}

/// UTCTime up to 2049, GeneralizedTime from then on (RFC 5280, 4.1.2.5).
pub(super) fn to_time(at: Timestamp) -> Result<time::Time, CaError> {
    let seconds = u64::try_from(at.seconds()).map_err(|_| CaError::Name("a time before 1970"))?;
    let date = der::DateTime::from_unix_duration(std::time::Duration::from_secs(seconds)).map_err(CaError::Encoding)?;
    Ok(time::Time::from(date))
}

pub(super) fn to_timestamp(time: &time::Time) -> Timestamp {
    Timestamp::from_seconds(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
}

/// The Ed25519 key of a certificate.
pub fn public_key_of(certificate: &[u8]) -> Result<[u8; 32], CaError> {
    let parsed = Certificate::from_der(certificate).map_err(CaError::Damaged)?;
    let bits = &parsed.tbs_certificate().subject_public_key_info().subject_public_key;
    let key = bits.as_bytes().and_then(|key| key.try_into().ok());
    key.ok_or_else(|| CaError::Damaged(der::Tag::BitString.value_error().into()))
}
