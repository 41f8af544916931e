//! The configuration files of the stack: free loopback ports, fresh PINs, and a token store for each holder of keys.

mod platform;
mod sandbox;
mod server;

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::layout::{self, Layout};

/// Everything about the stack that is settled before anything runs.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) server: Place,
    pub(crate) platform: Place,
    pub(crate) sandbox: Place,
    /// The PKCS#11 module of all tokens.
    pub(crate) module: PathBuf,
    /// What `SOFTHSM2_CONF` is for the server: the HSM and the company root's token.
    pub(crate) server_tokens: PathBuf,
    pub(crate) session: SocketAddr,
    /// The administrators' listener.
    pub(crate) admin: SocketAddr,
    pub(crate) public: SocketAddr,
    pub(crate) server_ops: SocketAddr,
    pub(crate) intranet: SocketAddr,
    pub(crate) platform_ops: SocketAddr,
    pub(crate) gateway: SocketAddr,
}

/// The files of one daemon.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    pub(crate) config: PathBuf,
    pub(crate) state: PathBuf,
}

impl Place {
    fn of(layout: &Layout, name: &str) -> Self {
        let folder = layout.daemon(name);
        Self { config: folder.join(format!("{name}.toml")), state: folder.join("state"), folder }
    }
}

impl Plan {
    /// Chooses ports and names files; nothing is written yet.
    pub(crate) fn new(layout: &Layout, module: &Path) -> Result<Self> {
        let [session, admin, public, server_ops, intranet, platform_ops, gateway] = free_ports()?;
        let server = Place::of(layout, "server");
        Ok(Self {
            server_tokens: server.folder.join("softhsm2.conf"),
            server,
            platform: Place::of(layout, "platform"),
            sandbox: Place::of(layout, "sandbox"),
            module: module.to_owned(),
            session,
            admin,
            public,
            server_ops,
            intranet,
            platform_ops,
            gateway,
        })
    }

    /// `https://…` of the pages for browsers, as the outside reaches them.
    pub(crate) fn public_url(&self) -> String {
        format!("https://localhost:{}", self.public.port())
    }

    /// The root of the public listener's certificate, which the server's `init` writes.
    pub(crate) fn web_root(&self) -> PathBuf {
        self.server.state.join("web-root.pem")
    }

    /// Writes the configurations, PINs and token stores of all daemons.
    pub(crate) fn write(&self) -> Result<()> {
        for place in [&self.server, &self.platform, &self.sandbox] {
            layout::make_folder(&place.folder)?;
        }
        token_store(&self.server_tokens)?;
        server::write(self)?;
        platform::write(self)?;
        sandbox::write(self)
    }
}

/// Makes an empty SoftHSM2 token store beside the new file `conf`, which selects it through `SOFTHSM2_CONF`.
pub(crate) fn token_store(conf: &Path) -> Result<()> {
    let tokens = conf.with_file_name("tokens");
    layout::make_folder(&tokens)?;
    let text = format!("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n", tokens.display());
    layout::write(conf, &text)
}

/// The lowest port given to a daemon, and how many there are: all below those that the system gives to outgoing connections, one of
/// which could take a daemon's port while it is restarted.
const PORTS: (u16, u16) = (16_384, 16_384);
/// How many ports are tried for one daemon.
const TRIES: usize = 100;

/// Ports that are free now, all different. A daemon binds its own a moment later; it keeps it over restarts, as clients
/// and peers have it in their configuration.
pub(crate) fn free_ports<const N: usize>() -> Result<[SocketAddr; N]> {
    let mut held = Vec::with_capacity(N);
    let mut addresses = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)); N];
    for address in &mut addresses {
        let listener = (0..TRIES).find_map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, some_port()?)).ok());
        let listener = listener.context("no free port on loopback")?;
        *address = listener.local_addr()?;
        // Held until all are chosen, so that none is given twice.
        held.push(listener);
    }
    Ok(addresses)
}

fn some_port() -> Option<u16> {
    let mut bytes = [0; 2];
    getrandom::fill(&mut bytes).ok()?;
    Some(PORTS.0 + u16::from_be_bytes(bytes) % PORTS.1)
}

/// A path as a TOML basic string.
pub(crate) fn quoted(path: &Path) -> String {
    let mut text = String::from("\"");
    for character in path.display().to_string().chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            control if control.is_control() => text.push_str(&format!("\\u{:04X}", u32::from(control))),
            other => text.push(other),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt};

    use super::*;

    #[test]
    fn ports_are_on_loopback_and_differ() {
        let ports: [SocketAddr; 6] = free_ports().unwrap();
        assert_eq!(ports.iter().collect::<BTreeSet<_>>().len(), 6);
        assert!(ports.iter().all(|address| address.ip().is_loopback() && address.port() != 0));
    }

    #[test]
    fn the_files_of_the_stack_name_each_other_and_secrets_are_their_owners() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::under(folder.path());
        layout.make().unwrap();
        let plan = Plan::new(&layout, Path::new("/usr/lib/softhsm/libsofthsm2.so")).unwrap();
        plan.write().unwrap();
        let server = fs::read_to_string(&plan.server.config).unwrap();
        assert!(server.contains(&plan.intranet.to_string()) && server.contains(&plan.public_url()));
        let platform = fs::read_to_string(&plan.platform.config).unwrap();
        assert!(platform.contains(&plan.gateway.to_string()) && platform.contains(&plan.public_url()));
        for secret in fs::read_dir(plan.server.folder.join("secrets")).unwrap() {
            assert_eq!(secret.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        let conf = fs::read_to_string(&plan.server_tokens).unwrap();
        assert!(conf.contains("directories.tokendir") && conf.contains("objectstore.backend = file"));
    }

    #[test]
    fn a_path_is_a_string_of_toml_whatever_it_contains() {
        assert_eq!(quoted(Path::new("/a b/\"c\"\\d")), r#""/a b/\"c\"\\d""#);
    }
}
