//! The examples in `docs/protocol.md` are real messages. With `GRIDKEY_UPDATE_DOCS=1` they are written anew.

#![expect(clippy::unwrap_used, reason = "a test may stop where it finds a fault")]

use std::{fmt::Write as _, fs, path::PathBuf};

use gridkey_protocol::{
    bytes::{hex, unhex},
    cbor::{self, Value},
    close::CloseCode,
    domain::PaymentState,
    frame::{OpError, Request, Response, ServerFrame},
    ops::{AdminOp, CustomerOp, error},
    testpki::samples,
};

fn page() -> PathBuf {
    PathBuf::from("../../docs/protocol.md")
}

/// Diagnostic notation (RFC 8949, 8), with long byte strings shortened.
fn diagnostic(value: &Value, indent: usize, out: &mut String) {
    let line = one_line(value);
    if indent + line.chars().count() <= 110 {
        out.push_str(&line);
        return;
    }
    let pad = " ".repeat(indent + 2);
    let mut block = |open: char, close: char, items: Vec<(String, &Value)>| {
        out.push(open);
        let count = items.len();
        for (index, (key, item)) in items.into_iter().enumerate() {
            write!(out, "\n{pad}{key}").unwrap();
            diagnostic(item, indent + 2, out);
            if index + 1 < count {
                out.push(',');
            }
        }
        write!(out, "\n{}{close}", " ".repeat(indent)).unwrap();
    };
    match value {
        Value::Array(items) => block('[', ']', items.iter().map(|item| (String::new(), item)).collect()),
        Value::Map(entries) => {
            block('{', '}', entries.iter().map(|(key, item)| (format!("\"{key}\": "), item)).collect());
        }
        _ => out.push_str(&line),
    }
}

fn one_line(value: &Value) -> String {
    let join = |items: Vec<String>| items.join(", ");
    match value {
        Value::Unsigned(number) => number.to_string(),
        Value::Negative(number) => number.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::Bool(flag) => flag.to_string(),
        Value::Null => "null".into(),
        Value::Bytes(bytes) if bytes.len() > 32 => format!("h'{}…' / {} bytes /", hex(&bytes[..8]), bytes.len()),
        Value::Bytes(bytes) => format!("h'{}'", hex(bytes)),
        Value::Array(items) => format!("[{}]", join(items.iter().map(one_line).collect())),
        Value::Map(entries) => {
            format!(
                "{{{}}}",
                join(entries.iter().map(|(key, item)| format!("\"{key}\": {}", one_line(item))).collect())
            )
        }
    }
}

/// The message that an example's name stands for.
fn example(name: &str) -> Value {
    let (side, what) = name.split_once(' ').unwrap_or((name, ""));
    let exchange = |op: &str| {
        let of_customers = samples::exchanges().into_iter().map(|it| (it.op.name(), it.bodies, it.results));
        let of_administrators = samples::admin_exchanges().into_iter().map(|it| (it.op.name(), it.bodies, it.results));
        let found = of_customers.chain(of_administrators).find(|(name, ..)| *name == op);
        found.unwrap_or_else(|| panic!("no operation {op}"))
    };
    let (body, result) = (|op: &str| exchange(op).1.swap_remove(0), |op: &str| exchange(op).2.swap_remove(0));
    match side {
        "vector" => {
            let vectors = include_str!("../vectors/gridkey-v1.json");
            let vectors: serde_json::Value = serde_json::from_str(vectors).unwrap();
            let key = if what == "signed-order" { "sealed_plaintext" } else { what };
            cbor::parse(&unhex(vectors[key].as_str().unwrap()).unwrap()).unwrap()
        }
        "body" => body(what),
        "result" => result(what),
        "command" => cbor::to_value(&samples::command(what, body(what))).unwrap(),
        "request" => {
            let body = body(what);
            cbor::to_value(&Request { id: 1, op: what.into(), body }).unwrap()
        }
        "response" => {
            let outcome = Ok(result(what));
            cbor::parse(&ServerFrame::Response(Response { id: 1, outcome }).to_bytes()).unwrap()
        }
        "error" => {
            let outcome = Err(OpError::fatal(error::BAD_REQUEST, "bill: text expected, not an integer"));
            cbor::parse(&ServerFrame::Response(Response { id: 2, outcome }).to_bytes()).unwrap()
        }
        "push" => {
            let push = samples::pushes().into_iter().find(|push| push.kind.as_str() == what).unwrap();
            cbor::parse(&ServerFrame::Push(push).to_bytes()).unwrap()
        }
        _ => panic!("no example {name}"),
    }
}

/// The page with every example written anew, and the names of the examples.
fn rewritten(page: &str) -> (String, Vec<String>) {
    let (mut out, mut names) = (String::new(), Vec::new());
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        writeln!(out, "{line}").unwrap();
        let Some(name) = line.strip_prefix("<!-- example: ").and_then(|rest| rest.strip_suffix(" -->")) else {
            continue;
        };
        assert_eq!(lines.next(), Some("```cbor-diag"), "{name}");
        lines.by_ref().find(|line| *line == "```").unwrap_or_else(|| panic!("{name} does not end"));
        let mut text = String::new();
        diagnostic(&example(name), 0, &mut text);
        writeln!(out, "```cbor-diag\n{text}\n```").unwrap();
        names.push(name.to_owned());
    }
    (out, names)
}

#[test]
fn the_examples_are_real_messages() {
    let text = fs::read_to_string(page()).unwrap();
    let (expected, _) = rewritten(&text);
    if std::env::var_os("GRIDKEY_UPDATE_DOCS").is_some() {
        fs::write(page(), &expected).unwrap();
    } else {
        assert!(
            text == expected,
            "docs/protocol.md has examples that are not true; run this test with GRIDKEY_UPDATE_DOCS=1"
        );
    }
}

#[test]
fn every_operation_kind_code_and_state_is_on_the_page() {
    let text = fs::read_to_string(page()).unwrap();
    let (_, examples) = rewritten(&text);
    let has = |name: String| examples.contains(&name);
    for op in CustomerOp::ALL.iter().map(|op| op.name()) {
        assert!(text.contains(&format!("**`{op}`**")), "{op} is not described");
        let shown = has(format!("body {op}")) || has(format!("result {op}"));
        assert!(shown || ["settings.get", "payment.cancel"].contains(&op), "{op} has no example");
    }
    for op in AdminOp::ALL {
        assert!(text.contains(&format!("**`{}`**", op.name())), "{} is not described", op.name());
    }
    for push in samples::pushes() {
        assert!(has(format!("push {}", push.kind.as_str())), "{:?} has no example", push.kind);
    }
    for close in CloseCode::ALL {
        let row = format!("| {} | `{}` |", close.code(), close.reason());
        assert!(text.contains(&row), "{row}");
    }
    let drawing = text.split("stateDiagram-v2").nth(1).unwrap().split("```").next().unwrap();
    for from in PaymentState::ALL {
        assert!(text.contains(&format!("`{from}`")), "{from}");
        for to in PaymentState::ALL {
            let arrow = format!("    {from} --> {to}");
            let drawn = drawing.lines().any(|line| line == arrow || line.starts_with(&format!("{arrow}:")));
            assert_eq!(drawn, from.can_become(to), "{from} to {to}");
        }
    }
}
