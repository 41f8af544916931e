//! Places, rights, language, connection and news.

use gridkey_client::app::Problem as Common;
use gridkey_desk::office::{
    Case, Command, Connection, Deed, Language, OfficeEvent, OutgoingFile, Preference, Problem, Theme, Topic,
};
use gridkey_domain::key::AdminRole;

use crate::{fixture, route::Route, testing::Face};

#[test]
fn every_place_of_the_role_can_be_reached_and_names_itself() {
    let mut face = Face::new(fixture::open(AdminRole::SecurityOfficer));
    for place in ["Customers", "Keys", "Sessions", "Arrears and bills", "Payments", "Audit", "Settings", "Home"] {
        face.press(place);
        assert!(face.html().contains("<h1 class=\"page-title\">"), "{place}");
    }
}

#[test]
fn what_a_role_may_not_see_is_not_offered_and_an_address_does_not_lead_there() {
    let face = Face::new(fixture::open(AdminRole::Operator));
    assert!(!face.has("Audit"));
    for (role, route) in [
        (AdminRole::Operator, Route::Audit {}),
        (AdminRole::SecurityOfficer, Route::NewCustomer {}),
        (AdminRole::Auditor, Route::Batch {}),
    ] {
        let mut face = Face::at(fixture::open(role), Language::English, &route);
        assert!(face.has("barred"), "{route}");
        assert!(!face.all_commands().iter().any(|command| matches!(command, Command::Want(_))), "{route}");
    }
}

#[test]
fn what_a_screen_wants_is_left_with_the_screen() {
    let mut face = Face::at(fixture::open(AdminRole::Operator), Language::English, &Route::Sessions {});
    assert!(face.all_commands().iter().any(|command| matches!(command, Command::Want(Topic::Sessions))));
    face.press("Settings");
    assert!(face.all_commands().iter().any(|command| matches!(command, Command::Leave(Topic::Sessions))));
}

#[test]
fn name_and_role_stand_in_the_sidebar_with_the_ways_out() {
    let mut face = Face::new(fixture::open(AdminRole::SecurityOfficer));
    assert!(face.text().contains("desk-1") && face.text().contains("Security officer"));
    face.press("lock");
    face.press("log-out");
    assert!(matches!(face.commands().as_slice(), [Command::Lock, Command::LogOut]));
}

#[test]
fn language_and_look_are_one_press_away() {
    let mut face = Face::new(fixture::open(AdminRole::Operator));
    face.press("language");
    face.press("theme");
    let commands = face.commands();
    let chosen = [Preference::Language(Some(Language::Chinese)), Preference::Theme(Theme::Dark)];
    assert!(
        matches!(commands.as_slice(), [Command::Prefer(first), Command::Prefer(second)] if [*first, *second] == chosen),
        "{commands:?}"
    );
}

#[test]
fn a_line_that_is_gone_is_told_with_the_age_of_what_is_shown() {
    let mut face = Face::new(fixture::open(AdminRole::Operator));
    assert!(!face.has("offline"));
    face.show(|snapshot| {
        snapshot.connection =
            Connection::Waiting { until: fixture::now().plus_seconds(20), problem: Common::ConnectionLost };
    });
    assert!(face.text().contains("nothing can be done until it is back"), "{}", face.text());
    face.press("connect");
    assert!(matches!(face.commands().as_slice(), [Command::Connect]));
}

#[test]
fn what_was_done_and_what_was_not_is_said_once_by_name() {
    let mut face = Face::new(fixture::open(AdminRole::Operator));
    let deed = Deed::CutSession("s7".into());
    face.tell(OfficeEvent::Done(deed.clone()));
    assert!(face.text().contains("Session s7 is cut"));
    face.tell(OfficeEvent::Failed { deed, problem: Problem::NotFound });
    let text = face.text();
    assert!(text.contains("Session s7 was not cut") && text.contains("The server does not know it."), "{text}");
}

#[test]
fn a_file_goes_to_the_downloads_and_its_place_is_told() {
    let mut face = Face::new(fixture::open(AdminRole::Auditor));
    let (name, media_type) = ("case.json".into(), "application/json".into());
    let file = OutgoingFile { name, media_type, content: b"{}".to_vec().into() };
    face.tell(OfficeEvent::File(file));
    assert_eq!(std::fs::read(face.downloads.path().join("case.json")).unwrap(), b"{}");
    assert!(face.text().contains("case.json is saved"));
    face.tell(OfficeEvent::Done(Deed::Export(Case::default())));
}
