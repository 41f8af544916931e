//! Who reaches whom: from each container's network every port of every other container is tried.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::stack::{SERVICES, Stack};

/// Every port that anything in the stack listens on: sessions, the intranet, public pages, the bank, databases, operations.
const PORTS: [u16; 7] = [8443, 8444, 8445, 8480, 8000, 9443, 9543];

/// Prints each of its arguments that a connection can be made to.
const PROBE: &str = r#"
for at in "$@"; do
    ( timeout 6 bash -c "exec 3<>/dev/tcp/${at%:*}/${at#*:}" 2>/dev/null && echo "$at" ) &
done
wait
"#;

/// A listener: service, network, port.
type Listener = (&'static str, &'static str, u16);

const SESSION: Listener = ("server", "edge", 8443);
const PUBLIC: Listener = ("server", "edge", 8445);
const BANK: Listener = ("unionpay-sandbox", "edge", 8480);
const GATEWAY: Listener = ("unionpay-sandbox", "gateway", 8480);
const INTRANET: Listener = ("platform", "intranet", 8444);
const SERVER_DB: Listener = ("server-db", "server-data", 8000);
const PLATFORM_DB: Listener = ("platform-db", "platform-data", 8000);

/// What a service's container may reach in others, and whether one of its networks leads outside.
fn allowed(service: &str) -> (&'static [Listener], bool) {
    match service {
        // What is published has to be on such a network.
        "unionpay-sandbox" => (&[SESSION, PUBLIC], true),
        "server" => (&[BANK, INTRANET, SERVER_DB], true),
        "platform" => (&[GATEWAY, PLATFORM_DB], false),
        _ => (&[], false),
    }
}

/// Somebody else on the outermost network.
pub(super) fn edge(stack: &Stack<'_>) -> Result<String> {
    probe(stack, &stack.network("edge"), None, &[SESSION, PUBLIC, BANK])
}

/// Somebody who has broken into a service's container.
pub(super) fn around(stack: &Stack<'_>, service: &str) -> Result<String> {
    let (listeners, outside) = allowed(service);
    let seen = probe(stack, &format!("container:{}", stack.container(service)?), Some(service), listeners)?;
    let mut leading = Vec::new();
    for (name, _) in networks(&stack.inspect(service)?)? {
        if stack.docker.ask(&["network", "inspect", "--format", "{{.Internal}}", &name])? != "true" {
            leading.push(name);
        }
    }
    let expected: &[String] = if outside { &[stack.network("edge")] } else { &[] };
    ensure!(leading == expected, "{leading:?} lead outside");
    Ok(format!("{seen}; {}", if outside { "outside by edge alone" } else { "no network leads outside" }))
}

/// A container's networks and its address in each.
fn networks(inspected: &Value) -> Result<Vec<(String, String)>> {
    let networks = inspected["NetworkSettings"]["Networks"].as_object().context("a container without networks")?;
    let address = |details: &Value| details["IPAddress"].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let named = networks.iter().map(|(name, details)| Some((name.clone(), address(details)?)));
    named.collect::<Option<_>>().context("a container without an address")
}

fn probe(stack: &Stack<'_>, network: &str, from: Option<&str>, allowed: &[Listener]) -> Result<String> {
    let mut targets: Vec<(String, String)> = Vec::new();
    for service in SERVICES.into_iter().filter(|service| Some(*service) != from) {
        for (name, address) in networks(&stack.inspect(service)?)? {
            for port in PORTS {
                targets.push((format!("{address}:{port}"), format!("{service} in {name} on {port}")));
            }
        }
    }
    let addresses: Vec<&str> = targets.iter().map(|(address, _)| address.as_str()).collect();
    let said = stack.beside(&["--network", network], PROBE, &addresses)?;
    let open: BTreeSet<&str> = said.lines().collect();
    let seen = targets.iter().filter(|(address, _)| open.contains(address.as_str())).map(|(_, name)| name.clone());
    let seen: BTreeSet<String> = seen.collect();
    let expected = allowed.iter().map(|(service, on, port)| format!("{service} in {} on {port}", stack.network(on)));
    let expected: BTreeSet<String> = expected.collect();
    let too_much: Vec<_> = seen.difference(&expected).collect();
    let too_little: Vec<_> = expected.difference(&seen).collect();
    ensure!(too_much.is_empty(), "reaches {too_much:?}");
    // Otherwise it would say nothing that the rest is not reached.
    ensure!(too_little.is_empty(), "does not reach {too_little:?}");
    Ok(format!("{} addresses tried, {} reached as meant", targets.len(), seen.len()))
}
