//! Every message holds to `docs/gridkey-v1.cddl`, and what the grammar refuses is no message.

#![expect(clippy::unwrap_used, reason = "a test may stop where it finds a fault")]

use std::{collections::BTreeSet, sync::LazyLock};

use cddl_cat::{ValidateError, cbor::validate_cbor, context::BasicContext, flatten::flatten_from_str};
use gridkey_protocol::{
    bytes::unhex,
    cbor::{self, DecodeError, Value},
    ops::{AdminOp, CustomerOp, error},
    testpki::samples::{self, Exchange, Sample},
};
use proptest::prelude::*;

const CDDL: &str = include_str!("../../../docs/gridkey-v1.cddl");

/// The grammar with its regular expressions anchored (RFC 8610 anchors them, this validator does not).
fn grammar() -> String {
    CDDL.lines()
        .map(|line| match line.split_once(".regexp \"") {
            None => line.to_owned(),
            Some((before, rest)) => {
                let (pattern, after) = rest.split_once('"').unwrap();
                format!("{before}.regexp \"^(?:{pattern})$\"{after}")
            }
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// The grammar as this version writes it: without room for what later versions may add.
fn closed_grammar() -> String {
    grammar().replace(", future }", " }").replace("  future\n", "").replace("future = (* text => any)", "")
}

/// A grammar ready to be used.
struct Grammar(BasicContext);

impl Grammar {
    fn open() -> Self {
        Self(BasicContext::new(flatten_from_str(&grammar()).unwrap()))
    }

    fn closed() -> Self {
        Self(BasicContext::new(flatten_from_str(&closed_grammar()).unwrap()))
    }

    fn check(&self, rule: &str, bytes: &[u8]) -> Result<(), ValidateError> {
        let rule = self.0.rules.get(rule).unwrap_or_else(|| panic!("no rule {rule}"));
        validate_cbor(rule, &ciborium::from_reader(bytes).unwrap(), &self.0)
    }

    fn holds(&self, rule: &str, bytes: &[u8]) -> bool {
        match self.check(rule, bytes) {
            Ok(()) => true,
            // A value error is what `.cbor` says of bytes that are no CBOR.
            Err(ValidateError::Mismatch(_) | ValidateError::MapCut(_) | ValidateError::ValueError(_)) => false,
            Err(other) => panic!("{rule}: {other}"),
        }
    }
}

/// Whether a rule's values travel by themselves.
fn is_message(rule: &str) -> bool {
    let own = ["hello", "authenticate", "welcome-frame", "request", "response-ok", "response-error", "push-frame"];
    own.contains(&rule)
}

#[test]
fn every_message_holds_to_its_rule() {
    let grammar = Grammar::closed();
    for Sample { rule, bytes } in samples::all() {
        let outcome = grammar.check(&rule, &bytes);
        assert!(outcome.is_ok(), "{rule}: {outcome:?}\n{:?}", cbor::parse(&bytes));
        let outer = match rule.as_str() {
            "hello" | "authenticate" | "welcome-frame" | "request" | "response-ok" | "response-error"
            | "push-frame" => "message",
            _ => continue,
        };
        assert!(grammar.holds(outer, &bytes), "{rule} is no {outer}");
    }
}

#[test]
fn every_vector_holds_to_its_rule() {
    let vectors: serde_json::Value = serde_json::from_str(include_str!("../vectors/gridkey-v1.json")).unwrap();
    let vector = |name: &str| unhex(vectors[name].as_str().unwrap()).unwrap();
    let mut signed_receipt = vec![0xa3];
    for (key, value) in [
        ("receipt", Value::Bytes(vector("receipt"))),
        ("signature", Value::Bytes(vector("receipt_signature"))),
        ("chain", Value::Array(vec![Value::Bytes(vector("receipt_certificate"))])),
    ] {
        signed_receipt.extend(cbor::encode(key));
        signed_receipt.extend(cbor::encode(&value));
    }
    let messages = [
        ("hello", vector("hello")),
        ("any-hello", vector("hello")),
        ("authenticate", vector("authenticate")),
        ("proof", vector("proof")),
        ("welcome-frame", vector("welcome")),
        ("request", vector("request")),
        ("any-request", vector("request")),
        ("order", vector("order")),
        ("signed-order", vector("sealed_plaintext")),
        ("receipt", vector("receipt")),
        ("signed-receipt", signed_receipt),
    ];
    let grammar = Grammar::closed();
    for (rule, bytes) in messages {
        assert!(grammar.holds(rule, &bytes), "{rule}");
    }
}

#[test]
fn every_operation_has_its_rules() {
    for op in CustomerOp::ALL {
        let name = op.name().replace('.', "-");
        for rule in [format!("op-{name}-body = "), format!("op-{name}-result = ")] {
            assert!(CDDL.lines().any(|line| line.starts_with(&rule)), "no rule {rule}");
        }
        assert!(CDDL.contains(&format!("op: \"{}\", body: op-{name}-body }}", op.name())), "{name} is no request");
    }
    for op in AdminOp::ALL {
        let name = op.name().replace('.', "-");
        for rule in [format!("op-{name}-body = "), format!("op-{name}-result = ")] {
            assert!(CDDL.lines().any(|line| line.starts_with(&rule)), "no rule {rule}");
        }
        let place = if op.is_act() { "op: " } else { "id: u63, op: " };
        assert!(CDDL.contains(&format!("{{ {place}\"{}\", body: op-{name}-body }}", op.name())), "{name} is nowhere");
        assert_eq!(Grammar::open().holds("act-name", &cbor::encode(op.name())), op.is_act(), "{name}");
    }
}

#[test]
fn every_rule_is_used_or_a_root() {
    let roots = ["message", "any-hello", "any-request", "proof", "signed-order", "admin-request", "command", "act"];
    let code: Vec<&str> = CDDL.lines().map(|line| line.split(';').next().unwrap()).collect();
    let rules: BTreeSet<&str> = code
        .iter()
        .filter(|line| !line.starts_with([' ', '}', ')']))
        .filter_map(|line| line.split_once(" =").map(|(name, _)| name.split('<').next().unwrap()))
        .collect();
    let words: Vec<&str> =
        code.iter().flat_map(|line| line.split(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c)))).collect();
    for rule in &rules {
        let count = words.iter().filter(|word| *word == rule).count();
        let is_result = rule.starts_with("op-") && rule.ends_with("-result");
        assert!(count > 1 || is_result || roots.contains(rule), "{rule} is not used");
    }
    assert!(rules.len() > 100, "the rules were not found: {}", rules.len());
}

/// The value with the field at `path` replaced, or taken away.
fn with(value: &Value, path: &[&str], new: Option<Value>) -> Value {
    let (Value::Map(entries), [key, rest @ ..]) = (value, path) else { panic!("no map at {path:?}") };
    let mut entries = entries.clone();
    let at = entries.iter().position(|(name, _)| name == key);
    match (at, rest.is_empty(), new) {
        (Some(at), true, Some(new)) => entries[at].1 = new,
        (Some(at), true, None) => drop(entries.remove(at)),
        (Some(at), false, new) => entries[at].1 = with(&entries[at].1, rest, new),
        (None, true, Some(new)) => entries.push(((*key).to_owned(), new)),
        (None, ..) => panic!("no {key}"),
    }
    Value::Map(entries)
}

fn sample(rule: &str) -> Value {
    let sample = samples::all().into_iter().find(|sample| sample.rule == rule).unwrap();
    cbor::parse(&sample.bytes).unwrap()
}

#[test]
fn the_grammar_refuses_what_the_contract_refuses() {
    let text = |text: &str| Some(Value::Text(text.into()));
    let bytes = |length: usize| Some(Value::Bytes(vec![1; length]));
    let number = |number: u64| Some(Value::Unsigned(number));
    let cases: Vec<(&str, &[&str], Option<Value>)> = vec![
        ("hello", &["v"], number(2)),
        ("hello", &["challenge"], bytes(31)),
        ("hello", &["ephemeral"], bytes(33)),
        ("hello", &["envelope"], Some(Value::Array(vec![]))),
        ("hello", &["envelope"], Some(Value::Array(vec![Value::Bytes(vec![0]); 4]))),
        ("hello", &["binding"], text("tls-unique")),
        ("hello", &["binding"], None),
        ("hello", &["extra"], Some(Value::Null)),
        ("authenticate", &["ephemeral"], bytes(16)),
        ("authenticate", &["sealed"], text("sealed")),
        ("proof", &["signature"], bytes(63)),
        ("proof", &["resume"], None),
        ("proof", &["resume"], number(1)),
        ("proof", &["agent"], text(&"a".repeat(65))),
        ("proof", &["locale"], text(&"é".repeat(33))),
        ("welcome-frame", &["welcome", "role"], text("root")),
        ("welcome-frame", &["welcome", "customer"], None),
        ("welcome-frame", &["welcome", "time"], text("2026-11-22T08:00:00.0Z")),
        ("welcome-frame", &["welcome", "time"], text(" 2026-11-22T08:00:00Z ")),
        ("welcome-frame", &["welcome", "offset"], Some(Value::Negative(-1))),
        ("welcome-frame", &["welcome", "more"], Some(Value::Null)),
        ("request", &["op"], text("account.eat")),
        ("request", &["id"], text("1")),
        ("request", &["body"], Some(Value::Null)),
        ("request", &["body", "extra"], Some(Value::Null)),
        ("response-error", &["error", "retry"], None),
        ("response-error", &["error", "code"], text("Not A Word")),
        ("response-ok", &["ok"], None),
        ("push-frame", &["push", "offset"], number(0)),
        ("push-frame", &["push", "kind"], text("bill")),
        ("push-frame", &["push", "body"], Some(Value::Array(vec![]))),
        ("order", &["v"], number(2)),
        ("order", &["id"], bytes(15)),
        ("order", &["currency"], text("USD")),
        ("order", &["amount"], number(0)),
        ("order", &["method"], text("cash")),
        ("order", &["bills"], Some(Value::Null)),
        ("order", &["key"], bytes(20)),
        ("order", &["note"], text("hello")),
        ("signed-order", &["order"], bytes(10)),
        ("signed-order", &["chain"], Some(Value::Array(vec![]))),
        ("receipt", &["state"], text("pending")),
        ("receipt", &["order"], bytes(31)),
        ("signed-receipt", &["receipt"], Some(Value::Bytes(vec![0xa0]))),
        ("op-account-get-result", &["balance"], text("0")),
        ("op-account-get-result", &["customer"], text("../etc")),
        ("op-account-get-result", &["name"], None),
        ("op-account-update-body", &["contact"], text(&"c".repeat(201))),
        ("op-settings-update-body", &["locale"], text("fr")),
        ("op-usage-series-body", &["from"], text("2016-1-1")),
        ("op-usage-series-body", &["resolution"], text("year")),
        ("op-usage-summary-result", &["month"], text("2016-13")),
        ("op-bill-list-body", &["limit"], text("5")),
        ("op-bill-list-result", &["next"], None),
        ("op-bill-get-body", &["bill"], number(1)),
        ("op-bill-get-result", &["pf"], text("0.975")),
        ("op-payment-get-result", &["state"], text("queued")),
        ("op-payment-get-result", &["receipt"], None),
        ("op-payment-list-body", &["before"], text("01a2")),
        ("op-stream-ack-body", &["offset"], Some(Value::Negative(-1))),
        ("op-key-renew-result", &["agreement"], None),
        ("admin-request", &["op"], text("key.eat")),
        ("command", &["op"], text("key.list")),
        ("command", &["number"], None),
        ("act", &["body", "extra"], Some(Value::Null)),
        ("op-key-issue-body", &["agreement"], bytes(31)),
        ("op-key-challenge-body", &["admin"], text("desk-3")),
        ("op-key-list-body", &["state"], text("stolen")),
        ("op-key-get-result", &["history"], None),
    ];
    let (open, closed) = (Grammar::open(), Grammar::closed());
    for (rule, path, new) in cases {
        let value = sample(rule);
        assert!(open.holds(rule, &cbor::encode(&value)), "{rule}");
        let wrong = cbor::encode(&with(&value, path, new.clone()));
        assert!(!open.holds(rule, &wrong), "{rule} with {path:?} = {new:?} passed");
        assert!(!closed.holds(rule, &wrong));
        if is_message(rule) {
            assert!(!closed.holds("message", &wrong), "{rule} with {path:?} passed as another message");
        }
    }
}

#[test]
fn only_results_and_pushes_may_grow() {
    let grammar = Grammar::open();
    for Sample { rule, bytes } in samples::all() {
        let Value::Map(mut entries) = cbor::parse(&bytes).unwrap() else { panic!("a message is a map") };
        entries.push(("novelty".into(), Value::Unsigned(1)));
        let grown = grammar.holds(&rule, &cbor::encode(&Value::Map(entries)));
        let may_grow = rule.starts_with("op-") && rule.ends_with("-result");
        assert_eq!(grown, may_grow, "{rule}");
    }
}

#[test]
fn every_error_code_is_a_word_of_the_document() {
    let document = include_str!("../../../docs/protocol.md");
    let source = include_str!("../src/ops/error.rs");
    let codes: Vec<&str> = source
        .lines()
        .filter(|line| line.starts_with("pub const"))
        .map(|line| line.split('"').nth(1).unwrap())
        .collect();
    assert!(codes.contains(&error::BAD_REQUEST) && codes.len() >= 20);
    for code in codes {
        assert!(document.contains(&format!("| `{code}` |")), "{code} is not explained in docs/protocol.md");
        assert!(Grammar::open().holds("word", &cbor::encode(code)));
    }
}

/// Reads a value as the body or result of the operation of that name.
type Read = fn(&str, Value) -> Result<Value, DecodeError>;

/// An operation of either role with its samples.
#[derive(Debug, Clone)]
struct Shape {
    name: &'static str,
    read_body: Read,
    read_result: Read,
    bodies: Vec<Value>,
    results: Vec<Value>,
}

fn customers(name: &str) -> CustomerOp {
    CustomerOp::ALL.iter().copied().find(|op| op.name() == name).unwrap()
}

fn administrators(name: &str) -> AdminOp {
    AdminOp::ALL.iter().copied().find(|op| op.name() == name).unwrap()
}

static SHAPES: LazyLock<Vec<Shape>> = LazyLock::new(|| {
    let of_customers = samples::exchanges().into_iter().map(|Exchange { op, bodies, results }| Shape {
        name: op.name(),
        read_body: |name, value| customers(name).read_body(value),
        read_result: |name, value| customers(name).read_result(value),
        bodies,
        results,
    });
    let of_administrators = samples::admin_exchanges().into_iter().map(|Exchange { op, bodies, results }| Shape {
        name: op.name(),
        read_body: |name, value| administrators(name).read_body(value),
        read_result: |name, value| administrators(name).read_result(value),
        bodies,
        results,
    });
    of_customers.chain(of_administrators).collect()
});
static CLOSED: LazyLock<Grammar> = LazyLock::new(Grammar::closed);

/// Values of every kind, to put into messages in place of right ones.
fn intruders() -> impl Strategy<Value = Value> {
    // 16 bytes are a UUID of version 7, so that no rule but the length tells them apart.
    let bytes = |length: usize| (0..length).map(|at| if at == 8 { 0x87 } else { 0x77 }).collect();
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (0..=i64::MAX.cast_unsigned()).prop_map(Value::Unsigned),
        (-i64::MAX..0).prop_map(Value::Negative),
        "[a-z0-9-]{0,12}".prop_map(Value::Text),
        proptest::sample::select(vec![0_usize, 16, 32, 64]).prop_map(move |length| Value::Bytes(bytes(length))),
        Just(Value::Array(vec![])),
        Just(Value::empty_map()),
    ]
}

/// Replaces the `at`-th value of the tree, counted in order, unless both are text; gives how many values there are.
fn replace(value: &mut Value, at: usize, passed: &mut usize, new: &Value) {
    if *passed == at && !matches!((&*value, new), (Value::Text(_), Value::Text(_))) {
        *value = new.clone();
        *passed += 1;
        return;
    }
    *passed += 1;
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, at, passed, new)),
        Value::Map(entries) => entries.iter_mut().for_each(|(_, item)| replace(item, at, passed, new)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// The types of an operation and its rules accept the same shapes, so the two never drift apart. (What a text may say is
    /// for some fields the grammar's alone to tell, for others the server's.)
    #[test]
    fn types_and_grammar_agree_on_every_shape(
        shape in proptest::sample::select(&SHAPES[..]), which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(), new in intruders(),
    ) {
        let name = shape.name.replace('.', "-");
        for (side, read, values) in
            [("body", shape.read_body, &shape.bodies), ("result", shape.read_result, &shape.results)]
        {
            let mut value = which.get(values).clone();
            let mut size = 0;
            replace(&mut value.clone(), usize::MAX, &mut size, &new);
            replace(&mut value, at.index(size), &mut 0, &new);
            let bytes = cbor::encode(&value);
            let read = read(shape.name, value);
            let outcome = CLOSED.check(&format!("op-{name}-{side}"), &bytes);
            // Chains, receipts and orders are bytes to an operation; those who verify them look inside.
            let looks_inside = read.as_ref().is_ok_and(|read| format!("{read:?}").contains("\"chain\""));
            let agree = read.is_ok() == outcome.is_ok() || (read.is_ok() && looks_inside);
            prop_assert!(agree, "{} {}: {:?} {:?} {:?}", shape.name, side, read, outcome, new);
        }
    }
}
