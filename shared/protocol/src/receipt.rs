//! Signed receipts: the proof of payment that a customer can verify without the network.

use gridkey_domain::{CustomerNo, Fen, PaymentId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    bytes::{ByteArray, ByteString},
    cbor::{self, DecodeError},
    certificate::{ChainError, PublicKey, Purpose, TrustAnchor},
    crypto,
    order::CURRENCY,
};

/// What a receipt states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The version, 1.
    pub v: u64,
    /// SHA-256 of the order's bytes.
    pub order: ByteArray<32>,
    /// The order's id.
    pub id: PaymentId,
    /// Whose account.
    pub customer: CustomerNo,
    /// The amount paid, fen.
    pub amount: Fen,
    /// `CNY`.
    pub currency: String,
    /// `paid`.
    pub state: String,
    /// The gateway's reference.
    pub reference: String,
    /// When it was booked.
    pub at: Timestamp,
}

/// A receipt with the HSM's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedReceipt {
    /// The receipt's bytes.
    pub receipt: ByteString,
    /// The receipt key's signature.
    pub signature: ByteArray<64>,
    /// The receipt certificate's chain, leaf first, DER.
    pub chain: Vec<ByteString>,
}

/// Why a receipt proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Its bytes are not a receipt.
    #[error("the receipt is malformed: {0}")]
    Malformed(#[from] DecodeError),
    /// Version, currency or state is not what a receipt says.
    #[error("the receipt states something else than a payment")]
    Content,
    /// The chain is not trusted for receipts.
    #[error("the receipt's certificate is not trusted: {0}")]
    Chain(#[from] ChainError),
    /// The signing certificate was not valid when the receipt was made.
    #[error("the receipt's certificate was out of its time")]
    Expired,
    /// The signature is not the receipt key's.
    #[error("the receipt's signature is not valid")]
    Signature,
    /// It belongs to another order.
    #[error("the receipt is for another order")]
    OtherOrder,
}

/// What the receipt key signs: `"gridkey.v1/receipt" || 0x00 || H(receipt bytes)`.
pub fn message_to_sign(receipt: &[u8]) -> Vec<u8> {
    [&b"gridkey.v1/receipt\0"[..], &crypto::sha256(&[receipt])].concat()
}

impl SignedReceipt {
    /// Verifies chain, purpose, signature and content. The certificates are judged at the receipt's own time, since a receipt stays
    /// good after its certificate's end.
    pub fn verify(&self, anchor: &TrustAnchor) -> Result<Receipt, ReceiptError> {
        let receipt: Receipt = cbor::decode(self.receipt.as_ref())?;
        let leaf = anchor.validate(&self.chain, Purpose::Receipt, receipt.at)?;
        if !leaf.is_in_time(receipt.at) {
            return Err(ReceiptError::Expired);
        }
        let PublicKey::Ed25519(key) = leaf.public_key() else { return Err(ReceiptError::Signature) };
        crypto::verify_ed25519(&key, &message_to_sign(self.receipt.as_ref()), &self.signature.0)
            .map_err(|_| ReceiptError::Signature)?;
        if receipt.v != 1 || receipt.currency != CURRENCY || receipt.state != "paid" {
            return Err(ReceiptError::Content);
        }
        Ok(receipt)
    }

    /// As [`Self::verify`], and that it is the receipt of the order with these bytes.
    pub fn verify_for(&self, order: &[u8], anchor: &TrustAnchor) -> Result<Receipt, ReceiptError> {
        let receipt = self.verify(anchor)?;
        if receipt.order.0 == crypto::sha256(&[order]) { Ok(receipt) } else { Err(ReceiptError::OtherOrder) }
    }
}

#[cfg(test)]
mod tests;
