//! The program's commands, with the demo's data, and the daemon behind its control socket.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use serde_json::Value;

/// All bills of 2016, fen.
const SUM_OF_2016: u64 = 3_443_665_015;

fn demo_data() -> PathBuf {
    PathBuf::from("../assets/demo")
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridkey-platform"));
    command.args(arguments).env_remove("GRIDKEY_PLATFORM_CONFIG").env_remove("RUST_LOG");
    command
}

/// Runs a command on a data folder; gives what it printed.
fn run(data_dir: &Path, arguments: &[&str]) -> String {
    let output = try_run(data_dir, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn try_run(data_dir: &Path, arguments: &[&str]) -> Output {
    program(&["--data-dir", data_dir.to_str().unwrap()]).args(arguments).output().unwrap()
}

fn load(data_dir: &Path, more: &[&str]) -> String {
    let data = demo_data();
    run(data_dir, &[&["load", "--data", data.to_str().unwrap()], more].concat())
}

/// Every file under `folder`.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn the_year_2016_is_billed_and_billing_it_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    load(folder.path(), &["--year", "2016"]);
    assert!(run(folder.path(), &["bill-run", "--year", "2016"]).starts_with("96 bills made, 0 there already"));
    let bills = run(folder.path(), &["bills", "--year", "2016", "--json"]);
    assert!(run(folder.path(), &["bill-run", "--year", "2016"]).starts_with("0 bills made, 96 there already"));
    assert_eq!(run(folder.path(), &["bills", "--year", "2016", "--json"]), bills);

    let bills: Vec<Value> = bills.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(bills.len(), 96);
    // Reckoned by another program.
    let january = &bills[0];
    assert_eq!((&january["bill"], &january["kwh"]["sharp"]), (&"B-2016-01-M1000000011".into(), &"103667.50".into()));
    assert_eq!((&january["kvarh"], &january["max_kw"]), (&"532802.46".into(), &"2260.00".into()));
    assert_eq!((&january["pf"], &january["total"]), (&"0.92".into(), &98_334_880.into()));
    let total: u64 = bills.iter().map(|bill| bill["total"].as_u64().unwrap()).sum();
    assert_eq!(total, SUM_OF_2016);
    for bill in &bills {
        let kinds: Vec<_> =
            bill["lines"].as_array().unwrap().iter().map(|line| line["kind"].as_str().unwrap()).collect();
        assert_eq!(
            [&kinds[..4], &kinds[5..]].concat(),
            ["sharp", "peak", "flat", "valley", "power-factor", "surcharge"]
        );
        assert!(matches!(kinds[4], "capacity" | "demand"));
    }
}

#[test]
fn nothing_on_disk_shows_who_a_customer_is() {
    let folder = tempfile::tempdir().unwrap();
    load(folder.path(), &["--year", "2016"]);
    let text = std::fs::read_to_string(demo_data().join("customers.toml")).unwrap();
    let wanted = ["name = \"", "name_zh = \"", "contact = \"", "address = \""];
    let secrets: Vec<&str> = text
        .lines()
        .filter_map(|line| wanted.iter().find_map(|key| line.strip_prefix(key)?.strip_suffix('"')))
        .collect();
    assert_eq!(secrets.len(), 28);
    let mut numbers = 0;
    for file in files(folder.path()) {
        let content = std::fs::read(&file).unwrap();
        for secret in &secrets {
            assert!(!contains(&content, secret.as_bytes()), "{secret} in {}", file.display());
        }
        numbers += usize::from(contains(&content, b"1100000001"));
    }
    assert!(numbers > 0, "the search must be able to find something");
}

#[test]
fn a_month_that_has_not_ended_is_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let output = try_run(folder.path(), &["bill-run", "--month", "2026-11", "--today", "2026-11-23"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("2026-11 has not ended"));
}

/// Files of an intranet: a root, and a key pair for the listener.
fn intranet(folder: &Path) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let certificate = params.signed_by(&key, &root).unwrap();
    std::fs::write(folder.join("root.pem"), root.pem()).unwrap();
    std::fs::write(folder.join("platform.pem"), certificate.pem()).unwrap();
    write_private(&folder.join("platform-key.pem"), &key.serialize_pem());
}

fn write_private(path: &Path, text: &str) {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt};
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

/// A platform that serves; killed when dropped.
struct Serving(Child);

impl Serving {
    fn start(config: &Path) -> Self {
        let child = program(&["--config", config.to_str().unwrap(), "serve"]).stderr(Stdio::inherit()).spawn().unwrap();
        let mut serving = Self(child);
        let ready = config.parent().unwrap().join("data/runtime.json");
        let patience = Instant::now();
        while !ready.exists() {
            assert!(serving.0.try_wait().unwrap().is_none(), "the platform ended");
            assert!(patience.elapsed() < Duration::from_secs(60), "the platform is not ready");
            std::thread::yield_now();
        }
        serving
    }

    fn stop(mut self) {
        let told = Command::new("kill").arg(self.0.id().to_string()).status().unwrap();
        assert!(told.success());
        assert!(self.0.wait().unwrap().success(), "the platform did not stop in good order");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn commands_reach_a_platform_that_serves_and_its_files_are_free_after_it() {
    let folder = tempfile::tempdir().unwrap();
    intranet(folder.path());
    let config = folder.path().join("platform.toml");
    let text = r#"
        [https]
        listen = "127.0.0.1:0"
        certificate = "platform.pem"
        key = "platform-key.pem"
        client_root = "root.pem"
        [arrears]
        at_start = false
    "#;
    std::fs::write(&config, text).unwrap();
    let data_dir = folder.path().join("data");
    let daemon = Serving::start(&config);

    // The demo's own order: history up to the month before last, then the bill run that pushes new bills.
    let loaded = load(&data_dir, &["--today", "2026-11-23", "--bills-until", "2026-09"]);
    assert!(loaded.contains("from 2024-10-01 to 2026-11-23, 192 bills"), "{loaded}");
    let changes = run(&data_dir, &["arrears-run", "--today", "2026-11-23"]);
    assert_eq!(changes.lines().count(), 7);
    assert!(changes.lines().all(|line| line.contains("\"raised\"")));
    assert_eq!(run(&data_dir, &["arrears-run", "--today", "2026-11-23"]), "", "once each");
    let made = run(&data_dir, &["bill-run", "--today", "2026-11-23"]);
    assert!(made.starts_with("8 bills made, 0 there already"), "{made}");

    let second = program(&["--config", config.to_str().unwrap(), "serve"]).output().unwrap();
    assert!(!second.status.success(), "one folder has one platform");
    daemon.stop();
    assert!(!data_dir.join("runtime.json").exists());
    assert!(run(&data_dir, &["bill-run", "--month", "2026-10"]).starts_with("0 bills made, 8 there already"));
}

#[test]
fn a_feed_goes_on_where_the_last_one_ended() {
    let folder = tempfile::tempdir().unwrap();
    let data = demo_data();
    let feed = |count: &str| {
        let fed =
            run(folder.path(), &["meter-feed", "--data", data.to_str().unwrap(), "--speed", "90000", "--count", count]);
        let next = fed.lines().last().unwrap().strip_prefix("next reading: ").unwrap().to_owned();
        next.parse::<jiff::civil::DateTime>().unwrap()
    };
    load(folder.path(), &["--year", "2016"]);
    let first = feed("3");
    let second = feed("5");
    assert_eq!(second.duration_since(first).as_mins(), 75);
}
