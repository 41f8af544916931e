//! `cargo xtask package-test`: the services' packages on a fresh Debian 12, booted, set up by what `docs/operations.md` says.
//!
//! It needs root, since it makes a system and boots it; it touches nothing outside its folder. One line a check, then a count.

mod machine;

use std::{fs, path::Path};

use anyhow::{Context, Result, bail, ensure};

use self::machine::Machine;
use crate::{
    dist,
    options::DistOptions,
    setup::{self, Need, on_path},
    workspace::target_folder,
};

const NEEDS: &[Need] = &[
    Need::of_one_command("debootstrap", "makes a fresh Debian", || on_path("debootstrap")),
    Need::of_one_command("util-linux", "boots it in namespaces of its own", || {
        on_path("unshare") && on_path("nsenter")
    }),
];
const SERVICES: [&str; 2] = ["gridkey-server", "gridkey-platform"];
/// What `systemd-analyze security` may say at most, in tenths.
const EXPOSURE: u32 = 29;

/// What `docs/operations.md` says of the first start, for server and platform on one machine.
const FIRST_START: &str = "
umask 027
cd /etc/gridkey/server
for name in hsm-pin hsm-so-pin root-pin root-so-pin; do openssl rand -hex 8 > $name; done
chgrp gridkey-server *
sed -i -e 's/^# so_pin = /so_pin = /' -e 's/^# pin = /pin = /' /etc/gridkey/gridkey-server.toml
gridkey-server init --admin-csr /var/lib/gridkey-server/admin.csr --admin-out /var/lib/gridkey-server/admin-1
for name in root.pem platform.pem platform-key.pem; do
    install -o gridkey-platform -g gridkey-platform -m 600 /var/lib/gridkey-server/intranet/$name /var/lib/gridkey-platform/intranet/
done
systemctl start gridkey-platform gridkey-server
";
/// Stands for the request that the first administrator makes on a token.
const ADMIN_REQUEST: &str = "
openssl genpkey -algorithm ed25519 -out /root/admin.pem
openssl req -new -key /root/admin.pem -subj /CN=admin-1 -out /var/lib/gridkey-server/admin.csr
chown gridkey-server /var/lib/gridkey-server/admin.csr";

/// Makes the packages and tries them; whether every check held.
pub(crate) fn run(options: &DistOptions) -> Result<bool> {
    if !nix::unistd::geteuid().is_root() {
        bail!("a system is made and booted: run this as root");
    }
    setup::provide(&NEEDS.iter().collect::<Vec<_>>(), options.yes)?;
    let packages = SERVICES.map(str::to_owned).to_vec();
    let packages = dist::run(&DistOptions { packages, ..options.clone() })?;
    let folder = target_folder("package-test");
    let system = folder.join("debian");
    let tried = try_on(&system, &packages);
    if tried.is_ok() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    tried
}

fn try_on(system: &Path, packages: &[std::path::PathBuf]) -> Result<bool> {
    let mut report = Report::default();
    machine::install(system)?;
    report.check("debian", Ok(fs::read_to_string(system.join("etc/debian_version"))?));
    for package in packages {
        let name = package.file_name().context("a package has a name")?;
        fs::copy(package, system.join("root").join(name))?;
    }
    report.check("install", install(system));
    for service in SERVICES {
        report.check(&format!("exposure of {service}"), exposure(system, service));
    }
    let machine = Machine::boot(system)?;
    report.check("not started before it is set up", waits(&machine));
    machine.run(ADMIN_REQUEST)?;
    report.check("first start", machine.run(FIRST_START).map(last_line));
    for service in SERVICES {
        report.check(&format!("{service} is active"), active(&machine, service));
    }
    report.check("healthy", healthy(&machine));
    report.check("check", machine.run("gridkey-server check").map(last_line));
    report.check("secrets are closed to others", closed(&machine));
    report.check("reload keeps the process", reload(&machine));
    report.check("a crash is mended", crash(&machine));
    report.check("a PIN from systemd's credentials", credential(&machine));
    report.check("a refused PIN is tried once", refused_pin(&machine));
    drop(machine);
    // As after a power cut.
    let machine = Machine::boot(system)?;
    for service in SERVICES {
        report.check(&format!("{service} starts with the machine"), active(&machine, service));
    }
    report.check("installed again", again(&machine));
    report.check("purge keeps the store", purge(&machine));
    Ok(report.end())
}

/// One line a check.
#[derive(Default)]
struct Report {
    held: u32,
    failed: u32,
}

impl Report {
    fn check(&mut self, name: &str, outcome: Result<String>) {
        match outcome {
            Ok(seen) => {
                self.held += 1;
                println!("ok    {name:<38} {}", seen.trim());
            }
            Err(error) => {
                self.failed += 1;
                println!("FAIL  {name:<38} {error:#}");
            }
        }
    }

    fn end(&self) -> bool {
        println!("{} passed, {} failed", self.held, self.failed);
        self.failed == 0
    }
}

fn install(system: &Path) -> Result<String> {
    let script = "export DEBIAN_FRONTEND=noninteractive; apt-get -q update; \
                  apt-get -q -y --no-install-recommends install /root/gridkey-*.deb";
    machine::in_folder(system, script)?;
    let seen = machine::in_folder(system, "systemctl is-enabled gridkey-server gridkey-platform; id gridkey-server")?;
    ensure!(seen.starts_with("enabled\nenabled\n"), "{seen}");
    Ok("with users of their own, enabled".to_owned())
}

fn exposure(system: &Path, service: &str) -> Result<String> {
    let script = format!("systemd-analyze --no-pager security --offline=yes {service}.service");
    let line = last_line(machine::in_folder(system, &script)?);
    let tenths = exposure_in(&line).with_context(|| line.clone())?;
    ensure!(tenths <= EXPOSURE, "{line}");
    Ok(line)
}

/// The figure in a line such as `→ Overall exposure level for gridkey-server.service: 1.2 OK`, in tenths.
fn exposure_in(line: &str) -> Option<u32> {
    let (whole, tenth) = line.rsplit_once(": ")?.1.split_whitespace().next()?.split_once('.')?;
    Some(whole.parse::<u32>().ok()? * 10 + tenth.parse::<u32>().ok()?)
}

fn waits(machine: &Machine) -> Result<String> {
    let shown =
        machine.run("systemctl show -p ActiveState -p ConditionResult -p NRestarts gridkey-server gridkey-platform")?;
    ensure!(shown.matches("ActiveState=inactive").count() == 2, "{shown}");
    ensure!(shown.matches("ConditionResult=no").count() == 2, "{shown}");
    Ok("both inactive, their condition not met".to_owned())
}

fn active(machine: &Machine, service: &str) -> Result<String> {
    let script = format!(
        "for i in $(seq 100); do systemctl is-active -q {service} && break; sleep 0.2; done; systemctl is-active {service}; \
                          systemctl show -p User -p StatusText -p NRestarts {service}"
    );
    let seen = machine.run(&script)?;
    ensure!(seen.starts_with("active\n") && seen.contains("StatusText=serving"), "{seen}");
    Ok(seen.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn healthy(machine: &Machine) -> Result<String> {
    machine.run(
        "for i in $(seq 50); do curl -sf http://127.0.0.1:9443/healthz >/dev/null && break; sleep 0.2; done
         curl -sf http://127.0.0.1:9443/healthz; curl -sf http://127.0.0.1:9543/healthz",
    )
}

fn closed(machine: &Machine) -> Result<String> {
    let seen = machine.run(
        "find /etc/gridkey/server /etc/gridkey/platform /var/lib/gridkey-server /var/lib/gridkey-platform -perm /o+w -not -type l
         for path in /etc/gridkey/server/hsm-pin /var/lib/gridkey-server/session-key.pem /var/lib/gridkey-platform/platform.key; do
             runuser -u nobody -- cat $path 2>/dev/null && echo $path
         done; true",
    )?;
    ensure!(seen.is_empty(), "open: {seen}");
    Ok("nobody else reads PIN, keys or store".to_owned())
}

fn reload(machine: &Machine) -> Result<String> {
    let main = "systemctl show -p MainPID --value gridkey-server gridkey-platform";
    let before = machine.run(main)?;
    machine.run("systemctl reload gridkey-server gridkey-platform")?;
    healthy(machine)?;
    let after = machine.run(main)?;
    ensure!(before == after, "{before} {after}");
    Ok(format!("processes {}", after.split_whitespace().collect::<Vec<_>>().join(" and ")))
}

fn crash(machine: &Machine) -> Result<String> {
    machine.run("systemctl kill -s KILL gridkey-server gridkey-platform; sleep 6")?;
    SERVICES.iter().try_for_each(|service| active(machine, service).map(drop))?;
    healthy(machine)?;
    Ok("both killed, both serve again".to_owned())
}

fn credential(machine: &Machine) -> Result<String> {
    machine.run(
        "mkdir -p /etc/systemd/system/gridkey-server.service.d /root/credentials
         install -m 600 /etc/gridkey/server/hsm-pin /root/credentials/hsm-pin
         printf '[Service]\\nLoadCredential=hsm-pin:/root/credentials/hsm-pin\\nEnvironment=%s\\n' \
             '\"GRIDKEY_SERVER_HSM__PIN={ file=\\\"/run/credentials/gridkey-server.service/hsm-pin\\\" }\"' \
             > /etc/systemd/system/gridkey-server.service.d/pin.conf
         mv /etc/gridkey/server/hsm-pin /etc/gridkey/server/hsm-pin.away
         systemctl daemon-reload; systemctl restart gridkey-server",
    )?;
    let seen = active(machine, "gridkey-server");
    machine.run(
        "mv /etc/gridkey/server/hsm-pin.away /etc/gridkey/server/hsm-pin; rm -r /etc/systemd/system/gridkey-server.service.d
         systemctl daemon-reload; systemctl restart gridkey-server",
    )?;
    seen
}

fn refused_pin(machine: &Machine) -> Result<String> {
    let shown = machine.run(
        "cp -p /etc/gridkey/server/hsm-pin /root/pin; echo wrong-pin > /etc/gridkey/server/hsm-pin
         systemctl restart gridkey-server || true; sleep 7
         systemctl show -p ActiveState -p NRestarts -p ExecMainStatus gridkey-server
         cp -p /root/pin /etc/gridkey/server/hsm-pin; systemctl reset-failed gridkey-server; systemctl start gridkey-server",
    )?;
    for expected in ["ActiveState=failed", "NRestarts=0", "ExecMainStatus=78"] {
        ensure!(shown.contains(expected), "{expected}: {shown}");
    }
    Ok("failed with status 78, not restarted; starts with the right one".to_owned())
}

fn again(machine: &Machine) -> Result<String> {
    let started = "systemctl show -p MainPID --value gridkey-server";
    let before = machine.run(started)?;
    machine.run("DEBIAN_FRONTEND=noninteractive dpkg --force-confold -i /root/gridkey-*.deb")?;
    SERVICES.iter().try_for_each(|service| active(machine, service).map(drop))?;
    ensure!(before != machine.run(started)?, "the server was not restarted");
    healthy(machine)?;
    Ok("configuration kept, both restarted".to_owned())
}

fn purge(machine: &Machine) -> Result<String> {
    let said = machine.run("dpkg --purge gridkey-server gridkey-platform 2>&1")?;
    ensure!(said.contains("/var/lib/gridkey-server is kept"), "{said}");
    let left = machine.run(
        "test -d /var/lib/gridkey-server/store; test -f /var/lib/gridkey-platform/platform.key; test ! -e /usr/sbin/gridkey-server
         ! systemctl is-active -q gridkey-server; echo kept, and it says so",
    )?;
    Ok(left)
}

fn last_line(text: impl AsRef<str>) -> String {
    text.as_ref().lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rating_is_read_from_what_systemd_prints() {
        assert_eq!(exposure_in("→ Overall exposure level for gridkey-server.service: 1.2 OK 🙂"), Some(12));
        assert_eq!(exposure_in("→ Overall exposure level for x.service: 9.6 UNSAFE"), Some(96));
        assert_eq!(exposure_in("nothing"), None);
    }

    #[test]
    fn the_documented_first_start_is_what_is_tried() {
        let documented = fs::read_to_string(crate::workspace::root().join("docs/operations.md")).unwrap();
        for line in FIRST_START.lines().filter(|line| !line.is_empty()) {
            assert!(documented.contains(line), "{line}");
        }
    }
}
