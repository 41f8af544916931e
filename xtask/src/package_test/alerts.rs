//! The shipped rules, by Prometheus itself: its own tests of them, and the two services as it sees them.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{
    machine::{Machine, in_folder},
    page::Page,
    start, wait_until,
};
use crate::workspace::root;

const RULES: &str = "deploy/prometheus/gridkey.rules.yml";
const TESTS: &str = "deploy/prometheus/gridkey.rules.test.yml";
/// Shown only once it happened: a backup, a comparison with the gateway.
const LATER: [&str; 2] = ["gridkey_backup_seconds", "gridkey_reconcile_open"];
/// What waits for its first 26 hours, and what is true of the disk of whoever runs this.
const EXPECTED: [&str; 3] = ["GridkeyBackupMissing", "GridkeyDiskFilling", "GridkeyDiskFull"];
/// The services look every 15 seconds, Prometheus scrapes and judges as often.
const SOON: Duration = Duration::from_secs(150);

pub(super) fn rules(system: &Path) -> Result<String> {
    let folder = system.join("root/rules");
    fs::create_dir_all(&folder)?;
    for file in [RULES, TESTS] {
        let name = Path::new(file).file_name().context("a file has a name")?;
        fs::copy(root().join(file), folder.join(name))?;
    }
    let script = "cd /root/rules; promtool check rules gridkey.rules.yml; promtool test rules gridkey.rules.test.yml";
    let said = in_folder(system, script)?;
    ensure!(said.matches("SUCCESS").count() == 2, "{said}");
    Ok("checked, and their tests passed, by promtool".to_owned())
}

/// Lets Prometheus look with the page's configuration.
pub(super) fn watched(machine: &Machine, page: &Page) -> Result<String> {
    let configuration = page.blocks("Metrics and alerts", "yaml")?.concat();
    machine.run(&format!(
        "cat > /etc/prometheus/prometheus.yml <<'END'\n{configuration}END\n
         promtool check config /etc/prometheus/prometheus.yml; systemctl restart prometheus"
    ))?;
    let text = fs::read_to_string(root().join(RULES))?;
    let wanted: BTreeSet<_> = metrics(&text).into_iter().filter(|name| !LATER.contains(name)).collect();
    let mut missing = Vec::new();
    wait_until("Prometheus has every metric of the rules", SOON, || {
        let Ok(known) = ask(machine, "label/__name__/values") else { return Ok(false) };
        let known: BTreeSet<_> = strings(&known).collect();
        missing = wanted.iter().filter(|name| !known.contains(*name)).copied().collect();
        Ok(missing.is_empty())
    })
    .with_context(|| format!("missing: {missing:?}"))?;
    let mut rules = Vec::new();
    wait_until("every rule was reckoned", SOON, || {
        rules = ask(machine, "rules")?["groups"][0]["rules"].as_array().cloned().unwrap_or_default();
        Ok(!rules.is_empty() && rules.iter().all(|rule| rule["health"] == "ok"))
    })
    .with_context(|| rules.iter().map(|rule| format!("{} {}; ", rule["name"], rule["health"])).collect::<String>())?;
    let mut alerts = Vec::new();
    wait_until("no alert", SOON, || {
        alerts = pending(machine)?;
        Ok(alerts.iter().all(|name| EXPECTED.contains(&name.as_str())))
    })
    .with_context(|| format!("alerts: {alerts:?}"))?;
    Ok(format!("{} metrics, {} rules, no alert", wanted.len(), rules.len()))
}

/// The platform goes away and comes back.
pub(super) fn fires(machine: &Machine) -> Result<String> {
    let alert = "GridkeyPlatformUnreachable";
    let has = |wanted: bool| move || Ok(pending(machine)?.iter().any(|name| name == alert) == wanted);
    machine.run("systemctl stop gridkey-platform")?;
    let came = wait_until("the alert", SOON, has(true));
    machine.run("systemctl start gridkey-platform")?;
    came?;
    start::both(machine)?;
    wait_until("no alert any more", SOON, has(false))?;
    Ok(format!("{alert} while the platform was away"))
}

/// The names of alerts that fire or are about to.
fn pending(machine: &Machine) -> Result<Vec<String>> {
    let data = ask(machine, "alerts")?;
    let alerts = data["alerts"].as_array().context("no alerts")?;
    Ok(alerts.iter().filter_map(|alert| alert["labels"]["alertname"].as_str()).map(str::to_owned).collect())
}

fn ask(machine: &Machine, what: &str) -> Result<Value> {
    let answer = machine.run(&format!("curl -sf http://127.0.0.1:9090/api/v1/{what}"))?;
    let mut answer: Value = serde_json::from_str(&answer).with_context(|| answer.clone())?;
    Ok(answer["data"].take())
}

fn strings(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// The metrics that the rules are about.
fn metrics(rules: &str) -> BTreeSet<&str> {
    let words = rules.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    words.filter(|word| word.starts_with("gridkey_")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> String {
        fs::read_to_string(root().join(path)).unwrap()
    }

    fn sources(folder: &Path, text: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, text);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                text.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }

    #[test]
    fn every_metric_of_the_rules_is_one_that_a_service_shows() {
        let mut code = String::new();
        for folder in ["server/src", "platform/src", "shared/service/src"] {
            sources(&root().join(folder), &mut code);
        }
        for name in metrics(&read(RULES)) {
            assert!(code.contains(&format!("\"{name}\"")), "{name}");
        }
    }

    #[test]
    fn every_alert_is_tested_and_the_page_says_what_to_do() {
        let (rules, tests, page) = (read(RULES), read(TESTS), read("docs/operations.md"));
        for alert in rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
            assert!(tests.contains(&format!("alertname: {alert}")), "{alert} has no test");
            let row = page.lines().any(|line| line.starts_with("| Gridkey") && line.contains(alert));
            assert!(row, "{alert} is not on the page");
        }
    }
}
