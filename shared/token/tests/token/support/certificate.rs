//! Certificates for keys whose private half stays in a token. Their signature is not a real one: a token stores what it
//! is given, and checking chains is other code's work.

use der::Encode;
use gridkey_token::PublicKey;
use gridkey_token::request::public_key_info;

/// A certificate for `key`, named `subject`, issued by `issuer`.
pub(crate) fn certificate(key: &PublicKey, subject: &str, issuer: &str, authority: bool) -> Vec<u8> {
    let ed25519 = tlv(0x30, &[tlv(0x06, &[vec![0x2b, 0x65, 0x70]])]);
    let validity = tlv(0x30, &[tlv(0x17, &[b"260101000000Z".to_vec()]), tlv(0x17, &[b"360101000000Z".to_vec()])]);
    let constraints = if authority { tlv(0x30, &[tlv(0x01, &[vec![0xff]])]) } else { tlv(0x30, &[]) };
    let extension = tlv(0x30, &[tlv(0x06, &[vec![0x55, 0x1d, 0x13]]), tlv(0x04, &[constraints])]);
    let body = tlv(
        0x30,
        &[
            tlv(0xa0, &[tlv(0x02, &[vec![2]])]),
            tlv(0x02, &[vec![7]]),
            ed25519.clone(),
            name(issuer),
            validity,
            name(subject),
            public_key_info(key).and_then(|info| info.to_der()).expect("a key"),
            tlv(0xa3, &[tlv(0x30, &[extension])]),
        ],
    );
    tlv(0x30, &[body, ed25519, tlv(0x03, &[vec![0; 65]])])
}

fn name(common_name: &str) -> Vec<u8> {
    let attribute = tlv(0x30, &[tlv(0x06, &[vec![0x55, 0x04, 0x03]]), tlv(0x0c, &[common_name.as_bytes().to_vec()])]);
    tlv(0x30, &[tlv(0x31, &[attribute])])
}

fn tlv(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let content = parts.concat();
    let length = u16::try_from(content.len()).expect("short");
    let mut der = vec![tag];
    match length {
        0..=0x7f => der.push(length.to_be_bytes()[1]),
        _ => der.extend([0x82, length.to_be_bytes()[0], length.to_be_bytes()[1]]),
    }
    // DER wants the shortest form of a length.
    if (0x80..=0xff).contains(&length) {
        der.splice(1.., [0x81, length.to_be_bytes()[1]]);
    }
    der.extend(content);
    der
}
