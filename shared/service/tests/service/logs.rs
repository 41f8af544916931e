//! Logs as a collector reads them.

use gridkey_service::telemetry::{self, LogFormat};
use serde_json::Value;

use crate::support::rerun;

/// Logs in a process of its own; see the next test.
#[test]
fn in_json() {
    if std::env::var_os("GRIDKEY_LOGS_TEST").is_none() {
        return;
    }
    telemetry::init(LogFormat::Json);
    let payment = tracing::info_span!("payment", id = 7);
    let _inside = payment.enter();
    tracing::warn!(file = "a \"b\"\nc", count = 3_u64, error = %std::io::Error::other("no"), "a line,\nand another");
    tracing::debug!("not shown");
}

#[test]
fn each_line_is_one_object_with_its_facts_beside_the_message() {
    let done = rerun("logs::in_json", &[("GRIDKEY_LOGS_TEST", "1"), ("RUST_LOG", "info")]);
    assert!(done.status.success());
    let text = String::from_utf8(done.stderr).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1, "{text}");
    let line = &lines[0];
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["message"], "a line,\nand another");
    assert_eq!((&line["file"], &line["count"], &line["error"]), (&"a \"b\"\nc".into(), &3.into(), &"no".into()));
    assert!(line["target"].as_str().unwrap().ends_with("logs"));
    let at = line["timestamp"].as_str().unwrap();
    assert!(at.ends_with('Z') && at.parse::<jiff::Timestamp>().is_ok(), "{at}");
    assert_eq!(line["span"]["id"], 7);
}
