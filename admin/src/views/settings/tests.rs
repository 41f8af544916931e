//! What a person does on this screen, and what it looks like.

use gridkey_client::app::Problem as Common;
use gridkey_desk::office::{
    Check, CheckItem, CheckState, Command, Deed, Doing, Language, Outcome, Preference, Problem, Snapshot, Theme,
};
use gridkey_domain::key::AdminRole;

use crate::{
    fixture,
    route::Route,
    testing::Face,
    views::keys::sample::{blank, desk, looks, readers, used},
};

fn snapshot() -> Snapshot {
    let check = |item, detail: &str| Check { item, state: CheckState::Ok(detail.into()) };
    let mut snapshot = desk(AdminRole::Operator);
    snapshot.company.server = Some("admin.gridkey.example:8446".into());
    snapshot.readers = readers(vec![used("t1"), blank("t2")]);
    snapshot.setup = vec![
        check(CheckItem::Installation, "admin.gridkey.example:8446"),
        check(CheckItem::Driver, "/usr/lib/softhsm/libsofthsm2.so"),
    ];
    snapshot
}

fn page() -> Face {
    Face::at(snapshot(), Language::English, &Route::Settings {})
}

fn typed(face: &mut Face) {
    face.press("change-pin");
    face.type_in("old-pin", "123456");
    face.type_in("new-pin", "654321");
    face.type_in("new-pin-again", "654321");
    face.press("save-pin");
}

#[test]
fn the_screen_looks_as_it_was_left() {
    looks("settings", &Route::Settings {}, &snapshot(), |_| {});
    looks("settings-pin", &Route::Settings {}, &snapshot(), |face| face.press("change-pin"));
}

#[test]
fn each_setting_works_at_once() {
    let mut face = page();
    face.press("Dark");
    let commands = face.commands();
    assert!(matches!(&commands[..], [Command::Prefer(Preference::Theme(Theme::Dark))]), "{commands:?}");
    face.change("settings-language", "2");
    let commands = face.commands();
    assert!(matches!(&commands[..], [Command::Prefer(Preference::Language(Some(Language::Chinese)))]), "{commands:?}");
    face.change("lock-minutes", "1");
    let commands = face.commands();
    assert!(matches!(&commands[..], [Command::Prefer(Preference::LockMinutes(5))]), "{commands:?}");
}

#[test]
fn the_pin_is_changed_and_the_dialog_goes_when_the_key_took_it() {
    let mut face = page();
    typed(&mut face);
    assert!(matches!(&face.commands()[..], [Command::ChangePin { last_try: false, .. }]));
    face.show(|snapshot| {
        snapshot.deeds.insert(Deed::ChangePin(fixture::key()), Doing::Done(Outcome::PinChanged));
    });
    assert!(!face.has("pin-dialog"), "{}", face.text());
}

#[test]
fn the_last_try_is_spent_only_after_a_tick() {
    let mut face = page();
    typed(&mut face);
    face.commands();
    face.show(|snapshot| {
        let problem = Problem::Common(Common::LastTry);
        snapshot.deeds.insert(Deed::ChangePin(fixture::key()), Doing::Failed(problem));
    });
    assert!(face.has("last-agree") && face.attribute("save-pin", "disabled") == Some("true"), "{}", face.text());
    face.change("last-agree", "true");
    face.type_in("old-pin", "123456");
    face.type_in("new-pin", "654321");
    face.type_in("new-pin-again", "654321");
    face.press("save-pin");
    assert!(matches!(&face.commands()[..], [Command::ChangePin { last_try: true, .. }]));
}

#[test]
fn what_is_in_the_readers_and_what_the_check_found_can_be_read() {
    let text = page().text();
    for words in ["Blank token", "00c0ffee5d917a02", "/usr/lib/softhsm/libsofthsm2.so", "admin.gridkey.example:8446"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn logging_out_and_ending_are_asked_of_the_program() {
    let mut face = page();
    face.press("settings-log-out");
    face.press("settings-quit");
    assert!(matches!(&face.commands()[..], [Command::LogOut, Command::Quit]));
}

#[test]
fn what_was_never_checked_is_checked_when_somebody_looks() {
    let mut face = page();
    assert!(!face.commands().iter().any(|command| matches!(command, Command::CheckSetup)));
    let unchecked = Snapshot { setup: Vec::new(), ..snapshot() };
    let mut face = Face::at(unchecked, Language::English, &Route::Settings {});
    assert!(matches!(&face.commands()[..], [Command::CheckSetup]));
}
