use std::fs;

use gridkey_service::{
    config::ConfigError,
    secret::{Secret, read_private},
    tls::{Identity, TlsError},
};
use secrecy::ExposeSecret;

use crate::support::{rerun, write};

#[test]
fn one_newline_at_the_end_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pin");
    for (text, secret) in [("a b\n", "a b"), ("a b\r\n", "a b"), ("a\n\n", "a\n"), (" a", " a")] {
        write(&path, text, 0o600);
        assert_eq!(Secret::in_file(&path).read().unwrap().expose_secret(), secret, "{text:?}");
    }
}

#[test]
fn a_file_open_to_others_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pin");
    for mode in [0o604, 0o644, 0o602, 0o620, 0o666] {
        write(&path, "secret", mode);
        assert!(matches!(Secret::in_file(&path).read(), Err(ConfigError::Exposed { .. })), "{mode:o}");
    }
    for mode in [0o400, 0o600, 0o440, 0o640] {
        write(&path, "secret", mode);
        assert!(Secret::in_file(&path).read().is_ok(), "{mode:o}");
    }
    write(&path, "-----BEGIN PRIVATE KEY-----", 0o644);
    let certificate = folder.path().join("certificate.pem");
    write(&certificate, &rcgen::generate_simple_self_signed(Vec::new()).unwrap().cert.pem(), 0o644);
    let refused = Identity::from_pem_files(&certificate, &path);
    assert!(matches!(refused, Err(TlsError::File(ConfigError::Exposed { .. }))));
}

#[test]
fn an_empty_long_or_binary_secret_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pin");
    write(&path, "\n", 0o600);
    assert!(matches!(Secret::in_file(&path).read(), Err(ConfigError::BadSecret(_))));
    write(&path, &"x".repeat(64 * 1024 + 1), 0o600);
    assert!(matches!(read_private(&path), Err(ConfigError::BadSecret(_))));
    fs::write(&path, [0xff, 0xfe]).unwrap();
    assert!(matches!(read_private(&path), Err(ConfigError::BadSecret(_))));
}

#[test]
fn neither_debug_nor_an_error_shows_the_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pin");
    write(&path, "hunter2", 0o600);
    let secret = Secret::in_file(&path);
    let text = format!("{secret:?} {:?} {}", secret.read(), secret.place());
    assert!(!text.contains("hunter2"), "{text}");
}

/// Looks at the environment; see the next test.
#[test]
fn from_the_environment() {
    if std::env::var_os("GRIDKEY_SECRET_TEST").is_some() {
        println!("read {}", Secret::in_env("GRIDKEY_SECRET_TEST").read().unwrap().expose_secret().len());
    }
}

#[test]
fn a_variable_can_hold_the_secret() {
    let output = rerun("secrets::from_the_environment", &[("GRIDKEY_SECRET_TEST", "twelve chars")]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("read 12"));
    assert!(matches!(Secret::in_env("GRIDKEY_NOT_SET").read(), Err(ConfigError::NotSet(_))));
}
