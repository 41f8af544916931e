//! What a person does on these screens, and what they look like.

use gridkey_client::{
    app::{Command, Connection, Section, Snapshot},
    bill_check::Finding,
};
use gridkey_domain::BillId;

use crate::{fixture, route::Route, testing::Face, views::parts::snapshot::both};

fn october() -> BillId {
    BillId::of(fixture::month_before(1), &fixture::meter())
}

fn september() -> BillId {
    BillId::of(fixture::month_before(2), &fixture::meter())
}

fn nothing(_: &mut Face) {}

/// September overdue, October open, no payment under way.
fn two_to_pay() -> Snapshot {
    let mut snapshot = fixture::overdue();
    snapshot.payments = Section::known(Vec::new(), fixture::now(), true);
    snapshot
}

#[test]
fn the_list_looks_as_it_was_left() {
    both("bills-list", &Route::Bills {}, &two_to_pay(), nothing);
    both("bills-chosen", &Route::Bills {}, &two_to_pay(), |face| face.change("choose-all", "true"));
    both("bills-loading", &Route::Bills {}, &fixture::loading(), nothing);
    both("bills-empty", &Route::Bills {}, &fixture::empty(), nothing);
    both("bills-failing", &Route::Bills {}, &fixture::failing(), nothing);
    both("bills-offline", &Route::Bills {}, &fixture::offline(), nothing);
}

#[test]
fn a_bill_looks_as_it_was_left() {
    both("bill-open", &Route::Bill { id: october() }, &two_to_pay(), nothing);
    both("bill-paid", &Route::Bill { id: september() }, &fixture::open(), nothing);
    let mut wrong = two_to_pay();
    let mut view = fixture::bill_view(fixture::month_before(1));
    view.findings = vec![Finding {
        what: "amount of line peak".into(),
        stated: "512,000.00".into(),
        reckoned: "511,000.00".into(),
    }];
    wrong.bill.insert(october(), Section::known(view, fixture::now(), true));
    both("bill-wrong", &Route::Bill { id: october() }, &wrong, nothing);
}

#[test]
fn two_chosen_bills_are_summed_and_paid_together() {
    let snapshot = two_to_pay();
    let open: u64 = snapshot.bills.get().unwrap().iter().map(|bill| bill.open.get()).sum();
    let mut face = Face::at(snapshot, gridkey_client::app::Language::English, &Route::Bills {});
    face.change(&format!("choose-{}", october()), "true");
    assert!(face.text().contains("1 bill chosen"), "{}", face.text());
    face.change(&format!("choose-{}", september()), "true");
    let sum = gridkey_kit::format::money_text(gridkey_domain::Fen::new(open).unwrap()).replace('\u{a0}', " ");
    assert!(face.text().contains("2 bills chosen") && face.text().contains(&format!("Pay {sum}")), "{}", face.text());
    face.press("pay-chosen");
    assert!(face.has("pay"), "the way leads to paying");
    assert!(face.has(&format!("pay-{}", october())) && face.text().contains(&sum[..sum.len() - 3]), "{}", face.text());
}

#[test]
fn a_paid_bill_cannot_be_chosen() {
    let face = Face::at(fixture::open(), gridkey_client::app::Language::English, &Route::Bills {});
    assert!(face.has(&format!("choose-{}", october())));
    assert!(!face.has(&format!("choose-{}", september())));
}

#[test]
fn a_press_anywhere_in_a_row_opens_its_bill_and_one_on_its_box_does_not() {
    let list = || Face::at(two_to_pay(), gridkey_client::app::Language::English, &Route::Bills {});
    let title = "<h1 class=\"page-title\">Bills</h1>";
    let mut face = list();
    face.press("bill-row");
    assert!(!face.html().contains(title) && face.has("document-csv"), "{}", face.text());
    let mut face = list();
    face.press(&format!("choose-{}", october()));
    assert!(face.html().contains(title), "the box chooses");
}

#[test]
fn a_form_that_this_program_does_not_know_is_offered_too() {
    let mut snapshot = two_to_pay();
    let mut view = fixture::bill_view(fixture::month_before(1));
    view.bill.documents.push("ofd".into());
    snapshot.bill.insert(october(), Section::known(view, fixture::now(), true));
    let mut face = Face::at(snapshot, gridkey_client::app::Language::English, &Route::Bill { id: october() });
    face.press("Save as OFD");
    let commands = face.commands();
    assert!(matches!(&commands[..], [Command::Document { format, .. }] if format == "ofd"), "{commands:?}");
}

#[test]
fn a_bill_is_saved_in_the_form_that_was_chosen() {
    let mut face = Face::at(two_to_pay(), gridkey_client::app::Language::English, &Route::Bill { id: october() });
    face.press("document-csv");
    let commands = face.commands();
    assert!(
        matches!(&commands[..], [Command::Document { bill, format }] if *bill == october() && format == "csv"),
        "{commands:?}"
    );
    face.show(|snapshot| snapshot.connection = Connection::Offline);
    assert_eq!(face.attribute("document-csv", "disabled"), Some("true"));
}

#[test]
fn a_bill_with_a_payment_under_way_offers_that_payment_and_no_second_one() {
    let face = Face::at(fixture::open(), gridkey_client::app::Language::English, &Route::Bill { id: october() });
    assert!(face.has("see-payment") && !face.has("pay-bill"), "{}", face.text());
}

#[test]
fn filtering_leaves_open_or_paid_bills() {
    let mut face = Face::at(two_to_pay(), gridkey_client::app::Language::English, &Route::Bills {});
    face.press("To pay");
    assert!(face.text().contains("2 bills") && !face.text().contains("August 2026"), "{}", face.text());
    face.press("Paid");
    assert!(face.text().contains("22 bills") && !face.text().contains("October 2026"), "{}", face.text());
}
