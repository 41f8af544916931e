//! Finding customers, one customer, making them by hand and from a file.

use gridkey_desk::office::{
    Act, Case, Command, Deed, Doing, Import, ImportCommand, ImportState, Language, Outcome, Paged, Problem, RowResult,
    Section, Snapshot, Topic,
};
use gridkey_domain::key::AdminRole;

use crate::{
    fixture::{
        self,
        desk::{self, customer, full},
    },
    route::Route,
    testing::Face,
    views::parts::both,
};

fn page() -> Route {
    Route::Customer { no: customer() }
}

fn face(role: AdminRole, route: &Route) -> Face {
    Face::at(full(role), Language::English, route)
}

fn operator(route: &Route) -> Face {
    face(AdminRole::Operator, route)
}

fn acts(face: &mut Face) -> Vec<Act> {
    let act = |command| if let Command::Do(act) = command { Some(act) } else { None };
    face.commands().into_iter().filter_map(act).collect()
}

fn with_import(import: Import) -> Snapshot {
    Snapshot { import, ..full(AdminRole::Operator) }
}

#[test]
fn a_search_is_there_again_after_a_look_at_a_customer_and_gone_after_a_way_elsewhere() {
    let mut open = full(AdminRole::Operator);
    let found = open.customers[""].clone();
    open.customers.insert("Ruhr".into(), found);
    let mut face = Face::at(open, Language::English, &Route::Customers {});
    face.type_in("customer-search", "Ruhr");
    face.submit("customer-search");
    face.press(customer().as_str());
    assert!(!face.has("customer-search"), "{}", face.text());
    face.press("Customers");
    assert_eq!(face.attribute("customer-search", "value"), Some("Ruhr"));
    let wants = |command: &Command| matches!(command, Command::Want(Topic::Customers(text)) if text == "Ruhr");
    assert!(face.all_commands().iter().any(wants));

    face.press("Home");
    face.press("Customers");
    assert_eq!(face.attribute("customer-search", "value"), Some(""));
}

#[test]
fn the_screens_look_as_they_were_left() {
    let nothing = |_: &mut Face| {};
    let open = full(AdminRole::Operator);
    both("customers-list", &Route::Customers {}, &open, nothing);
    let mut failing = open.clone();
    failing.customers.insert(String::new(), desk::failing());
    both("customers-failing", &Route::Customers {}, &failing, nothing);
    both("customer", &page(), &open, nothing);
    both("customer-new", &page(), &full(AdminRole::Auditor), nothing);
    both("customer-contact", &page(), &open, |face| face.press("edit-contact"));
    both("customer-form", &Route::NewCustomer {}, &open, |face| face.submit("new-number"));
    both("import-choose", &Route::ImportCustomers {}, &open, nothing);
    both("import-faulty", &Route::ImportCustomers {}, &with_import(desk::faulty_import()), nothing);
    let ready = desk::import(ImportState::Ready, vec![RowResult::Waiting; 3]);
    both("import-ready", &Route::ImportCustomers {}, &with_import(ready), |face| face.press("import-start"));
    let running = vec![RowResult::Made, RowResult::Running, RowResult::Waiting];
    let running = desk::import(ImportState::Running, running);
    both("import-running", &Route::ImportCustomers {}, &with_import(running), nothing);
    both("import-done", &Route::ImportCustomers {}, &with_import(desk::done_import()), nothing);
}

#[test]
fn enter_searches_at_once_and_what_nobody_fits_can_be_left() {
    let mut face = operator(&Route::Customers {});
    face.type_in("customer-search", "  Linjiang ");
    face.submit("customer-search");
    let wanted = |command: &Command| matches!(command, Command::Want(Topic::Customers(text)) if text == "Linjiang");
    assert!(face.all_commands().iter().any(wanted));
    face.show(|snapshot| {
        let nobody = Section::known(Paged::whole(Vec::new()), fixture::now(), true);
        snapshot.customers.insert("Linjiang".into(), nobody);
    });
    assert!(face.text().contains("Nobody found for “Linjiang”"), "{}", face.text());
    face.press("clear-search");
    assert!(face.text().contains("Huadong Precision Castings"), "{}", face.text());
}

#[test]
fn there_is_more_than_a_page() {
    let mut face = operator(&Route::Customers {});
    face.press("more");
    assert!(face.commands().iter().any(|command| matches!(command, Command::More(Topic::Customers(_)))));
}

#[test]
fn only_a_role_that_makes_customers_is_offered_it() {
    assert!(operator(&Route::Customers {}).text().contains("New customer"));
    assert!(!face(AdminRole::Auditor, &Route::Customers {}).text().contains("New customer"));
    for route in [Route::NewCustomer {}, Route::ImportCustomers {}] {
        assert!(face(AdminRole::SecurityOfficer, &route).has("barred"));
    }
}

#[test]
fn a_contact_is_changed_with_what_differs_and_the_dialog_stays_until_it_is_done() {
    let mut face = operator(&page());
    face.press("edit-contact");
    face.type_in("contact-field", "  ");
    face.submit("contact-field");
    assert!(acts(&mut face).is_empty() && face.text().contains("must be filled in"), "{}", face.text());
    face.type_in("contact-field", " 021-5550-0199 ");
    face.submit("contact-field");
    let acts = acts(&mut face);
    let [Act::UpdateCustomer(body)] = acts.as_slice() else { panic!("{acts:?}") };
    assert_eq!((body.contact.as_deref(), body.address.as_deref()), (Some("021-5550-0199"), None));
    let deed = Deed::UpdateCustomer(customer());
    let failed = Doing::Failed(Problem::Unavailable);
    face.show(|snapshot| drop(snapshot.deeds.insert(deed.clone(), failed)));
    assert!(face.has("contact-dialog") && face.has("problem"), "{}", face.text());
    let done = Doing::Done(Outcome::Customer(Box::new(desk::detail())));
    face.show(|snapshot| drop(snapshot.deeds.insert(deed, done)));
    assert!(!face.has("contact-dialog"), "{}", face.text());
}

#[test]
fn a_bill_is_sent_again_and_says_so() {
    let mut face = operator(&page());
    let name = format!("push-{}", desk::bill("2026-09"));
    face.press(&name);
    let acts = acts(&mut face);
    let [Act::PushBill(body)] = acts.as_slice() else { panic!("{acts:?}") };
    assert_eq!((&body.customer, &body.bill), (&customer(), &desk::bill("2026-09")));
    let pushed = gridkey_protocol::ops::admin::bills::BillPushed { bill: desk::bill("2026-09"), offset: 8 };
    let done = Doing::Done(Outcome::Pushed(pushed));
    face.show(|snapshot| drop(snapshot.deeds.insert(Deed::PushBill(desk::bill("2026-09")), done)));
    assert!(face.text().contains("Sent"), "{}", face.text());
    assert!(!self::face(AdminRole::Auditor, &page()).has(&name));
}

#[test]
fn an_auditor_takes_the_evidence_and_changes_nothing() {
    let mut face = face(AdminRole::Auditor, &page());
    assert!(!face.has("edit-contact") && !face.has("cut-s-17"));
    face.press("evidence");
    assert_eq!(acts(&mut face), [Act::Export(Case { customer: Some(customer()), payment: None })]);
    assert!(!operator(&page()).has("evidence"));
}

#[test]
fn acknowledged_alarms_say_when() {
    let text = operator(&page()).text();
    assert!(text.contains("Acknowledged 17 Oct 2026") && text.contains("Not acknowledged"), "{text}");
}

fn fill(face: &mut Face) {
    for (field, value) in [
        ("new-number", "1100000099"),
        ("new-name", "Example Foundry"),
        ("new-name-zh", "示例铸造厂"),
        ("new-contact", "021-5550-0100"),
        ("new-address", "1 Example Road"),
        ("meter-number-0", "M1000000991"),
        ("meter-capacity-0", "1250"),
        ("meter-voltage-0", "10"),
    ] {
        face.type_in(field, value);
    }
}

#[test]
fn a_customer_is_made_when_everything_is_there_and_its_page_opens() {
    let mut face = operator(&Route::NewCustomer {});
    face.submit("new-number");
    assert!(face.has("form-wrong") && acts(&mut face).is_empty(), "{}", face.text());
    fill(&mut face);
    assert!(!face.has("form-wrong"), "{}", face.text());
    face.submit("new-number");
    let acts = acts(&mut face);
    let [Act::CreateCustomer(body)] = acts.as_slice() else { panic!("{acts:?}") };
    assert_eq!((body.customer.as_str(), body.meters.len()), ("1100000099", 1));
    let deed = Deed::CreateCustomer("1100000099".parse().unwrap());
    face.show(|snapshot| drop(snapshot.deeds.insert(deed.clone(), Doing::Failed(Problem::CustomerExists))));
    assert!(face.has("problem") && face.has("new-customer"), "{}", face.text());
    let made = Outcome::Customer(Box::new(desk::detail()));
    face.show(|snapshot| drop(snapshot.deeds.insert(deed, Doing::Done(made))));
    assert!(face.has("customer") && !face.has("new-customer"), "{}", face.text());
}

#[test]
fn meters_are_added_and_removed() {
    let mut face = operator(&Route::NewCustomer {});
    face.press("add-meter");
    assert!(face.has("meter-number-1"));
    face.press("remove-meter-0");
    assert!(face.has("meter-number-1") && !face.has("meter-number-0"));
}

#[test]
fn a_file_that_is_named_is_read_and_one_that_is_not_there_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("customers.csv");
    let mut face = operator(&Route::ImportCustomers {});
    face.type_in("import-path", &file.to_string_lossy());
    face.submit("import-path");
    assert!(face.text().contains("cannot be read"), "{}", face.text());
    std::fs::write(&file, "customer\n").unwrap();
    face.submit("import-path");
    let commands = face.commands();
    let read = |command: &Command| {
        matches!(command, Command::Import(ImportCommand::Read { name, content })
            if name == "customers.csv" && content == b"customer\n")
    };
    assert!(commands.iter().any(read), "{commands:?}");
}

#[test]
fn every_fault_is_shown_and_nothing_can_be_sent() {
    let face = Face::at(with_import(desk::faulty_import()), Language::English, &Route::ImportCustomers {});
    let text = face.text();
    assert!(text.contains("2 of 4 customers have faults") && text.contains("contact is missing"), "{text}");
    assert!(text.contains("“factory” is not acceptable; expected industrial, commercial or agricultural"), "{text}");
    assert!(
        text.contains("stands in line 2 already") && !text.contains("Example Works 2"),
        "only what is wrong: {text}"
    );
    assert!(!face.has("import-start"));
}

#[test]
fn an_import_asks_once_runs_and_can_be_stopped() {
    let ready = desk::import(ImportState::Ready, vec![RowResult::Waiting; 3]);
    let mut face = Face::at(with_import(ready), Language::English, &Route::ImportCustomers {});
    let started = |commands: &[Command]| {
        commands.iter().filter(|command| matches!(command, Command::Import(ImportCommand::Start))).count()
    };
    face.press("import-start");
    assert_eq!(started(&face.commands()), 0, "first a question");
    face.press("ask-yes");
    assert_eq!(started(&face.commands()), 1);
    face.show(|snapshot| {
        let results = vec![RowResult::Made, RowResult::Running, RowResult::Waiting];
        snapshot.import = desk::import(ImportState::Running, results);
    });
    assert!(face.text().contains("1 of 3 gone through") && !face.has("import-another"), "{}", face.text());
    face.press("import-stop");
    assert!(face.commands().iter().any(|command| matches!(command, Command::Import(ImportCommand::Stop))));
    face.show(|snapshot| snapshot.import = desk::done_import());
    assert!(face.text().contains("1 of 4 could not be made") && face.has("import-again"), "{}", face.text());
}

#[test]
fn the_template_is_saved_for_spreadsheets() {
    let mut face = operator(&Route::ImportCustomers {});
    face.press("save-template");
    assert!(face.text().contains("gridkey-customers.csv"), "{}", face.text());
}
