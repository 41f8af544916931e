//! What each container was given, and what it was not.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::stack::{SERVICES, Stack};

/// The user of all containers.
const USER: &str = "10001";
/// Services with a shell in their image; the official image of the database has none.
const WITH_SHELL: [&str; 3] = ["server", "platform", "unionpay-sandbox"];
/// Files whose content is nobody else's.
const SECRETS: [(&str, &str); 4] = [
    ("server", "/srv/server-secrets/hsm-pin"),
    ("server", "/srv/server-secrets/database-password"),
    ("platform", "/srv/platform-secrets/database-password"),
    ("platform", "/srv/platform-secrets/merchant-key.pem"),
];

/// Limits and prohibitions as Docker was told them.
pub(super) fn containers(stack: &Stack<'_>) -> Result<String> {
    for service in SERVICES {
        let inspected = stack.inspect(service)?;
        let host = &inspected["HostConfig"];
        let holds: [(&str, bool); 10] = [
            ("a user of its own", inspected["Config"]["User"] == format!("{USER}:{USER}")),
            ("a read-only root", host["ReadonlyRootfs"] == true),
            ("no capability", host["CapDrop"] == serde_json::json!(["ALL"]) && is_none(&host["CapAdd"])),
            ("no privilege", host["Privileged"] == false),
            ("no new privileges", contains(&host["SecurityOpt"], "no-new-privileges:true")),
            ("no device", is_none(&host["Devices"])),
            ("a limit of memory", positive(&host["Memory"])),
            ("a limit of processes", positive(&host["PidsLimit"])),
            ("a limit of processors", positive(&host["NanoCpus"])),
            ("a health check", inspected["Config"]["Healthcheck"]["Test"][0] == "CMD"),
        ];
        for (what, held) in holds {
            ensure!(held, "{service} lacks {what}");
        }
    }
    Ok(format!("{} with user, limits, health check, read-only root; no capability, no new privileges", SERVICES.len()))
}

fn is_none(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn positive(value: &Value) -> bool {
    value.as_u64().is_some_and(|number| number > 0)
}

fn contains(list: &Value, text: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|item| item == text))
}

/// The same as the kernel sees it, in the first process of each container.
pub(super) fn privileges(stack: &Stack<'_>) -> Result<String> {
    for service in SERVICES {
        let processes = format!("container:{}", stack.container(service)?);
        let status = stack.beside(&["--network", "none", "--pid", &processes], "cat /proc/1/status", &[])?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            line.map(|rest| rest.split_whitespace().collect::<Vec<_>>().join(" ")).context(name.to_owned())
        };
        for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
            let held = field(set)?;
            ensure!(held.bytes().all(|digit| digit == b'0'), "{service} has {set} {held}");
        }
        for ids in ["Uid", "Gid"] {
            let held = field(ids)?;
            ensure!(held.split(' ').all(|id| id == USER), "{service} has {ids} {held}");
        }
        ensure!(field("NoNewPrivs")? == "1" && field("Seccomp")? == "2", "{service} may gain privileges");
    }
    Ok(format!("{} first processes as user {USER}, five empty capability sets, seccomp", SERVICES.len()))
}

/// Nothing but what is meant to can be written.
pub(super) fn read_only(stack: &Stack<'_>) -> Result<String> {
    let mut tried = 0;
    for service in WITH_SHELL {
        let secrets = match service {
            "unionpay-sandbox" => "/srv/sandbox-secrets",
            "server" => "/srv/server-secrets",
            _ => "/srv/platform-secrets",
        };
        for place in ["/", "/usr/local/bin", "/etc/gridkey", "/srv", secrets] {
            let script = format!("if touch {place}/x 2>/dev/null; then echo written; else echo refused; fi");
            ensure!(stack.exec(service, &["sh", "-c", &script])? == "refused", "{service} writes in {place}");
            tried += 1;
        }
    }
    Ok(format!("{tried} places in {} containers refuse to be written, secrets among them", WITH_SHELL.len()))
}

/// Three ports are published, on loopback.
pub(super) fn published(stack: &Stack<'_>) -> Result<String> {
    let mut seen = BTreeSet::new();
    for service in SERVICES {
        let inspected = stack.inspect(service)?;
        let Some(ports) = inspected["NetworkSettings"]["Ports"].as_object() else { continue };
        for (inside, bindings) in ports {
            for binding in bindings.as_array().into_iter().flatten() {
                let (address, port) = (binding["HostIp"].as_str(), binding["HostPort"].as_str());
                ensure!(address == Some("127.0.0.1"), "{service} publishes {inside} on {address:?}");
                seen.insert((service, inside.clone(), port.unwrap_or_default().to_owned()));
            }
        }
    }
    let expected = [
        ("server", "8443/tcp", stack.session),
        ("server", "8445/tcp", stack.public),
        ("unionpay-sandbox", "8480/tcp", stack.bank),
    ];
    let expected = expected.map(|(service, inside, port)| (service, inside.to_owned(), port.to_string()));
    ensure!(seen == BTreeSet::from(expected), "{seen:?}");
    Ok("the server's session and public listener and the bank's page, on loopback; nothing else".to_owned())
}

/// Secrets are in files, and neither in the environment, nor in a command line, nor in a log.
pub(super) fn secrets(stack: &Stack<'_>) -> Result<String> {
    let mut needles = Vec::new();
    for (service, file) in SECRETS {
        let content = stack.exec(service, &["cat", file])?;
        // Of a key the first line that is its own.
        let line = content.lines().find(|line| !line.starts_with("-----")).context("an empty secret")?;
        ensure!(line.len() >= 12, "{file} is too short to be a secret");
        let mode = stack.exec(service, &["stat", "--format", "%a %u", file])?;
        ensure!(mode == format!("600 {USER}"), "{file} has mode and owner {mode}");
        needles.push((file, line.to_owned()));
    }
    for service in SERVICES {
        let (inspected, said) = (stack.inspect(service)?.to_string(), stack.logs(service)?);
        for (file, needle) in &needles {
            ensure!(!inspected.contains(needle), "the content of {file} is in what {service} was started with");
            ensure!(!said.contains(needle), "the content of {file} is in the log of {service}");
        }
    }
    Ok(format!("{} in files of mode 600; none in environments, command lines or logs", needles.len()))
}
