//! Guards around X25519 that hold for every backend.

use subtle::ConstantTimeEq;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::error::TokenError;

/// Refuses a public key of low order, whose agreement is all zero with every private key (RFC 7748 §6.1). Asked before
/// the token is: modules answer such a key with codes that say nothing.
pub(crate) fn refuse_weak_peer(peer: &[u8; 32]) -> Result<(), TokenError> {
    let any_scalar = StaticSecret::from([1; 32]);
    if any_scalar.diffie_hellman(&PublicKey::from(*peer)).was_contributory() {
        Ok(())
    } else {
        Err(TokenError::WeakPeer)
    }
}

/// Refuses an all-zero result.
pub(crate) fn refuse_all_zero(shared: Zeroizing<[u8; 32]>) -> Result<Zeroizing<[u8; 32]>, TokenError> {
    if bool::from(shared.ct_eq(&[0; 32])) { Err(TokenError::WeakPeer) } else { Ok(shared) }
}

#[cfg(test)]
mod tests {
    use super::refuse_weak_peer;

    #[test]
    fn points_of_low_order_are_refused_and_others_taken() {
        let mut minus_one = [0xff; 32];
        minus_one[0] = 0xec;
        minus_one[31] = 0x7f;
        let mut one = [0; 32];
        one[0] = 1;
        for weak in [[0; 32], one, minus_one] {
            assert!(refuse_weak_peer(&weak).is_err());
        }
        let mut nine = [0; 32];
        nine[0] = 9;
        assert!(refuse_weak_peer(&nine).is_ok());
    }
}
