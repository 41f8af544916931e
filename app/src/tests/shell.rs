//! Places, language, connection and news.

use dioxus::prelude::{Key, Modifiers};
use gridkey_client::app::{
    AppEvent, Command, Connection, Gate, Language, NoticeKind, OutgoingFile, Preference, Problem, Theme,
};

use crate::{fixture, route::Route, testing::Face};

#[test]
fn every_place_can_be_reached_and_names_itself() {
    let mut face = Face::new(fixture::open());
    for (place, title) in [
        ("Electricity", "Electricity"),
        ("Bills", "Bills"),
        ("Payments", "Payments"),
        ("Alarms", "Alarms"),
        ("Account", "Account"),
        ("Settings", "Settings"),
        ("Help", "Help"),
        ("Overview", "Overview"),
    ] {
        face.press(place);
        assert!(face.html().contains(&format!("<h1 class=\"page-title\">{title}</h1>")), "{place}");
    }
}

#[test]
fn the_language_changes_all_that_is_written_and_is_kept() {
    let mut face = Face::new(fixture::open());
    assert!(face.text().contains("This month so far") && face.text().contains("Huadong Precision"));
    face.press("language");
    let commands = face.commands();
    let [Command::Prefer(change)] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!(*change, Preference::Language(Some(Language::Chinese)));
    face.show(|snapshot| snapshot.preferences.take(*change));
    let text = face.text();
    assert!(text.contains("本月至今") && text.contains("华东精密铸造有限公司"), "{text}");
    let kept = ["Gridkey", "USBKEY", "PIN", "English", "M1000000011", "A"];
    let foreign: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.chars().any(|c| c.is_ascii_alphabetic()) && !kept.contains(word))
        .collect();
    assert_eq!(foreign, Vec::<&str>::new());
}

#[test]
fn the_look_goes_round() {
    let mut face = Face::new(fixture::open());
    for theme in [Theme::Dark, Theme::Light, Theme::System] {
        face.press("theme");
        let commands = face.commands();
        let [Command::Prefer(change)] = commands.as_slice() else { panic!("{commands:?}") };
        assert_eq!(*change, Preference::Theme(theme));
        face.show(|snapshot| snapshot.preferences.take(*change));
    }
}

#[test]
fn the_connection_is_told_as_it_is() {
    let mut face = Face::new(fixture::open());
    assert!(face.text().contains("Online · synced just now"));
    face.show(|snapshot| snapshot.connection = fixture::waiting_for_network());
    assert!(face.text().contains("trying again in 20 s"));
    assert!(!face.text().contains("Online"));
    face.show(|snapshot| {
        snapshot.connection = Connection::Refused(Problem::Closed(gridkey_protocol::CloseCode::Lost));
    });
    assert!(face.text().contains("Not connected") && face.text().contains("This key was reported lost"));
}

#[test]
fn offline_says_how_old_the_data_is_and_connects_when_asked() {
    let mut face = Face::new(fixture::offline());
    assert!(face.text().contains("8 h ago (08:42)") && face.text().contains("1 payment waits"), "{}", face.text());
    face.press("connect");
    assert!(matches!(face.commands().as_slice(), [Command::Connect]));
}

#[test]
fn a_person_at_the_keyboard_keeps_the_screens_open_without_a_message_for_each_key() {
    let mut face = Face::new(fixture::open());
    for _ in 0..50 {
        face.key("Overview", dioxus::prelude::Key::Tab);
    }
    let alive = face.all_commands().into_iter().filter(|command| matches!(command, Command::Activity)).count();
    assert_eq!(alive, 1);
}

#[test]
fn news_wait_in_the_bell_and_lead_to_their_screens() {
    let mut face = Face::new(fixture::overdue());
    face.press("News, 3 unread");
    assert!(face.text().contains("New bill: ¥"));
    face.press("news-read");
    assert!(matches!(face.commands().as_slice(), [Command::ReadNotices]));
    assert!(!face.has("news-panel"));
}

#[test]
fn a_notice_is_told_in_the_corner_and_on_the_desktop_if_wanted() {
    let mut face = Face::new(fixture::open());
    let mut notice = fixture::overdue().notices.remove(0);
    face.tell(AppEvent::Notice(notice.clone()));
    assert!(face.has("toast") && face.text().contains("still overdue"));
    let shown = face.recorded.notifications.shown();
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].path, "/alarms");
    notice.notify = false;
    notice.kind = NoticeKind::Missed;
    face.tell(AppEvent::Notice(notice));
    assert_eq!(face.recorded.notifications.shown().len(), 1);
}

#[test]
fn a_file_is_saved_and_where_it_lies_is_said() {
    let mut face = Face::new(fixture::open());
    let content = b"a,b".as_slice().into();
    face.tell(AppEvent::File(OutgoingFile { name: "bill.csv".into(), media_type: "text/csv".into(), content }));
    assert!(face.text().contains("bill.csv was saved"));
}

#[test]
fn what_failed_says_what_to_do() {
    let mut face = Face::new(fixture::open());
    face.tell(AppEvent::Failed(Problem::Refused("busy".into())));
    assert!(face.text().contains("Too much was asked for at once"));
}

#[test]
fn the_way_back_ends_with_the_account() {
    let mut face = Face::new(fixture::open());
    face.press("Bills");
    face.press("Payments");
    let open = fixture::open().gate;
    face.show(|snapshot| snapshot.gate = Gate::Keys { problem: None });
    face.show(|snapshot| snapshot.gate = open);
    face.press("Settings");
    for _ in 0..3 {
        face.keys("Overview", Modifiers::ALT, Key::ArrowLeft);
    }
    assert!(face.html().contains("<h1 class=\"page-title\">Overview</h1>"), "not to what another person saw");
}

#[test]
fn lock_and_log_out_are_one_press_away() {
    let mut face = Face::new(fixture::open());
    face.press("lock");
    face.press("log-out");
    assert!(matches!(face.commands().as_slice(), [Command::Lock, Command::LogOut]));
}

#[test]
fn a_page_outside_is_shown_before_it_opens() {
    let mut face = Face::at(fixture::open(), Language::English, &Route::Payment { id: fixture::payment_id(2) });
    face.press("open-bank");
    assert!(face.text().contains("pay.gridkey.example") && face.recorded.pages.opened().is_empty());
    face.press("external-open");
    assert_eq!(face.recorded.pages.opened().len(), 1);
    assert!(!face.has("external"));
}

#[test]
fn a_message_that_comes_after_its_account_is_not_shown_in_the_next() {
    let mut face = Face::new(fixture::open());
    face.show(|snapshot| *snapshot = fixture::pin());
    face.tell(AppEvent::Done("account-saved"));
    face.show(|snapshot| *snapshot = fixture::open());
    assert!(!face.has("toast"), "{}", face.text());
    face.tell(AppEvent::Done("account-saved"));
    assert!(face.has("toast"), "what comes now is shown");
}
