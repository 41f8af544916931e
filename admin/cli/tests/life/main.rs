//! The life of keys on real tokens (SoftHSM), through the real programs: a first administrator, an operator, a customer who logs in,
//! loses the key, gets another and renews it.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod company;
mod office;

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};

use gridkey_client::{
    client::{Client, ClientParts, Wish},
    clock::Clock,
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

use self::company::{Company, NUMBER, PATIENCE, PIN, SO_PIN, client_file, code, configured, in_hands, wait};

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
