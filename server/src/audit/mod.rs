//! The audit chain, its pure part: what an entry says, how entries hang together, and how a chain is verified.
//!
//! Each entry carries the hash of the one before, so that a changed, removed, reordered or inserted entry breaks the
//! chain at its place. Somebody who may write the whole database could write the whole chain anew; against that the
//! chain's head is signed by the HSM's receipt key and lodged at the payment platform, and [`verify`] holds the chain
//! against the lodged heads. What lies above the newest lodged head is the one stretch that can be cut off unseen, at
//! most a minute's worth.
//!
//! [`crate::store`] chains the entries; who asks for a verification checks the signatures of the lodged heads first
//! (over [`head_message`]) and passes only those that hold.

mod content;
mod verify;

pub use content::{Content, ContentError, content, read_content};
pub use verify::{AuditFault, AuditReport, Verifier, verify};

use sha2::{Digest, Sha256};

use crate::store::AuditHead;

/// The hash that stands before the first entry.
pub const START: [u8; 32] = [0; 32];

const ENTRY_DOMAIN: &[u8] = b"gridkey.v1/audit-entry";
const HEAD_DOMAIN: &[u8] = b"gridkey.v1/audit";

/// The hash of an entry: SHA-256 of `"gridkey.v1/audit-entry" || number as u64 big-endian || previous || content`.
pub fn entry_hash(number: u64, previous: &[u8; 32], content: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(ENTRY_DOMAIN);
    hash.update(number.to_be_bytes());
    hash.update(previous);
    hash.update(content);
    hash.finalize().into()
}

/// What the HSM's receipt key signs of a head: `"gridkey.v1/audit" || 0x00 || length as u64 big-endian || hash`.
pub fn head_message(head: &AuditHead) -> Vec<u8> {
    [HEAD_DOMAIN, &[0], &head.length.to_be_bytes(), &head.hash].concat()
}
