//! The life of keys on real tokens (SoftHSM), through the real programs: a first administrator, an operator, a customer who logs in,
//! loses the key, gets another and renews it.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use gridkey_client::{
    client::{Client, ClientParts, Wish},
    clock::Clock,
    config::ClientConfig,
    key::{KeyCertificates, UsbKey},
    session::CUSTOMER,
    store::Store,
    transport::{TlsSettings, WebSocketConnector},
};
use gridkey_desk::{
    Desk, DeskSettings,
    issue::{Action, Holder, IssueOrder, Outcome},
    maker::{Person, Workbench, make_key},
};
use gridkey_protocol::{bytes::hex, certificate::Purpose};
use gridkey_token::{Caution, Pin, Pkcs11Provider, Pkcs11Token, pkcs11::SlotChoice};
use serde_json::Value;
use tempfile::TempDir;

const SO_PIN: &str = "97531086420";
const PIN: &str = "246813579024";
const NUMBER: &str = "1100000001";
/// Longest wait for anything; a test that reaches it has failed.
const PATIENCE: Duration = Duration::from_secs(30);
/// Set in a child process that is somebody's program, to its configuration.
const CONFIGURED: &str = "GRIDKEY_TEST_CONFIGURATION";

fn module() -> PathBuf {
    std::env::var_os("SOFTHSM2_MODULE").map_or_else(|| "/usr/lib/softhsm/libsofthsm2.so".into(), PathBuf::from)
}

/// A program of the workspace, built by `cargo xtask test` or beside this test.
fn program(name: &str) -> PathBuf {
    let folder = std::env::var_os("GRIDKEY_BIN_DIR").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| std::env::current_exe().unwrap().ancestors().nth(2).unwrap().to_owned());
    let program = folder.join(name);
    assert!(program.is_file(), "{} is not built: use cargo xtask test", program.display());
    program
}

/// A company and its tokens in a folder; the server's HSM is another SoftHSM than the one in everybody's hands.
struct Company {
    folder: TempDir,
    server: Option<Child>,
}

impl Drop for Company {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

impl Company {
    /// A server whose first administrator, a security officer, has a key on a token.
    fn found() -> Self {
        let company = Self { folder: tempfile::tempdir().unwrap(), server: None };
        for side in ["hsm", "hands"] {
            std::fs::create_dir_all(company.path(side).join("tokens")).unwrap();
            let tokens = company.path(side).join("tokens");
            let text =
                format!("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n", tokens.display());
            std::fs::write(company.path(side).join("softhsm2.conf"), text).unwrap();
        }
        for secret in ["hsm-pin", "hsm-so-pin", "root-pin", "root-so-pin"] {
            company.secret(secret, &format!("{secret}-for-tests"));
        }
        company.secret("so-pin", SO_PIN);
        company.secret("pin", PIN);
        let listen = "listen = \"127.0.0.1:0\"";
        let text = format!(
            "state_dir = \"state\"\n[session]\n{listen}\n[admin]\n{listen}\n[public]\n{listen}\n[ops]\n{listen}\n\
             [hsm]\nmodule = {module:?}\ntoken = \"pkcs11:token=gridkey\"\npin = {{ file = \"hsm-pin\" }}\n\
             so_pin = {{ file = \"hsm-so-pin\" }}\ncall_milliseconds = 30000\n\
             [root]\ntoken = \"pkcs11:token=gridkey-root\"\npin = {{ file = \"root-pin\" }}\nso_pin = {{ file = \"root-so-pin\" }}\n",
            module = module().display().to_string(),
        );
        std::fs::write(company.path("server.toml"), text).unwrap();
        company.good(&company.admin("", &["key", "init", "--csr", "admin.csr"], Some("admin-1")));
        let admin = ["init", "--admin-csr", "admin.csr", "--admin-out", "admin"];
        company.good(&company.server_command(&admin).output().unwrap());
        company.good(&company.admin("admin-1", &["key", "write", "--certificates", "admin/certificate.pem"], None));
        company
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn secret(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::write(self.path(name), format!("{text}\n")).unwrap();
        std::fs::set_permissions(self.path(name), std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn in_folder(&self, program: &Path, side: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .env("SOFTHSM2_CONF", self.path(side).join("softhsm2.conf"))
            .stdin(Stdio::null());
        command
    }

    fn server_command(&self, arguments: &[&str]) -> Command {
        let mut command = self.in_folder(&program("gridkey-server"), "hsm");
        command.args(["--config", "server.toml"]).args(arguments);
        command
    }

    fn serve(&mut self) {
        // What a killed server left behind says nothing of this one.
        let _ = std::fs::remove_file(self.path("state/runtime.json"));
        let log = std::fs::File::create(self.path("server.log")).unwrap();
        let server = self.server_command(&["serve"]).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        self.server = Some(server);
        let begun = Instant::now();
        while self.address("admin").is_none() {
            assert!(begun.elapsed() < PATIENCE, "the server does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Where a listener of the running server is.
    fn address(&self, name: &str) -> Option<String> {
        let text = std::fs::read_to_string(self.path("state/runtime.json")).ok()?;
        let port = serde_json::from_str::<Value>(&text).ok()?[name].as_str()?.rsplit(':').next()?.to_owned();
        Some(format!("wss://localhost:{port}/session"))
    }

    /// Runs `gridkey-admin` with the token `who`; `new` is the label of a blank token in the reader.
    fn admin(&self, who: &str, arguments: &[&str], new: Option<&str>) -> Output {
        let mut command = self.in_folder(Path::new(env!("CARGO_BIN_EXE_gridkey-admin")), "hands");
        command.args(arguments).args(["--json", "--root", "state/root.pem", "--pin-file", "pin"]);
        command.arg("--module").arg(module()).args(["--uri", &format!("pkcs11:token={who}")]);
        if let Some(server) = self.address("admin") {
            command.args(["--server", &server]);
        }
        if let Some(label) = new {
            command.args(["--label", label, "--so-pin-file", "so-pin", "--user-pin-file", "pin"]);
        }
        let output = command.output().unwrap();
        for stream in [&output.stdout, &output.stderr] {
            assert!(!String::from_utf8_lossy(stream).contains(PIN), "the PIN is printed");
        }
        output
    }

    fn good(&self, output: &Output) -> Value {
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let log = std::fs::read_to_string(self.path("server.log")).unwrap_or_default();
        assert!(output.status.success(), "{}\n{out}\n{err}\n{log}", output.status);
        out.lines().last().and_then(|line| serde_json::from_str(line).ok()).unwrap_or(Value::Null)
    }

    /// The customer's `gridkey` with the token `who`.
    fn customer(&self, who: &str, arguments: &[&str]) -> Command {
        let mut command = self.in_folder(&program("gridkey"), "hands");
        command.args(arguments).args(["--json", "--root", "state/root.pem", "--store", "store", "--pin-file", "pin"]);
        command.arg("--module").arg(module()).args(["--uri", &format!("pkcs11:token={who}")]);
        command.args(["--server", &self.address("session").unwrap()]);
        command
    }
}

fn code(output: &Output) -> (i32, String) {
    let error: Value = serde_json::from_slice(&output.stderr).unwrap_or(Value::Null);
    let code = error["error"]["code"].as_str().unwrap_or_default().to_owned();
    (output.status.code().unwrap_or(-1), code)
}

#[test]
fn from_a_blank_token_to_a_renewed_key() {
    let mut company = Company::found();
    company.serve();

    // The first administrator makes an operator, and no customer's key.
    let operator = ["key", "issue", "--admin", "desk-1", "--role", "operator"];
    let made = company.good(&company.admin("admin-1", &operator, Some("desk-1")));
    assert_eq!((made["state"].as_str(), made["admin"].as_str()), (Some("bound"), Some("operator")));
    let for_customer = ["key", "issue", "--customer", NUMBER, "--record", "record.txt"];
    let refused = company.admin("admin-1", &for_customer, Some("not-mine"));
    assert_eq!(code(&refused), (6, "not-allowed".to_owned()), "{refused:?}");

    // The operator makes the customer's key.
    let made = company.good(&company.admin("desk-1", &for_customer, Some("customer-1")));
    assert_eq!(made["state"], "bound");
    let first = made["key"].as_str().unwrap().to_owned();
    let record = std::fs::read_to_string(company.path("record.txt")).unwrap();
    assert!(record.contains(&first[..32]) && record.contains(NUMBER) && !record.contains(PIN), "{record}");
    let login = company.good(&company.customer("customer-1", &["login"]).output().unwrap());
    assert_eq!((login["customer"].as_str(), login["fingerprint"].as_str()), (Some(NUMBER), Some(first.as_str())));

    // What nobody may do.
    let own = company.admin("desk-1", &["key", "list", "--admins"], None);
    let own = company.good(&own)["keys"].as_array().unwrap().iter().find(|key| key["name"] == "desk-1").unwrap()["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let refused = company.admin("desk-1", &["key", "revoke", "--key", &own, "--reason", "test"], None);
    assert_eq!(code(&refused), (6, "own-key".to_owned()));
    assert_eq!(code(&company.admin("desk-1", &["audit", "verify"], None)), (6, "not-allowed".to_owned()));
    assert_eq!(
        code(&company.admin("customer-1", &["key", "list"], None)).0,
        3,
        "a customer's key is no administrator's"
    );
    let again = ["key", "bind", "--key", &first, "--customer", NUMBER];
    assert_eq!(code(&company.admin("desk-1", &again, None)), (6, "key-bound".to_owned()));

    // Lost: the live session is cut within a second, and the key stays out.
    let watch = company.customer("customer-1", &["watch"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let sessions = || company.good(&company.admin("desk-1", &["session", "list"], None));
    let begun = Instant::now();
    while !sessions()["sessions"].as_array().unwrap().iter().any(|session| session["customer"] == NUMBER) {
        assert!(begun.elapsed() < PATIENCE, "the customer is not in");
        std::thread::sleep(Duration::from_millis(100));
    }
    let lost = ["key", "lost", "--customer", NUMBER, "--reason", "left in a taxi"];
    let ended = company.good(&company.admin("desk-1", &lost, None));
    assert_eq!((ended["keys"][0]["key"]["state"].as_str(), &ended["keys"][0]["sessions"]), (Some("lost"), &1.into()));
    let cut = Instant::now();
    let gone = wait(watch);
    assert!(cut.elapsed() < Duration::from_secs(1), "{:?}", cut.elapsed());
    assert_eq!(gone, Some(4));
    assert_eq!(company.customer("customer-1", &["login"]).output().unwrap().status.code(), Some(4));

    // Another key in its place.
    let replacing = ["key", "issue", "--customer", NUMBER, "--replaces", &first];
    let second = company.good(&company.admin("desk-1", &replacing, Some("customer-2")));
    assert_eq!((second["state"].as_str(), second["succeeds"].as_str()), (Some("bound"), Some(first.as_str())));
    let login = company.good(&company.customer("customer-2", &["login"]).output().unwrap());
    assert_eq!(login["customer"], NUMBER);

    // Renewed by its holder, with the PIN, on the same token.
    let renewed = renew(&company, "customer-2");
    let login = company.good(&company.customer("customer-2", &["login"]).output().unwrap());
    assert_eq!(login["fingerprint"].as_str(), Some(renewed.as_str()), "the token shows its newest key");
    let second = second["key"].as_str().unwrap();
    let life = company.good(&company.admin("desk-1", &["key", "show", "--key", second], None));
    assert_eq!((life["key"]["state"].as_str(), life["key"]["reason"].as_str()), (Some("replaced"), Some("renewed")));

    // The chain shows all of it.
    let events = company.good(&company.admin("admin-1", &["audit", "list", "--limit", "200"], None));
    let events: Vec<&str> =
        events["entries"].as_array().unwrap().iter().filter_map(|entry| entry["event"].as_str()).collect();
    for event in ["key.issued", "key.bound", "key.lost", "key.replaced"] {
        assert!(events.contains(&event), "{event} is not in {events:?}");
    }
}

#[test]
fn keys_for_many_customers_are_made_one_token_after_another() {
    let mut company = Company::found();
    company.serve();
    let operator = ["key", "issue", "--admin", "desk-1", "--role", "operator"];
    company.good(&company.admin("admin-1", &operator, Some("desk-1")));
    std::fs::write(company.path("customers.csv"), "customer,label\n1100000001,mill\n1100000002,\n").unwrap();
    let pins = ["--so-pin-file", "so-pin", "--user-pin-file", "pin"];
    let batch = [&["key", "issue", "--batch", "customers.csv", "--records", "records"], &pins[..]].concat();
    let output = company.admin("desk-1", &batch, None);
    assert_eq!(company.good(&output), serde_json::json!({ "made": 2, "failed": 0, "left": [] }));
    let lines: Vec<Value> =
        String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let made: Vec<_> = lines[..2]
        .iter()
        .map(|line| (line["customer"].as_str().unwrap(), line["key"]["state"].as_str().unwrap()))
        .collect();
    assert_eq!(made, [("1100000001", "bound"), ("1100000002", "bound")]);
    assert_eq!(std::fs::read_dir(company.path("records")).unwrap().count(), 2);
    for (token, customer) in [("mill", "1100000001"), ("1100000002", "1100000002")] {
        let login = company.good(&company.customer(token, &["login"]).output().unwrap());
        assert_eq!(login["customer"], customer, "each holds its own key");
    }
    let wrong = [&["key", "issue", "--batch", "no-such-file"], &pins[..]].concat();
    assert_eq!(code(&company.admin("desk-1", &wrong, None)).0, 2);

    // The server at one look; there is no platform here, and a script is told so by the exit status.
    let status = company.admin("desk-1", &["status"], None);
    assert_eq!(status.status.code(), Some(1));
    let status: Value = serde_json::from_slice(&status.stdout).unwrap();
    let bound = status["keys"]["states"].as_array().unwrap().iter().find(|line| line["state"] == "bound").unwrap();
    assert_eq!((bound["count"].as_u64(), status["sessions"]["administrators"].as_u64()), (Some(4), Some(1)));
    // What the server's own store knows of payments: nothing yet.
    let found = company.good(&company.admin("desk-1", &["payment", "search", "--customer", NUMBER], None));
    assert_eq!(found, serde_json::json!({ "payments": [] }));
    let none = ["payment", "show", "--customer", NUMBER, "01a20244e8007000800000000000002a"];
    assert_eq!(code(&company.admin("desk-1", &none, None)), (6, "not-found".to_owned()));
    assert_eq!(code(&company.admin("desk-1", &["payment", "search"], None)).0, 2);
    assert_eq!(code(&company.admin("desk-1", &["payment", "search", "--state", "queued"], None)).0, 2);
    for asks_the_platform in [
        &["customer", "update", NUMBER, "--contact", "+86 10 5550 0102"][..],
        &["bill", "push", "--customer", NUMBER, "B-2016-01-M1000000011"],
        &["arrears", "list"],
    ] {
        let refused = code(&company.admin("desk-1", asks_the_platform, None));
        assert_ne!(refused.0, 2, "{asks_the_platform:?}");
        assert_ne!(refused.0, 0, "there is no platform");
    }
}

#[test]
fn a_blank_token_is_needed_and_nothing_is_half_done() {
    let mut company = Company::found();
    company.serve();
    let operator = ["key", "issue", "--admin", "desk-1", "--role", "operator"];
    company.good(&company.admin("admin-1", &operator, Some("desk-1")));
    // A module without a blank token (here: one that is no module at all), and a slot in use.
    let used = ["key", "issue", "--customer", NUMBER, "--slot", "999999"];
    assert_eq!(code(&company.admin("desk-1", &used, Some("x"))).0, 3);
    // The server goes away in the middle: no key, and after it is back nothing is bound.
    let mut server = company.server.take().unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    let refused = company.admin("desk-1", &["key", "issue", "--customer", NUMBER], Some("customer-1"));
    assert_eq!(refused.status.code(), Some(5), "{refused:?}");
    company.serve();
    let keys = company.good(&company.admin("desk-1", &["key", "list", "--customer", NUMBER], None));
    assert_eq!(keys["keys"].as_array().unwrap().len(), 0);
}

#[test]
fn what_was_issued_for_a_token_that_failed_is_revoked() {
    let mut company = Company::found();
    company.serve();
    let operator = ["key", "issue", "--admin", "desk-1", "--role", "operator"];
    company.good(&company.admin("admin-1", &operator, Some("desk-1")));
    let text = client_file(&company, "desk-1", "admin");
    let output = in_hands(&company, "the_desk_writes_to_a_token_that_fails", &text);
    assert!(output.contains("nothing came of it"), "{output}");
    let all = company.good(&company.admin("desk-1", &["key", "list", "--state", "revoked"], None));
    let [revoked] = all["keys"].as_array().unwrap().as_slice() else { panic!("{all}") };
    assert_eq!((revoked["name"].as_str(), revoked["customer"].as_str()), (Some(NUMBER), None), "never bound");
    assert!(revoked["reason"].as_str().unwrap().starts_with("never handed over"), "{revoked}");
}

/// A part that does nothing but in a process of its own: when the certificates are to be written, the token's files are gone.
#[test]
fn the_desk_writes_to_a_token_that_fails() {
    struct Clumsy(PathBuf);
    impl Person for Clumsy {
        fn told(&mut self, action: &Action) {
            if matches!(action, Action::Write { .. }) {
                let tokens = std::fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().path());
                let newest = tokens.max_by_key(|path| std::fs::metadata(path).unwrap().created().unwrap());
                std::fs::remove_dir_all(newest.unwrap()).unwrap();
            }
        }

        fn puts_token_back(&mut self) -> bool {
            false
        }
    }

    let Some(config) = configured() else { return };
    let tokens = Path::new(&std::env::var_os("SOFTHSM2_CONF").unwrap()).with_file_name("tokens");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let outcome = runtime.block_on(async {
        let anchor = config.anchor().unwrap();
        let uri = config.uri.as_deref().unwrap().parse().unwrap();
        let token = Pkcs11Token::open(config.module.as_deref(), &uri).unwrap();
        let clock = Clock::system();
        let certificates = KeyCertificates::read(&token, &anchor, Purpose::Administrator, clock.now()).unwrap();
        let pin = || Pin::new(PIN).unwrap();
        let key = UsbKey::log_in(&token, certificates, &pin(), Caution::Normal).unwrap();
        let tls = TlsSettings::new(&anchor).unwrap();
        let connector = Arc::new(WebSocketConnector::new(config.server().unwrap().clone(), tls));
        let settings = DeskSettings {
            anchor: Arc::new(anchor),
            allow_unbound: false,
            agent: "test/1".into(),
            locale: "en".into(),
            clock,
        };
        let desk = Desk::open(connector, key, settings).await.unwrap();
        let bench = Workbench {
            provider: Pkcs11Provider::open(config.module.as_deref().unwrap()).unwrap(),
            slot: SlotChoice::FirstBlank,
            label: "doomed".into(),
            so_pin: Pin::new(SO_PIN).unwrap(),
            user_pin: pin(),
        };
        let order = IssueOrder { holder: Holder::Customer(NUMBER.parse().unwrap()), replaces: None, bind: true };
        let outcome = make_key(&desk, &bench, order, &mut Clumsy(tokens)).await;
        desk.close().await;
        outcome
    });
    assert!(matches!(outcome, Outcome::Nothing(_)), "{outcome:?}");
    println!("nothing came of it: {outcome:?}");
}

/// Waits for a program to end; its exit status.
fn wait(mut child: Child) -> Option<i32> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("the program does not end");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A client's configuration with the token `who`, for a listener of the server.
fn client_file(company: &Company, who: &str, listener: &str) -> String {
    format!(
        "server = {:?}\nroot = \"state/root.pem\"\nstore = \"store\"\nmodule = {:?}\nuri = \"pkcs11:token={who}\"\n",
        company.address(listener).unwrap(),
        module().display().to_string()
    )
}

/// The configuration, in a process that is somebody's program.
fn configured() -> Option<ClientConfig> {
    std::env::var_os(CONFIGURED).map(|file| ClientConfig::from_file(Path::new(&file)).unwrap())
}

/// Runs the test `part` in a process that sees the tokens in people's hands; gives what it printed.
fn in_hands(company: &Company, part: &str, config: &str) -> String {
    std::fs::write(company.path("client.toml"), config).unwrap();
    let mut child = company.in_folder(&std::env::current_exe().unwrap(), "hands");
    let child = child.args([part, "--exact", "--nocapture"]);
    let output = child.env(CONFIGURED, company.path("client.toml")).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// Renews the key of the token `who`; gives the new key's fingerprint.
fn renew(company: &Company, who: &str) -> String {
    let text = in_hands(company, "the_customers_program_renews", &client_file(company, who, "session"));
    let renewed = text.lines().find_map(|line| line.split("renewed: ").nth(1)).expect("a renewed key");
    renewed.trim().to_owned()
}

/// A part that does nothing but in a process of its own.
#[test]
fn the_customers_program_renews() {
    let Some(config) = configured() else { return };
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let anchor = config.anchor().unwrap();
        let uri = config.uri.as_deref().unwrap().parse().unwrap();
        let token = Pkcs11Token::open(config.module.as_deref(), &uri).unwrap();
        let clock = Clock::system();
        let certificates = KeyCertificates::read(&token, &anchor, CUSTOMER, clock.now()).unwrap();
        let pin = Pin::new(PIN).unwrap();
        let key = UsbKey::log_in_to_write(&token, certificates, &pin, Caution::Normal).unwrap();
        let folder = config.store().unwrap();
        let anchor = Arc::new(anchor);
        let client = |key: UsbKey, store: Store| {
            Client::new(ClientParts {
                key,
                store,
                anchor: Arc::clone(&anchor),
                caps: config.caps().unwrap(),
                order_seconds: config.order_seconds().unwrap(),
                clock: clock.clone(),
            })
        };
        let connector =
            Arc::new(WebSocketConnector::new(config.server().unwrap().clone(), TlsSettings::new(&anchor).unwrap()));
        let wish = || Wish {
            follow: true,
            reconnect: false,
            allow_unbound: false,
            agent: "test/1".into(),
            locale: "en".into(),
        };
        let mut before = client(key.clone(), Store::open(folder, &key).await.unwrap());
        before.connect(connector.clone(), wish()).await.unwrap();
        before.with_store(|store| store.put(gridkey_client::store::Table::Cache, "kept", &7_u64)).await.unwrap();
        let renewal = before.renew_key(folder).await.unwrap();
        before.close().await;

        let mut after = client(renewal.key.clone(), renewal.store.clone());
        after.connect(connector, wish()).await.unwrap();
        let kept = after.with_store(|store| store.get::<u64>(gridkey_client::store::Table::Cache, "kept")).await;
        assert_eq!(kept.unwrap(), Some(7), "the offline store goes on");
        after.close().await;
        println!("renewed: {}", hex(&renewal.key.certificates().leaf().fingerprint()));
        renewal.forget_old().await.unwrap();
    });
}
