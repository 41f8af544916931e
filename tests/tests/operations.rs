//! What operators watch: every metric that the alert rules name is shown by the service that they name it for, and the logs in
//! JSON can be collected.

use std::{
    fs,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use gridkey_tests::stack::{PATIENCE, Stack};
use serde_json::Value;

/// A metric as an expression names it.
#[derive(Debug, PartialEq, Eq)]
struct Named {
    name: String,
    /// Labels that must have one of these values; none for a label that must only be there.
    labels: Vec<(String, Vec<String>)>,
}

/// The metrics in the expressions of a rules file.
fn named(rules: &str) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    for line in rules.lines().filter_map(|line| line.trim().strip_prefix("expr:")) {
        for (at, _) in line.match_indices("gridkey_") {
            let rest = &line[at..];
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            let (name, rest) = rest.split_at(end);
            let selector = rest.strip_prefix('{').and_then(|rest| rest.split('}').next()).unwrap_or_default();
            let one = Named { name: name.to_owned(), labels: selector.split(',').filter_map(label).collect() };
            if !found.contains(&one) {
                found.push(one);
            }
        }
    }
    found
}

fn label(text: &str) -> Option<(String, Vec<String>)> {
    let (name, value) = text.split_once('=')?;
    let positive = !name.ends_with('!');
    let value = value.trim_start_matches('~').trim_matches('"');
    let values = if positive { value.split('|').map(str::to_owned).collect() } else { Vec::new() };
    Some((name.trim_end_matches('!').trim().to_owned(), values))
}

/// What of it no line of `/metrics` shows.
fn missing(one: &Named, lines: &str) -> Vec<String> {
    let series: Vec<&str> = lines
        .lines()
        .filter_map(|line| line.strip_prefix(&one.name))
        .filter(|rest| rest.starts_with(['{', ' ']))
        .collect();
    if series.is_empty() {
        return vec![one.name.clone()];
    }
    let shown = |label: &str, value: &str| series.iter().any(|rest| rest.contains(&format!("{label}=\"{value}")));
    let wanted = one.labels.iter().flat_map(|(label, values)| {
        let any = values.is_empty().then_some((label, String::new()));
        values.iter().map(move |value| (label, format!("{value}\""))).chain(any)
    });
    wanted
        .filter(|(label, value)| !shown(label, value))
        .map(|(label, value)| format!("{}{{{label}={value}}}", one.name))
        .collect()
}

/// `/metrics` of both services.
fn metrics(stack: &Stack) -> Result<String> {
    let mut text = String::new();
    for daemon in ["server", "platform"] {
        let state = stack.config(daemon)?.parent().context("a folder")?.join("state/runtime.json");
        let told: Value = serde_json::from_slice(&fs::read(&state)?)?;
        let url = format!("http://{}/metrics", told["ops"].as_str().context("an operations listener")?);
        text += &stack.get(&url)?;
    }
    Ok(text)
}

fn use_json(stack: &mut Stack, daemon: &str) -> Result<()> {
    let config = stack.config(daemon)?.to_owned();
    let text = fs::read_to_string(&config)?;
    fs::write(&config, text + "\n[log]\nformat = \"json\"\n")?;
    stack.stop(daemon)?;
    fs::write(stack.folder().join(format!("logs/{daemon}.log")), "")?;
    stack.restart(daemon, None)
}

#[test]
fn every_metric_of_the_alert_rules_is_shown_and_json_logs_are_one_object_a_line() {
    let named = named(&fs::read_to_string("../deploy/prometheus/gridkey.rules.yml").unwrap());
    assert!(named.len() > 15, "{named:?}");
    let mut stack = Stack::start().unwrap();
    // A feed that finds no platform running would work on the database itself, and lock it.
    stack.stop("meter-feed").unwrap();
    for daemon in ["platform", "server"] {
        use_json(&mut stack, daemon).unwrap();
    }
    // When the last backup was made is shown from the first one on.
    for daemon in ["platform", "server"] {
        let file = stack.folder().join(format!("{daemon}.backup"));
        let made = stack.command(daemon, &["backup", "--out", &file.display().to_string()]).unwrap();
        assert!(made.status.success(), "{daemon}: {}", String::from_utf8_lossy(&made.stderr));
    }
    assert_eq!(stack.gridkey("1100000001", &["login"]).unwrap().status, 0);
    let begun = Instant::now();
    loop {
        let lines = metrics(&stack).unwrap();
        let missing: Vec<String> = named.iter().flat_map(|one| missing(one, &lines)).collect();
        if missing.is_empty() {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "not shown: {missing:?}");
        std::thread::sleep(Duration::from_millis(500));
    }

    for daemon in ["server", "platform"] {
        stack.stop(daemon).unwrap();
        let log = fs::read_to_string(stack.folder().join(format!("logs/{daemon}.log"))).unwrap();
        let count = each_is_an_object(&log).unwrap_or_else(|error| panic!("{daemon}: {error:#}"));
        assert!(count > 0, "{daemon} logs that it serves");
    }
}

fn each_is_an_object(log: &str) -> Result<usize> {
    for line in log.lines() {
        let told: Value = serde_json::from_str(line).with_context(|| line.to_owned())?;
        for name in ["timestamp", "level", "target", "message"] {
            ensure!(told[name].is_string(), "no {name}: {line}");
        }
    }
    Ok(log.lines().count())
}

#[test]
fn expressions_are_read() {
    let rules = "  expr: a{x=\"1\"} + gridkey_b{name=~\"c|d\", e!=\"f\"} > gridkey_g[5m]\n  summary: gridkey_no";
    let label = |name: &str, values: &[&str]| (name.to_owned(), values.iter().map(|it| (*it).to_owned()).collect());
    let first = Named { name: "gridkey_b".into(), labels: vec![label("name", &["c", "d"]), label("e", &[])] };
    assert_eq!(named(rules), [first, Named { name: "gridkey_g".into(), labels: Vec::new() }]);
    let lines = "gridkey_b{name=\"c\",e=\"x\"} 1\ngridkey_gg 2";
    assert_eq!(missing(&named(rules)[0], lines), ["gridkey_b{name=d\"}"]);
    assert_eq!(missing(&named(rules)[1], lines), ["gridkey_g"]);
}
