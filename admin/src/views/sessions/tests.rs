//! Who is logged in, and ending a session.

use gridkey_desk::office::{Act, Command, Deed, Doing, Language, Outcome, Problem, Section};
use gridkey_domain::key::AdminRole;

use crate::{
    fixture::{
        self,
        desk::{failing, full},
    },
    route::Route,
    testing::Face,
    views::parts::both,
};

fn face(role: AdminRole) -> Face {
    Face::at(full(role), Language::English, &Route::Sessions {})
}

fn cuts(face: &mut Face) -> Vec<(String, String)> {
    let cut = |command| match command {
        Command::Do(Act::CutSession(body)) => Some((body.session, body.reason)),
        _ => None,
    };
    face.commands().into_iter().filter_map(cut).collect()
}

#[test]
fn the_screen_looks_as_it_was_left() {
    let nothing = |_: &mut Face| {};
    let open = full(AdminRole::Operator);
    both("sessions-list", &Route::Sessions {}, &open, nothing);
    both("sessions-cut", &Route::Sessions {}, &open, |face| face.press("cut-s-17"));
    let mut other = open.clone();
    other.sessions = Section::known(Vec::new(), fixture::now(), true);
    both("sessions-empty", &Route::Sessions {}, &other, nothing);
    other.sessions = failing();
    both("sessions-failing", &Route::Sessions {}, &other, nothing);
}

#[test]
fn cutting_asks_for_a_reason_and_stays_until_it_is_done() {
    let mut face = face(AdminRole::Operator);
    face.press("cut-s-17");
    assert!(face.text().contains("Cut the session of customer 1100000001?"), "{}", face.text());
    face.submit("reason");
    assert_eq!(cuts(&mut face), [], "no reason");
    face.type_in("reason", " strange  hour ");
    face.submit("reason");
    assert_eq!(cuts(&mut face), [("s-17".to_owned(), "strange hour".to_owned())]);
    let deed = Deed::CutSession("s-17".into());
    face.show(|snapshot| drop(snapshot.deeds.insert(deed.clone(), Doing::Running)));
    face.submit("reason");
    assert_eq!(cuts(&mut face), [], "once");
    face.show(|snapshot| drop(snapshot.deeds.insert(deed.clone(), Doing::Failed(Problem::NotAllowed))));
    assert!(face.has("ask-reason") && face.has("problem"), "{}", face.text());
    face.show(|snapshot| drop(snapshot.deeds.insert(deed, Doing::Done(Outcome::Cut))));
    assert!(!face.has("ask-reason"), "{}", face.text());
}

#[test]
fn a_question_can_be_left() {
    let mut face = face(AdminRole::Operator);
    face.press("cut-s-17");
    face.press("ask-no");
    assert!(!face.has("ask-reason"));
    assert_eq!(cuts(&mut face), []);
}

#[test]
fn nobody_cuts_the_own_session_and_an_auditor_none() {
    assert!(!face(AdminRole::Operator).has("cut-s-22") && face(AdminRole::Operator).has("cut-s-1c"));
    assert!(!face(AdminRole::Auditor).has("cut-s-17"));
}

#[test]
fn sessions_are_found_and_a_search_that_finds_none_leads_back() {
    let mut face = face(AdminRole::Operator);
    face.type_in("session-search", "0004");
    assert!(face.text().contains("1 of 4") && !face.text().contains("1100000001"), "{}", face.text());
    face.type_in("session-search", "nobody");
    assert!(face.text().contains("No session fits"), "{}", face.text());
    face.press("clear-filters");
    assert!(face.text().contains("4 of 4"), "{}", face.text());
}
