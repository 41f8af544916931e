//! What home says on good days and bad ones.

use gridkey_desk::office::{Language, Section, Snapshot};
use gridkey_domain::key::AdminRole;

use crate::{
    fixture::{
        self,
        desk::{bad_status, failing, full, status},
    },
    route::Route,
    testing::Face,
    views::parts::both,
};

fn with(change: impl FnOnce(&mut Snapshot)) -> Snapshot {
    let mut snapshot = full(AdminRole::Operator);
    change(&mut snapshot);
    snapshot
}

fn bad() -> Snapshot {
    with(|snapshot| snapshot.status = Section::known(bad_status(), fixture::now(), true))
}

fn face(snapshot: Snapshot) -> Face {
    Face::at(snapshot, Language::English, &Route::Home {})
}

#[test]
fn the_screen_looks_as_it_was_left() {
    let nothing = |_: &mut Face| {};
    both("home-well", &Route::Home {}, &with(|_| {}), nothing);
    both("home-bad", &Route::Home {}, &bad(), nothing);
    both("home-loading", &Route::Home {}, &with(|snapshot| snapshot.status = Section::default()), nothing);
    both("home-failing", &Route::Home {}, &with(|snapshot| snapshot.status = failing()), nothing);
}

#[test]
fn a_good_day_is_calm() {
    let face = face(with(|_| {}));
    assert!(face.has("all-well") && !face.has("heed"), "{}", face.text());
    assert!(face.text().contains("12,844,550"), "paid today: {}", face.text());
}

#[test]
fn what_needs_somebody_stands_first_and_leads_on() {
    let face = face(bad());
    let text = face.text();
    let places = ["No answer: Billing platform", "2 payments wait", "14 refused logins", "3 keys end", "Logged in now"]
        .map(|words| text.find(words).unwrap_or_else(|| panic!("{words}: {text}")));
    assert!(places.is_sorted(), "{text}");
    assert!(text.contains("connection refused"), "what support asks for: {text}");
    assert!(text.contains("cannot be asked now"), "no sum of arrears is made up: {text}");
}

#[test]
fn an_auditor_is_led_to_the_audit_and_an_operator_is_not() {
    let audit = |role| {
        let mut snapshot = full(role);
        snapshot.status = Section::known(bad_status(), fixture::now(), true);
        face(snapshot).text().contains("See audit")
    };
    assert!(audit(AdminRole::Auditor) && !audit(AdminRole::Operator));
}

#[test]
fn the_figures_follow_the_server() {
    let mut face = face(with(|_| {}));
    face.show(|snapshot| {
        let mut now = status();
        now.sessions.customers = 4_321;
        snapshot.status = Section::known(now, fixture::now(), true);
    });
    assert!(face.text().contains("4,321"), "{}", face.text());
}
