//! What a person does on these screens, and what they look like.

use gridkey_client::app::{Command, Connection, Language, PaymentStory, Problem, Section};

use crate::{fixture, route::Route, testing::Face, views::parts::snapshot::both};

fn at(number: u8) -> Route {
    Route::Payment { id: fixture::payment_id(number) }
}

fn face(number: u8) -> Face {
    Face::at(fixture::open(), Language::English, &at(number))
}

fn cancels(commands: &[Command]) -> usize {
    commands.iter().filter(|command| matches!(command, Command::Cancel(_))).count()
}

#[test]
fn the_screens_look_as_they_were_left() {
    let nothing = |_: &mut Face| {};
    both("payments-list", &Route::Payments {}, &fixture::open(), nothing);
    both("payments-offline", &Route::Payments {}, &fixture::offline(), nothing);
    both("payments-empty", &Route::Payments {}, &fixture::empty(), nothing);
    for (name, number) in [("unknown", 1), ("pending", 2), ("refused", 3), ("paid", 4)] {
        both(&format!("payment-{name}"), &at(number), &fixture::open(), nothing);
    }
    both("payment-withdraw", &at(2), &fixture::open(), |face| face.press("withdraw"));
}

#[test]
fn withdrawing_asks_once() {
    let mut face = face(2);
    face.press("withdraw");
    assert_eq!(cancels(&face.commands()), 0, "first a question");
    face.press("ask-no");
    assert!(!face.has("ask-once"));
    assert_eq!(cancels(&face.commands()), 0);
    face.press("withdraw");
    face.press("ask-yes");
    assert_eq!(cancels(&face.commands()), 1);
    assert!(!face.has("ask-once"));
}

#[test]
fn an_unknown_outcome_waits_for_the_bank_and_offers_no_second_payment() {
    let mut face = face(1);
    assert!(face.text().contains("Asking the bank"), "{}", face.text());
    assert!(!face.has("withdraw") && !face.has("pay-again") && !face.has("open-bank"));
    face.press("ask-now");
    assert!(face.commands().iter().any(|command| matches!(command, Command::Confirm(_))));
}

#[test]
fn the_banks_address_is_shown_before_it_opens() {
    let mut face = face(2);
    face.press("open-bank");
    assert!(face.text().contains("https://pay.gridkey.example:8443/pay/6b1f0c2de94a47d2"), "{}", face.text());
    assert!(face.recorded.pages.opened().is_empty());
    face.press("external-open");
    assert_eq!(face.recorded.pages.opened(), ["https://pay.gridkey.example:8443/pay/6b1f0c2de94a47d2"]);
}

#[test]
fn a_page_that_is_none_of_the_webs_is_not_offered() {
    let mut face = face(2);
    face.show(|snapshot| {
        let mut story = fixture::story(2);
        story.view.page = Some("javascript:alert(1)".into());
        let section = Section::known(story, fixture::now(), true);
        snapshot.payment.insert(fixture::payment_id(2), section);
    });
    assert!(!face.has("open-bank") && face.has("fresh-bank"), "{}", face.text());
}

#[test]
fn a_payment_at_the_server_cannot_be_withdrawn_without_it() {
    let mut face = face(2);
    face.show(|snapshot| snapshot.connection = Connection::Offline);
    assert_eq!(face.attribute("withdraw", "disabled"), Some("true"));
}

#[test]
fn a_receipt_says_what_was_verified_and_is_saved() {
    let mut face = face(4);
    assert!(face.text().contains("Verified on this device"), "{}", face.text());
    face.press("save-receipt");
    assert!(face.commands().iter().any(|command| matches!(command, Command::ReceiptFile(_))));
}

#[test]
fn a_receipt_that_could_not_be_fetched_is_not_called_forged() {
    let with = |problem: Problem| {
        let mut face = face(4);
        face.show(|snapshot| {
            let story = PaymentStory { receipt: None, receipt_problem: Some(problem), ..fixture::story(4) };
            snapshot.payment.insert(fixture::payment_id(4), Section::known(story, fixture::now(), true));
        });
        face
    };
    for problem in [Problem::Offline, Problem::ConnectionLost, Problem::NoReceipt] {
        let face = with(problem);
        assert!(!face.has("receipt-bad") && face.text().contains("with the next connection"), "{}", face.text());
    }
    assert!(with(Problem::ReceiptForged("x".into())).has("receipt-bad"));
}

#[test]
fn payments_are_searched_by_what_is_typed() {
    let mut face = Face::at(fixture::open(), Language::English, &Route::Payments {});
    face.type_in("payment-search", "2026-08");
    assert!(face.text().contains("August 2026") && !face.text().contains("Asking the bank"), "{}", face.text());
    face.type_in("payment-search", "nothing such");
    assert!(face.text().contains("Nothing found"), "{}", face.text());
}
