//! Key, PIN and curtain.

use gridkey_client::app::{Command, Gate, Language, Problem, UnlockStep};
use gridkey_token::{Pin, Tries};

use crate::{fixture, route::Route, testing::Face};

/// Whether a command's PIN is as long as the one that was typed: a PIN tells nothing else of itself.
fn is(pin: &Pin, typed: &str) -> bool {
    pin.byte_len() == typed.len()
}

#[test]
fn a_typed_pin_and_enter_unlock_the_key_with_that_pin() {
    let mut face = Face::new(fixture::pin());
    face.type_in("pin", "493817");
    face.submit("pin");
    let commands = face.commands();
    let [Command::Unlock { pin, last_try: false }] = commands.as_slice() else { panic!("{commands:?}") };
    assert!(is(pin, "493817"));
}

#[test]
fn the_field_is_empty_after_the_pin_was_sent() {
    let mut face = Face::new(fixture::pin());
    face.type_in("pin", "493817");
    face.submit("pin");
    face.commands();
    face.submit("pin");
    assert!(face.commands().is_empty());
    assert!(face.text().contains("Type the PIN first."));
    assert!(!face.html().contains("493817"));
}

#[test]
fn a_wrong_pin_tells_the_tries_left_and_can_be_typed_again() {
    let mut face = Face::new(fixture::wrong_pin());
    assert!(face.text().contains("Wrong PIN. 2 tries left before the key locks."));
    face.type_in("pin", "493817");
    face.press("unlock");
    assert!(matches!(face.commands().as_slice(), [Command::Unlock { last_try: false, .. }]));
}

#[test]
fn the_last_try_is_spent_only_when_the_person_says_so() {
    let mut face = Face::new(fixture::last_try());
    face.type_in("pin", "493817");
    face.submit("pin");
    assert!(face.commands().is_empty());
    assert_eq!(face.attribute("last-try", "role"), Some("alertdialog"));
    face.press("last-try-yes");
    let commands = face.commands();
    let [Command::Unlock { pin, last_try: true }] = commands.as_slice() else { panic!("{commands:?}") };
    assert!(is(pin, "493817"));
}

#[test]
fn a_last_try_that_is_not_wanted_forgets_the_pin() {
    let mut face = Face::new(fixture::last_try());
    face.type_in("pin", "493817");
    face.submit("pin");
    face.press("last-try-no");
    assert!(!face.has("last-try"));
    face.submit("pin");
    assert!(!face.has("last-try"), "nothing is left to spend the try on");
    assert!(face.commands().is_empty());
}

#[test]
fn a_locked_key_takes_no_pin_and_says_whom_to_call() {
    let face = Face::new(fixture::pin_locked());
    assert!(!face.has("pin"));
    assert!(face.text().contains("Call Gridkey Demo Power on 95598."));
}

#[test]
fn keys_that_come_and_go_are_shown_at_once() {
    let mut face = Face::new(fixture::no_key());
    assert!(face.text().contains("Waiting for a key"));
    face.show(|snapshot| snapshot.keys = fixture::several_keys().keys);
    assert!(face.text().contains("Customer 1100000001") && face.text().contains("Customer 1100000002"));
    face.press("key-5F2A-0917-8D04");
    let lent = fixture::lent_key_card().id;
    assert!(matches!(face.commands().as_slice(), [Command::Choose(key)] if *key == lent));
    face.show(|snapshot| snapshot.keys.truncate(0));
    assert!(face.text().contains("Waiting for a key"));
}

#[test]
fn a_key_that_is_no_use_here_says_why_and_cannot_be_chosen() {
    let face = Face::new(fixture::several_keys());
    assert!(face.text().contains("The key holds no certificate"));
    assert!(!face.has("key-88120345"));
}

#[test]
fn the_new_pin_is_taken_only_if_both_are_the_same_and_long_enough() {
    let mut face = Face::new(fixture::first_pin());
    for (new, again, said) in [
        ("123", "123", "Too short: at least 6 characters."),
        ("1234567890123", "1234567890123", "Too long: at most 12 characters."),
        ("493817", "493818", "The two do not match."),
    ] {
        face.type_in("new-pin", new);
        face.type_in("new-pin-again", again);
        face.submit("new-pin");
        assert!(face.text().contains(said), "{}", face.text());
        assert!(face.commands().is_empty());
    }
    face.type_in("new-pin-again", "493817");
    face.submit("new-pin");
    let commands = face.commands();
    let [Command::ChooseFirstPin { new }] = commands.as_slice() else { panic!("{commands:?}") };
    assert!(is(new, "493817"));
}

#[test]
fn what_is_being_done_is_said_step_by_step() {
    for (step, said) in [
        (UnlockStep::Pin, "The key checks the PIN"),
        (UnlockStep::Store, "The data kept here is opened"),
        (UnlockStep::Session, "A secure session is set up"),
    ] {
        let face = Face::new(fixture::unlocking(step));
        assert!(face.html().contains(&format!("<span>{said}</span>")), "{said}");
    }
}

#[test]
fn nothing_of_the_account_is_drawn_behind_the_curtain() {
    for (language, name) in [(Language::English, "Huadong"), (Language::Chinese, "华东精密")] {
        let mut face = Face::at(fixture::open(), language, &Route::Account {});
        assert!(face.html().contains(name));
        face.show(|snapshot| snapshot.gate = fixture::locked().gate);
        let html = face.html();
        for secret in ["Huadong", "华东", "1100000001", "M1000000011", "¥"] {
            assert!(!html.contains(secret), "{secret}");
        }
    }
}

#[test]
fn the_curtain_is_lifted_by_the_pin_and_shows_the_screen_from_before() {
    let mut face = Face::at(fixture::locked(), Language::English, &Route::Account {});
    face.type_in("pin", "493817");
    face.submit("pin");
    assert!(matches!(face.commands().as_slice(), [Command::Reveal { pin }] if is(pin, "493817")));
    face.show(|snapshot| snapshot.gate = fixture::open().gate);
    assert!(face.text().contains("Key and certificate"));
}

#[test]
fn a_key_pulled_out_ends_the_view_at_once_and_says_so() {
    let mut face = Face::at(fixture::open(), Language::English, &Route::Bills {});
    face.show(|snapshot| {
        let preferences = snapshot.preferences.clone();
        *snapshot = fixture::no_key();
        snapshot.preferences = preferences;
        snapshot.gate = Gate::Keys { problem: Some(Problem::KeyRemoved) };
    });
    assert!(face.text().contains("The key was pulled out"));
    assert!(!face.html().contains("Huadong"));
    face.show(|snapshot| {
        let preferences = snapshot.preferences.clone();
        *snapshot = fixture::open();
        snapshot.preferences = preferences;
    });
    assert!(face.text().contains("This month so far"), "the next account begins at its first screen: {}", face.text());
}

#[test]
fn help_and_set_up_check_can_be_read_before_a_key_is_there() {
    let mut face = Face::new(fixture::no_key());
    face.press("Help");
    assert!(face.text().contains("Lost your key?") && face.has("help"));
    face.press("Back");
    face.press("Check set-up");
    assert!(face.has("setup") && face.text().contains("No key is plugged in"));
    face.press("check-again");
    assert!(matches!(face.commands().as_slice(), [Command::CheckSetup]));
}

#[test]
fn what_a_wrong_pin_means_is_said_once_and_claims_no_more_than_the_key_tells() {
    let mut face = Face::new(fixture::wrong_pin());
    face.show(|snapshot| {
        for card in &mut snapshot.keys {
            card.tries = Tries::Low;
        }
        if let Gate::Pin { problem, .. } = &mut snapshot.gate {
            *problem = Some(Problem::WrongPin(Tries::Low));
        }
    });
    assert_eq!(face.text().matches("The key counts wrong PINs").count(), 1, "{}", face.text());
    assert!(!face.text().contains("left"), "{}", face.text());
}

#[test]
fn one_key_that_was_turned_away_from_is_not_told_as_several() {
    let mut face = Face::new(fixture::pin());
    face.show(|snapshot| snapshot.gate = Gate::Keys { problem: None });
    assert!(face.has("gate-choose") && !face.text().contains("Several"), "{}", face.text());
    assert!(face.text().contains("It is the only key plugged in."));
}
