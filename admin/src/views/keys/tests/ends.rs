//! One key: its page, and how its life goes on or ends.

use gridkey_desk::office::{Act, Command, Deed, Doing, KeyQuery, Language, Outcome, Paged, Problem};
use gridkey_domain::key::{AdminRole, KeyState};
use gridkey_protocol::ops::admin::keys::{Ended, KeyDetail};

use crate::{
    fixture::own_key,
    route::{Fingerprint, Route},
    testing::Face,
    views::keys::sample::{customer, desk, key, known, life, looks, name},
};

fn route(number: u8) -> Route {
    Route::Key { fingerprint: Fingerprint(name(number)) }
}

fn page(number: u8, role: AdminRole) -> Face {
    Face::at(desk(role), Language::English, &route(number))
}

fn ended(detail: KeyDetail) -> Doing {
    Doing::Done(Outcome::Ended(Box::new(Ended { key: detail, sessions: 1, orders: 2 })))
}

#[test]
fn the_page_looks_as_it_was_left() {
    looks("key-bound", &route(2), &desk(AdminRole::Operator), |_| {});
    looks("key-issued", &route(3), &desk(AdminRole::Operator), |_| {});
    looks("key-lost", &route(5), &desk(AdminRole::Auditor), |_| {});
    looks("key-losing", &route(2), &desk(AdminRole::Operator), |face| face.press("act-lose"));
    looks("key-shut-out", &route(2), &desk(AdminRole::Operator), |face| {
        face.press("act-lose");
        face.type_in("end-reason", "left in a taxi");
        face.press("end-yes");
        face.show(|snapshot| {
            let doing = ended(KeyDetail { reason: "left in a taxi".into(), ..key(2, KeyState::Lost) });
            snapshot.deeds.insert(Deed::Key(name(2)), doing);
        });
    });
}

#[test]
fn who_did_what_is_told_by_name() {
    let text = page(5, AdminRole::Operator).text();
    assert!(text.contains("handed over · vault-1") && text.contains("left in a taxi · you"), "{text}");
}

#[test]
fn a_loss_is_asked_about_once_with_what_it_hits_and_needs_a_reason() {
    let mut face = page(2, AdminRole::Operator);
    face.press("act-lose");
    let text = face.text();
    for words in ["Customer 1100000001", "live session is cut within a second", "Orders it signed", "revocation list"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    face.press("end-yes");
    assert!(face.commands().is_empty() && face.text().contains("Write the reason"), "{}", face.text());
    face.type_in("end-reason", "  left in a taxi ");
    face.press("end-yes");
    let commands = face.commands();
    assert!(
        matches!(&commands[..], [Command::Do(Act::LoseKey(body))] if body.key == name(2) && body.reason == "left in a taxi"),
        "{commands:?}"
    );
}

#[test]
fn a_loss_leads_on_to_the_replacement() {
    let mut face = page(2, AdminRole::Operator);
    face.press("act-lose");
    face.type_in("end-reason", "left in a taxi");
    face.press("end-yes");
    face.commands();
    face.show(|snapshot| {
        snapshot.deeds.insert(Deed::Key(name(2)), ended(key(2, KeyState::Lost)));
    });
    assert!(face.text().contains("1 live session was cut. 2 waiting orders were refused."), "{}", face.text());
    face.press("make-another");
    assert!(face.has("make-key-form") && face.has("chosen-customer"), "{}", face.text());
    assert!(matches!(&face.commands()[..], [Command::Forget(Deed::Key(_))]));
    assert!(face.has("replace-reason"), "the place of the lost key is chosen already: {}", face.text());
}

#[test]
fn what_went_wrong_is_told_where_it_was_asked() {
    let mut face = page(2, AdminRole::Operator);
    face.press("act-revoke");
    face.type_in("end-reason", "wrong customer");
    face.press("end-yes");
    face.show(|snapshot| {
        snapshot.deeds.insert(Deed::Key(name(2)), Doing::Failed(Problem::KeyState));
    });
    assert!(face.has("end-dialog") && face.text().contains("state does not allow this"), "{}", face.text());
}

#[test]
fn an_earlier_failure_is_not_told_again() {
    let mut snapshot = desk(AdminRole::Operator);
    snapshot.deeds.insert(Deed::Key(name(2)), Doing::Failed(Problem::KeyState));
    let mut face = Face::at(snapshot, Language::English, &route(2));
    face.press("act-lose");
    assert!(!face.text().contains("state does not allow this"));
}

#[test]
fn nobody_acts_on_the_own_key_and_an_auditor_on_none() {
    let own = Route::Key { fingerprint: Fingerprint(own_key()) };
    let face = Face::at(desk(AdminRole::Operator), Language::English, &own);
    assert!(face.text().contains("This is your own key"), "{}", face.text());
    for act in ["bind", "replace", "unbind", "lose", "revoke"] {
        assert!(!face.has(&format!("act-{act}")) && !page(2, AdminRole::Auditor).has(&format!("act-{act}")), "{act}");
    }
}

#[test]
fn an_issued_key_is_bound_beside_others_or_in_the_place_of_one() {
    let mut snapshot = desk(AdminRole::Operator);
    let query = KeyQuery { customer: Some(customer()), ..KeyQuery::default() };
    let mut old = life(&key(2, KeyState::Bound)).key;
    old.customer = Some(customer());
    snapshot.keys.insert(query, known(Paged::whole(vec![old])));
    let mut face = Face::at(snapshot, Language::English, &route(3));
    face.press("act-bind");
    face.press("bind-yes");
    let commands = face.commands();
    assert!(
        matches!(&commands[..], [Command::Do(Act::BindKey(body))] if body.key == name(3) && body.customer == Some(customer())),
        "{commands:?}"
    );
    face.change(&format!("place-{}", crate::logic::keys::short(&name(2))), "on");
    face.press("bind-yes");
    assert!(face.commands().is_empty() && face.text().contains("Write the reason"));
    face.type_in("bind-reason", "worn out");
    face.press("bind-yes");
    let commands = face.commands();
    assert!(
        matches!(&commands[..], [Command::Do(Act::ReplaceKey(body))] if body.old == name(2) && body.new == name(3)),
        "{commands:?}"
    );
}
