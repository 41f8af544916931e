//! gridkey.v1: handshake, frames, orders and receipts for both sides, without any I/O.
//!
//! Bytes, randomness and `now` go in; bytes, events and errors come out. Sockets, clocks, random generators, tokens and
//! HSMs stay outside: where a private key is needed that this process does not hold, a state names the bytes to sign or the
//! public key to agree with, and the next call takes the answer. `docs/protocol.md` is the contract in words,
//! `docs/gridkey-v1.cddl` its grammar.
//!
//! | module | holds |
//! |---|---|
//! | [`cbor`] | the strict CBOR of the contract and serde on top of it |
//! | [`crypto`] | hashes, key derivation, secret boxes, sealed boxes, strict Ed25519, X25519 |
//! | [`certificate`] | certificates by kind and path validation |
//! | [`handshake`] | `hello` and `authenticate`, both sides |
//! | [`frame`] | what travels after the handshake |
//! | [`session`] | numbering, windows and order of frames, both sides |
//! | [`ops`] | the operations, their bodies and results |
//! | [`order`], [`receipt`] | signed payment orders and signed receipts |
//! | [`possession`] | proof that a new key's holder has its private keys |
//! | [`command`] | administrators' signed acts |
//! | [`close`] | close codes |

pub mod bytes;
pub mod cbor;
pub mod certificate;
pub mod close;
pub mod command;
pub mod crypto;
pub mod frame;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
pub mod handshake;
pub mod limits;
pub mod ops;
pub mod order;
pub mod possession;
pub mod receipt;
pub mod session;
#[cfg(any(test, feature = "test-pki"))]
pub mod testpki;

pub use bytes::{ByteArray, ByteString};
pub use close::CloseCode;
pub use gridkey_domain as domain;

/// The WebSocket subprotocol, and the version prefix of every label that is hashed or signed.
pub const SUBPROTOCOL: &str = "gridkey.v1";
