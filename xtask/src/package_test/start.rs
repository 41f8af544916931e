//! From the packages to two services that run.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::{
    SERVICES, last_line,
    machine::{Machine, in_folder},
    one_line,
    page::Page,
};

/// What `systemd-analyze security` may say at most, in tenths.
const EXPOSURE: u32 = 29;
/// Stands for the request that the first administrator makes on a token.
const ADMIN_REQUEST: &str = "
openssl genpkey -algorithm ed25519 -out /root/admin.pem
openssl req -new -key /root/admin.pem -subj /CN=admin-1 -out /var/lib/gridkey-server/admin.csr
chown gridkey-server /var/lib/gridkey-server/admin.csr";

pub(super) fn install(system: &Path) -> Result<String> {
    let script = "export DEBIAN_FRONTEND=noninteractive; apt-get -q update; \
                  apt-get -q -y --no-install-recommends install /root/gridkey-*.deb";
    in_folder(system, script)?;
    let seen = in_folder(system, "systemctl is-enabled gridkey-server gridkey-platform; id gridkey-server")?;
    ensure!(seen.starts_with("enabled\nenabled\n"), "{seen}");
    Ok("with users of their own, enabled".to_owned())
}

pub(super) fn exposure(system: &Path, service: &str) -> Result<String> {
    let script = format!("systemd-analyze --no-pager security --offline=yes {service}.service");
    let line = last_line(in_folder(system, &script)?);
    let tenths = exposure_in(&line).with_context(|| line.clone())?;
    ensure!(tenths <= EXPOSURE, "{line}");
    Ok(line)
}

/// The figure in a line such as `→ Overall exposure level for gridkey-server.service: 1.2 OK`, in tenths.
fn exposure_in(line: &str) -> Option<u32> {
    let (whole, tenth) = line.rsplit_once(": ")?.1.split_whitespace().next()?.split_once('.')?;
    Some(whole.parse::<u32>().ok()? * 10 + tenth.parse::<u32>().ok()?)
}

pub(super) fn waits(machine: &Machine) -> Result<String> {
    let shown =
        machine.run("systemctl show -p ActiveState -p ConditionResult -p NRestarts gridkey-server gridkey-platform")?;
    ensure!(shown.matches("ActiveState=inactive").count() == 2, "{shown}");
    ensure!(shown.matches("ConditionResult=no").count() == 2, "{shown}");
    Ok("both inactive, their condition not met".to_owned())
}

/// Each block of the page's section, in its order.
pub(super) fn first_start(machine: &Machine, page: &Page) -> Result<String> {
    machine.run(ADMIN_REQUEST)?;
    let blocks = page.blocks("First start", "sh")?;
    for (number, block) in (1..).zip(&blocks) {
        machine.run(block).with_context(|| format!("block {number}"))?;
    }
    let left = machine.run("ls /etc/gridkey/server; ls /var/lib/gridkey-server/softhsm | wc -l")?;
    ensure!(one_line(&left) == "hsm-pin 1", "the root is still there: {left}");
    Ok(format!("{} blocks of the page, then without the root", blocks.len()))
}

/// Waits until the service serves.
pub(super) fn active(machine: &Machine, service: &str) -> Result<String> {
    let seen = machine.run(&format!(
        "for i in $(seq 300); do systemctl is-active -q {service} && break; sleep 0.2; done; systemctl is-active {service}
         systemctl show -p User -p StatusText -p NRestarts {service}"
    ))?;
    ensure!(seen.starts_with("active\n") && seen.contains("StatusText=serving"), "{seen}");
    Ok(one_line(seen))
}

/// Waits until every part of both is well.
pub(super) fn healthy(machine: &Machine) -> Result<String> {
    let answer = machine.run(
        "for i in $(seq 300); do curl -sf http://127.0.0.1:9443/healthz >/dev/null && break; sleep 0.2; done
         curl -s http://127.0.0.1:9443/healthz; curl -s http://127.0.0.1:9543/healthz",
    )?;
    ensure!(answer.matches("{\"ok\":true,\"parts\"").count() == 2, "{answer}");
    Ok("every part of both".to_owned())
}

/// Both serve and are well.
pub(super) fn both(machine: &Machine) -> Result<()> {
    SERVICES.iter().try_for_each(|service| active(machine, service).map(drop))?;
    healthy(machine).map(drop)
}

pub(super) fn closed(machine: &Machine) -> Result<String> {
    let seen = machine.run(
        "find /etc/gridkey/server /etc/gridkey/platform /var/lib/gridkey-server /var/lib/gridkey-platform -perm /o+w -not -type l
         for path in /etc/gridkey/server/hsm-pin /var/lib/gridkey-server/session-key.pem /var/lib/gridkey-platform/platform.key; do
             runuser -u nobody -- cat $path 2>/dev/null && echo $path
         done; true",
    )?;
    ensure!(seen.is_empty(), "open: {seen}");
    Ok("nobody else reads PIN, keys or store".to_owned())
}

#[test]
fn the_rating_is_read_from_what_systemd_prints() {
    assert_eq!(exposure_in("→ Overall exposure level for gridkey-server.service: 1.2 OK 🙂"), Some(12));
    assert_eq!(exposure_in("→ Overall exposure level for x.service: 9.6 UNSAFE"), Some(96));
    assert_eq!(exposure_in("nothing"), None);
}
