//! Key, PIN and curtain.

use gridkey_client::app::Problem as Common;
use gridkey_desk::office::{Command, Connection, Gate, Language, Problem, UnlockStep};
use gridkey_domain::key::AdminRole;
use gridkey_token::{Pin, Tries};

use crate::{fixture, route::Route, testing::Face};

/// Whether a command's PIN is as long as the one that was typed: a PIN tells nothing else of itself.
fn is(pin: &Pin, typed: &str) -> bool {
    pin.byte_len() == typed.len()
}

#[test]
fn a_typed_pin_and_enter_unlock_the_key_and_nothing_of_it_stays_on_the_page() {
    let mut face = Face::new(fixture::pin(None));
    assert!(face.text().contains("Administrator desk-1"));
    face.type_in("pin", "493817");
    face.submit("pin");
    let commands = face.commands();
    let [Command::Unlock { pin, last_try: false }] = commands.as_slice() else { panic!("{commands:?}") };
    assert!(is(pin, "493817"));
    face.submit("pin");
    assert!(face.commands().is_empty() && face.text().contains("Type the PIN first."));
    assert!(!face.html().contains("493817"));
}

#[test]
fn a_wrong_pin_tells_the_tries_left() {
    let mut face = Face::new(fixture::pin(Some(Common::WrongPin(Tries::Exact(2)))));
    assert!(face.text().contains("Wrong PIN. 2 tries left before the key locks."));
    face.type_in("pin", "493817");
    face.press("unlock");
    assert!(matches!(face.commands().as_slice(), [Command::Unlock { last_try: false, .. }]));
}

#[test]
fn the_last_try_is_spent_only_when_the_person_says_so() {
    let mut face = Face::new(fixture::pin(Some(Common::LastTry)));
    face.type_in("pin", "493817");
    face.submit("pin");
    assert!(face.commands().is_empty());
    assert_eq!(face.attribute("last-try", "role"), Some("alertdialog"));
    face.press("last-try-yes");
    assert!(matches!(face.commands().as_slice(), [Command::Unlock { last_try: true, .. }]));
}

#[test]
fn a_locked_key_takes_no_pin_and_says_who_can_help() {
    let face = Face::new(fixture::pin(Some(Common::PinLocked)));
    assert!(!face.has("pin"));
    assert!(face.text().contains("A security officer can set a new PIN"));
}

#[test]
fn a_customer_s_key_opens_nothing_here_and_says_so() {
    let face = Face::new(fixture::customers_key());
    assert!(face.text().contains("This is the key of customer 1100000001"), "{}", face.text());
    assert!(!face.has("key-00c0ffee"));
}

#[test]
fn an_issued_pin_is_replaced_by_two_that_agree() {
    let mut snapshot = fixture::pin(None);
    snapshot.gate = Gate::FirstPin { key: fixture::key(), problem: None, busy: false };
    let mut face = Face::new(snapshot);
    face.type_in("new-pin", "493817");
    face.type_in("new-pin-again", "493818");
    face.submit("new-pin");
    assert!(face.text().contains("The two do not match.") && face.commands().is_empty());
    face.type_in("new-pin-again", "493817");
    face.submit("new-pin");
    let commands = face.commands();
    let [Command::ChooseFirstPin { new }] = commands.as_slice() else { panic!("{commands:?}") };
    assert!(is(new, "493817"));
}

#[test]
fn a_server_that_is_not_reached_is_said_with_the_ways_on() {
    let mut snapshot = fixture::pin(None);
    snapshot.gate = Gate::Unlocking { key: fixture::key(), step: UnlockStep::Session };
    let until = fixture::now().plus_seconds(9);
    snapshot.connection = Connection::Waiting { until, problem: Common::Unreachable("refused".into()) };
    let mut face = Face::new(snapshot);
    assert!(face.text().contains("The server cannot be reached") && face.text().contains("Trying again in 9 s."));
    face.press("connect");
    face.press("log-out");
    assert!(matches!(face.commands().as_slice(), [Command::Connect, Command::LogOut]));
}

#[test]
fn who_is_no_administrator_is_told_so() {
    let mut snapshot = fixture::no_key();
    snapshot.gate = Gate::Pin { key: fixture::key(), problem: Some(Problem::NotAdministrator) };
    let face = Face::at(snapshot, Language::English, &Route::Home {});
    assert!(face.text().contains("does not know this key as an administrator's"), "{}", face.text());
}

#[test]
fn behind_the_curtain_is_nothing_but_the_pin() {
    let mut snapshot = fixture::open(AdminRole::Operator);
    snapshot.gate = Gate::Locked { key: fixture::key(), problem: None };
    let mut face = Face::at(snapshot, Language::English, &Route::Settings {});
    assert!(!face.text().contains("desk-1") && !face.has("settings"));
    face.type_in("pin", "493817");
    face.submit("pin");
    assert!(matches!(face.commands().as_slice(), [Command::Reveal { .. }]));
}
