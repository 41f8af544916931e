use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use gridkey_service::{
    config::{self, ConfigError},
    secret::Secret,
};
use secrecy::ExposeSecret;
use serde::Deserialize;

use crate::support::rerun;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Daemon {
    session: Session,
    pin: Option<Secret>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    listen: SocketAddr,
    #[serde(default)]
    limit: u32,
}

fn load(text: &str) -> Result<Daemon, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("daemon.toml");
    fs::write(&path, text).unwrap();
    config::load(&path, "GRIDKEY_TEST_")
}

#[test]
fn a_file_is_read() {
    let daemon = load("[session]\nlisten = '127.0.0.1:0'\nlimit = 7").unwrap();
    assert_eq!((daemon.session.listen.port(), daemon.session.limit), (0, 7));
}

#[test]
fn a_missing_file_is_an_error() {
    let missing = config::load::<Daemon>(Path::new("/nonexistent/daemon.toml"), "GRIDKEY_TEST_");
    assert!(matches!(missing, Err(ConfigError::Read { .. })));
}

#[test]
fn an_unknown_key_is_refused_by_name() {
    let error = load("[session]\nlisten = '127.0.0.1:0'\nlimmit = 7").unwrap_err().to_string();
    assert!(error.contains("limmit") && error.contains("daemon.toml"), "{error}");
}

#[test]
fn an_error_does_not_show_a_value() {
    let error = load("pin = 'hunter2hunter'\n[session]\nlisten = '127.0.0.1:0'").unwrap_err().to_string();
    assert!(error.contains("pin") && !error.contains("hunter2"), "{error}");
    let error = load("[session]\nlisten = '127.0.0.1:0'\nlimit = 'hunter2'").unwrap_err().to_string();
    assert!(error.contains("session.limit") && !error.contains("hunter2"), "{error}");
}

/// Looks at the environment, which only a process of its own may change; see the next test.
#[test]
fn overridden() {
    if std::env::var_os("GRIDKEY_TEST_SESSION__LIMIT").is_some() {
        let daemon = load("[session]\nlisten = '127.0.0.1:1'\nlimit = 7\n[pin]\nfile = 'pin'").unwrap();
        println!("{} {} {}", daemon.session.listen, daemon.session.limit, daemon.pin.unwrap().place());
    }
}

#[test]
fn the_environment_goes_over_the_file() {
    let variables = [
        ("GRIDKEY_TEST_SESSION__LISTEN", "127.0.0.1:9"),
        ("GRIDKEY_TEST_SESSION__LIMIT", "8"),
        ("GRIDKEY_TEST_PIN__ENV", "PIN"),
    ];
    let output = rerun("config::overridden", &variables);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("127.0.0.1:9 8 $PIN"), "{text}");
}

#[test]
fn a_relative_path_starts_at_the_files_folder() {
    let base = config::base(Path::new("/etc/gridkey/server.toml"));
    assert_eq!(config::resolve(&base, Path::new("state")), PathBuf::from("/etc/gridkey/state"));
    assert_eq!(config::resolve(&base, Path::new("/var/lib")), PathBuf::from("/var/lib"));
    assert_eq!(config::base(Path::new("server.toml")), PathBuf::from("."));
}

#[test]
fn a_secrets_file_is_found_beside_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    crate::support::write(&folder.path().join("pin.txt"), "123456789012\n", 0o600);
    let path = folder.path().join("daemon.toml");
    fs::write(&path, "[session]\nlisten = '127.0.0.1:0'\n[pin]\nfile = 'pin.txt'").unwrap();
    let daemon: Daemon = config::load(&path, "GRIDKEY_TEST").unwrap();
    assert_eq!(daemon.pin.unwrap().read().unwrap().expose_secret(), "123456789012");
}
