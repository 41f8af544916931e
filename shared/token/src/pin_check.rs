//! Whether a PIN typed later is the one that opened the key, without asking the key and without keeping the PIN.
//!
//! A program that stays logged in asks for the PIN again to lift a screen lock or to sign an order. The key itself would take a
//! try for that, and a wrong one would count; so a salted Argon2id hash in memory answers. It is made at the login and gone with
//! the program.

use argon2::{Algorithm, Argon2, Params, Version};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::error::TokenError;
use crate::pin::Pin;

/// KiB of memory for one check: some hundredths of a second.
const MEMORY_KIB: u32 = 16 * 1024;
/// Passes over it.
const PASSES: u32 = 2;

/// Recognises one PIN. Each look takes a noticeable time, so it belongs on a thread that may block.
pub struct PinCheck {
    salt: [u8; 16],
    hash: Zeroizing<[u8; 32]>,
}

impl PinCheck {
    /// Remembers `pin` as a hash under a fresh salt.
    ///
    /// # Errors
    /// [`TokenError::Randomness`].
    pub fn make(pin: &Pin) -> Result<Self, TokenError> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|_| TokenError::Randomness)?;
        Ok(Self { hash: hash(pin, &salt)?, salt })
    }

    /// Whether `pin` is the one.
    ///
    /// # Errors
    /// [`TokenError::Argument`] when the machine has no memory for it.
    pub fn recognises(&self, pin: &Pin) -> Result<bool, TokenError> {
        Ok(hash(pin, &self.salt)?.ct_eq(&*self.hash).into())
    }
}

impl std::fmt::Debug for PinCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PinCheck(…)")
    }
}

fn hash(pin: &Pin, salt: &[u8; 16]) -> Result<Zeroizing<[u8; 32]>, TokenError> {
    let fail = |error: &dyn std::fmt::Display| TokenError::Argument(format!("Argon2id: {error}"));
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(32)).map_err(|error| fail(&error))?;
    let mut out = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(pin.expose().as_bytes(), salt, &mut *out)
        .map_err(|error| fail(&error))?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::PinCheck;
    use crate::pin::Pin;

    #[test]
    fn knows_its_pin_and_no_other_and_shows_nothing() {
        let pin = |text: &str| Pin::new(text).expect("a PIN");
        let check = PinCheck::make(&pin("314159")).expect("a check");
        assert!(check.recognises(&pin("314159")).expect("an answer"));
        for other in ["314158", "3141590", "31415"] {
            assert!(!check.recognises(&pin(other)).expect("an answer"), "{other}");
        }
        assert_eq!(format!("{check:?}"), "PinCheck(…)");
    }
}
