//! The program as a script sees it: exit status, stdout, stderr. What needs a server is tested end to end elsewhere.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use gridkey_protocol::{certificate::Purpose, testpki::TestPki};
use serde_json::Value;
use tempfile::TempDir;

const PIN: &str = "314159265358";

struct Home {
    folder: TempDir,
}

impl Home {
    fn new() -> Self {
        let home = Self { folder: tempfile::tempdir().unwrap() };
        home.write("pin", &format!("{PIN}\n"));
        home.write("wrong-pin", "271828182845\n");
        std::fs::write(home.path("root.der"), TestPki::new().root.der()).unwrap();
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
        permit(&self.path(name), 0o600);
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let output = Command::new(env!("CARGO_BIN_EXE_gridkey"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        for stream in [&output.stdout, &output.stderr] {
            assert!(!String::from_utf8_lossy(stream).contains(PIN), "the PIN is printed");
        }
        output
    }

    /// Runs with the software key.
    fn with_key(&self, arguments: &[&str]) -> Output {
        self.run(&[arguments, &["--software", "key.json", "--root", "root.der", "--store", "store", "--json"]].concat())
    }

    fn make_key(&self) {
        let output = self.with_key(&["token", "init", "--label", "trial", "--out", "out", "--pin-file", "pin"]);
        assert_eq!(status(&output), 0, "{output:?}");
    }
}

#[cfg(unix)]
fn permit(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn permit(_: &Path, _: u32) {}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn error(output: &Output) -> Value {
    assert!(output.stdout.is_empty(), "data beside a failure: {output:?}");
    let text = String::from_utf8_lossy(&output.stderr);
    let last = text.lines().last().unwrap_or_default();
    serde_json::from_str::<Value>(last).unwrap_or_else(|_| panic!("no JSON: {text}"))["error"].clone()
}

fn data(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("no JSON: {output:?}"))
}

#[test]
fn wrong_use_ends_with_2_and_says_what_is_missing() {
    let home = Home::new();
    assert_eq!(status(&home.run(&["pay"])), 2);
    assert_eq!(status(&home.run(&["confirm", "not-a-payment"])), 2);
    assert_eq!(status(&home.run(&["bills", "--pin", "1234"])), 2, "there is no option that takes a PIN");
    let output = home.run(&["bills", "--json"]);
    assert_eq!((status(&output), error(&output)["code"].clone()), (2, "config".into()));
}

#[test]
fn an_unknown_key_in_the_configuration_is_named() {
    let home = Home::new();
    home.write("c.toml", "server = \"wss://localhost:1/session\"\npin = \"1234\"\n");
    let output = home.run(&["bills", "--config", "c.toml"]);
    assert_eq!(status(&output), 2);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("pin") && !said.contains("1234"), "{said}");
    assert_eq!(status(&home.run(&["bills", "--config", "absent.toml"])), 1);
}

#[test]
fn the_shipped_example_is_read() {
    let home = Home::new();
    home.write("c.toml", include_str!("../gridkey.example.toml"));
    let output = home.run(&["receipt", "--verify", "absent", "--config", "c.toml", "--json"]);
    assert_eq!(status(&output), 1, "{output:?}");
    assert!(error(&output)["message"].as_str().is_some_and(|said| said.contains("absent")));
}

#[test]
fn a_key_is_made_asked_and_given_another_pin() {
    let home = Home::new();
    home.make_key();
    let request = std::fs::read_to_string(home.path("out/request.pem")).unwrap();
    assert!(request.starts_with("-----BEGIN CERTIFICATE REQUEST-----"));
    assert_eq!(std::fs::read_to_string(home.path("out/agreement.hex")).unwrap().trim().len(), 64);

    let info = home.with_key(&["token", "info"]);
    assert_eq!((status(&info), data(&info)["verified"].clone()), (0, false.into()));

    home.write("new-pin", "161803398874\n");
    let change = ["token", "change-pin", "--new-pin-file", "new-pin", "--pin-file"];
    let refused = home.with_key(&[&change[..], &["wrong-pin"]].concat());
    let failure = error(&refused);
    assert_eq!((status(&refused), failure["code"].clone()), (3, "wrong-pin".into()));
    assert_eq!(failure["tries"], "not told");
    assert_eq!(status(&home.with_key(&[&change[..], &["pin"]].concat())), 0);
    let old = home.with_key(&["token", "request", "--out", "again", "--pin-file", "pin"]);
    assert_eq!(status(&old), 3);
    let new = home.with_key(&["token", "request", "--out", "again", "--pin-file", "new-pin"]);
    assert_eq!(status(&new), 0);
    assert!(home.path("again/request.pem").exists());
}

#[test]
fn an_issued_pin_is_told_until_it_is_changed() {
    let home = Home::new();
    let init = ["token", "init", "--label", "trial", "--out", "out", "--pin-file", "pin", "--issued-pin"];
    assert_eq!(status(&home.with_key(&init)), 0);
    assert_eq!(data(&home.with_key(&["token", "info"]))["pin"], "mustchange");
    home.write("new-pin", "161803398874\n");
    let change = ["token", "change-pin", "--new-pin-file", "new-pin", "--pin-file", "pin"];
    assert_eq!(status(&home.with_key(&change)), 0);
    assert_eq!(data(&home.with_key(&["token", "info"]))["pin"], "usable");
}

#[test]
fn a_key_without_a_certificate_is_told_before_the_pin_is_asked_for() {
    let home = Home::new();
    home.make_key();
    // No PIN is given and there is no terminal: asking would end with 2.
    let output = home.with_key(&["bills", "--server", "wss://localhost:1/session"]);
    assert_eq!((status(&output), error(&output)["code"].clone()), (3, "no-certificate".into()));
}

#[cfg(unix)]
#[test]
fn a_pin_file_that_others_can_read_is_refused() {
    let home = Home::new();
    home.make_key();
    permit(&home.path("pin"), 0o644);
    let output = home.with_key(&["token", "request", "--out", "x", "--pin-file", "pin"]);
    assert_eq!(status(&output), 2);
    assert!(!home.path("x").exists());
}

/// A certified software key; nothing listens at the server's address.
fn certified() -> Home {
    let home = Home::new();
    let pki = TestPki::new();
    let mut spec = pki.spec(Purpose::UsbKey).valid(-300 * 86_400, 29 * 365 * 86_400);
    spec.subject = "1100000001".into();
    let leaf = pki.issue(&spec);
    home.write("key.pem", &pem("PRIVATE KEY", &leaf.pkcs8()));
    let chain: String = leaf.chain.iter().map(|der| pem("CERTIFICATE", der)).collect();
    home.write("certificate.pem", &chain);
    let import = ["token", "import", "--certificate", "certificate.pem", "--key", "key.pem", "--pin-file", "pin"];
    let output = home.with_key(&import);
    assert_eq!(status(&output), 0, "{output:?}");
    let info = home.with_key(&["token", "info"]);
    assert_eq!(data(&info)["verified"], true, "{info:?}");
    home
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let body = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> =
        body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap_or_default()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

#[test]
fn without_a_network_and_nothing_kept_it_ends_with_5() {
    let home = certified();
    let at = ["--server", "wss://localhost:1/session", "--pin-file", "pin"];
    for command in [&["login"][..], &["bills"], &["pay", "--on-account", "12"], &["queue", "send"]] {
        let output = home.with_key(&[command, &at].concat());
        assert_eq!((status(&output), error(&output)["kind"].clone()), (5, "network".into()), "{command:?}");
    }
    // Queueing needs to know the customer, which only a login tells.
    let queued = home.with_key(&[&["pay", "--on-account", "12", "--queue"][..], &at].concat());
    assert_eq!((status(&queued), error(&queued)["code"].clone()), (5, "offline".into()));
    let list = home.with_key(&[&["queue"][..], &at].concat());
    assert_eq!((status(&list), data(&list)), (0, serde_json::json!({ "queue": [] })));
    let wrong = home.with_key(&["login", "--server", "wss://localhost:1/session", "--pin-file", "wrong-pin"]);
    assert_eq!(status(&wrong), 3);
}

#[test]
fn completions_and_manual_pages_are_written() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = home.run(&["completions", shell]);
        assert!(status(&output) == 0 && output.stdout.len() > 1000, "{shell}");
    }
    assert_eq!(status(&home.run(&["man", "man"])), 0);
    let page = std::fs::read_to_string(home.path("man/gridkey-pay.1")).unwrap();
    assert!(page.contains("on\\-account"));
}
