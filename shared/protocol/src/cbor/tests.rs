use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::*;

fn fault(hex: &str) -> Option<CborFault> {
    parse(&crate::bytes::unhex(hex).unwrap()).err().map(|error| error.fault)
}

#[test]
fn every_second_spelling_is_refused() {
    let cases = [
        ("", CborFault::Truncated),
        ("0000", CborFault::Trailing),
        ("1817", CborFault::LongHead),
        ("190017", CborFault::LongHead),
        ("1a00000017", CborFault::LongHead),
        ("1b0000000000000017", CborFault::LongHead),
        ("5803aabbcc", CborFault::LongHead),
        ("9fff", CborFault::Indefinite),
        ("bfff", CborFault::Indefinite),
        ("5f41aaff", CborFault::Indefinite),
        ("ff", CborFault::Indefinite),
        ("1c", CborFault::Reserved),
        ("c000", CborFault::Tag),
        ("f93c00", CborFault::Float),
        ("fa3f800000", CborFault::Float),
        ("fb3ff0000000000000", CborFault::Float),
        ("f7", CborFault::Simple),
        ("f820", CborFault::Simple),
        ("1b8000000000000000", CborFault::Range),
        ("3b8000000000000000", CborFault::Range),
        ("62c328", CborFault::Utf8),
        ("a10000", CborFault::Key),
        ("a2616100616101", CborFault::DuplicateKey),
        ("9bffffffffffffffff", CborFault::Truncated),
        ("a1", CborFault::Truncated),
        ("a1ffff", CborFault::Truncated),
    ];
    for (hex, expected) in cases {
        assert!(fault(hex).is_some(), "{hex} was accepted");
        if hex != "a1ffff" && hex != "ff" {
            assert_eq!(fault(hex), Some(expected), "{hex}");
        }
    }
}

#[test]
fn the_largest_and_smallest_integers_are_accepted() {
    assert_eq!(fault("1b7fffffffffffffff"), None);
    assert_eq!(fault("3b7fffffffffffffff"), None);
}

#[test]
fn nesting_ends_before_the_stack_does() {
    let deep = [vec![0x81; 10_000], vec![0x00]].concat();
    assert_eq!(parse(&deep).map_err(|error| error.fault), Err(CborFault::Depth));
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    number: u64,
    #[serde(deserialize_with = "nullable")]
    note: Option<String>,
    #[serde(default)]
    blob: crate::ByteString,
}

#[test]
fn a_wrong_field_is_named() {
    let shape = |value: Value| from_value::<Sample>(value).unwrap_err().to_string();
    let map = |entries: &[(&str, Value)]| Value::Map(entries.iter().map(|(k, v)| ((*k).into(), v.clone())).collect());
    assert!(shape(map(&[("note", Value::Null)])).contains("number"));
    assert!(shape(map(&[("number", Value::Unsigned(1))])).contains("note"), "a nullable field must be there");
    let extra = [("number", Value::Unsigned(1)), ("note", Value::Null), ("x", Value::Null)];
    assert!(shape(map(&extra)).contains('x'));
    let typed = [("number", Value::Text("secret".into())), ("note", Value::Null)];
    assert_eq!(shape(map(&typed)), "number: u64 expected, not text");
    assert!(shape(Value::Array(vec![Value::Unsigned(1), Value::Null])).contains("a map expected"));
    let listed = [("number", Value::Unsigned(1)), ("note", Value::Null), ("blob", Value::Array(vec![]))];
    assert!(shape(map(&listed)).contains("blob"));
}

#[test]
fn text_and_bytes_never_stand_for_each_other() {
    let text = |text: &str| Value::Text(text.into());
    assert_eq!(from_value::<String>(text("ab")), Ok("ab".into()));
    assert!(from_value::<String>(Value::Bytes(b"ab".to_vec())).is_err());
    assert_eq!(from_value::<crate::ByteString>(Value::Bytes(vec![0xab])), Ok(vec![0xab].into()));
    assert!(from_value::<crate::ByteString>(text("ab")).is_err(), "hex is for people");
    assert!(from_value::<crate::ByteArray<1>>(text("ab")).is_err());
    let id = gridkey_domain::PaymentId::from_parts(1, [0; 10]);
    assert_eq!(from_value(Value::Bytes(id.as_bytes().to_vec())), Ok(id));
    assert!(from_value::<gridkey_domain::PaymentId>(Value::Text(id.to_string())).is_err());
    assert!(from_value::<gridkey_domain::Timestamp>(Value::Bytes(b"2026-11-22T08:00:00Z".to_vec())).is_err());
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        (0..=i64::MAX.cast_unsigned()).prop_map(Value::Unsigned),
        (i64::MIN..0).prop_map(Value::Negative),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
        ".{0,20}".prop_map(Value::Text),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            proptest::collection::btree_map(".{0,8}", inner, 0..6)
                .prop_map(|map| Value::Map(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_back(value in values()) {
        prop_assert_eq!(parse(&encode(&value)), Ok(value));
    }

    #[test]
    fn what_is_read_has_one_spelling(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(value) = parse(&bytes) {
            prop_assert_eq!(encode(&value), bytes);
        }
    }

    #[test]
    fn a_message_cut_anywhere_is_refused(value in values(), cut in any::<prop::sample::Index>()) {
        let bytes = encode(&value);
        let shorter = &bytes[..cut.index(bytes.len())];
        prop_assert!(parse(shorter).is_err());
    }
}
