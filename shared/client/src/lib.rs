//! The customer's payment software without a user interface: session, offline store, payment queue.
//!
//! | module | holds |
//! |---|---|
//! | [`config`] | server, root, token and limits, as configured |
//! | [`key`] | the USBKEY: certificates verified before the PIN, signing, agreeing |
//! | [`transport`] | TLS and WebSocket below a session, behind traits |
//! | [`session`] | the session actor: handshake, requests, pushes, reconnect |
//! | [`store`] | what is kept on this machine, encrypted under the USBKEY |
//! | [`queue`] | the life of a payment order, as functions of its record |
//! | [`app`] | the whole program without a face: snapshots, commands, events |
//! | [`client`] | all of it together: what a program with a user interface calls |
//! | [`bill_check`] | a bill reckoned again from what it states |
//! | [`request`] | certificate requests signed on the key |
//!
//! A program opens a token, verifies its certificates ([`key::KeyCertificates::read`]), logs in ([`key::UsbKey::log_in`]),
//! opens the store ([`store::Store::open`]) and makes a [`client::Client`] of them; [`client::Client::connect`] starts a session.

pub mod address;
pub mod app;
pub mod bill_check;
pub mod client;
pub mod clock;
pub mod config;
pub mod key;
pub mod queue;
pub mod random;
pub mod request;
pub mod session;
pub mod store;
pub mod transport;

#[cfg(test)]
mod testing;
