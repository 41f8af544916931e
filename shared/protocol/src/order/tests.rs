use proptest::prelude::*;

use super::*;
use crate::{
    handshake::tests::{malleated, small_order_points},
    testpki::{Leaf, Spec, TestPki, now},
};

fn fen(amount: u64) -> Fen {
    Fen::new(amount).unwrap()
}

fn share(month: u8, amount: u64) -> Share {
    Share { bill: format!("B-2016-{month:02}-M1000000011").parse().unwrap(), amount: fen(amount) }
}

/// An order over two bills, signed by `key`.
fn order_of(key: &Leaf) -> Order {
    Order {
        v: 1,
        id: PaymentId::from_parts(1_795_334_400_000, [0x2a; 10]),
        customer: "1100000001".parse().unwrap(),
        bills: vec![share(1, 30), share(2, 12)],
        amount: fen(42),
        currency: CURRENCY.into(),
        method: Method::Gateway,
        created: now(),
        not_after: now().plus_seconds(limits::ORDER_DEFAULT_LIFE_SECONDS),
        key: ByteArray(key.fingerprint()),
    }
}

fn signed(order: &Order, key: &Leaf) -> SignedOrder {
    let bytes = cbor::encode(order);
    SignedOrder {
        signature: ByteArray(key.sign(&message_to_sign(&bytes))),
        order: ByteString(bytes),
        chain: key.chain.iter().cloned().map(ByteString).collect(),
    }
}

/// What is wrong with the shape, then with the time, of an order changed in one way.
fn fault(change: impl FnOnce(&mut Order)) -> Option<OrderFault> {
    let mut order = order_of(&TestPki::new().leaf(Purpose::UsbKey));
    change(&mut order);
    order.check_shape().and_then(|()| order.check_time(now())).err()
}

#[test]
fn a_correct_order_passes_and_reads_back() {
    let pki = TestPki::new();
    let key = pki.leaf(Purpose::UsbKey);
    let order = order_of(&key);
    let signed = signed(&order, &key);
    let (again, parsed) = SignedOrder::from_bytes(&cbor::encode(&signed)).unwrap();
    assert_eq!((&again, &parsed), (&signed, &order));
    assert_eq!(fault(|_| ()), None);
    assert_eq!(signed.verify(&order, &pki.anchor(), now()).unwrap().fingerprint(), key.fingerprint());
    assert_eq!(again.hash(), crypto::sha256(&[signed.order.as_ref()]));
}

#[test]
fn another_version_or_currency_is_refused() {
    assert_eq!(fault(|order| order.v = 0), Some(OrderFault::Version));
    assert_eq!(fault(|order| order.v = 2), Some(OrderFault::Version));
    assert_eq!(fault(|order| order.currency = "USD".into()), Some(OrderFault::Currency));
    assert_eq!(fault(|order| order.currency = "cny".into()), Some(OrderFault::Currency));
}

#[test]
fn an_order_pays_something_on_each_bill() {
    assert_eq!(fault(|order| order.amount = Fen::ZERO), Some(OrderFault::Nothing));
    assert_eq!(fault(|order| order.bills = vec![share(1, 42), share(2, 0)]), Some(OrderFault::Nothing));
    let nothing_on_account = fault(|order| {
        order.bills.clear();
        order.amount = Fen::ZERO;
    });
    assert_eq!(nothing_on_account, Some(OrderFault::Nothing));
}

#[test]
fn a_payment_on_account_names_no_bill() {
    assert_eq!(fault(|order| order.bills.clear()), None);
}

#[test]
fn each_bill_stands_once() {
    assert_eq!(fault(|order| order.bills = vec![share(1, 21), share(1, 21)]), Some(OrderFault::DuplicateBill));
}

#[test]
fn the_amount_is_the_sum_and_never_wraps() {
    assert_eq!(fault(|order| order.amount = fen(41)), Some(OrderFault::Sum));
    assert_eq!(fault(|order| order.amount = fen(43)), Some(OrderFault::Sum));
    let wrapping = fault(|order| {
        order.bills = vec![share(1, limits::INTEGER), share(2, limits::INTEGER), share(3, 44)];
        order.amount = fen(42);
    });
    assert_eq!(wrapping, Some(OrderFault::Sum));
}

#[test]
fn the_dates_are_judged_by_the_servers_clock_to_the_second() {
    let at = |created: i64, life: i64| {
        fault(|order| {
            order.created = now().plus_seconds(created);
            order.not_after = order.created.plus_seconds(life);
        })
    };
    let (ahead, life) = (limits::ORDER_AHEAD_SECONDS, limits::ORDER_LIFE_SECONDS);
    assert_eq!(at(ahead, 60), None);
    assert_eq!(at(ahead + 1, 60), Some(OrderFault::Ahead));
    assert_eq!(at(0, life), None);
    assert_eq!(at(0, life + 1), Some(OrderFault::Life));
    assert_eq!(at(0, -1), Some(OrderFault::Life));
    assert_eq!(at(0, 0), None);
    assert_eq!(at(-60, 60), None);
    assert_eq!(at(-61, 60), Some(OrderFault::Over));
    assert_eq!(at(-life, life), None);
}

/// What the proof of an order signed by this key says.
fn proof(key: &Leaf, change: impl FnOnce(&mut Order, &mut SignedOrder)) -> Option<OrderProofError> {
    let mut order = order_of(key);
    let mut signed = signed(&order, key);
    change(&mut order, &mut signed);
    signed.verify(&order, &TestPki::new().anchor(), now()).err()
}

#[test]
fn an_order_names_the_key_that_signed_it() {
    let pki = TestPki::new();
    let (key, other) = (pki.usbkey("1100000001", 1), pki.usbkey("1100000001", 2));
    assert_eq!(proof(&key, |order, _| order.key = ByteArray(other.fingerprint())), Some(OrderProofError::Key));
    assert_eq!(proof(&key, |_, signed| signed.chain.clear()), Some(OrderProofError::Key));
    // The other's chain with its hash, but not its signature.
    let stolen = proof(&key, |order, signed| {
        order.key = ByteArray(other.fingerprint());
        signed.chain = other.chain.iter().cloned().map(ByteString).collect();
    });
    assert_eq!(stolen, Some(OrderProofError::Signature));
}

#[test]
fn only_a_customers_key_under_the_root_orders() {
    let pki = TestPki::new();
    for kind in Purpose::ALL {
        let expected = (kind != Purpose::UsbKey).then_some(OrderProofError::Chain(ChainError::Purpose));
        assert_eq!(proof(&pki.leaf(kind), |_, _| ()), expected, "{kind:?}");
    }
    let stranger = TestPki::with_seed(1).leaf(Purpose::UsbKey);
    assert_eq!(proof(&stranger, |_, _| ()), Some(OrderProofError::Chain(ChainError::Signature(1))));
    let issuing = Spec::authority("Test issuing", 2).valid(-20, -10);
    let late = pki.root.subordinate(&issuing).issue(&pki.spec(Purpose::UsbKey));
    assert_eq!(proof(&late, |_, _| ()), Some(OrderProofError::Chain(ChainError::IssuerOutOfTime(1))));
}

#[test]
fn the_signature_is_over_these_bytes_and_strict() {
    let key = TestPki::new().leaf(Purpose::UsbKey);
    assert_eq!(proof(&key, |_, signed| signed.signature.0[0] ^= 1), Some(OrderProofError::Signature));
    let second = proof(&key, |_, signed| signed.signature = ByteArray(malleated(signed.signature.0)));
    assert_eq!(second, Some(OrderProofError::Signature));
    assert_eq!(proof(&key, |_, signed| signed.order.0[3] ^= 1), Some(OrderProofError::Signature));
    // A signature made to log in, or over a receipt, orders nothing.
    let login = proof(&key, |_, signed| {
        let mut message = b"gridkey.v1/authenticate\0".to_vec();
        message.extend(signed.hash());
        signed.signature = ByteArray(key.sign(&message));
    });
    assert_eq!(login, Some(OrderProofError::Signature));
}

#[test]
fn a_key_out_of_its_time_orders_nothing() {
    let pki = TestPki::new();
    for (from, to) in [(-20, -10), (10, 20)] {
        let key = pki.issue(&pki.spec(Purpose::UsbKey).valid(from, to));
        assert_eq!(proof(&key, |_, _| ()), Some(OrderProofError::Expired));
        let forged = proof(&key, |_, signed| signed.signature.0[0] ^= 1);
        assert_eq!(forged, Some(OrderProofError::Signature), "the signature is judged first");
    }
}

#[test]
fn an_order_cut_or_with_a_second_spelling_is_malformed() {
    let key = TestPki::new().leaf(Purpose::UsbKey);
    let whole = signed(&order_of(&key), &key);
    let plain = cbor::encode(&whole);
    for cut in 0..plain.len() {
        assert!(SignedOrder::from_bytes(&plain[..cut]).is_err());
    }
    let inner = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut changed = whole.clone();
        change(&mut changed.order.0);
        SignedOrder::from_bytes(&cbor::encode(&changed)).is_err()
    };
    assert!(!inner(&|_| ()));
    assert!(inner(&|order| order.push(0)));
    assert!(inner(&|order| order.truncate(order.len() - 1)));
    assert!(inner(&Vec::clear));
    // A map of eleven entries, the last unknown.
    assert!(inner(&|order| {
        order[0] += 1;
        order.extend([0x61, b'x', 0xf6]);
    }));
}

#[test]
fn a_sealed_order_opens_on_the_hsm_only() {
    let pki = TestPki::new();
    let (key, envelope) = (pki.leaf(Purpose::UsbKey), pki.leaf(Purpose::Envelope));
    let signed = signed(&order_of(&key), &key);
    let sealed = signed.seal(&envelope.public(), &[5; 32]).unwrap();
    let epk = crypto::sealed_box_ephemeral(&sealed).unwrap();
    let open = |shared, sealed: &[u8]| crypto::sealed_box_open(&envelope.public(), shared, sealed);
    assert_eq!(open(envelope.agree(&epk), &sealed), Ok(cbor::encode(&signed)));
    assert_eq!(open(pki.leaf(Purpose::Agreement).agree(&epk), &sealed), Err(CryptoError::DoesNotOpen));
    assert_eq!(open(crypto::Secret32::default(), &sealed), Err(CryptoError::AllZero));
    for cut in 0..sealed.len() {
        assert_eq!(open(envelope.agree(&epk), &sealed[..cut]), Err(CryptoError::DoesNotOpen), "{cut}");
    }
}

#[test]
fn a_point_of_small_order_seals_and_opens_nothing() {
    let pki = TestPki::new();
    let (key, envelope) = (pki.leaf(Purpose::UsbKey), pki.leaf(Purpose::Envelope));
    let signed = signed(&order_of(&key), &key);
    for point in small_order_points() {
        assert_eq!(signed.seal(&point, &[5; 32]), Err(CryptoError::AllZero));
        // The HSM's answer to such an ephemeral key.
        let mut sealed = signed.seal(&envelope.public(), &[5; 32]).unwrap();
        sealed[..32].copy_from_slice(&point);
        let shared = envelope.agree(&point);
        assert_eq!(crypto::sealed_box_open(&envelope.public(), shared, &sealed), Err(CryptoError::AllZero));
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_no_order(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(SignedOrder::from_bytes(&bytes).is_err());
    }

    #[test]
    fn a_shape_is_right_exactly_when_the_rules_say_so(
        amounts in proptest::collection::vec((1_u8..5, 0_u64..4), 0..4), amount in 0_u64..10,
    ) {
        let rule_nothing = amount == 0 || amounts.iter().any(|(_, part)| *part == 0);
        let mut months: Vec<u8> = amounts.iter().map(|(month, _)| *month).collect();
        months.sort_unstable();
        let rule_twice = months.windows(2).any(|pair| pair[0] == pair[1]);
        let rule_sum = !amounts.is_empty() && amounts.iter().map(|(_, part)| part).sum::<u64>() != amount;
        let found = fault(|order| {
            order.bills = amounts.iter().map(|(month, part)| share(*month, *part)).collect();
            order.amount = fen(amount);
        });
        let expected = if rule_nothing {
            Some(OrderFault::Nothing)
        } else if rule_twice {
            Some(OrderFault::DuplicateBill)
        } else if rule_sum {
            Some(OrderFault::Sum)
        } else {
            None
        };
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_changed_byte_of_a_sealed_order_never_passes(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let pki = TestPki::new();
        let (key, envelope) = (pki.leaf(Purpose::UsbKey), pki.leaf(Purpose::Envelope));
        let mut sealed = signed(&order_of(&key), &key).seal(&envelope.public(), &[5; 32]).unwrap();
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        let epk = crypto::sealed_box_ephemeral(&sealed).unwrap();
        prop_assert!(crypto::sealed_box_open(&envelope.public(), envelope.agree(&epk), &sealed).is_err());
    }
}
