//! The USBKEY: the hardware token in the customer's hand, and the software file that stands in for one on phones and in
//! trials.
//!
//! A [`Token`] shows its certificates before any PIN is typed; [`Token::login`] turns it into a [`TokenSession`] that
//! signs (Ed25519) and agrees on keys (X25519) without a private key ever leaving the token. Two backends stand behind
//! these traits: `pkcs11` (any module, through `cryptoki`) and [`software`] (one encrypted file). `presence` tells when a
//! token is plugged in or pulled out; [`source`] puts both together for a program that lets a person choose a key.
//!
//! Everything here blocks, as PKCS#11 does: callers with an event loop put a session on a thread of its own.
//!
//! The features `pkcs11` and `pcsc`, both on by default, bring the hardware in; a phone does without.
//!
//! Rules that hold for both backends: no PIN is tried that nobody typed, none is tried twice, and the last try is not
//! spent unless the caller says that the person agreed ([`Caution::LastTryConfirmed`]).

mod agreement;
pub mod certificate;
pub mod error;
pub mod key;
pub mod pin;
pub mod pin_check;
#[cfg(feature = "pkcs11")]
pub mod pkcs11;
#[cfg(any(feature = "pkcs11", feature = "pcsc"))]
pub mod presence;
pub mod request;
pub mod software;
pub mod source;
pub mod token;
pub mod uri;

pub use certificate::TokenCertificate;
pub use error::{Remedy, TokenError};
pub use key::{KeyId, KeyKind, KeyRef, PublicKey, TokenKey};
pub use pin::{Pin, PinRejected};
pub use pin_check::PinCheck;
#[cfg(feature = "pkcs11")]
pub use pkcs11::{Pkcs11Provider, Pkcs11Token};
#[cfg(any(feature = "pkcs11", feature = "pcsc"))]
pub use presence::{Presence, PresenceWatcher};
pub use request::certification_request;
pub use software::{KdfParams, SoftwareToken};
#[cfg(feature = "pkcs11")]
pub use source::Pkcs11Keys;
pub use source::{KeySource, KeyWatch, PresentKey, ReaderService, SoftwareKeys, SourceInfo, SourceKind};
pub use token::{Caution, KeyMaker, PinState, Token, TokenInfo, TokenSession, Tries};
pub use uri::{Pkcs11Uri, UriError};
