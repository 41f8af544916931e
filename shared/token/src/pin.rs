//! The PIN as typed: wiped on drop, never printed.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use zeroize::Zeroizing;

/// A PIN that a person typed (or that a file named by that person holds).
///
/// It is wiped when dropped and its `Debug` shows nothing, not even the length. A token's own limits are checked at
/// login, before a try is spent.
#[derive(Clone)]
pub struct Pin(SecretString);

/// Why a text cannot be a PIN at all. No token was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PinRejected {
    /// Nothing was typed.
    #[error("the PIN is empty")]
    Empty,
    /// Longer than any token takes.
    #[error("the PIN is longer than {} bytes", Pin::MAX_BYTES)]
    TooLong,
    /// A line break, NUL or another control character, which a keyboard PIN never holds.
    #[error("the PIN holds a control character")]
    ControlCharacter,
}

impl Pin {
    /// The most bytes of UTF-8 that a PIN may take.
    pub const MAX_BYTES: usize = 255;

    /// Takes a typed text. Spaces count; nothing is trimmed.
    ///
    /// # Errors
    /// [`PinRejected`] when the text is empty, too long or holds control characters.
    pub fn new(text: impl Into<String>) -> Result<Self, PinRejected> {
        let text = Zeroizing::new(text.into());
        if text.is_empty() {
            return Err(PinRejected::Empty);
        }
        if text.len() > Self::MAX_BYTES {
            return Err(PinRejected::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(PinRejected::ControlCharacter);
        }
        Ok(Self(SecretString::from(text.as_str())))
    }

    /// Length in bytes of UTF-8, which is what tokens count.
    pub fn byte_len(&self) -> usize {
        self.0.expose_secret().len()
    }

    /// The PIN in clear, for the one call that hands it to the token.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The form that `cryptoki` takes (the same wiped type).
    #[cfg(feature = "pkcs11")]
    pub(crate) fn as_secret(&self) -> &SecretString {
        &self.0
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Pin, PinRejected};

    #[test]
    fn debug_shows_neither_digits_nor_length() {
        let pin = Pin::new("314159265358").expect("a PIN");
        assert_eq!(format!("{pin:?}"), "Pin(…)");
        assert_eq!(pin.byte_len(), 12);
    }

    #[test]
    fn empty_overlong_and_control_texts_are_no_pins() {
        assert_eq!(Pin::new("").err(), Some(PinRejected::Empty));
        assert_eq!(Pin::new("1".repeat(256)).err(), Some(PinRejected::TooLong));
        assert_eq!(Pin::new("1234\n").err(), Some(PinRejected::ControlCharacter));
        assert!(Pin::new("口令 1234").is_ok());
    }
}
