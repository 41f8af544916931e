//! Keys and certificates as PKCS#11 objects, and the many ways in which modules write the same curve.

use std::collections::HashMap;

use cryptoki::error::Result;
use cryptoki::object::{Attribute, AttributeType, CertificateType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;

use crate::certificate::TokenCertificate;
use crate::key::{KeyId, KeyKind, TokenKey};

/// `CKA_EC_PARAMS` of Ed25519: RFC 8410's OID.
pub(super) const PARAMS_ED25519: &[u8] = b"\x06\x03\x2b\x65\x70";
/// `CKA_EC_PARAMS` of X25519: RFC 8410's OID.
pub(super) const PARAMS_X25519: &[u8] = b"\x06\x03\x2b\x65\x6e";

/// Other spellings: PKCS#11's curve names, and the OIDs that OpenSC up to 0.26 took from GnuPG.
const ALSO_ED25519: [&[u8]; 2] = [b"\x13\x0cedwards25519", b"\x06\x09\x2b\x06\x01\x04\x01\xda\x47\x0f\x01"];
/// The second is how YubiKey's module writes the name, with its length one too long.
const ALSO_X25519: [&[u8]; 3] =
    [b"\x13\x0acurve25519", b"\x13\x0bcurve25519", b"\x06\x0a\x2b\x06\x01\x04\x01\x97\x55\x01\x05\x01"];

/// What a key of that type and with those curve parameters can do. SoftHSM keeps X25519 keys as Edwards ones, so the
/// parameters go before the type.
pub(super) fn key_kind(key_type: KeyType, params: Option<&[u8]>) -> Option<KeyKind> {
    match params {
        Some(params) if params == PARAMS_ED25519 || ALSO_ED25519.contains(&params) => Some(KeyKind::Ed25519),
        Some(params) if params == PARAMS_X25519 || ALSO_X25519.contains(&params) => Some(KeyKind::X25519),
        Some(_) => None,
        None if key_type == KeyType::EC_EDWARDS => Some(KeyKind::Ed25519),
        None if key_type == KeyType::EC_MONTGOMERY => Some(KeyKind::X25519),
        None => None,
    }
}

/// The raw 32 bytes of a `CKA_EC_POINT`: bare, in an OCTET STRING, in a BIT STRING, and each with GnuPG's 0x40 before.
pub(super) fn raw_point(point: &[u8]) -> Option<[u8; 32]> {
    let inner = match point {
        [0x04, 0x20, rest @ ..] if rest.len() == 32 => rest,
        [0x04, 0x21, 0x40, rest @ ..] | [0x03, 0x21, 0x00, rest @ ..] | [0x40, rest @ ..] if rest.len() == 32 => rest,
        bare => bare,
    };
    inner.try_into().ok()
}

/// The certificates a session can see.
pub(super) fn certificates(session: &Session) -> Result<Vec<TokenCertificate>> {
    Ok(certificate_objects(session)?.into_iter().map(|(_, certificate)| certificate).collect())
}

/// The certificates with their handles.
pub(super) fn certificate_objects(session: &Session) -> Result<Vec<(ObjectHandle, TokenCertificate)>> {
    let template = [Attribute::Class(ObjectClass::CERTIFICATE), Attribute::CertificateType(CertificateType::X_509)];
    let mut found = Vec::new();
    for object in session.find_objects(&template)? {
        let (mut der, mut id, mut label) = (Vec::new(), Vec::new(), String::new());
        for attribute in
            session.get_attributes(object, &[AttributeType::Value, AttributeType::Id, AttributeType::Label])?
        {
            match attribute {
                Attribute::Value(value) => der = value,
                Attribute::Id(value) => id = value,
                Attribute::Label(value) => label = String::from_utf8_lossy(&value).into_owned(),
                _ => {}
            }
        }
        if !der.is_empty() {
            found.push((object, TokenCertificate::new(der, KeyId::new(id), label)));
        }
    }
    Ok(found)
}

/// The private keys of the two kinds that a logged-in session can see, with their handles.
pub(super) fn private_keys(session: &Session) -> Result<Vec<(ObjectHandle, TokenKey)>> {
    let mut publics = HashMap::new();
    for found in curve_keys(session, ObjectClass::PUBLIC_KEY)? {
        if let Some(point) = found.point {
            publics.insert((found.id, found.kind), point);
        }
    }
    let keys = curve_keys(session, ObjectClass::PRIVATE_KEY)?;
    Ok(keys
        .into_iter()
        .map(|found| {
            let id = KeyId::new(found.id.as_slice());
            let public = found.point.or_else(|| publics.get(&(found.id, found.kind)).copied());
            (found.object, TokenKey { id, label: found.label, kind: found.kind, public })
        })
        .collect())
}

/// The handles of the public objects that belong to a key.
pub(super) fn public_halves(session: &Session, id: &KeyId, kind: KeyKind) -> Result<Vec<ObjectHandle>> {
    let keys = curve_keys(session, ObjectClass::PUBLIC_KEY)?;
    Ok(keys.into_iter().filter(|key| key.id == id.as_bytes() && key.kind == kind).map(|key| key.object).collect())
}

/// The label of the public data object that says that the PIN is still the issued one, for tokens that have no way of
/// their own to say so.
const ISSUED_PIN: &str = "gridkey issued PIN";

/// The handles of the objects that say that the PIN is still the issued one.
pub(super) fn issued_pin_marks(session: &Session) -> Result<Vec<ObjectHandle>> {
    session.find_objects(&[Attribute::Class(ObjectClass::DATA), Attribute::Label(ISSUED_PIN.as_bytes().to_vec())])
}

/// Writes the object that says that the PIN is still the issued one, unless it is there.
pub(super) fn mark_issued_pin(session: &Session) -> Result<()> {
    if !issued_pin_marks(session)?.is_empty() {
        return Ok(());
    }
    let template = [
        Attribute::Class(ObjectClass::DATA),
        Attribute::Token(true),
        Attribute::Private(false),
        Attribute::Label(ISSUED_PIN.as_bytes().to_vec()),
        Attribute::Application(b"gridkey".to_vec()),
        // Some modules refuse an object without content.
        Attribute::Value(vec![1]),
    ];
    session.create_object(&template).map(|_| ())
}

/// One public or private key object.
struct CurveKey {
    object: ObjectHandle,
    id: Vec<u8>,
    label: String,
    kind: KeyKind,
    point: Option<[u8; 32]>,
}

fn curve_keys(session: &Session, class: ObjectClass) -> Result<Vec<CurveKey>> {
    const WANTED: [AttributeType; 4] =
        [AttributeType::Id, AttributeType::Label, AttributeType::EcParams, AttributeType::EcPoint];
    let mut found = Vec::new();
    for key_type in [KeyType::EC_EDWARDS, KeyType::EC_MONTGOMERY] {
        for object in session.find_objects(&[Attribute::Class(class), Attribute::KeyType(key_type)])? {
            let (mut id, mut label, mut params, mut point) = (Vec::new(), String::new(), None, None);
            // Attributes that the object does not have are left out of the answer.
            for attribute in session.get_attributes(object, &WANTED)? {
                match attribute {
                    Attribute::Id(value) => id = value,
                    Attribute::Label(value) => label = String::from_utf8_lossy(&value).into_owned(),
                    Attribute::EcParams(value) if !value.is_empty() => params = Some(value),
                    Attribute::EcPoint(value) => point = raw_point(&value),
                    _ => {}
                }
            }
            if let Some(kind) = key_kind(key_type, params.as_deref()) {
                found.push(CurveKey { object, id, label, kind, point });
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use cryptoki::object::KeyType;

    use super::{KeyKind, key_kind, raw_point};

    #[test]
    fn every_spelling_of_the_two_curves_is_known() {
        let kind = |params: &[u8]| key_kind(KeyType::EC_EDWARDS, Some(params));
        assert_eq!(kind(b"\x06\x03\x2b\x65\x70"), Some(KeyKind::Ed25519));
        assert_eq!(kind(b"\x13\x0cedwards25519"), Some(KeyKind::Ed25519));
        assert_eq!(kind(b"\x06\x03\x2b\x65\x6e"), Some(KeyKind::X25519), "SoftHSM's X25519 is an Edwards key");
        assert_eq!(kind(b"\x13\x0acurve25519"), Some(KeyKind::X25519));
        assert_eq!(kind(b"\x06\x03\x2b\x65\x71"), None, "Ed448");
        assert_eq!(key_kind(KeyType::EC_MONTGOMERY, None), Some(KeyKind::X25519));
        assert_eq!(key_kind(KeyType::EC_EDWARDS, None), Some(KeyKind::Ed25519));
        assert_eq!(key_kind(KeyType::EC, None), None);
    }

    #[test]
    fn points_are_read_raw_or_wrapped() {
        let raw = [7; 32];
        assert_eq!(raw_point(&raw), Some(raw));
        for prefix in [&b"\x04\x20"[..], b"\x04\x21\x40", b"\x03\x21\x00", b"\x40"] {
            assert_eq!(raw_point(&[prefix, &raw].concat()), Some(raw), "{prefix:x?}");
        }
        assert_eq!(raw_point(&[4; 33]), None);
        assert_eq!(raw_point(b""), None);
    }
}
