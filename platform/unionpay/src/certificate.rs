//! X.509 certificates as UnionPay uses them: RSA keys, RSA signatures with SHA-256 or (older authorities) SHA-1, serials of
//! up to 20 bytes named in decimal, and a common name with parts between `@`.
//!
//! The usual TLS verifiers cannot be used: they refuse SHA-1 and ask for a TLS purpose that these certificates lack. What
//! is checked here is small because the issuers are pinned; see [`crate::verify`].

use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, RsaParameters, UnparsedPublicKey,
};
use der::{
    Decode, Encode, Header, Reader, SliceReader, Tag,
    oid::{ObjectIdentifier, db},
};
use gridkey_domain::Timestamp;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages};

/// Why a certificate can't be used at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// No PEM block of a certificate, or more than one where one is due.
    #[error("not one certificate in PEM")]
    Pem,
    /// Not a certificate in DER.
    #[error("not an X.509 certificate")]
    Malformed,
    /// Its key is not RSA.
    #[error("the certificate's key is not RSA")]
    NotRsa,
    /// It has a critical extension that this program does not understand.
    #[error("the certificate has an unknown critical extension")]
    CriticalExtension,
}

/// A certificate, parsed once.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    tbs: std::ops::Range<usize>,
    serial: String,
    subject: Vec<u8>,
    issuer: Vec<u8>,
    common_name: Option<String>,
    not_before: Timestamp,
    not_after: Timestamp,
    public_key: Vec<u8>,
    signature_algorithm: ObjectIdentifier,
    signature: Vec<u8>,
    basic_constraints: Option<BasicConstraints>,
    key_usage: Option<KeyUsage>,
}

impl Certificate {
    /// Reads one certificate in DER.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let parsed = x509_cert::Certificate::from_der(der).map_err(|_| CertificateError::Malformed)?;
        let tbs = parsed.tbs_certificate();
        let spki = tbs.subject_public_key_info();
        if spki.algorithm.oid != db::rfc5912::RSA_ENCRYPTION {
            return Err(CertificateError::NotRsa);
        }
        if parsed.signature_algorithm().oid != tbs.signature().oid {
            return Err(CertificateError::Malformed);
        }
        let mut basic_constraints = None;
        let mut key_usage = None;
        for extension in tbs.extensions().into_iter().flatten() {
            let value = extension.extn_value.as_bytes();
            match extension.extn_id {
                db::rfc5280::ID_CE_BASIC_CONSTRAINTS => {
                    let read = BasicConstraints::from_der(value).map_err(|_| CertificateError::Malformed)?;
                    basic_constraints = Some(read);
                }
                db::rfc5280::ID_CE_KEY_USAGE => {
                    key_usage = Some(KeyUsage::from_der(value).map_err(|_| CertificateError::Malformed)?);
                }
                // The purpose and the policies of these certificates are the network's own and decide nothing here.
                db::rfc5280::ID_CE_EXT_KEY_USAGE | db::rfc5280::ID_CE_CERTIFICATE_POLICIES => {}
                _ if extension.critical => return Err(CertificateError::CriticalExtension),
                _ => {}
            }
        }
        let seconds = |time: x509_cert::time::Time| {
            Timestamp::from_seconds(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
        };
        let encoded = |name: &x509_cert::name::Name| name.to_der().map_err(|_| CertificateError::Malformed);
        Ok(Self {
            tbs: tbs_range(der).ok_or(CertificateError::Malformed)?,
            der: der.to_vec(),
            serial: decimal(tbs.serial_number().as_bytes()),
            subject: encoded(tbs.subject())?,
            issuer: encoded(tbs.issuer())?,
            common_name: common_name(tbs.subject()),
            not_before: seconds(tbs.validity().not_before),
            not_after: seconds(tbs.validity().not_after),
            public_key: spki.subject_public_key.as_bytes().ok_or(CertificateError::Malformed)?.to_vec(),
            signature_algorithm: parsed.signature_algorithm().oid,
            signature: parsed.signature().as_bytes().ok_or(CertificateError::Malformed)?.to_vec(),
            basic_constraints,
            key_usage,
        })
    }

    /// Reads the one certificate in a PEM text, whatever its line ends.
    pub fn from_pem(pem: &str) -> Result<Self, CertificateError> {
        let mut all = Self::all_from_pem(pem)?;
        if all.len() == 1 { all.pop().ok_or(CertificateError::Pem) } else { Err(CertificateError::Pem) }
    }

    /// Reads every certificate in a PEM text; at least one.
    pub fn all_from_pem(pem: &str) -> Result<Vec<Self>, CertificateError> {
        use base64::Engine as _;

        const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
        const END: &str = "-----END CERTIFICATE-----";
        let mut certificates = Vec::new();
        let mut rest = pem;
        while let Some((_, after)) = rest.split_once(BEGIN) {
            let (body, tail) = after.split_once(END).ok_or(CertificateError::Pem)?;
            let body: String = body.split_ascii_whitespace().collect();
            let der = base64::engine::general_purpose::STANDARD.decode(body).map_err(|_| CertificateError::Pem)?;
            certificates.push(Self::from_der(&der)?);
            rest = tail;
        }
        if certificates.is_empty() { Err(CertificateError::Pem) } else { Ok(certificates) }
    }

    /// The certificate as UnionPay sends it: PEM with CRLF line ends and none after the last line.
    pub fn to_crlf_pem(&self) -> String {
        use base64::Engine as _;

        let body = base64::engine::general_purpose::STANDARD.encode(&self.der);
        let mut pem = String::from("-----BEGIN CERTIFICATE-----\r\n");
        let mut rest = body.as_str();
        while !rest.is_empty() {
            let (line, tail) = rest.split_at_checked(64).unwrap_or((rest, ""));
            pem.push_str(line);
            pem.push_str("\r\n");
            rest = tail;
        }
        pem.push_str("-----END CERTIFICATE-----");
        pem
    }

    /// Its bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The serial number in decimal, as `certId` wants it.
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// The subject's common name.
    pub fn common_name(&self) -> Option<&str> {
        self.common_name.as_deref()
    }

    /// From when it is valid.
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// Until when it is valid.
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Whether it may issue certificates.
    pub(crate) fn may_issue(&self) -> bool {
        self.basic_constraints.as_ref().is_some_and(|constraints| constraints.ca)
            && self.key_usage.as_ref().is_none_or(|usage| usage.0.contains(KeyUsages::KeyCertSign))
    }

    /// Whether it may sign messages. An authority's certificate may not.
    pub(crate) fn may_sign(&self) -> bool {
        let signs = |usage: &KeyUsage| usage.digital_signature() || usage.non_repudiation();
        self.basic_constraints.as_ref().is_none_or(|constraints| !constraints.ca)
            && self.key_usage.as_ref().is_none_or(signs)
    }

    /// How many further authorities may stand below this one; `None` is any number.
    pub(crate) fn path_length(&self) -> Option<u8> {
        self.basic_constraints.as_ref().and_then(|constraints| constraints.path_len_constraint)
    }

    /// Whether `issuer` is named as issuer and its key made the signature.
    pub(crate) fn is_issued_by(&self, issuer: &Self) -> bool {
        const SHA1_WITH_RSA: ObjectIdentifier = db::rfc5912::SHA_1_WITH_RSA_ENCRYPTION;
        const SHA256_WITH_RSA: ObjectIdentifier = db::rfc5912::SHA_256_WITH_RSA_ENCRYPTION;
        let algorithm: &'static RsaParameters = match self.signature_algorithm {
            SHA256_WITH_RSA => &RSA_PKCS1_2048_8192_SHA256,
            SHA1_WITH_RSA => &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
            _ => return false,
        };
        let Some(signed) = self.der.get(self.tbs.clone()) else { return false };
        self.issuer == issuer.subject
            && UnparsedPublicKey::new(algorithm, &issuer.public_key).verify(signed, &self.signature).is_ok()
    }

    /// Whether its key made `signature` over `signed`, RSASSA-PKCS1-v1_5 with SHA-256.
    pub(crate) fn verifies(&self, signed: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.public_key).verify(signed, signature).is_ok()
    }

    /// Its public key, PKCS#1 DER.
    pub(crate) fn public_key(&self) -> &[u8] {
        &self.public_key
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificate").field("serial", &self.serial).field("common_name", &self.common_name).finish()
    }
}

/// Where the signed part lies in the bytes as received; re-encoding it could change them.
fn tbs_range(der: &[u8]) -> Option<std::ops::Range<usize>> {
    let mut reader = SliceReader::new(der).ok()?;
    Header::decode(&mut reader).ok()?;
    let start = usize::try_from(reader.position()).ok()?;
    let header = Header::decode(&mut reader).ok()?;
    let content = usize::try_from(reader.position()).ok()?;
    let end = content.checked_add(usize::try_from(header.length()).ok()?)?;
    (header.tag() == Tag::Sequence && end <= der.len()).then_some(start..end)
}

/// The last common name, read leniently: authorities put `@` and Chinese into string types that do not allow them.
fn common_name(name: &x509_cert::name::Name) -> Option<String> {
    let attribute = name.iter().filter(|attribute| attribute.oid == db::rfc4519::CN).last()?;
    let value = attribute.value.value();
    if attribute.value.header().tag() == Tag::BmpString {
        let units: Vec<u16> =
            value.chunks_exact(2).map(|pair| pair.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte))).collect();
        return String::from_utf16(&units).ok();
    }
    std::str::from_utf8(value).ok().map(str::to_owned)
}

/// A big-endian number of any length in decimal.
fn decimal(bytes: &[u8]) -> String {
    // Base 10^9, least significant limb first.
    let mut limbs: Vec<u32> = Vec::new();
    for byte in bytes {
        let mut carry = u64::from(*byte);
        for limb in &mut limbs {
            let value = u64::from(*limb) << 8 | carry;
            *limb = u32::try_from(value % 1_000_000_000).unwrap_or_default();
            carry = value / 1_000_000_000;
        }
        if carry > 0 {
            limbs.push(u32::try_from(carry).unwrap_or_default());
        }
    }
    let mut digits = limbs.iter().rev();
    let first = digits.next().copied().unwrap_or(0).to_string();
    digits.fold(first, |text, limb| format!("{text}{limb:09}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn serials_are_named_in_decimal() {
        assert_eq!(decimal(&[]), "0");
        assert_eq!(decimal(&[0x10, 0x02, 0x65, 0x32, 0x15]), "68759663125");
        assert_eq!(decimal(&[0xff; 20]), "1461501637330902918203684832716283019655932542975");
    }

    proptest! {
        #[test]
        fn decimal_agrees_with_u128(number: u128) {
            prop_assert_eq!(decimal(&number.to_be_bytes()), number.to_string());
        }

        #[test]
        fn arbitrary_bytes_are_no_certificate(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(Certificate::from_der(&bytes).is_err());
        }
    }
}
