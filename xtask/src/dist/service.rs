//! What makes a package a service: unit, user, folders, configuration, the command with the service's own user, and the scripts that
//! dpkg runs.
//!
//! The configuration in `/etc/gridkey` is the example of the sources with the paths of an installed system, so that there is one
//! explanation of each key.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use super::files::{copy, write, write_script};
use super::source;

/// The folder of the programs; people call the command in `/usr/sbin`.
pub(super) const PLACE: &str = "usr/libexec/gridkey";

/// A service.
pub(super) struct Service {
    name: &'static str,
    /// The folder below `/etc/gridkey` for its secrets.
    folder: &'static str,
    /// The environment variable that names its configuration.
    variable: &'static str,
    /// The example, from the repository.
    example: &'static str,
    /// What the example's paths become; each has to be there.
    paths: &'static [(&'static str, &'static str)],
    /// A table that is commented out until an operator has what it names.
    later: Option<&'static str>,
    /// Files in `/etc` that dpkg keeps as operators change them.
    kept: &'static [&'static str],
}

pub(super) const SERVER: Service = Service {
    name: "gridkey-server",
    folder: "server",
    variable: "GRIDKEY_SERVER_CONFIG",
    example: "server/gridkey-server.example.toml",
    paths: &[
        ("state_dir = \"state\"", "state_dir = \"/var/lib/gridkey-server\""),
        ("\"state/", "\"/var/lib/gridkey-server/"),
        ("://state/", ":///var/lib/gridkey-server/"),
        ("\"secrets/", "\"server/"),
    ],
    later: None,
    kept: &["/etc/default/gridkey-server", "/etc/gridkey/gridkey-server.toml", "/etc/gridkey/softhsm2.conf"],
};
pub(super) const PLATFORM: Service = Service {
    name: "gridkey-platform",
    folder: "platform",
    variable: "GRIDKEY_PLATFORM_CONFIG",
    example: "platform/gridkey-platform.example.toml",
    paths: &[
        ("data_dir = \"data\"", "data_dir = \"/var/lib/gridkey-platform\""),
        ("\"data/", "\"/var/lib/gridkey-platform/"),
        ("://data/", ":///var/lib/gridkey-platform/"),
        ("certificate = \"platform.pem\"", "certificate = \"/var/lib/gridkey-platform/intranet/platform.pem\""),
        ("key = \"platform-key.pem\"", "key = \"/var/lib/gridkey-platform/intranet/platform-key.pem\""),
        ("\"intranet-root.pem\"", "\"/var/lib/gridkey-platform/intranet/root.pem\""),
        ("\"unionpay/", "\"platform/"),
    ],
    later: Some("[unionpay]"),
    kept: &["/etc/default/gridkey-platform", "/etc/gridkey/gridkey-platform.toml"],
};

impl Service {
    /// Lays the service's files out below `tree`, with dpkg's own in `DEBIAN`.
    pub(super) fn install(&self, tree: &Path) -> Result<()> {
        let name = self.name;
        for (from, to) in [
            (format!("{name}.service"), format!("usr/lib/systemd/system/{name}.service")),
            (format!("{name}.sysusers.conf"), format!("usr/lib/sysusers.d/{name}.conf")),
            (format!("{name}.tmpfiles.conf"), format!("usr/lib/tmpfiles.d/{name}.conf")),
        ] {
            copy(&source("deploy/systemd").join(from), &tree.join(to), 0o644)?;
        }
        let default = source("deploy/debian").join(format!("{name}.default"));
        copy(&default, &tree.join("etc/default").join(name), 0o644)?;
        write(&tree.join(format!("etc/gridkey/{name}.toml")), &self.installed()?)?;
        write_script(&tree.join("usr/sbin").join(name), &self.filled("command")?)?;
        for script in ["postinst", "prerm", "postrm"] {
            write_script(&tree.join("DEBIAN").join(script), &self.filled(script)?)?;
        }
        write(&tree.join("DEBIAN/conffiles"), &self.kept.iter().map(|path| format!("{path}\n")).collect::<String>())
    }

    /// What it is called, as package, user and unit.
    #[cfg(test)]
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// The configuration that the package installs.
    pub(super) fn installed(&self) -> Result<String> {
        self.configuration(&read(self.example)?)
    }

    /// A file of `deploy/debian` with this service's names in it.
    fn filled(&self, file: &str) -> Result<String> {
        let text = read(&format!("deploy/debian/{file}"))?;
        Ok(text.replace("@PACKAGE@", self.name).replace("@VARIABLE@", self.variable).replace("@FOLDER@", self.folder))
    }

    /// The example with the paths of an installed system.
    fn configuration(&self, example: &str) -> Result<String> {
        let mut text = example.to_owned();
        for (from, to) in self.paths {
            if !text.contains(from) {
                bail!("{} has no {from} any more", self.example);
            }
            text = text.replace(from, to);
        }
        let Some(table) = self.later else { return Ok(text) };
        if !text.lines().any(|line| line == table) {
            bail!("{} has no {table} any more", self.example);
        }
        let mut inside = false;
        let lines = text.lines().map(|line| {
            inside = if line.starts_with('[') { line == table } else { inside };
            if inside && !line.is_empty() && !line.starts_with('#') {
                format!("# {line}\n")
            } else {
                format!("{line}\n")
            }
        });
        Ok(lines.collect())
    }
}

fn read(path: &str) -> Result<String> {
    fs::read_to_string(source(path)).with_context(|| format!("cannot read {path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_installed_configuration_names_no_path_of_the_sources() {
        for service in [&SERVER, &PLATFORM] {
            let text = service.installed().unwrap();
            for trace in
                ["\"state\"", "\"state/", "\"data\"", "\"data/", "://state", "://data", "\"secrets/", "\"unionpay/"]
            {
                assert!(!text.contains(trace), "{}: {trace}", service.name);
            }
            assert!(text.contains(&format!("\"/var/lib/{}\"", service.name)));
        }
    }

    #[test]
    fn the_gateway_waits_for_its_keys_and_the_next_table_does_not() {
        let text = PLATFORM.installed().unwrap();
        assert!(text.contains("\n# [unionpay]\n") && text.contains("\n# merchant = "));
        assert!(text.contains("\n[payments]\n") && text.contains("\nrefund_days = "));
    }

    #[test]
    fn nothing_is_left_to_fill_in_and_every_script_is_one() {
        for service in [&SERVER, &PLATFORM] {
            for file in ["command", "postinst", "prerm", "postrm"] {
                let text = service.filled(file).unwrap();
                assert!(text.starts_with("#!/bin/sh\n") && text.contains(service.name), "{file}");
                assert!(
                    !text.contains("@PACKAGE@") && !text.contains("@VARIABLE@") && !text.contains("@FOLDER@"),
                    "{file}"
                );
            }
            for kind in ["service", "sysusers.conf", "tmpfiles.conf"] {
                let text = read(&format!("deploy/systemd/{}.{kind}", service.name)).unwrap();
                assert!(text.contains(service.name), "{kind}");
            }
        }
    }
}
