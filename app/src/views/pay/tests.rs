//! What a person does on these screens, and what they look like.

use gridkey_client::{
    app::{Command, Connection, Language, Paying, Problem, Section, Snapshot},
    client::{PayOutcome, PayRequest},
    queue::Intent,
};
use gridkey_domain::{BillId, Fen, PaymentState};

use crate::{
    fixture,
    route::{BillChoice, Route},
    testing::Face,
    views::parts::snapshot::both,
};

fn october() -> BillId {
    BillId::of(fixture::month_before(1), &fixture::meter())
}

fn route() -> Route {
    Route::Pay { bills: BillChoice(vec![october()]) }
}

/// October's bill open and free; limits wide enough.
fn ready() -> Snapshot {
    let mut snapshot = fixture::open();
    snapshot.payments = Section::known(Vec::new(), fixture::now(), true);
    snapshot
}

fn ready_offline() -> Snapshot {
    let mut snapshot = fixture::offline();
    snapshot.payments = Section::known(Vec::new(), fixture::now(), false);
    snapshot.queue.orders.clear();
    snapshot.queue.total = Fen::ZERO;
    snapshot
}

fn at_review(snapshot: Snapshot) -> Face {
    let mut face = Face::at(snapshot, Language::English, &route());
    face.press("pay-review");
    face
}

fn pays(commands: &[Command]) -> Vec<Intent> {
    commands
        .iter()
        .filter_map(|command| match command {
            Command::Pay { intent, .. } => Some(*intent),
            _ => None,
        })
        .collect()
}

#[test]
fn the_screens_look_as_they_were_left() {
    let review = |face: &mut Face| face.press("pay-review");
    both("pay-compose", &route(), &ready(), |_| {});
    both("pay-review", &route(), &ready(), review);
    both("pay-review-offline", &route(), &ready_offline(), review);
    both("pay-existing", &route(), &fixture::open(), |_| {});
    let mut signing = ready();
    signing.paying = Paying::Signing;
    both("pay-signing", &route(), &signing, review);
    both("pay-part", &route(), &ready(), |face| {
        let part = if face.has("A part") { "A part" } else { "部分" };
        face.press(part);
        face.type_in(&format!("part-{}", october()), "99999999");
    });
}

#[test]
fn nothing_is_signed_without_a_pin() {
    let mut face = at_review(ready());
    face.press("sign");
    assert!(pays(&face.commands()).is_empty());
    assert!(face.text().contains("Type the PIN to sign."), "{}", face.text());
    face.type_in("pay-pin", "123");
    face.press("sign");
    assert!(pays(&face.commands()).is_empty(), "too short to be this key's PIN");
    assert!(face.text().contains("6 to 12 characters"), "{}", face.text());
}

#[test]
fn signing_twice_in_a_hurry_pays_once() {
    let mut face = at_review(ready());
    face.type_in("pay-pin", "123456");
    face.press("sign");
    face.press("sign");
    face.submit("sign");
    assert_eq!(pays(&face.commands()), [Intent::Now]);
    face.show(|snapshot| snapshot.paying = Paying::Signing);
    face.submit("sign");
    assert!(pays(&face.commands()).is_empty());
}

#[test]
fn the_order_pays_the_amount_that_was_shown() {
    let mut face = at_review(ready());
    face.type_in("pay-pin", "123456");
    face.press("sign");
    let commands = face.commands();
    let open = fixture::bill(fixture::month_before(1)).open;
    let exact = commands.iter().any(|command| {
        matches!(command, Command::Pay { request: PayRequest::Bills(bills), .. } if *bills == [(october(), Some(open))])
    });
    assert!(exact, "{commands:?}");
}

#[test]
fn an_order_that_the_news_changed_under_the_eyes_is_read_anew_before_it_is_signed() {
    let mut face = at_review(ready());
    face.show(|snapshot| {
        let mut bills = snapshot.bills.get().cloned().unwrap();
        for bill in bills.iter_mut().filter(|bill| bill.bill == october()) {
            bill.open = bill.open.checked_sub(Fen::new(1).unwrap()).unwrap();
        }
        snapshot.bills = Section::known(bills, fixture::now(), true);
    });
    assert!(!face.has("sign") && face.has("pay-changed"), "{}", face.text());
    // A refusal that came with the news is told, too.
    face.show(|snapshot| snapshot.paying = Paying::Failed(Problem::Refused("amount-changed".into())));
    assert!(face.has("pay-failed"));
}

#[test]
fn offline_only_an_explicit_choice_queues_the_payment() {
    let mut face = at_review(ready_offline());
    assert!(face.text().contains("Sign and queue payment"), "{}", face.text());
    assert!(face.text().contains("Nothing can be paid now."), "{}", face.text());
    face.type_in("pay-pin", "123456");
    face.submit("sign");
    assert!(pays(&face.commands()).is_empty(), "nobody chose to queue it");
    face.change("choose-queue", "true");
    face.submit("sign");
    assert_eq!(pays(&face.commands()), [Intent::Queue]);
}

#[test]
fn a_connection_that_goes_never_turns_a_payment_into_a_queued_one() {
    let mut face = at_review(ready());
    face.type_in("pay-pin", "123456");
    face.show(|snapshot| snapshot.connection = Connection::Offline);
    assert!(face.text().contains("Nothing was sent."), "{}", face.text());
    face.submit("sign");
    assert!(pays(&face.commands()).is_empty());
    face.show(|snapshot| snapshot.connection = fixture::open().connection);
    face.submit("sign");
    assert_eq!(pays(&face.commands()), [Intent::Now]);
}

#[test]
fn a_choice_to_queue_does_not_outlive_a_connection() {
    let mut face = at_review(ready_offline());
    face.change("choose-queue", "true");
    face.show(|snapshot| snapshot.connection = fixture::open().connection);
    face.show(|snapshot| snapshot.connection = Connection::Offline);
    face.type_in("pay-pin", "123456");
    face.submit("sign");
    assert!(pays(&face.commands()).is_empty());
}

#[test]
fn a_payment_under_way_is_shown_instead_of_a_second_one() {
    let mut face = Face::at(fixture::open(), Language::English, &route());
    assert!(face.has("pay-existing") && !face.has("pay-review") && !face.has("sign"), "{}", face.text());
    face.press("see-existing");
    assert!(face.has("payment"), "{}", face.text());
}

#[test]
fn the_outcome_leads_to_the_payment() {
    let mut face = at_review(ready_offline());
    face.change("choose-queue", "true");
    face.type_in("pay-pin", "123456");
    face.press("sign");
    face.show(|snapshot| snapshot.paying = Paying::Signing);
    let mut story = fixture::story(6);
    story.view.state = PaymentState::Queued;
    let view = story.view.clone();
    face.show(|snapshot| {
        snapshot.payment.insert(view.payment, Section::known(story, fixture::now(), false));
        snapshot.paying = Paying::Ended(PayOutcome::Queued(view));
    });
    assert!(face.has("payment") && face.text().contains("Queued offline"), "{}", face.text());
    assert!(face.commands().iter().any(|command| matches!(command, Command::ForgetPaying)));
}

#[test]
fn a_wrong_pin_is_told_and_asked_again() {
    let mut face = at_review(ready());
    face.type_in("pay-pin", "123456");
    face.press("sign");
    face.show(|snapshot| snapshot.paying = Paying::Signing);
    face.show(|snapshot| snapshot.paying = Paying::Failed(Problem::WrongPinHere { left: 2 }));
    assert!(face.text().contains("After 2 more the account is closed"), "{}", face.text());
    face.commands();
    face.type_in("pay-pin", "654321");
    face.press("sign");
    assert_eq!(pays(&face.commands()), [Intent::Now]);
}

#[test]
fn an_order_that_nobody_knows_the_outcome_of_is_not_signed_again() {
    let mut face = at_review(ready());
    face.show(|snapshot| {
        snapshot.paying = Paying::Failed(Problem::OutcomeUnknown);
        snapshot.connection = Connection::Offline;
    });
    assert!(face.has("pay-failed") && face.text().contains("don't pay again"), "{}", face.text());
    assert!(!face.has("sign") && !face.has("choose-queue") && !face.has("pay-back"), "nothing invites to a second one");
    assert!(!face.text().contains("Nothing was sent"), "{}", face.text());
}

#[test]
fn an_order_above_the_limit_is_not_offered_for_signing() {
    let mut snapshot = ready();
    snapshot.queue.caps.as_mut().unwrap().per_order = Fen::new(100).unwrap();
    let face = at_review(snapshot);
    assert!(face.has("pay-limit") && !face.has("sign"), "{}", face.text());
}

#[test]
fn a_part_above_what_is_open_leads_nowhere() {
    let mut face = Face::at(ready(), Language::English, &route());
    face.press("A part");
    face.type_in(&format!("part-{}", october()), "99999999");
    face.press("pay-review");
    assert!(face.text().contains("is open.") && !face.has("sign"), "{}", face.text());
    face.type_in(&format!("part-{}", october()), "1000");
    face.press("pay-review");
    assert!(face.text().contains("1,000.00") && face.has("sign"), "{}", face.text());
}

#[test]
fn what_failed_on_another_visit_is_left_behind() {
    let mut snapshot = ready();
    snapshot.paying = Paying::Failed(Problem::KeyBusy);
    let mut face = Face::at(snapshot, Language::English, &route());
    assert!(face.commands().iter().any(|command| matches!(command, Command::ForgetPaying)));
}
