//! Finding keys.

use gridkey_desk::office::{
    Command, Deed, JobState, KeyQuery, Language, Paged, Phase, Section, Snapshot, StepState, Topic,
};
use gridkey_domain::key::{AdminRole, KeyState};

use crate::{
    route::Route,
    testing::Face,
    views::keys::sample::{self, desk, handover, in_days, key, known, looks, one, steps},
};

fn list() -> Face {
    Face::at(desk(AdminRole::Operator), Language::English, &Route::Keys {})
}

fn ending() -> Snapshot {
    let mut snapshot = desk(AdminRole::Operator);
    let mut renewed = key(11, KeyState::Bound);
    (renewed.not_after, renewed.successor) = (in_days(3), Some(sample::name(2)));
    let mut admin = sample::admin_key(10, "vault-1", AdminRole::SecurityOfficer);
    admin.not_after = in_days(20);
    let mut soon = key(4, KeyState::Bound);
    soon.not_after = in_days(5);
    let query = KeyQuery { ending_days: Some(30), ..KeyQuery::default() };
    snapshot.keys.insert(query, known(Paged::whole(vec![renewed, admin, soon])));
    snapshot
}

#[test]
fn the_lists_look_as_they_were_left() {
    looks("keys-all", &Route::Keys {}, &desk(AdminRole::Operator), |_| {});
    looks("keys-loading", &Route::Keys {}, &crate::fixture::open(AdminRole::Auditor), |_| {});
    looks("keys-ending", &Route::KeysEnding {}, &ending(), |_| {});
}

#[test]
fn a_search_narrows_the_list_and_can_be_left() {
    let mut face = list();
    assert!(face.text().contains("vault-1"));
    face.type_in("key-search", "vault");
    assert!(face.text().contains("vault-1") && !face.text().contains("1100000002"), "{}", face.text());
    face.type_in("key-search", "nothing of the kind");
    assert!(face.text().contains("No key fits"), "{}", face.text());
    face.press("clear-filters");
    assert!(face.text().contains("1100000002"), "{}", face.text());
}

#[test]
fn states_and_holders_are_asked_of_the_server() {
    let mut face = list();
    face.all_commands();
    face.change("key-state-filter", "3");
    let wanted = Topic::Keys(KeyQuery { state: Some(KeyState::Unbound), ..KeyQuery::default() });
    let commands = face.all_commands();
    assert!(commands.iter().any(|command| matches!(command, Command::Want(topic) if *topic == wanted)), "{commands:?}");
    let left = Topic::Keys(KeyQuery::default());
    assert!(commands.iter().any(|command| matches!(command, Command::Leave(topic) if *topic == left)), "{commands:?}");
}

#[test]
fn a_whole_customer_number_finds_keys_beyond_the_list() {
    let mut snapshot = desk(AdminRole::Operator);
    snapshot.keys.insert(KeyQuery::default(), known(Paged::part(sample::keys(), Some("more".into()))));
    let query = KeyQuery { customer: Some("1100000077".parse().unwrap()), ..KeyQuery::default() };
    let mut far = key(77, KeyState::Bound);
    far.name = "1100000077".into();
    snapshot.keys.insert(query, known(Paged::whole(vec![far])));
    let mut face = Face::at(snapshot, Language::English, &Route::Keys {});
    face.type_in("key-search", "1100000077");
    assert!(face.text().contains("1100000077 Bound"), "{}", face.text());
    face.type_in("key-search", "1100000099");
    assert!(face.text().contains("Only the 10 newest keys were searched"), "{}", face.text());
}

#[test]
fn a_failing_list_says_what_to_do() {
    let mut snapshot = desk(AdminRole::Operator);
    let problem = Some(gridkey_desk::office::Problem::Unavailable);
    snapshot.keys.insert(KeyQuery::default(), Section { problem, ..Section::default() });
    let mut face = Face::at(snapshot, Language::English, &Route::Keys {});
    face.press("retry");
    assert!(matches!(&face.commands()[..], [Command::Refresh(Topic::Keys(_))]));
}

#[test]
fn roles_are_offered_what_they_may() {
    assert!(list().has("make-key") && list().text().contains("Batch"));
    let officer = Face::at(desk(AdminRole::SecurityOfficer), Language::English, &Route::Keys {});
    assert!(officer.has("make-key") && !officer.text().contains("Batch"));
    let auditor = Face::at(desk(AdminRole::Auditor), Language::English, &Route::Keys {});
    assert!(!auditor.has("make-key"));
}

#[test]
fn keys_that_end_come_in_the_order_of_their_urgency() {
    let face = Face::at(ending(), Language::English, &Route::KeysEnding {});
    let text = face.text();
    let places = ["5 days left", "20 days left", "3 days left"].map(|words| text.find(words).unwrap());
    assert!(places.is_sorted(), "a renewed key comes last: {text}");
    assert!(text.contains("Call the holder") && text.contains("Renewed: the new key is bound"), "{text}");
}

#[test]
fn the_revocation_list_is_saved_once_at_a_time() {
    let mut face = list();
    face.press("Save the newest list");
    assert!(matches!(&face.commands()[..], [Command::Do(gridkey_desk::office::Act::SaveCrl)]));
    face.show(|snapshot| {
        snapshot.deeds.insert(Deed::SaveCrl, gridkey_desk::office::Doing::Running);
    });
    face.press("Save the newest list");
    assert!(face.commands().is_empty());
}

#[test]
fn a_letter_that_waits_is_not_forgotten_on_the_way() {
    assert!(!list().has("under-way"));
    let made = JobState::Made(Box::new(handover(2)));
    let making = one(made, steps(7, StepState::Done), Phase::Finished);
    let snapshot = Snapshot { making: Some(making), ..desk(AdminRole::Operator) };
    let mut face = Face::at(snapshot, Language::English, &Route::Keys {});
    assert!(face.text().contains("1 PIN letter is not in its envelope yet"), "{}", face.text());
    face.press("show-making");
    assert!(face.has("handover"), "{}", face.text());
}
