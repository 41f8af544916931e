use proptest::prelude::*;

use super::*;
use crate::{
    handshake::tests::malleated,
    testpki::{Leaf, Spec, TestPki, now},
};

const ORDER: &[u8] = b"the bytes of an order";

fn receipt() -> Receipt {
    Receipt {
        v: 1,
        order: ByteArray(crypto::sha256(&[ORDER])),
        id: PaymentId::from_parts(1_795_334_400_000, [0x2a; 10]),
        customer: "1100000001".parse().unwrap(),
        amount: Fen::new(42).unwrap(),
        currency: CURRENCY.into(),
        state: "paid".into(),
        reference: "202611220800000000018".into(),
        at: now(),
    }
}

fn signed(receipt: &Receipt, key: &Leaf) -> SignedReceipt {
    let bytes = cbor::encode(receipt);
    SignedReceipt {
        signature: ByteArray(key.sign(&message_to_sign(&bytes))),
        receipt: ByteString(bytes),
        chain: key.chain.iter().cloned().map(ByteString).collect(),
    }
}

/// What a receipt proves after a change to it, signed by this key, and then to its signature or chain.
fn verify(key: &Leaf, state: impl FnOnce(&mut Receipt), wrap: impl FnOnce(&mut SignedReceipt)) -> Option<ReceiptError> {
    let mut receipt = receipt();
    state(&mut receipt);
    let mut signed = signed(&receipt, key);
    wrap(&mut signed);
    signed.verify_for(ORDER, &TestPki::new().anchor()).err()
}

fn key() -> Leaf {
    TestPki::new().leaf(Purpose::Receipt)
}

#[test]
fn a_receipt_proves_its_payment_and_no_other() {
    let signed = signed(&receipt(), &key());
    let anchor = TestPki::new().anchor();
    assert_eq!(signed.verify_for(ORDER, &anchor), Ok(receipt()));
    assert_eq!(signed.verify_for(b"another order", &anchor), Err(ReceiptError::OtherOrder));
}

#[test]
fn a_receipt_states_a_payment_and_nothing_else() {
    let states = |change: fn(&mut Receipt)| verify(&key(), change, |_| ());
    assert_eq!(states(|receipt| receipt.v = 2), Some(ReceiptError::Content));
    assert_eq!(states(|receipt| receipt.currency = "USD".into()), Some(ReceiptError::Content));
    assert_eq!(states(|receipt| receipt.state = "pending".into()), Some(ReceiptError::Content));
}

#[test]
fn only_the_receipt_key_under_the_root_signs_receipts() {
    let pki = TestPki::new();
    for kind in Purpose::ALL {
        let expected = (kind != Purpose::Receipt).then_some(ReceiptError::Chain(ChainError::Purpose));
        assert_eq!(verify(&pki.leaf(kind), |_| (), |_| ()), expected, "{kind:?}");
    }
    let other = TestPki::with_seed(1).leaf(Purpose::Receipt);
    assert_eq!(verify(&other, |_| (), |_| ()), Some(ReceiptError::Chain(ChainError::Signature(1))));
}

#[test]
fn the_signature_is_over_these_bytes_and_strict() {
    let wraps = |change: &dyn Fn(&mut SignedReceipt)| verify(&key(), |_| (), change);
    assert_eq!(wraps(&|signed| signed.signature.0[63] ^= 1), Some(ReceiptError::Signature));
    assert_eq!(
        wraps(&|signed| signed.signature = ByteArray(malleated(signed.signature.0))),
        Some(ReceiptError::Signature)
    );
    let order = wraps(&|signed| {
        let message = crate::order::message_to_sign(signed.receipt.as_ref());
        signed.signature = ByteArray(key().sign(&message));
    });
    assert_eq!(order, Some(ReceiptError::Signature), "a signature under another label");
    assert!(matches!(wraps(&|signed| signed.receipt.0.push(0)), Some(ReceiptError::Malformed(_))));
    assert!(matches!(wraps(&|signed| signed.receipt.0.clear()), Some(ReceiptError::Malformed(_))));
    assert_eq!(wraps(&|signed| signed.chain.clear()), Some(ReceiptError::Chain(ChainError::Length(0))));
}

#[test]
fn a_receipt_outlives_its_certificates_and_does_not_precede_them() {
    let pki = TestPki::new();
    let mut issuing = Spec::authority("Test issuing", 2).valid(-100, 100);
    issuing.authority = Some((true, Some(0)));
    let key = pki.root.subordinate(&issuing).issue(&pki.spec(Purpose::Receipt).valid(-50, 50));
    let at = |seconds| verify(&key, |receipt| receipt.at = now().plus_seconds(seconds), |_| ());
    // The verifier's clock is asked nowhere: what counts is when it was made.
    assert_eq!((at(-50), at(0), at(50)), (None, None, None));
    assert_eq!((at(-51), at(51)), (Some(ReceiptError::Expired), Some(ReceiptError::Expired)));
    assert_eq!(at(101), Some(ReceiptError::Chain(ChainError::IssuerOutOfTime(1))));
}

proptest! {
    #[test]
    fn a_changed_byte_never_passes(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let mut bytes = cbor::encode(&signed(&receipt(), &key()));
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(changed) = cbor::decode::<SignedReceipt>(&bytes) {
            prop_assert!(changed.verify_for(ORDER, &TestPki::new().anchor()).is_err());
        }
    }
}
