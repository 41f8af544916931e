//! Proof that whoever asks for certificates holds both private keys of a USBKEY.
//!
//! The server opens a challenge: 32 random bytes and a fresh X25519 public key, good once and for some minutes. The Ed25519 key
//! signs a PKCS#10 request (RFC 2986) that carries the challenge as its challengePassword; the X25519 key, which can sign
//! nothing, answers with a key derived from its agreement with the server's. Both answers name both keys, so that neither can be
//! joined to somebody else's.

use der::{
    Decode as _, Encode as _, Reader as _,
    asn1::{Any, BitString, ObjectIdentifier, PrintableStringRef, SetOfVec},
};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::{
    attr::Attribute,
    name::Name,
    request::{CertReq, CertReqInfo, Version},
};

use crate::{
    bytes::{hex, unhex},
    crypto::{self, Secret32},
};

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
/// PKCS#9 challengePassword (RFC 2985, 5.4.1).
const CHALLENGE_PASSWORD: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.7");
/// Larger than any request for an Ed25519 key has reason to be.
const LONGEST: usize = 4 * 1024;

/// How long a challenge is good, seconds.
pub const CHALLENGE_SECONDS: i64 = 10 * 60;

/// Why a request proves nothing, or why none can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PossessionError {
    /// It is no PKCS#10 request for an Ed25519 key signed with Ed25519.
    #[error("not a PKCS#10 request of an Ed25519 key")]
    Malformed,
    /// It carries no challenge, or more than one.
    #[error("the request carries no challenge")]
    NoChallenge,
    /// Its signature is not the key's.
    #[error("the request's signature is not valid")]
    Signature,
    /// The name cannot stand in a request.
    #[error("the name cannot stand in a certificate request")]
    Name,
}

/// A request that awaits its key's signature over [`Self::to_sign`].
#[derive(Debug)]
pub struct RequestDraft {
    info: CertReqInfo,
    to_sign: Vec<u8>,
}

impl RequestDraft {
    /// A request of the Ed25519 key `public` that answers `challenge`. The name is for people: what the certificate says is the
    /// authority's to decide.
    ///
    /// # Errors
    /// [`PossessionError::Name`].
    pub fn new(name: &str, public: &[u8; 32], challenge: &[u8; 32]) -> Result<Self, PossessionError> {
        // A distinguished name as text (RFC 4514) gives the other characters a meaning.
        let plain = |c: char| if c.is_alphanumeric() || " -.".contains(c) { c } else { ' ' };
        let name: String = name.chars().map(plain).collect();
        let subject: Name = format!("CN={}", name.trim()).parse().map_err(|_| PossessionError::Name)?;
        let info = info(subject, public, challenge).map_err(|_| PossessionError::Malformed)?;
        let to_sign = info.to_der().map_err(|_| PossessionError::Malformed)?;
        Ok(Self { info, to_sign })
    }

    /// What the Ed25519 key signs.
    pub fn to_sign(&self) -> &[u8] {
        &self.to_sign
    }

    /// The request, DER.
    ///
    /// # Errors
    /// Only if it cannot be encoded.
    pub fn finish(self, signature: &[u8; 64]) -> Result<Vec<u8>, PossessionError> {
        let signature = BitString::from_bytes(signature).map_err(|_| PossessionError::Malformed)?;
        let request = CertReq { info: self.info, algorithm: algorithm(), signature };
        request.to_der().map_err(|_| PossessionError::Malformed)
    }
}

fn algorithm() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: ED25519, parameters: None }
}

fn info(subject: Name, public: &[u8; 32], challenge: &[u8; 32]) -> Result<CertReqInfo, der::Error> {
    let mut values = SetOfVec::new();
    values.insert(Any::encode_from(&PrintableStringRef::new(&hex(challenge))?)?)?;
    let mut attributes = SetOfVec::new();
    attributes.insert(Attribute { oid: CHALLENGE_PASSWORD, values })?;
    Ok(CertReqInfo {
        version: Version::V1,
        subject,
        public_key: SubjectPublicKeyInfoOwned {
            algorithm: algorithm(),
            subject_public_key: BitString::from_bytes(public)?,
        },
        attributes,
    })
}

/// A request whose signature was verified. Subject and other attributes in it are ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProvenRequest {
    /// The Ed25519 key that asks.
    pub public_key: [u8; 32],
    /// The challenge it answers; whether it is one's own is the caller's to check.
    pub challenge: [u8; 32],
}

/// Reads a request and verifies its signature strictly, over the bytes as they came.
///
/// # Errors
/// [`PossessionError::Malformed`], [`PossessionError::NoChallenge`], [`PossessionError::Signature`].
pub fn read_request(der: &[u8]) -> Result<ProvenRequest, PossessionError> {
    use PossessionError::{Malformed, NoChallenge, Signature};
    if der.len() > LONGEST {
        return Err(Malformed);
    }
    let request = CertReq::from_der(der).map_err(|_| Malformed)?;
    let key = &request.info.public_key;
    for algorithm in [&key.algorithm, &request.algorithm] {
        if algorithm.oid != ED25519 || algorithm.parameters.is_some() {
            return Err(Malformed);
        }
    }
    let raw = |bits: &BitString| bits.as_bytes().map(<[u8]>::to_vec).unwrap_or_default();
    let public_key: [u8; 32] = raw(&key.subject_public_key).try_into().map_err(|_| Malformed)?;
    let signature: [u8; 64] = raw(&request.signature).try_into().map_err(|_| Malformed)?;
    let outer = der::asn1::AnyRef::from_der(der).map_err(|_| Malformed)?;
    let mut reader = der::SliceReader::new(outer.value()).map_err(|_| Malformed)?;
    let signed = reader.tlv_bytes().map_err(|_| Malformed)?;
    crypto::verify_ed25519(&public_key, signed, &signature).map_err(|_| Signature)?;

    let mut found = request.info.attributes.iter().filter(|attribute| attribute.oid == CHALLENGE_PASSWORD);
    let (Some(attribute), None) = (found.next(), found.next()) else { return Err(NoChallenge) };
    let [value] = attribute.values.as_slice() else { return Err(NoChallenge) };
    let challenge = std::str::from_utf8(value.value()).ok().and_then(unhex).and_then(|bytes| bytes.try_into().ok());
    Ok(ProvenRequest { public_key, challenge: challenge.ok_or(NoChallenge)? })
}

/// The answer of the X25519 key: `HKDF(salt = challenge, ikm = shared, info = "gridkey.v1/possession" || 0x00 || Ed25519 key ||
/// X25519 key, 32)`, `shared` being X25519 of the key with the challenge's ephemeral key. Compare in constant time.
pub fn agreement_answer(shared: &Secret32, challenge: &[u8; 32], signing: &[u8; 32], agreement: &[u8; 32]) -> Secret32 {
    let info = [&b"gridkey.v1/possession\0"[..], signing, agreement].concat();
    crypto::hkdf(challenge, &shared[..], &info)
}

/// What the old Ed25519 key signs in a renewal: `"gridkey.v1/renew" || 0x00 || H(challenge || LP(request) || X25519 key)`.
pub fn renewal_message(challenge: &[u8; 32], request: &[u8], agreement: &[u8; 32]) -> Vec<u8> {
    let hash = crypto::sha256(&[challenge, &crypto::length_prefix(request), request, agreement]);
    [&b"gridkey.v1/renew\0"[..], &hash].concat()
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};
    use proptest::prelude::*;

    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn request(challenge: &[u8; 32]) -> Vec<u8> {
        let key = key();
        let draft = RequestDraft::new("1100000001, Ltd", &key.verifying_key().to_bytes(), challenge).unwrap();
        let signature = key.sign(draft.to_sign()).to_bytes();
        draft.finish(&signature).unwrap()
    }

    #[test]
    fn a_request_names_its_key_and_its_challenge() {
        let proven = read_request(&request(&[9; 32])).unwrap();
        assert_eq!(proven, ProvenRequest { public_key: key().verifying_key().to_bytes(), challenge: [9; 32] });
    }

    #[test]
    fn a_request_without_a_challenge_or_with_two_is_refused() {
        let public = key().verifying_key().to_bytes();
        let sign = |info: CertReqInfo| {
            let signature = key().sign(&info.to_der().unwrap()).to_bytes();
            let signature = BitString::from_bytes(&signature).unwrap();
            CertReq { info, algorithm: algorithm(), signature }.to_der().unwrap()
        };
        let name: Name = "CN=x".parse().unwrap();
        let mut none = info(name.clone(), &public, &[1; 32]).unwrap();
        none.attributes = SetOfVec::new();
        assert_eq!(read_request(&sign(none)), Err(PossessionError::NoChallenge));
        let mut two = info(name.clone(), &public, &[1; 32]).unwrap();
        let second = info(name, &public, &[2; 32]).unwrap();
        two.attributes.insert(second.attributes.iter().next().unwrap().clone()).unwrap();
        assert_eq!(read_request(&sign(two)), Err(PossessionError::NoChallenge));
    }

    #[test]
    fn the_answers_differ_by_challenge_and_by_either_key() {
        let shared = Secret32::from([3; 32]);
        let answer = |challenge, signing, agreement| agreement_answer(&shared, &challenge, &signing, &agreement);
        let right = answer([1; 32], [2; 32], [3; 32]);
        assert_ne!(right, answer([9; 32], [2; 32], [3; 32]));
        assert_ne!(right, answer([1; 32], [9; 32], [3; 32]));
        assert_ne!(right, answer([1; 32], [2; 32], [9; 32]));
        assert_ne!(renewal_message(&[1; 32], b"ab", &[2; 32]), renewal_message(&[1; 32], b"a", &[2; 32]));
    }

    proptest! {
        #[test]
        fn a_changed_request_proves_nothing(challenge: [u8; 32], at: prop::sample::Index, bit in 0_u8..8) {
            let mut request = request(&challenge);
            *at.get_mut(&mut request) ^= 1 << bit;
            prop_assert!(read_request(&request).is_err());
        }

        #[test]
        fn arbitrary_bytes_prove_nothing(bytes: Vec<u8>) {
            prop_assert!(read_request(&bytes).is_err());
        }
    }
}
