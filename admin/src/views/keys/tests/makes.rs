//! From a blank token to the hand-over.

use gridkey_desk::{
    issue::Holder,
    office::{Command, JobState, Language, Making, MakingCommand, Phase, Problem, Snapshot, StepState},
};
use gridkey_domain::key::{AdminRole, KeyState};

use crate::{
    route::{CustomerChoice, KeyChoice, Route},
    testing::Face,
    views::keys::sample::{
        blank, customer, desk, handover, key, known, looks, name, one, readers, steps, used, with_keys,
    },
};

fn blank_form() -> Route {
    Route::MakeKey { customer: CustomerChoice(None), replaces: KeyChoice(None) }
}

fn at_reader(role: AdminRole) -> Snapshot {
    Snapshot { readers: readers(vec![used("t1"), blank("t2")]), ..desk(role) }
}

fn form(role: AdminRole) -> Face {
    Face::at(at_reader(role), Language::English, &blank_form())
}

/// Chooses the token that is not blank.
fn choose_used(face: &mut Face) {
    if face.has("show-used") {
        face.press("show-used");
    }
    face.change("token-t1", "on");
}

fn making(making: Making) -> Snapshot {
    Snapshot { making: Some(making), ..at_reader(AdminRole::Operator) }
}

fn shown(making: Making) -> Face {
    shown_in(Language::English, making)
}

fn shown_in(language: Language, making: Making) -> Face {
    let snapshot = Snapshot { making: Some(making), ..at_reader(AdminRole::Operator) };
    Face::at(snapshot, language, &blank_form())
}

#[test]
fn the_way_looks_as_it_was_left() {
    looks("make-form", &blank_form(), &at_reader(AdminRole::Operator), |_| {});
    looks("make-form-officer", &blank_form(), &at_reader(AdminRole::SecurityOfficer), |_| {});
    looks(
        "make-form-empty-reader",
        &blank_form(),
        &Snapshot { readers: readers(vec![]), ..desk(AdminRole::Operator) },
        |_| {},
    );
    looks("make-form-erase", &blank_form(), &at_reader(AdminRole::Operator), |face| {
        face.press("found-1100000001");
        choose_used(face);
        face.press("make-begin");
    });
    let working = one(JobState::Running, steps(1, StepState::Running), Phase::Working);
    looks("make-working", &blank_form(), &making(working), |_| {});
    let away = Phase::TokenAway { serial: "00c0ffee5d917a02".into() };
    looks("make-away", &blank_form(), &making(one(JobState::Running, steps(5, StepState::Running), away)), |_| {});
    let awaits = Phase::AwaitToken { problem: Some(Problem::WrongSoPin) };
    looks("make-await", &blank_form(), &making(one(JobState::Running, steps(0, StepState::Failed), awaits)), |_| {});
    let failed = one(JobState::Failed(Problem::TokenFull), steps(5, StepState::Failed), Phase::Finished);
    looks("make-failed", &blank_form(), &making(failed), |_| {});
    let made = one(JobState::Made(Box::new(handover(2))), steps(7, StepState::Done), Phase::Finished);
    looks("make-handover", &blank_form(), &making(made), |_| {});
}

#[test]
fn a_key_is_made_for_a_customer_on_the_blank_token() {
    let mut face = form(AdminRole::Operator);
    face.press("found-1100000001");
    face.type_in("so-pin", "12345678");
    face.press("make-begin");
    assert!(face.commands().is_empty() && face.text().contains("The two do not match"), "{}", face.text());
    face.type_in("so-pin-again", "12345678");
    face.press("make-begin");
    let commands = face.commands();
    let [Command::Making(MakingCommand::Begin(order))] = &commands[..] else { panic!("{commands:?}") };
    let token = order.token.as_ref().unwrap();
    assert!(token.token.0 == "t2" && !token.erase, "the only blank one is meant: {token:?}");
    let job = &order.jobs[0];
    assert_eq!((job.label.as_str(), job.name.as_str()), ("1100000001", "Huadong Precision Castings"));
    assert!(job.order.bind && job.order.replaces.is_none() && job.order.holder == Holder::Customer(customer()));
}

#[test]
fn nothing_begins_before_everything_is_there_and_each_gap_is_named() {
    let mut face = form(AdminRole::Operator);
    face.press("make-begin");
    assert!(face.commands().is_empty() && face.text().contains("Choose a customer."), "{}", face.text());
    face.press("found-1100000001");
    face.press("make-begin");
    assert!(face.commands().is_empty() && face.text().contains("Type the SO PIN."), "{}", face.text());
}

#[test]
fn a_token_that_is_not_blank_is_erased_only_by_an_explicit_tick() {
    let mut face = form(AdminRole::Operator);
    face.press("found-1100000001");
    choose_used(&mut face);
    assert!(face.text().contains("Erase “1100000001”, serial number 00c0ffee5d917a02"), "{}", face.text());
    assert!(!face.has("so-pin-again"), "its SO PIN is set already");
    face.type_in("so-pin", "12345678");
    face.press("make-begin");
    assert!(face.commands().is_empty() && face.text().contains("This token is not blank"), "{}", face.text());
    face.change("erase", "true");
    face.press("make-begin");
    let commands = face.commands();
    let [Command::Making(MakingCommand::Begin(order))] = &commands[..] else { panic!("{commands:?}") };
    assert!(order.token.as_ref().is_some_and(|token| token.token.0 == "t1" && token.erase));
}

#[test]
fn a_token_that_goes_takes_the_tick_with_it() {
    let mut face = form(AdminRole::Operator);
    choose_used(&mut face);
    face.change("erase", "true");
    face.show(|snapshot| snapshot.readers = readers(vec![blank("t2")]));
    face.show(|snapshot| snapshot.readers = readers(vec![used("t1")]));
    choose_used(&mut face);
    assert_ne!(face.attribute("erase", "checked"), Some("true"), "another token may have come");
}

#[test]
fn a_replacement_takes_the_place_of_the_old_key_and_says_why() {
    let route = Route::MakeKey { customer: CustomerChoice(Some(customer())), replaces: KeyChoice(Some(name(5))) };
    let mut face = Face::at(at_reader(AdminRole::Operator), Language::English, &route);
    face.type_in("so-pin", "12345678");
    face.type_in("so-pin-again", "12345678");
    face.press("make-begin");
    assert!(face.commands().is_empty() && face.text().contains("Write the reason"), "{}", face.text());
    face.type_in("replace-reason", "lost");
    face.press("make-begin");
    let commands = face.commands();
    let [Command::Making(MakingCommand::Begin(order))] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!(order.jobs[0].order.replaces, Some((name(5), "lost".to_owned())));
}

#[test]
fn a_security_officer_makes_an_administrators_key() {
    let mut face = form(AdminRole::SecurityOfficer);
    assert!(!face.has("find-customer"));
    face.type_in("post", "desk 3");
    face.type_in("so-pin", "12345678");
    face.type_in("so-pin-again", "12345678");
    face.press("make-begin");
    assert!(face.commands().is_empty() && face.text().contains("1 to 40 letters"), "{}", face.text());
    face.type_in("post", "desk-3");
    face.press("Auditor");
    face.press("make-begin");
    let commands = face.commands();
    let [Command::Making(MakingCommand::Begin(order))] = &commands[..] else { panic!("{commands:?}") };
    let job = &order.jobs[0];
    let Holder::Admin(admin) = &job.order.holder else { panic!("{job:?}") };
    assert_eq!((admin.name.as_str(), admin.role, job.label.as_str()), ("desk-3", AdminRole::Auditor, "desk-3"));
}

#[test]
fn an_auditor_makes_no_keys() {
    let face = form(AdminRole::Auditor);
    assert!(!face.has("make-begin"), "{}", face.text());
}

#[test]
fn a_token_pulled_out_is_waited_for_or_given_up_after_one_question() {
    let phase = Phase::TokenAway { serial: "00c0ffee5d917a02".into() };
    let mut face = shown(one(JobState::Running, steps(5, StepState::Running), phase));
    assert!(face.text().contains("Put the token with serial number 00c0ffee5d917a02 back"), "{}", face.text());
    face.press("give-up");
    assert!(face.commands().is_empty());
    face.press("ask-yes");
    assert!(matches!(&face.commands()[..], [Command::Making(MakingCommand::GiveUp)]));
}

#[test]
fn a_failure_says_what_is_left_behind_and_can_be_tried_again() {
    let mut face = shown(one(JobState::Failed(Problem::TokenFull), steps(1, StepState::Failed), Phase::Finished));
    assert!(face.text().contains("as good as blank"), "{}", face.text());
    face.press("make-again");
    assert!(matches!(&face.commands()[..], [Command::Making(MakingCommand::Again(0))]));
    face.press("make-leave");
    assert!(matches!(&face.commands()[..], [Command::Making(MakingCommand::Forget)]));
}

#[test]
fn the_pin_is_on_no_screen_unless_asked_for_and_is_wiped_with_its_letter() {
    let mut face = shown(one(JobState::Made(Box::new(handover(2))), steps(7, StepState::Done), Phase::Finished));
    assert!(!face.html().contains("40718265"), "the record holds no secret");
    face.press("print-record");
    assert!(!face.html().contains("40718265") && face.text().contains("Record of a USBKEY"), "{}", face.text());
    face.press("print-letter");
    assert!(face.html().contains("40718265"), "{}", face.text());
    face.press("letter-in-envelope");
    assert!(matches!(&face.commands()[..], [Command::Making(MakingCommand::LetterDone(0))]));
    assert!(!face.html().contains("40718265"), "what was printed is taken out of the page");
}

#[test]
fn the_record_is_saved_as_text_in_the_language_of_the_screen() {
    for (language, title) in [(Language::English, "Record of a USBKEY"), (Language::Chinese, "USBKEY 记录单")] {
        let made = one(JobState::Made(Box::new(handover(2))), steps(7, StepState::Done), Phase::Finished);
        let mut face = shown_in(language, made);
        face.press("save-record");
        let saved = std::fs::read_to_string(face.downloads.path().join("gridkey-record-1100000001.txt")).unwrap();
        let holder = saved.lines().any(|line| line.contains("1100000001"));
        assert!(saved.contains(title) && holder && !saved.contains("40718265"), "{saved}");
    }
}

#[test]
fn the_next_key_waits_for_the_letter_or_a_clear_word() {
    let mut face = shown(one(JobState::Made(Box::new(handover(2))), steps(7, StepState::Done), Phase::Finished));
    face.press("next-key");
    assert!(face.commands().is_empty() && face.text().contains("Leave without the PIN letter?"), "{}", face.text());
    face.press("ask-yes");
    assert!(matches!(&face.commands()[..], [Command::Making(MakingCommand::Forget)]));
    face.show(|snapshot| snapshot.making = None);
    assert!(face.has("make-key-form") && !face.has("chosen-customer"), "{}", face.text());
}

#[test]
fn nobody_logs_out_of_an_open_letter_without_being_asked() {
    let mut face = shown(one(JobState::Made(Box::new(handover(2))), steps(7, StepState::Done), Phase::Finished));
    face.press("log-out");
    assert!(face.commands().is_empty() && face.text().contains("Leave without the PIN letter?"), "{}", face.text());
    face.press("ask-yes");
    assert!(matches!(&face.commands()[..], [Command::LogOut]));
}

#[test]
fn a_key_that_may_not_be_bound_leads_to_its_page() {
    let state = JobState::Unbound { key: name(3), problem: Problem::Unavailable, letter: None };
    let face = shown(one(state, steps(6, StepState::Failed), Phase::Finished));
    assert!(face.text().contains("Look before you go on") && face.html().contains(&name(3).to_string()));
}

#[test]
fn who_asked_for_another_meanwhile_is_told_that_it_comes_next() {
    let made = one(JobState::Made(Box::new(handover(2))), steps(7, StepState::Done), Phase::Finished);
    let at = |number: &str| Route::MakeKey { customer: CustomerChoice(number.parse().ok()), replaces: KeyChoice(None) };
    let other = Face::at(making(made.clone()), Language::English, &at("1100000002"));
    assert!(other.text().contains("The form for customer 1100000002 opens"), "{}", other.text());
    let same = Face::at(making(made), Language::English, &at("1100000001"));
    assert!(!same.has("waits-too"), "{}", same.text());
}

#[test]
fn why_a_key_was_lost_is_why_another_takes_its_place() {
    let route = Route::MakeKey { customer: CustomerChoice(Some(customer())), replaces: KeyChoice(Some(name(5))) };
    let mut snapshot = at_reader(AdminRole::Operator);
    let mut lost = key(5, KeyState::Lost);
    lost.reason = "left in a taxi".into();
    snapshot.customer.insert(customer(), known(with_keys(vec![lost])));
    let mut face = Face::at(snapshot, Language::English, &route);
    face.type_in("so-pin", "12345678");
    face.type_in("so-pin-again", "12345678");
    face.press("make-begin");
    let commands = face.commands();
    let [Command::Making(MakingCommand::Begin(order))] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!(order.jobs[0].order.replaces, Some((name(5), "left in a taxi".to_owned())));
}
