//! From what was typed to a PIN.

use gridkey_kit::{form::Pin as Typed, t};
use gridkey_token::{Pin, PinRejected};

/// Takes a typed PIN out of its field. The error is a sentence.
pub fn typed_pin(typed: &mut Typed) -> Result<Pin, String> {
    Pin::new(typed.take().as_str()).map_err(|rejected| match rejected {
        PinRejected::Empty => t!("gate-pin-empty"),
        PinRejected::TooLong | PinRejected::ControlCharacter => t!("gate-pin-wrong-characters"),
    })
}

/// A limit that nobody types up to says nothing.
const TOLD: usize = 64;

/// How long a PIN is, by the key's `(shortest, longest)`, in a sentence.
pub fn pin_hint((min, max): (usize, usize)) -> String {
    if max > TOLD { t!("gate-pin-hint-least", min = min) } else { t!("gate-pin-hint", min = min, max = max) }
}

/// Why two typed PINs make no new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewPinError {
    /// Nothing was typed.
    Empty,
    /// Shorter than the key takes.
    Short(usize),
    /// Longer than the key takes.
    Long(usize),
    /// The second is not the first.
    Different,
}

impl NewPinError {
    /// Whether it is about the second field.
    pub const fn is_second(self) -> bool {
        matches!(self, Self::Different)
    }

    /// In a sentence.
    pub fn text(self) -> String {
        match self {
            Self::Empty => t!("gate-pin-empty"),
            Self::Short(min) => t!("gate-first-short", min = min),
            Self::Long(max) => t!("gate-first-long", max = max),
            Self::Different => t!("gate-first-different"),
        }
    }
}

/// Whether two typed PINs make a new one that the key's `(shortest, longest)` allows. Looks only; takes nothing out.
pub fn new_pin(new: &Typed, again: &Typed, (min, max): (usize, usize)) -> Result<(), NewPinError> {
    match new.len() {
        0 => Err(NewPinError::Empty),
        len if len < min => Err(NewPinError::Short(min)),
        len if len > max => Err(NewPinError::Long(max)),
        _ if new.as_str() != again.as_str() => Err(NewPinError::Different),
        _ => Ok(()),
    }
}
