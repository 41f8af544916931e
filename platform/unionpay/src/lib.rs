//! UnionPay ACP 5.1.0 (online gateway, signMethod 01): what a merchant sends, what the gateway answers, and how each is
//! trusted.
//!
//! [`message`] holds fields and the string that is signed, [`parse`] reads answers and notifications, [`signing`] signs,
//! [`certificate`] and [`verify`] decide whether the gateway spoke, [`consume`], [`refund`] and [`query`] are the
//! transactions used here, [`notification`] reads the gateway's report of a payment, [`settlement`] its list of what it settled on a
//! day, [`client`] asks the gateway over HTTP.
//!
//! The one rule above all: a notification or a browser's return never proves a payment or a refund. Book only on
//! [`query::QueryOutcome::Paid`], read from a verified answer to a query.

pub mod certificate;
pub mod client;
pub mod consume;
pub mod keyed;
pub mod message;
pub mod notification;
pub mod parse;
pub mod query;
pub mod refund;
pub mod settlement;
pub mod signing;
#[cfg(feature = "test-pki")]
pub mod testpki;
pub mod time;
pub mod verify;

pub use message::Message;
