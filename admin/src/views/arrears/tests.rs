//! Who owes, and sending bills again.

use gridkey_desk::office::{Act, Command, Language, Paged, Section, Topic};
use gridkey_domain::key::AdminRole;

use crate::{
    fixture::{
        self,
        desk::{self, customer, failing, full},
    },
    route::Route,
    testing::Face,
    views::parts::both,
};

fn face(role: AdminRole) -> Face {
    Face::at(full(role), Language::English, &Route::Arrears {})
}

#[test]
fn the_screen_looks_as_it_was_left() {
    let nothing = |_: &mut Face| {};
    let open = full(AdminRole::Operator);
    both("arrears-list", &Route::Arrears {}, &open, nothing);
    both("arrears-bills", &Route::Arrears {}, &open, |face| face.press("bills-1100000001"));
    let mut other = open.clone();
    other.arrears = Section::known(Paged::whole(Vec::new()), fixture::now(), true);
    both("arrears-empty", &Route::Arrears {}, &other, nothing);
    other.arrears = failing();
    both("arrears-failing", &Route::Arrears {}, &other, nothing);
}

#[test]
fn the_gravest_stand_first_and_a_level_stands_alone() {
    let mut face = face(AdminRole::Operator);
    let text = face.text();
    let places = ["1100000004", "1100000001", "1100000005", "1100000002"].map(|number| text.find(number).unwrap());
    assert!(places.is_sorted(), "{text}");
    face.press("level-1");
    assert!(face.text().contains("1100000004") && !face.text().contains("1100000002"), "{}", face.text());
}

#[test]
fn the_bills_of_a_customer_are_sent_again_from_here() {
    let mut face = face(AdminRole::Operator);
    face.press("bills-1100000001");
    let wanted = |command: &Command| matches!(command, Command::Want(Topic::Bills(no)) if *no == customer());
    assert!(face.all_commands().iter().any(wanted));
    face.press(&format!("push-{}", desk::bill("2026-09")));
    assert!(face.commands().iter().any(|command| matches!(command, Command::Do(Act::PushBill(_)))));
    face.press("Alarms");
    assert!(face.text().contains("Acknowledged"), "{}", face.text());
    face.press("bills-close");
    assert!(!face.has("bills-dialog"));
}

#[test]
fn a_customer_without_arrears_is_found_by_its_number() {
    let mut face = face(AdminRole::Operator);
    face.type_in("find-customer", "11 00");
    face.submit("find-customer");
    assert!(face.text().contains("no customer number") && !face.has("bills-dialog"), "{}", face.text());
    face.type_in("find-customer", "1100000003");
    face.submit("find-customer");
    assert!(face.has("bills-dialog"), "{}", face.text());
}
