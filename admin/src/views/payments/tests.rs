//! Searching payments, one with its story, giving one back.

use gridkey_desk::office::{Act, Command, Deed, Doing, Language, Paged, PaymentQuery, Problem, Section, Topic};
use gridkey_domain::{PaymentState, key::AdminRole};
use gridkey_kit::i18n::Catalog;
use gridkey_protocol::ops::payments::Refund;

use super::reason::KNOWN;
use crate::{
    fixture::{
        self,
        desk::{customer, failing, full, payment_id, story},
    },
    route::Route,
    testing::Face,
    views::parts::both,
    words::SOURCES,
};

fn one(number: u8) -> Route {
    Route::Payment { customer: customer(), id: payment_id(number) }
}

fn face(role: AdminRole, route: &Route) -> Face {
    Face::at(full(role), Language::English, route)
}

fn wants(face: &mut Face) -> Vec<PaymentQuery> {
    let query = |command| if let Command::Want(Topic::Payments(query)) = command { Some(query) } else { None };
    face.all_commands().into_iter().filter_map(query).collect()
}

#[test]
fn the_screens_look_as_they_were_left() {
    let nothing = |_: &mut Face| {};
    let open = full(AdminRole::Operator);
    both("payments-unknown", &Route::Payments {}, &open, nothing);
    let unknown = PaymentQuery { customer: None, state: Some(PaymentState::Unknown) };
    let mut other = open.clone();
    other.payments.insert(unknown.clone(), Section::known(Paged::whole(Vec::new()), fixture::now(), true));
    both("payments-calm", &Route::Payments {}, &other, nothing);
    other.payments.insert(unknown, failing());
    both("payments-failing", &Route::Payments {}, &other, nothing);
    for (name, number) in [("unknown", 1), ("paid", 2), ("refused", 3)] {
        both(&format!("payment-{name}"), &one(number), &open, nothing);
    }
    both("payment-refund", &one(2), &open, |face| face.press("refund"));
}

#[test]
fn those_in_doubt_are_there_first_and_a_customers_are_found() {
    let mut face = face(AdminRole::Operator, &Route::Payments {});
    assert_eq!(wants(&mut face)[0].state, Some(PaymentState::Unknown));
    assert!(face.text().contains("Outcome unknown"), "{}", face.text());
    face.type_in("payment-customer", "1100000001");
    face.submit("payment-customer");
    let wanted = wants(&mut face);
    assert_eq!(wanted, [PaymentQuery { customer: Some(customer()), state: None }]);
    assert!(face.text().contains("¥\u{a0}1,062,131.85") || face.text().contains("1,062,131.85"), "{}", face.text());
}

#[test]
fn a_state_is_chosen_and_what_finds_nothing_leads_back() {
    let mut face = face(AdminRole::Operator, &Route::Payments {});
    wants(&mut face);
    face.change("payment-state-choice", "4");
    let refunding = PaymentQuery { customer: None, state: Some(PaymentState::Refunding) };
    assert_eq!(wants(&mut face), std::slice::from_ref(&refunding));
    face.show(|snapshot| {
        let nothing = Section::known(Paged::whole(Vec::new()), fixture::now(), true);
        snapshot.payments.insert(refunding, nothing);
    });
    assert!(face.text().contains("No payment fits"), "{}", face.text());
    face.press("clear-search");
    assert!(face.text().contains("Outcome unknown") && face.has("payment-row"), "{}", face.text());
}

#[test]
fn what_is_no_customers_number_is_not_searched_for() {
    let mut face = face(AdminRole::Operator, &Route::Payments {});
    wants(&mut face);
    face.type_in("payment-customer", "11 00");
    face.submit("payment-customer");
    assert!(face.text().contains("no customer number"), "{}", face.text());
    assert_eq!(wants(&mut face), []);
}

#[test]
fn a_payment_tells_its_story() {
    let text = face(AdminRole::Auditor, &one(2)).text();
    for words in ["Received", "Being prepared", "At the bank", "confirmed by the gateway", "826111220800000000"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn what_has_no_outcome_yet_can_be_asked_about_and_what_has_cannot() {
    let mut unknown = face(AdminRole::Auditor, &one(1));
    unknown.press("check-now");
    assert!(unknown.commands().iter().any(|command| matches!(command, Command::Refresh(Topic::Payment(..)))));
    assert!(!face(AdminRole::Auditor, &one(2)).has("check-now"));
}

#[test]
fn a_refund_is_offered_for_what_is_paid_and_by_role() {
    assert!(face(AdminRole::Operator, &one(2)).has("refund"));
    assert!(!face(AdminRole::Operator, &one(1)).has("refund"), "the outcome is not known");
    assert!(!face(AdminRole::Operator, &one(4)).has("refund"), "given back already");
    assert!(!face(AdminRole::SecurityOfficer, &one(2)).has("refund"));
}

#[test]
fn a_refund_names_what_it_hits_asks_for_a_reason_and_tells_what_went_wrong() {
    let mut face = face(AdminRole::Operator, &one(2));
    face.press("refund");
    assert!(face.text().contains("1,062,131.85") && face.text().contains("cannot be undone"), "{}", face.text());
    face.submit("reason");
    face.type_in("reason", "paid for another meter");
    face.submit("reason");
    let refunds: Vec<_> = face
        .commands()
        .into_iter()
        .filter_map(|command| if let Command::Do(Act::Refund(body)) = command { Some(body) } else { None })
        .collect();
    assert_eq!(refunds.len(), 1);
    assert_eq!((&refunds[0].customer, refunds[0].payment), (&customer(), payment_id(2)));
    let failed = Doing::Failed(Problem::Unsupported);
    face.show(|snapshot| drop(snapshot.deeds.insert(Deed::Refund(payment_id(2)), failed)));
    assert!(face.has("ask-reason") && face.has("problem"), "{}", face.text());
}

#[test]
fn a_refund_that_did_not_come_about_says_why_and_one_that_did_when() {
    let mut face = face(AdminRole::Operator, &one(2));
    face.show(|snapshot| {
        let mut payment = story(2);
        payment.reason = Some("refund-refused".into());
        snapshot.payment.insert(payment_id(2), Section::known(payment, fixture::now(), true));
    });
    assert!(face.text().contains("did not come about: the gateway refused the refund"), "{}", face.text());
    assert!(face.has("refund"), "it can be tried again");
    face.show(|snapshot| {
        let asked = fixture::now();
        let mut payment = story(2);
        payment.state = PaymentState::Refunded;
        payment.refund = Some(Refund { asked, done: Some(asked), reference: Some("826111229900000000019".into()) });
        snapshot.payment.insert(payment_id(2), Section::known(payment, fixture::now(), true));
    });
    assert!(face.text().contains("826111229900000000019") && !face.has("refund-failed"), "{}", face.text());
    assert!(!face.has("refund"));
}

#[test]
fn every_state_and_reason_has_its_words() {
    let catalog = Catalog::new(SOURCES);
    for language in gridkey_kit::i18n::Language::ALL {
        for state in PaymentState::ALL {
            assert!(catalog.has(language, &format!("admin-payments-state-{state}")), "{state}");
            assert!(catalog.has(language, &format!("admin-payments-means-{state}")), "{state}");
        }
        for word in KNOWN {
            assert!(catalog.has(language, &format!("admin-payments-reason-{word}")), "{word}");
        }
    }
}
