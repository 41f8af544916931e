//! What a person does on these screens, and what they look like.

use gridkey_client::app::{Command, Connection, Language};

use crate::{fixture, route::Route, testing::Face, views::parts::snapshot::both};

fn overdue() -> Face {
    Face::at(fixture::overdue(), Language::English, &Route::Alarms {})
}

#[test]
fn the_screens_look_as_they_were_left() {
    both("alarms-overdue", &Route::Alarms {}, &fixture::overdue(), |_| {});
    both("alarms-clear", &Route::Alarms {}, &fixture::open(), |_| {});
    both("alarms-empty", &Route::Alarms {}, &fixture::empty(), |_| {});
    both("alarms-loading", &Route::Alarms {}, &fixture::loading(), |_| {});
}

#[test]
fn an_alarm_is_acknowledged_by_its_own_button() {
    let mut face = overdue();
    face.press("acknowledge-a-4");
    let commands = face.commands();
    assert!(matches!(&commands[..], [Command::Acknowledge(alarm)] if alarm == "a-4"), "{commands:?}");
    assert!(!face.has("acknowledge-a-1"), "it was acknowledged before");
}

#[test]
fn acknowledging_waits_for_a_connection() {
    let mut face = overdue();
    face.show(|snapshot| snapshot.connection = Connection::Offline);
    assert_eq!(face.attribute("acknowledge-a-4", "disabled"), Some("true"));
}

#[test]
fn arrears_name_days_and_late_charge_and_lead_to_paying() {
    let mut face = overdue();
    for words in ["120,000.00", "6,720.00", "28 days", "Warning"] {
        assert!(face.text().contains(words), "{words}: {}", face.text());
    }
    face.press("pay-arrears");
    assert!(face.has("pay"), "{}", face.text());
}

#[test]
fn the_filter_leaves_what_nobody_has_seen() {
    let mut face = overdue();
    face.press("New");
    assert!(face.has("acknowledge-a-4") && !face.text().contains("Nothing is overdue any more"), "{}", face.text());
}
