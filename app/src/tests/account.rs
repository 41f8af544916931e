//! Personal data, PIN and the settings of this machine.

use gridkey_client::app::{Command, Connection, Doing, Language, NoticeKind, Preference, Problem, RenewStep, Renewal};
use gridkey_token::Tries;

use crate::{
    fixture,
    route::Route,
    testing::{Face, in_english},
    views::parts::snapshot::both,
    words,
};

fn account() -> Face {
    Face::at(fixture::open(), Language::English, &Route::Account {})
}

#[test]
fn a_new_contact_is_sent_alone_and_the_form_closes_when_it_is_saved() {
    let mut face = account();
    face.press("edit-contact");
    face.type_in("contact-field", " energy@huadong.example ");
    face.submit("contact-field");
    let commands = face.commands();
    let [Command::UpdateAccount(update)] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!((update.contact.as_deref(), &update.address), (Some("energy@huadong.example"), &None));
    face.show(|snapshot| snapshot.account_change = Doing::Busy);
    assert!(face.has("contact-field"));
    face.show(|snapshot| snapshot.account_change = Doing::Idle);
    assert!(!face.has("contact-field"));
}

#[test]
fn a_contact_that_was_not_saved_stays_in_the_form_with_the_reason() {
    let mut face = account();
    face.press("edit-contact");
    face.type_in("contact-field", "energy@huadong.example");
    face.submit("contact-field");
    assert_eq!(face.commands().len(), 1);
    face.show(|snapshot| snapshot.account_change = Doing::Busy);
    face.show(|snapshot| snapshot.account_change = Doing::Failed(Problem::ConnectionLost));
    assert!(face.text().contains("The connection was lost"));
    face.submit("contact-field");
    let commands = face.commands();
    let [Command::UpdateAccount(again)] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!(again.contact.as_deref(), Some("energy@huadong.example"));
}

#[test]
fn an_empty_or_endless_contact_is_not_sent() {
    let mut face = account();
    face.press("edit-contact");
    for (typed, said) in [(String::new(), "This must not be empty."), ("电".repeat(67), "At most 200 characters.")] {
        face.type_in("contact-field", &typed);
        face.submit("contact-field");
        assert!(face.text().contains(said));
        assert!(face.commands().is_empty());
    }
}

#[test]
fn offline_nothing_is_offered_that_cannot_be_saved() {
    let face = Face::at(fixture::offline(), Language::English, &Route::Account {});
    for name in ["edit-contact", "notify-arrears", "notify-language"] {
        assert_eq!(face.attribute(name, "disabled"), Some("true"), "{name}");
    }
}

#[test]
fn the_pin_is_changed_with_the_present_one_and_two_equal_new_ones() {
    let mut face = account();
    face.press("change-pin");
    face.type_in("old-pin", "493817");
    face.type_in("new-pin", "7281640");
    face.type_in("new-pin-again", "7281641");
    face.submit("old-pin");
    assert!(face.commands().is_empty() && face.text().contains("The two do not match."));
    face.type_in("new-pin-again", "7281640");
    face.submit("old-pin");
    let commands = face.commands();
    let [Command::ChangePin { old, new, last_try: false }] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!((old.byte_len(), new.byte_len()), (6, 7));
    face.show(|snapshot| snapshot.pin_change = Doing::Busy);
    assert!(face.text().contains("The key takes the new PIN"));
    face.show(|snapshot| snapshot.pin_change = Doing::Idle);
    assert!(!face.has("pin-dialog"));
}

#[test]
fn the_last_try_is_not_spent_on_a_change_unless_agreed() {
    let mut face = account();
    face.show(|snapshot| snapshot.keys[0].tries = Tries::Final);
    face.press("change-pin");
    face.type_in("old-pin", "493817");
    face.type_in("new-pin", "728164");
    face.type_in("new-pin-again", "728164");
    face.submit("old-pin");
    assert!(face.commands().is_empty());
    face.change("last-agree", "true");
    face.submit("old-pin");
    assert!(matches!(face.commands().as_slice(), [Command::ChangePin { last_try: true, .. }]));
}

#[test]
fn a_certificate_to_be_renewed_says_until_when() {
    let mut face = account();
    assert!(face.text().contains("from 15 Aug 2027"));
    face.show(|snapshot| {
        if let Some(holder) = &mut snapshot.keys[0].holder {
            holder.renew_from = fixture::now().plus_seconds(-86_400);
        }
    });
    assert!(face.text().contains("to be renewed") && face.text().contains("renew it before 14 Aug 2028"));
}

#[test]
fn a_renewal_is_offered_when_it_is_due_and_told_step_by_step() {
    let mut face = account();
    assert!(!face.has("renew"), "it is not due");
    face.show(|snapshot| snapshot.renewal = Renewal::Offered { until: None });
    face.press("renew");
    assert!(face.text().contains("Leave it plugged in"));
    face.submit("renew-pin");
    assert!(face.commands().is_empty(), "without a PIN nothing begins");
    face.type_in("renew-pin", "493817");
    face.submit("renew-pin");
    let commands = face.commands();
    let [Command::Renew { pin }] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!(pin.byte_len(), 6);
    face.show(|snapshot| snapshot.renewal = Renewal::UnderWay(RenewStep::Certify));
    assert!(
        face.has("renew-steps") && face.text().contains("The power company certifies them") && !face.has("renew-pin")
    );
    let until = fixture::now().plus_seconds(3 * 365 * 86_400);
    face.show(|snapshot| snapshot.renewal = Renewal::Done { until });
    assert!(face.has("renewed"));
    face.press("renew-close");
    assert!(!face.has("renew-dialog") && !face.has("renew"));
}

#[test]
fn a_renewal_looks_as_it_was_left() {
    let mut due = fixture::open();
    due.renewal = Renewal::Due;
    let opened = |renewal: Renewal| {
        move |face: &mut Face| {
            face.press("renew");
            face.type_in("renew-pin", "493817");
            face.submit("renew-pin");
            face.show(|snapshot| snapshot.renewal = renewal.clone());
        }
    };
    let until = fixture::now().plus_seconds(3 * 365 * 86_400);
    both("renewal-due", &Route::Account {}, &due, |_| {});
    both("renewal-pin", &Route::Account {}, &due, |face| face.press("renew"));
    both("renewal-steps", &Route::Account {}, &due, opened(Renewal::UnderWay(RenewStep::Write)));
    both("renewal-failed", &Route::Account {}, &due, opened(Renewal::Failed(Problem::ConnectionLost)));
    both("renewal-done", &Route::Account {}, &due, opened(Renewal::Done { until }));
}

#[test]
fn a_renewal_that_failed_says_why_and_asks_the_pin_again() {
    let mut face = account();
    face.show(|snapshot| snapshot.renewal = Renewal::Due);
    face.press("renew");
    face.type_in("renew-pin", "493817");
    face.submit("renew-pin");
    face.show(|snapshot| snapshot.renewal = Renewal::UnderWay(RenewStep::Pin));
    face.show(|snapshot| snapshot.renewal = Renewal::Failed(Problem::ConnectionLost));
    assert!(
        face.text().contains("The connection was lost") && face.text().contains("Your present certificate still works")
    );
    assert!(face.has("renew-pin"));
    face.show(|snapshot| snapshot.renewal = Renewal::Failed(Problem::KeyNotRenewable));
    assert!(face.text().contains("This key cannot be renewed here") && !face.text().contains("still works"));
}

#[test]
fn offline_the_renewal_waits_for_the_network() {
    let mut face = account();
    face.show(|snapshot| {
        snapshot.renewal = Renewal::Due;
        snapshot.connection = Connection::Offline;
    });
    assert_eq!(face.attribute("renew", "disabled"), Some("true"));
    assert!(face.text().contains("can be renewed while you are online"));
}

#[test]
fn the_overview_and_a_notice_lead_to_a_renewal_that_is_due() {
    let mut face = Face::at(fixture::open(), Language::English, &Route::Overview {});
    assert!(!face.has("renewal-due"));
    face.show(|snapshot| snapshot.renewal = Renewal::Due);
    assert!(face.has("renewal-due") && face.text().contains("ends on 14 Aug 2028"));
    let kind = NoticeKind::Key { event: "expiring".into(), until: Some(fixture::now()) };
    let told = in_english(move || words::notice(&kind));
    assert!(told.text.contains("Renew it") && told.route == Route::Account {});
}

#[test]
fn a_switch_of_notifications_changes_only_itself() {
    let mut face = account();
    face.press("notify-bills");
    let commands = face.commands();
    let [Command::UpdateSettings(update)] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!((update.notify_bills, update.notify_arrears, &update.locale), (Some(false), None, &None));
}

#[test]
fn a_setting_of_this_machine_changes_only_itself() {
    let mut face = Face::at(fixture::open(), Language::English, &Route::Settings {});
    face.press("close-to-tray");
    let commands = face.commands();
    let [Command::Prefer(change)] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!(*change, Preference::CloseToTray(true));
}
