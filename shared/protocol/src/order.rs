//! Signed payment orders: encoded once, signed, carried and stored unchanged.

use std::collections::HashSet;

use gridkey_domain::{
    CustomerNo, Fen, PaymentId, Timestamp,
    payment::{BillShare, Method},
};
use serde::{Deserialize, Serialize};

use crate::{
    bytes::{ByteArray, ByteString},
    cbor::{self, DecodeError},
    certificate::{Certificate, ChainError, PublicKey, Purpose, TrustAnchor},
    crypto::{self, CryptoError},
    limits,
};

/// The currency of every order.
pub const CURRENCY: &str = "CNY";

/// What a customer orders to be paid. The bytes of its first encoding are what counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The version, 1.
    pub v: u64,
    /// The idempotency key.
    pub id: PaymentId,
    /// Whose account.
    pub customer: CustomerNo,
    /// What it pays; empty for a payment on account.
    pub bills: Vec<Share>,
    /// The whole amount, fen.
    pub amount: Fen,
    /// `CNY`.
    pub currency: String,
    /// How it is paid.
    pub method: Method,
    /// When it was signed.
    pub created: Timestamp,
    /// Until when it may be executed.
    pub not_after: Timestamp,
    /// SHA-256 of the signing certificate's DER.
    pub key: ByteArray<32>,
}

/// A bill's part of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// The bill.
    pub bill: gridkey_domain::BillId,
    /// The part paid on it, fen.
    pub amount: Fen,
}

impl From<Share> for BillShare {
    fn from(share: Share) -> Self {
        Self { bill: share.bill, amount: share.amount }
    }
}

/// An order that contradicts itself or the rules, whoever signed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderFault {
    /// Another version than 1.
    #[error("v: 1 expected")]
    Version,
    /// Another currency than CNY.
    #[error("currency: CNY expected")]
    Currency,
    /// Nothing, or nothing for one of the bills.
    #[error("amount: more than 0 expected")]
    Nothing,
    /// A bill occurs twice.
    #[error("bills: each bill once expected")]
    DuplicateBill,
    /// The parts do not add up to the amount.
    #[error("amount: the sum of the bills' amounts expected")]
    Sum,
    /// `created` is more than 5 minutes ahead.
    #[error("created: lies in the future; check the clock")]
    Ahead,
    /// `not_after` has passed.
    #[error("not_after: the order's time is over")]
    Over,
    /// `not_after` is before `created`, or more than 168 h after it.
    #[error("not_after: at most 168 hours after created expected")]
    Life,
}

impl Order {
    /// The contradictions that make an order malformed (`bad-request`): version, currency, sums, duplicates.
    pub fn check_shape(&self) -> Result<(), OrderFault> {
        if self.v != 1 {
            return Err(OrderFault::Version);
        }
        if self.currency != CURRENCY {
            return Err(OrderFault::Currency);
        }
        if self.amount == Fen::ZERO || self.bills.iter().any(|share| share.amount == Fen::ZERO) {
            return Err(OrderFault::Nothing);
        }
        let mut seen = HashSet::new();
        if !self.bills.iter().all(|share| seen.insert(&share.bill)) {
            return Err(OrderFault::DuplicateBill);
        }
        if !self.bills.is_empty() && Fen::checked_sum(self.bills.iter().map(|share| share.amount)) != Some(self.amount)
        {
            return Err(OrderFault::Sum);
        }
        Ok(())
    }

    /// The time rules at `now`, the server's clock.
    pub fn check_time(&self, now: Timestamp) -> Result<(), OrderFault> {
        if self.created.seconds_since(now) > limits::ORDER_AHEAD_SECONDS {
            return Err(OrderFault::Ahead);
        }
        if !(0..=limits::ORDER_LIFE_SECONDS).contains(&self.not_after.seconds_since(self.created)) {
            return Err(OrderFault::Life);
        }
        if self.not_after < now {
            return Err(OrderFault::Over);
        }
        Ok(())
    }
}

/// What the USBKEY signs for an order: `"gridkey.v1/order" || 0x00 || H(order bytes)`.
pub fn message_to_sign(order: &[u8]) -> Vec<u8> {
    [&b"gridkey.v1/order\0"[..], &crypto::sha256(&[order])].concat()
}

/// An order with its signature, as sealed to the HSM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedOrder {
    /// The order's bytes.
    pub order: ByteString,
    /// The USBKEY's signature.
    pub signature: ByteArray<64>,
    /// The signing certificate's chain, leaf first, DER.
    pub chain: Vec<ByteString>,
}

/// Why a signed order is not the work of the key it names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderProofError {
    /// `key` is not the hash of the chain's leaf.
    #[error("key: the hash of the signing certificate expected")]
    Key,
    /// The chain is not trusted, or not a customer's.
    #[error("the signing certificate is not trusted: {0}")]
    Chain(#[from] ChainError),
    /// The signature is not the key's.
    #[error("the order's signature is not valid")]
    Signature,
    /// The signing certificate was not valid when the order was made.
    #[error("the signing certificate is out of its time")]
    Expired,
}

impl SignedOrder {
    /// Reads what was sealed; trailing bytes, unknown fields and a broken inner order are refused alike.
    pub fn from_bytes(plain: &[u8]) -> Result<(Self, Order), DecodeError> {
        let signed: Self = cbor::decode(plain)?;
        let order: Order = cbor::decode(signed.order.as_ref())?;
        Ok((signed, order))
    }

    /// SHA-256 of the order's bytes: the order's identity beside its id.
    pub fn hash(&self) -> [u8; 32] {
        crypto::sha256(&[self.order.as_ref()])
    }

    /// Checks certificate hash, chain, purpose, signature and the leaf's time at `now`, in this order.
    pub fn verify(&self, order: &Order, anchor: &TrustAnchor, now: Timestamp) -> Result<Certificate, OrderProofError> {
        let leaf_hash = self.chain.first().map(|leaf| crypto::sha256(&[leaf.as_ref()]));
        if leaf_hash != Some(order.key.0) {
            return Err(OrderProofError::Key);
        }
        let leaf = anchor.validate(&self.chain, Purpose::UsbKey, now)?;
        let PublicKey::Ed25519(key) = leaf.public_key() else { return Err(OrderProofError::Signature) };
        crypto::verify_ed25519(&key, &message_to_sign(self.order.as_ref()), &self.signature.0)
            .map_err(|_| OrderProofError::Signature)?;
        if !leaf.is_in_time(now) {
            return Err(OrderProofError::Expired);
        }
        Ok(leaf)
    }

    /// Seals it to the envelope key `recipient` with a fresh `ephemeral` secret.
    pub fn seal(&self, recipient: &[u8; 32], ephemeral: &[u8; 32]) -> Result<Vec<u8>, CryptoError> {
        crypto::sealed_box_seal(recipient, ephemeral, &zeroize::Zeroizing::new(cbor::encode(self)))
    }
}

#[cfg(test)]
mod tests;
