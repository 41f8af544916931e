//! The primitives of the contract, each behind one function with the contract's rules built in.

use blake2::{Blake2b, digest::consts::U24};
use ed25519_dalek::{Signature, VerifyingKey};
use salsa20::cipher::{consts::U10, generic_array::GenericArray};
use sha2::{Digest as _, Sha256};
use x25519_dalek::{PublicKey, StaticSecret};
use xsalsa20poly1305::{KeyInit as _, XSalsa20Poly1305, aead::Aead as _};
use zeroize::Zeroizing;

/// A secret of 32 bytes, wiped when dropped.
pub type Secret32 = Zeroizing<[u8; 32]>;

/// Bytes that `crypto_box_seal` adds: an ephemeral public key and a Poly1305 tag.
pub const SEALED_BOX_OVERHEAD: usize = 48;

/// A cryptographic check failed. No variant says more than the peer may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CryptoError {
    /// X25519 gave all zeros: the peer sent a point of small order.
    #[error("the key agreement gave all zeros")]
    AllZero,
    /// A secret box did not open.
    #[error("a sealed message does not open")]
    DoesNotOpen,
    /// An Ed25519 signature is not valid by the strict rules.
    #[error("the signature is not valid")]
    Signature,
}

/// SHA-256 over the parts, one after another.
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// `LP(x)`: the length of `x` as u32 big-endian. Messages are at most 1 MiB, so it always fits.
pub fn length_prefix(bytes: &[u8]) -> [u8; 4] {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes()
}

/// HKDF-SHA256 (RFC 5869) with `N` bytes of output.
pub fn hkdf<const N: usize>(salt: &[u8], ikm: &[u8], info: &[u8]) -> Zeroizing<[u8; N]> {
    const { assert!(N <= 255 * 32, "RFC 5869, 2.3") };
    let mut okm = Zeroizing::new([0; N]);
    hkdf::Hkdf::<Sha256>::new(Some(salt), ikm).expand(info, okm.as_mut()).expect("the length is checked above");
    okm
}

/// The X25519 public key of `secret`.
pub fn x25519_public(secret: &[u8; 32]) -> [u8; 32] {
    PublicKey::from(&StaticSecret::from(*secret)).to_bytes()
}

/// X25519 (RFC 7748); an all-zero result is an error.
pub fn x25519(secret: &[u8; 32], public: &[u8; 32]) -> Result<Secret32, CryptoError> {
    let shared = StaticSecret::from(*secret).diffie_hellman(&PublicKey::from(*public));
    not_all_zero(Zeroizing::new(shared.to_bytes()))
}

/// Passes a shared secret from elsewhere (a token, an HSM) unless it is all zeros.
pub fn not_all_zero(shared: Secret32) -> Result<Secret32, CryptoError> {
    use subtle::ConstantTimeEq as _;
    if bool::from(shared.ct_eq(&[0; 32])) { Err(CryptoError::AllZero) } else { Ok(shared) }
}

/// Seals with XSalsa20-Poly1305 in the NaCl layout (16-byte tag first).
pub fn secretbox_seal(key: &[u8; 32], nonce: &[u8; 24], plain: &[u8]) -> Vec<u8> {
    XSalsa20Poly1305::new(key.into()).encrypt(nonce.into(), plain).expect("messages are far below the cipher's limit")
}

/// Opens what [`secretbox_seal`] sealed.
pub fn secretbox_open(key: &[u8; 32], nonce: &[u8; 24], sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
    XSalsa20Poly1305::new(key.into()).decrypt(nonce.into(), sealed).map_err(|_| CryptoError::DoesNotOpen)
}

/// libsodium's `crypto_box_seal` for `recipient`, with the ephemeral key given.
pub fn sealed_box_seal(recipient: &[u8; 32], ephemeral: &[u8; 32], plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
    let epk = x25519_public(ephemeral);
    let shared = x25519(ephemeral, recipient)?;
    let boxed = secretbox_seal(&sealed_box_key(&shared), &sealed_box_nonce(&epk, recipient), plain);
    Ok([&epk[..], &boxed].concat())
}

/// The ephemeral public key of a sealed box: what the holder of the private key agrees with.
pub fn sealed_box_ephemeral(sealed: &[u8]) -> Result<[u8; 32], CryptoError> {
    match sealed.first_chunk() {
        Some(epk) if sealed.len() >= SEALED_BOX_OVERHEAD => Ok(*epk),
        _ => Err(CryptoError::DoesNotOpen),
    }
}

/// Opens a sealed box with `shared` = X25519(private key, [`sealed_box_ephemeral`]), made where the key lives.
pub fn sealed_box_open(recipient: &[u8; 32], shared: Secret32, sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
    let epk = sealed_box_ephemeral(sealed)?;
    let shared = not_all_zero(shared)?;
    let boxed = sealed.get(32..).ok_or(CryptoError::DoesNotOpen)?;
    secretbox_open(&sealed_box_key(&shared), &sealed_box_nonce(&epk, recipient), boxed)
}

fn sealed_box_key(shared: &Secret32) -> Secret32 {
    let key = salsa20::hsalsa::<U10>(GenericArray::from_slice(&shared[..]), &GenericArray::default());
    Zeroizing::new(key.into())
}

fn sealed_box_nonce(epk: &[u8; 32], recipient: &[u8; 32]) -> [u8; 24] {
    let mut hash = Blake2b::<U24>::new();
    hash.update(epk);
    hash.update(recipient);
    hash.finalize().into()
}

/// Verifies Ed25519 (RFC 8032) strictly: non-canonical S, non-canonical or small-order A or R are refused, so that nobody can
/// make a second signature or key that passes for the first.
pub fn verify_ed25519(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> Result<(), CryptoError> {
    let r = signature.first_chunk().ok_or(CryptoError::Signature)?;
    if !is_canonical(public) || !is_canonical(r) {
        return Err(CryptoError::Signature);
    }
    let key = VerifyingKey::from_bytes(public).map_err(|_| CryptoError::Signature)?;
    key.verify_strict(message, &Signature::from_bytes(signature)).map_err(|_| CryptoError::Signature)
}

/// Whether a compressed point's y is below p = 2^255 − 19.
fn is_canonical(point: &[u8; 32]) -> bool {
    let [first, middle @ .., last] = point;
    !(last & 0x7f == 0x7f && middle.iter().all(|byte| *byte == 0xff) && *first >= 0xed)
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};
    use proptest::prelude::*;

    use super::*;

    /// RFC 7748, 6.1: points whose multiples are all zero.
    const SMALL_ORDER: [[u8; 32]; 2] = [[0; 32], {
        let mut one = [0; 32];
        one[0] = 1;
        one
    }];

    #[test]
    fn a_point_of_small_order_is_refused() {
        for point in SMALL_ORDER {
            assert_eq!(x25519(&[9; 32], &point), Err(CryptoError::AllZero));
        }
    }

    #[test]
    fn a_sealed_box_shorter_than_its_overhead_does_not_open() {
        assert_eq!(sealed_box_ephemeral(&[0; 47]), Err(CryptoError::DoesNotOpen));
    }

    #[test]
    fn a_small_order_or_non_canonical_key_verifies_nothing() {
        let mut identity = [0; 32];
        identity[0] = 1;
        let mut forged = [0; 64];
        forged[..32].copy_from_slice(&identity);
        assert_eq!(verify_ed25519(&identity, b"anything", &forged), Err(CryptoError::Signature));
        let mut non_canonical = [0xff; 32];
        non_canonical[0] = 0xee;
        non_canonical[31] = 0x7f;
        assert_eq!(verify_ed25519(&non_canonical, b"anything", &forged), Err(CryptoError::Signature));
    }

    #[test]
    fn an_s_above_the_group_order_is_refused() {
        // The order of the base point, little-endian (RFC 8032, 5.1).
        const L: [u8; 32] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ];
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = key.verifying_key().to_bytes();
        let mut signature = key.sign(b"pay").to_bytes();
        assert_eq!(verify_ed25519(&public, b"pay", &signature), Ok(()));
        let mut carry = 0;
        for (byte, order) in signature[32..].iter_mut().zip(L) {
            let sum = u16::from(*byte) + u16::from(order) + carry;
            *byte = sum.to_le_bytes()[0];
            carry = sum >> 8;
        }
        assert_eq!(verify_ed25519(&public, b"pay", &signature), Err(CryptoError::Signature));
    }

    proptest! {
        #[test]
        fn a_sealed_box_opens_for_its_recipient_only(
            recipient in any::<[u8; 32]>(), other in any::<[u8; 32]>(), ephemeral in any::<[u8; 32]>(),
            plain in proptest::collection::vec(any::<u8>(), 0..200), flip in any::<prop::sample::Index>(),
        ) {
            let public = x25519_public(&recipient);
            let sealed = sealed_box_seal(&public, &ephemeral, &plain).unwrap();
            let epk = sealed_box_ephemeral(&sealed).unwrap();
            prop_assert_eq!(sealed_box_open(&public, x25519(&recipient, &epk).unwrap(), &sealed), Ok(plain));
            if x25519_public(&other) != public {
                prop_assert!(sealed_box_open(&public, x25519(&other, &epk).unwrap(), &sealed).is_err());
            }
            let mut broken = sealed;
            let at = flip.index(broken.len());
            broken[at] ^= 1;
            let epk = sealed_box_ephemeral(&broken).unwrap();
            if let Ok(shared) = x25519(&recipient, &epk) {
                // The top bit of a public key is ignored by X25519 but not by the nonce.
                prop_assert!(sealed_box_open(&public, shared, &broken).is_err());
            }
        }
    }
}
