//! Making keys in a token, and finding them. Key types by capability: tokens of PKCS#11 3.x know X25519 as
//! `CKK_EC_MONTGOMERY`; SoftHSM knows it only as an Edwards key with X25519's OID.

use cryptoki::{
    error::{Error, RvError},
    mechanism::{Mechanism, MechanismType},
    object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle},
    session::Session,
    types::Ulong,
};

use super::{
    module::{Failure, Lease},
    uri::Pkcs11Uri,
};

/// OBJECT IDENTIFIER 1.3.101.112.
const ED25519: [u8; 5] = [0x06, 0x03, 0x2b, 0x65, 0x70];
/// OBJECT IDENTIFIER 1.3.101.110.
const X25519: [u8; 5] = [0x06, 0x03, 0x2b, 0x65, 0x6e];

/// A key pair as made in a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeKey {
    /// Its CKA_ID.
    pub key_id: Vec<u8>,
    /// The raw public key.
    pub public: [u8; 32],
}

/// How this token makes X25519 pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum X25519Kind {
    /// `CKM_EC_MONTGOMERY_KEY_PAIR_GEN`, `CKK_EC_MONTGOMERY`.
    Montgomery,
    /// `CKM_EC_EDWARDS_KEY_PAIR_GEN`, `CKK_EC_EDWARDS` with the OID of X25519.
    Edwards,
}

impl X25519Kind {
    /// What the token in `slot` can do.
    pub fn of(lease: &Lease, slot: cryptoki::slot::Slot) -> Result<Self, Failure> {
        // Asked one by one: a module's whole list holds numbers that the wrapper logs as errors.
        for (mechanism, kind) in [
            (MechanismType::ECC_MONTGOMERY_KEY_PAIR_GEN, Self::Montgomery),
            (MechanismType::ECC_EDWARDS_KEY_PAIR_GEN, Self::Edwards),
        ] {
            match lease.library().get_mechanism_info(slot, mechanism) {
                Ok(_) => return Ok(kind),
                Err(Error::Pkcs11(RvError::MechanismInvalid, _)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Failure::Refused("the token makes no Curve25519 keys".to_owned()))
    }
}

/// Makes an Ed25519 signing pair that never leaves the token.
pub fn generate_ed25519(session: &Session, label: &str) -> Result<MadeKey, Failure> {
    let usage = (Attribute::Verify(true), Attribute::Sign(true));
    generate_pair(session, label, &Mechanism::EccEdwardsKeyPairGen, KeyType::EC_EDWARDS, &ED25519, usage)
}

/// Makes an X25519 pair that never leaves the token.
pub fn generate_x25519(session: &Session, label: &str, kind: X25519Kind) -> Result<MadeKey, Failure> {
    let usage = (Attribute::Derive(true), Attribute::Derive(true));
    let (mechanism, key_type) = match kind {
        X25519Kind::Montgomery => (Mechanism::EccMontgomeryKeyPairGen, KeyType::EC_MONTGOMERY),
        X25519Kind::Edwards => (Mechanism::EccEdwardsKeyPairGen, KeyType::EC_EDWARDS),
    };
    generate_pair(session, label, &mechanism, key_type, &X25519, usage)
}

fn generate_pair(
    session: &Session,
    label: &str,
    mechanism: &Mechanism<'_>,
    key_type: KeyType,
    parameters: &[u8],
    (public_usage, private_usage): (Attribute, Attribute),
) -> Result<MadeKey, Failure> {
    let key_id = random_id()?;
    let public_template = [
        Attribute::Token(true),
        Attribute::Private(false),
        Attribute::KeyType(key_type),
        Attribute::EcParams(parameters.to_vec()),
        Attribute::Label(label.as_bytes().to_vec()),
        Attribute::Id(key_id.clone()),
        public_usage,
    ];
    let private_template = [
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::KeyType(key_type),
        Attribute::Label(label.as_bytes().to_vec()),
        Attribute::Id(key_id.clone()),
        private_usage,
    ];
    let (public, _) = session.generate_key_pair(mechanism, &public_template, &private_template)?;
    Ok(MadeKey { key_id, public: read_point(session, public)? })
}

/// Makes the AES-256 key that wraps data keys.
pub fn generate_kek(session: &Session, label: &str) -> Result<(), Failure> {
    let template = [
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::AES),
        Attribute::ValueLen(Ulong::new(32)),
        Attribute::Encrypt(true),
        Attribute::Decrypt(true),
        Attribute::Label(label.as_bytes().to_vec()),
        Attribute::Id(random_id()?),
    ];
    session.generate_key(&Mechanism::AesKeyGen, &template)?;
    Ok(())
}

/// The objects of class `class` that `uri` describes.
pub fn find_all(session: &Session, class: ObjectClass, uri: &Pkcs11Uri) -> Result<Vec<ObjectHandle>, Failure> {
    let mut template = vec![Attribute::Token(true), Attribute::Class(class)];
    if let Some(label) = &uri.object {
        template.push(Attribute::Label(label.as_bytes().to_vec()));
    }
    if let Some(id) = &uri.id {
        template.push(Attribute::Id(id.clone()));
    }
    Ok(session.find_objects(&template)?)
}

/// The one object of class `class` that `uri` describes.
pub fn find_one(session: &Session, class: ObjectClass, uri: &Pkcs11Uri) -> Result<ObjectHandle, Failure> {
    match find_all(session, class, uri)?.as_slice() {
        [one] => Ok(*one),
        [] => Err(Failure::NoSuchKey(format!("{uri}"))),
        _ => Err(Failure::Refused(format!("more than one object is {uri}"))),
    }
}

/// The raw public key of an Ed25519 or X25519 public object.
pub fn read_point(session: &Session, public: ObjectHandle) -> Result<[u8; 32], Failure> {
    let attributes = session.get_attributes(public, &[AttributeType::EcPoint])?;
    let point = attributes.iter().find_map(|attribute| match attribute {
        Attribute::EcPoint(point) => Some(point.as_slice()),
        _ => None,
    });
    // PKCS#11 2.40 wraps the point in an OCTET STRING, some newer tokens give it raw.
    let raw = match point {
        Some([0x04, 0x20, raw @ ..]) if raw.len() == 32 => raw,
        Some(raw) => raw,
        None => &[],
    };
    raw.try_into().map_err(|_| Failure::Refused("the token's CKA_EC_POINT is not a Curve25519 key".to_owned()))
}

fn random_id() -> Result<Vec<u8>, Failure> {
    let mut id = vec![0; 16];
    getrandom::fill(&mut id).map_err(|_| Failure::Refused("no randomness from the system".to_owned()))?;
    Ok(id)
}
