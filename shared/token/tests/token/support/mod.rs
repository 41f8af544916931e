//! Shared by the token's tests: a conformance suite for both backends, SoftHSM in a folder of its own, certificates.

pub(crate) mod certificate;
pub(crate) mod softhsm;
pub(crate) mod suite;

use gridkey_token::Pin;

/// A PIN known to be one.
pub(crate) fn pin(text: &str) -> Pin {
    Pin::new(text).expect("a PIN")
}
