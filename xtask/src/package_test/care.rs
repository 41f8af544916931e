//! What operators do with services that run, and what happens to them.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{SERVICES, last_line, machine::Machine, one_line, page::Page, start, wait_until};

/// Files are looked at every five seconds, and a service is started again after as long.
const SOON: Duration = Duration::from_secs(60);

/// The processes of both.
fn processes(machine: &Machine) -> Result<String> {
    machine.run("systemctl show -p MainPID --value gridkey-server gridkey-platform").map(one_line)
}

/// The certificate that a listener shows.
fn shown(machine: &Machine, port: u16) -> Result<String> {
    machine.run(&format!(
        "echo | openssl s_client -connect 127.0.0.1:{port} 2>/dev/null | openssl x509 -noout -fingerprint -sha256"
    ))
}

pub(super) fn json_logs(machine: &Machine) -> Result<String> {
    machine.run(
        "cp -p /etc/default/gridkey-server /root/default; echo GRIDKEY_SERVER_LOG__FORMAT=json >> /etc/default/gridkey-server
         systemctl restart gridkey-server",
    )?;
    start::active(machine, "gridkey-server")?;
    let lines = machine.run(
        "journalctl -o cat _SYSTEMD_INVOCATION_ID=$(systemctl show -p InvocationID --value gridkey-server) _COMM=gridkey-server
         cp -p /root/default /etc/default/gridkey-server; systemctl restart gridkey-server",
    )?;
    start::both(machine)?;
    let mut count = 0;
    for line in lines.lines() {
        let entry: Value = serde_json::from_str(line).with_context(|| line.to_owned())?;
        for key in ["timestamp", "level", "target", "message"] {
            ensure!(entry[key].is_string(), "no {key}: {line}");
        }
        count += 1;
    }
    ensure!(count > 0, "no line");
    Ok(format!("{count} lines with time, level, target and message"))
}

pub(super) fn backups(machine: &Machine, page: &Page) -> Result<String> {
    machine.run(&page.commands("Backup")?)?;
    let told = machine.run(
        "for name in gridkey-server gridkey-platform; do
             file=$(ls /var/backups/$name/*.backup); [ $(stat -c '%U %a' $file | tr ' ' -) = $name-600 ]; $name backup --verify $file
         done",
    )?;
    Ok(format!("{} verified, nobody else's to read", told.matches("sha256").count()))
}

/// New files for the public listener and the server's own renewal for the sessions, without a restart.
pub(super) fn rotation(machine: &Machine, page: &Page) -> Result<String> {
    machine.run(
        "mkdir -p /root/new; cd /root/new
         openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout public-key.pem -out public.pem -days 90 \
             -subj /CN=pay.example.com 2>/dev/null",
    )?;
    let before = (processes(machine)?, shown(machine, 8445)?, shown(machine, 8443)?);
    let done = machine.run(&page.commands("Rotation")?)?;
    ensure!(done.contains("not_after"), "{done}");
    let wanted = machine.run("openssl x509 -in /root/new/public.pem -noout -fingerprint -sha256")?;
    wait_until("the public listener shows the new certificate", SOON, || Ok(shown(machine, 8445)? == wanted))?;
    wait_until("the session listener shows another certificate", SOON, || Ok(shown(machine, 8443)? != before.2))?;
    ensure!(wanted != before.1 && processes(machine)? == before.0, "restarted");
    start::healthy(machine)?;
    Ok(format!("both listeners' changed, the same processes {}", before.0))
}

pub(super) fn intranet(machine: &Machine, page: &Page) -> Result<String> {
    machine.run(&page.commands("Intranet certificates")?)?;
    start::both(machine)?;
    let issuer =
        machine.run("echo | openssl s_client -connect 127.0.0.1:8444 2>/dev/null | openssl x509 -noout -issuer")?;
    ensure!(issuer.contains("Intranet Root 2"), "{issuer}");
    Ok("another root, both sides under it".to_owned())
}

pub(super) fn crash(machine: &Machine) -> Result<String> {
    let before = processes(machine)?;
    machine.run("systemctl kill -s KILL gridkey-server gridkey-platform")?;
    wait_until("other processes run", SOON, || {
        let now = processes(machine)?;
        Ok(now != before && now.split(' ').all(|id| id != "0"))
    })?;
    start::both(machine)?;
    Ok("both killed, both serve again".to_owned())
}

pub(super) fn refused_pin(machine: &Machine) -> Result<String> {
    machine.run(
        "cp -p /etc/gridkey/server/hsm-pin /root/pin; echo wrong-pin > /etc/gridkey/server/hsm-pin
         systemctl restart gridkey-server || true",
    )?;
    // Longer than the pause before another start.
    let shown = machine.run(
        "sleep 7; systemctl show -p ActiveState -p NRestarts -p ExecMainStatus gridkey-server
         cp -p /root/pin /etc/gridkey/server/hsm-pin; systemctl reset-failed gridkey-server; systemctl start gridkey-server",
    )?;
    for expected in ["ActiveState=failed", "NRestarts=0", "ExecMainStatus=78"] {
        ensure!(shown.contains(expected), "{expected}: {shown}");
    }
    start::both(machine)?;
    Ok("failed with status 78, not restarted; starts with the right one".to_owned())
}

pub(super) fn sealed_pin(machine: &Machine, page: &Page) -> Result<String> {
    let checked = machine.run(&page.commands("Sealing the PIN")?)?;
    ensure!(checked.contains("ok    hsm"), "{checked}");
    start::both(machine)?;
    Ok("unit and command have it, the file is gone".to_owned())
}

pub(super) fn again(machine: &Machine) -> Result<String> {
    let before = processes(machine)?;
    machine.run("echo '# of the operator' >> /etc/gridkey/gridkey-server.toml; DEBIAN_FRONTEND=noninteractive dpkg -i /root/gridkey-*.deb")?;
    start::both(machine)?;
    ensure!(before != processes(machine)?, "not restarted");
    machine.run("tail -1 /etc/gridkey/gridkey-server.toml | grep 'of the operator'")?;
    Ok("configuration kept, both restarted".to_owned())
}

pub(super) fn removed(machine: &Machine) -> Result<String> {
    machine.run("dpkg --remove gridkey-server gridkey-platform")?;
    let left = machine.run(
        "test \"$(systemctl is-active gridkey-server)\" = inactive; test \"$(systemctl is-active gridkey-platform)\" = inactive
         test ! -e /usr/sbin/gridkey-server
         test -f /etc/gridkey/gridkey-server.toml; DEBIAN_FRONTEND=noninteractive dpkg -i /root/gridkey-*.deb",
    )?;
    start::both(machine).with_context(|| last_line(left))?;
    Ok("stopped, then served on with all it had".to_owned())
}

pub(super) fn purge(machine: &Machine) -> Result<String> {
    let said = machine.run("dpkg --purge gridkey-server gridkey-platform 2>&1")?;
    for service in SERVICES {
        ensure!(said.contains(&format!("/var/lib/{service} is kept")), "{said}");
    }
    machine.run(
        "test -d /var/lib/gridkey-server/store; test -f /var/lib/gridkey-platform/platform.key; ls /var/backups/gridkey-server/*.backup
         test ! -e /etc/gridkey/gridkey-server.toml; test \"$(systemctl is-active gridkey-server)\" = inactive
         DEBIAN_FRONTEND=noninteractive dpkg -i /root/gridkey-*.deb; test -f /etc/gridkey/gridkey-server.toml",
    )?;
    start::both(machine)?;
    Ok("kept, and it says so; installed anew it is all there".to_owned())
}
