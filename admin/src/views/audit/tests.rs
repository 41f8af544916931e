//! What a person does on this screen, and what it looks like.

use gridkey_desk::office::{
    Act, AuditLine, AuditQuery, Case, Command, Deed, Doing, Language, Outcome, Paged, Section, Snapshot, Topic,
};
use gridkey_domain::key::AdminRole;
use gridkey_kit::i18n::Catalog;
use gridkey_protocol::{ByteArray, ops::admin::audit::Verdict};

use super::words::{EVENTS, FACTS};
use crate::{
    fixture::{now, own_key},
    route::Route,
    testing::Face,
    views::keys::sample::{customer, desk, known, looks, name},
    words::SOURCES,
};

fn line(number: u64, event: &str, actor: &str, facts: &[(&str, &str)]) -> AuditLine {
    AuditLine {
        number,
        at: now().plus_seconds(-600 * i64::try_from(100 - number).unwrap()),
        event: event.into(),
        actor: actor.into(),
        customer: event.starts_with("envelope").then_some(()).map_or_else(|| Some(customer()), |()| None),
        facts: facts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        hash: ByteArray([0xab; 32]),
        previous: ByteArray([0xcd; 32]),
    }
}

fn lines() -> Vec<AuditLine> {
    let (you, key) = (own_key().to_string(), name(2).to_string());
    let payment = "0190b0d4-64a1-7c2e-8f00-9a41f0c7be10";
    let long = "30".repeat(150);
    vec![
        line(
            99,
            "key.lost",
            &you,
            &[("key", &key), ("reason", "left in a taxi"), ("command", "a5"), ("signature", &long)],
        ),
        line(
            98,
            "order.changed",
            "server",
            &[
                ("payment", payment),
                ("order", "aa"),
                ("from", "pending"),
                ("to", "paid"),
                ("reason", "gateway-confirmed"),
                ("reference", "–"),
            ],
        ),
        line(97, "key.bound", &name(10).to_string(), &[("key", &key), ("reason", "handed-over")]),
        line(96, "envelope.issued", "server", &[("key_id", "01ff")]),
        line(95, "something.new", "platform", &[("whatever", "1")]),
    ]
}

fn snapshot() -> Snapshot {
    let mut snapshot = desk(AdminRole::SecurityOfficer);
    snapshot.audit.insert(AuditQuery::default(), known(Paged::part(lines(), Some("94".into()))));
    snapshot
}

fn verdict(ok: bool) -> Section<Verdict> {
    let fault = (!ok).then(|| "entry 57: its hash is not that of its content".to_owned());
    known(Verdict { ok, entries: if ok { 1_204 } else { 57 }, lodged: Some(1_200), fault })
}

fn page() -> Face {
    Face::at(snapshot(), Language::English, &Route::Audit {})
}

#[test]
fn the_screen_looks_as_it_was_left() {
    looks("audit-entries", &Route::Audit {}, &snapshot(), |face| face.press("open-99"));
    looks("audit-holds", &Route::Audit {}, &snapshot(), |face| {
        face.press("verify");
        face.show(|snapshot| snapshot.verdict = verdict(true));
    });
    looks("audit-broken", &Route::Audit {}, &snapshot(), |face| {
        face.press("verify");
        face.show(|snapshot| snapshot.verdict = verdict(false));
    });
    looks("audit-export", &Route::Audit {}, &snapshot(), |face| face.press("export-case"));
    looks("audit-loading", &Route::Audit {}, &desk(AdminRole::Auditor), |_| {});
}

#[test]
fn every_event_and_fact_has_words_in_both_languages() {
    let catalog = Catalog::new(SOURCES);
    for language in gridkey_kit::i18n::Language::ALL {
        for event in EVENTS {
            assert!(catalog.has(language, &format!("audit-event-{}", event.replace('.', "-"))), "{event}");
        }
        for fact in FACTS {
            assert!(catalog.has(language, &format!("audit-fact-{}", fact.replace('_', "-"))), "{fact}");
        }
    }
}

#[test]
fn a_row_says_what_happened_and_who_did_it_in_words() {
    let text = page().text();
    assert!(text.contains("Key reported lost Reason: left in a taxi"), "{text}");
    assert!(text.contains("From: At the bank · To: Paid"), "{text}");
    assert!(text.contains("vault-1") && text.contains("you"), "names, not fingerprints: {text}");
    assert!(text.contains("something.new"), "what is not known is shown by its word: {text}");
}

#[test]
fn an_entry_opens_and_closes_with_all_its_facts() {
    let mut face = page();
    face.press("open-99");
    assert!(face.has("facts-99") && face.text().contains("Hash before"), "{}", face.text());
    face.press("open-98");
    assert!(face.has("facts-98") && !face.has("facts-99"), "one at a time");
    face.press("open-98");
    assert!(!face.has("facts-98"));
}

#[test]
fn what_came_is_searched_and_more_is_a_press_away() {
    let mut face = page();
    face.change("audit-kind", "1");
    assert!(face.text().contains("Key bound") && !face.text().contains("Payment changed"), "{}", face.text());
    face.type_in("audit-search", "nothing like it");
    assert!(face.text().contains("Only the 5 entries fetched so far"), "{}", face.text());
    face.press("clear-audit");
    face.press("more");
    assert!(matches!(&face.commands()[..], [Command::More(Topic::Audit(_))]));
}

#[test]
fn an_entry_is_gone_to_by_its_number() {
    let mut face = page();
    face.all_commands();
    face.type_in("audit-until", "40");
    face.press("audit-go");
    let wanted = Topic::Audit(AuditQuery { until: Some(40) });
    assert!(face.all_commands().iter().any(|command| matches!(command, Command::Want(topic) if *topic == wanted)));
    face.press("audit-newest");
    assert!(face.text().contains("Key reported lost"), "{}", face.text());
}

#[test]
fn the_chain_is_verified_when_somebody_asks_and_not_before() {
    let mut face = page();
    let asked = |commands: &[Command]| commands.iter().any(|command| matches!(command, Command::Want(Topic::Verdict)));
    assert!(!asked(&face.all_commands()));
    face.press("verify");
    assert!(asked(&face.all_commands()));
    face.show(|snapshot| snapshot.verdict = verdict(true));
    assert!(face.text().contains("The chain holds: 1,204 entries"), "{}", face.text());
    face.press("verify");
    assert!(matches!(&face.commands()[..], [Command::Refresh(Topic::Verdict)]));
    face.show(|snapshot| snapshot.verdict = verdict(false));
    let text = face.text();
    assert!(text.contains("The chain does not hold") && text.contains("entry 57"), "{text}");
}

#[test]
fn a_case_is_exported_by_customer_or_payment() {
    let mut face = page();
    face.press("export-case");
    face.press("export-go");
    assert!(face.commands().is_empty() && face.text().contains("Type a customer number or a payment number"));
    face.type_in("export-customer", "1100000001");
    face.press("export-go");
    let case = Case { customer: Some(customer()), payment: None };
    let commands = face.commands();
    assert!(matches!(&commands[..], [Command::Do(Act::Export(asked))] if *asked == case), "{commands:?}");
    face.show(|snapshot| {
        let file = Outcome::File { name: "case-1100000001.json".into(), count: 12 };
        snapshot.deeds.insert(Deed::Export(case.clone()), Doing::Done(file));
    });
    assert!(face.text().contains("case-1100000001.json: 12 entries"), "{}", face.text());
    face.press("export-close");
    assert!(!face.has("export-dialog") && matches!(&face.commands()[..], [Command::Forget(Deed::Export(_))]));
}

#[test]
fn the_revocation_list_is_saved() {
    let mut face = page();
    face.press("save-crl");
    assert!(matches!(&face.commands()[..], [Command::Do(Act::SaveCrl)]));
}
