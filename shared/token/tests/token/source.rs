//! Sources of keys: one suite for both kinds, and what is each one's own.

use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use gridkey_token::{
    Caution, KdfParams, KeyKind, KeyRef, KeySource, KeyWatch, Pin, Pkcs11Keys, ReaderService, SoftwareKeys,
    SoftwareToken, SourceKind, TokenError,
};

use crate::support::pin;
use crate::support::softhsm::{USER_PIN, with_softhsm};

/// Only bounds a hang: every wait ends by an event.
const LONG: Duration = Duration::from_secs(30);
const OFTEN: Duration = Duration::from_millis(20);
/// As cheap as Argon2id goes.
const CHEAP: KdfParams = KdfParams { memory_kib: 8, passes: 1, lanes: 1 };

/// An empty source, and the means to fill it.
struct Bench<'a> {
    source: &'a dyn KeySource,
    /// Plugs in a key with this label and both kinds of private key.
    plug_in: &'a dyn Fn(&str),
    /// Pulls out every key.
    pull_out: &'a dyn Fn(),
    pin: Pin,
}

fn suite(bench: &Bench<'_>) {
    let Bench { source, plug_in, pull_out, pin } = bench;
    assert_eq!(source.present().expect("readable"), [], "nothing is plugged in");
    let (watch, changes) = watching(*source);
    changes.recv_timeout(LONG).expect("told at the start");

    plug_in("first");
    wait_until(*source, &changes, &["first"]);
    plug_in("second");
    wait_until(*source, &changes, &["first", "second"]);
    let keys = source.present().expect("readable");
    assert_ne!(keys[0].id, keys[1].id);
    assert_eq!(source.present().expect("readable"), keys, "the same names in the same order");
    for key in &keys {
        assert!(!key.reader.is_empty());
        assert_eq!(source.open(&key.id).expect("opened").info().expect("readable"), key.info);
    }
    for absent in ["", "pkcs11:", "software:0:nobody", "pkcs11:token=nobody"] {
        assert!(matches!(source.open(absent).err(), Some(TokenError::NoToken(_))), "{absent}");
    }

    let token = source.open(&keys[0].id).expect("opened");
    let session = token.login(pin, Caution::Normal).expect("the right PIN");
    let signing = signing_key(&session.keys().expect("keys"));
    session.sign_ed25519(&signing, b"m").expect("signed");
    pull_out();
    // Told without the session being used, since a person may pull the key while nothing happens.
    wait_until(*source, &changes, &[]);
    assert!(matches!(session.sign_ed25519(&signing, b"m"), Err(TokenError::Removed)));
    assert!(matches!(session.keys(), Err(TokenError::Removed)));
    assert!(matches!(token.info(), Err(TokenError::NoToken(_))));
    assert!(matches!(source.open(&keys[0].id).err(), Some(TokenError::NoToken(_))));

    drop(watch);
    while changes.try_recv().is_ok() {}
    assert_eq!(changes.try_recv(), Err(mpsc::TryRecvError::Disconnected), "no callback is left");
}

fn watching(source: &dyn KeySource) -> (KeyWatch, Receiver<()>) {
    let (sender, changes) = mpsc::channel();
    (source.watch(Box::new(move || sender.send(()).unwrap_or_default())).expect("a thread"), changes)
}

/// Reads the source anew after each change until it shows keys with these labels, in any order.
fn wait_until(source: &dyn KeySource, changes: &Receiver<()>, labels: &[&str]) {
    loop {
        changes.recv_timeout(LONG).unwrap_or_else(|_| panic!("no change led to {labels:?}: {:?}", source.present()));
        let mut found: Vec<String> =
            source.present().expect("readable").into_iter().map(|key| key.info.label).collect();
        found.sort();
        if found == labels {
            return;
        }
    }
}

fn signing_key(keys: &[gridkey_token::TokenKey]) -> KeyRef {
    keys.iter().find(|key| key.kind == KeyKind::Ed25519).expect("a signing key").key_ref()
}

#[test]
fn tokens_of_a_module_are_a_source() {
    with_softhsm("source::tokens_of_a_module_are_a_source", |hsm| {
        let source = Pkcs11Keys::new(&hsm.module, None).looking_every(OFTEN);
        let plug_in = |label: &str| {
            let token = hsm.new_token(label);
            token.provision(&pin(USER_PIN), Caution::Normal).expect("logged in").generate(label).expect("keys");
        };
        // SoftHSM notices at once that the folder of its tokens is gone.
        let pull_out = || std::fs::rename(&hsm.tokens, hsm.tokens.with_file_name("away")).expect("moved away");
        suite(&Bench { source: &source, plug_in: &plug_in, pull_out: &pull_out, pin: pin(USER_PIN) });
        let about = source.describe();
        assert_eq!((about.kind, &about.path, about.readers), (SourceKind::Pkcs11, &hsm.module, ReaderService::NotUsed));
    });
}

#[test]
fn a_token_that_another_program_made_is_seen_without_a_new_start() {
    with_softhsm("source::a_token_that_another_program_made_is_seen_without_a_new_start", |hsm| {
        let source = Pkcs11Keys::new(&hsm.module, None).looking_every(OFTEN);
        let (_watch, changes) = watching(&source);
        changes.recv_timeout(LONG).expect("told at the start");
        let elsewhere = |label: &str| {
            let made = Command::new("softhsm2-util")
                .args(["--init-token", "--free", "--label", label, "--so-pin", "97531086420", "--pin", USER_PIN])
                .output();
            assert!(made.expect("softhsm2-util runs").status.success());
        };
        elsewhere("first");
        wait_until(&source, &changes, &["first"]);
        let away = hsm.tokens.with_file_name("away");
        std::fs::rename(&hsm.tokens, &away).expect("moved away");
        wait_until(&source, &changes, &[]);
        std::fs::rename(&away, &hsm.tokens).expect("moved back");
        wait_until(&source, &changes, &["first"]);

        // While a session is open nothing is disturbed; afterwards what came meanwhile is there.
        let key = source.present().expect("readable").remove(0);
        let token = source.open(&key.id).expect("opened");
        let session = token.login(&pin(USER_PIN), Caution::Normal).expect("the right PIN");
        elsewhere("second");
        session.keys().expect("still logged in");
        drop(session);
        wait_until(&source, &changes, &["first", "second"]);
    });
}

#[test]
fn a_folder_of_key_files_is_a_source() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = SoftwareKeys::new(folder.path()).looking_every(OFTEN);
    let plug_in = |label: &str| drop(create(folder.path().join(label), label));
    let pull_out = || {
        for entry in std::fs::read_dir(folder.path()).expect("the folder") {
            std::fs::remove_file(entry.expect("an entry").path()).expect("removed");
        }
    };
    suite(&Bench { source: &source, plug_in: &plug_in, pull_out: &pull_out, pin: pin(USER_PIN) });
    let about = source.describe();
    assert_eq!((about.kind, about.readers), (SourceKind::Software, ReaderService::NotUsed));
}

#[test]
fn one_key_file_is_a_source_that_may_come_later() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("my key");
    let source = SoftwareKeys::new(&path).looking_every(OFTEN);
    let (_watch, changes) = watching(&source);
    changes.recv_timeout(LONG).expect("told at the start");
    create(path.clone(), "phone");
    wait_until(&source, &changes, &["phone"]);
    let first = source.present().expect("readable").remove(0);
    std::fs::remove_file(&path).expect("removed");
    wait_until(&source, &changes, &[]);
    create(path.clone(), "phone");
    wait_until(&source, &changes, &["phone"]);
    assert_ne!(source.present().expect("readable")[0].id, first.id, "another key under the same name");
    assert!(matches!(source.open(&first.id).err(), Some(TokenError::NoToken(_))));
    std::fs::write(&path, "not a key").expect("written");
    assert!(matches!(source.present(), Err(TokenError::FileFormat { .. })), "the file that was named must be a key");
}

#[test]
fn what_is_no_key_in_a_folder_is_passed_over() {
    let folder = tempfile::tempdir().expect("a folder");
    create(folder.path().join("a key"), "phone");
    std::fs::write(folder.path().join("README"), "not a key").expect("written");
    std::fs::create_dir(folder.path().join("old")).expect("made");
    let source = SoftwareKeys::new(folder.path());
    let labels: Vec<String> = source.present().expect("readable").into_iter().map(|key| key.info.label).collect();
    assert_eq!(labels, ["phone"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_key_that_cannot_be_read_does_not_hide_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = SoftwareKeys::new(folder.path());
    // A file that nobody can read from its beginning, not even root.
    std::os::unix::fs::symlink("/proc/self/mem", folder.path().join("a key")).expect("made");
    let none = source.present();
    create(folder.path().join("b key"), "phone");
    let labels: Vec<String> = source.present().expect("readable").into_iter().map(|key| key.info.label).collect();
    assert_eq!(labels, ["phone"]);
    assert!(none.is_err(), "alone it is told: {none:?}");
}

#[test]
fn a_uri_narrows_what_a_module_offers() {
    with_softhsm("source::a_uri_narrows_what_a_module_offers", |hsm| {
        hsm.new_token("first");
        hsm.new_token("second");
        let only = |uri: &str| {
            let source = Pkcs11Keys::new(&hsm.module, Some(uri.parse().expect("a URI")));
            source.present().expect("readable").into_iter().map(|key| key.info.label).collect::<Vec<_>>()
        };
        assert_eq!(only("pkcs11:token=second"), ["second"]);
        assert_eq!(only("pkcs11:"), ["first", "second"]);
        assert!(only("pkcs11:token=third").is_empty());
        let all = Pkcs11Keys::new(&hsm.module, None).present().expect("readable");
        let narrowed = Pkcs11Keys::new(&hsm.module, Some("pkcs11:token=second".parse().expect("a URI")));
        assert!(matches!(narrowed.open(&all[0].id).err(), Some(TokenError::NoToken(_))), "left out, so not opened");
    });
}

#[test]
fn a_driver_that_is_not_installed_is_told_and_watched() {
    let source = Pkcs11Keys::new("/nowhere/pkcs11.so", None).looking_every(OFTEN);
    assert!(matches!(source.present(), Err(TokenError::ModuleNotLoadable { .. })));
    assert!(matches!(source.open("pkcs11:").err(), Some(TokenError::ModuleNotLoadable { .. })));
    let about = source.describe();
    assert_eq!(about.path, PathBuf::from("/nowhere/pkcs11.so"));
    assert_ne!(about.readers, ReaderService::NotUsed, "an unknown module may well need readers");
    let (_watch, changes) = watching(&source);
    changes.recv_timeout(LONG).expect("told at the start");
}

fn create(path: PathBuf, label: &str) -> SoftwareToken {
    SoftwareToken::create(path, label, &pin(USER_PIN), CHEAP).expect("created")
}
