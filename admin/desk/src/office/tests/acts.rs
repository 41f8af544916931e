//! What is done: once, signed, with an end that is told.

use gridkey_protocol::{
    ByteArray,
    ops::admin::{keys::EndBody, sessions::CutBody},
};

use super::{server::customer, *};

const HEAD: &str = "customer,name,name_zh,type,grade,contact,address,meter,basic,capacity_kva,voltage_kv\n";

fn lose(of: u8) -> Act {
    Act::LoseKey(EndBody { key: ByteArray([of; 32]), reason: "lost".into() })
}

#[tokio::test(start_paused = true)]
async fn a_deed_is_done_once_however_often_it_is_asked_for() {
    let mut desk = Machine::new(&[&TestKey::admin()], AdminRole::Operator);
    desk.open().await;
    let key = Topic::Key(ByteArray([1; 32]));
    desk.send(Command::Want(key));
    desk.until("shows the key", |shown| !shown.key.is_empty()).await;
    for _ in 0..5 {
        desk.send(Command::Do(lose(1)));
    }
    desk.event(|event| matches!(event, OfficeEvent::Done(Deed::Key(_)))).await;
    assert_eq!(desk.server.asked("key.lost"), 1);
    let is_lost = |shown: &Snapshot| {
        let section = shown.key.get(&ByteArray([1; 32]));
        section.and_then(Section::get).is_some_and(|life| life.key.state == gridkey_domain::key::KeyState::Lost)
    };
    desk.until("the key's screen follows", is_lost).await;
    desk.send(Command::Forget(lose(1).deed()));
    desk.until("forgets", |shown| shown.deeds.is_empty()).await;
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_told_as_what_it_is_and_silence_as_not_known() {
    let mut desk = Machine::new(&[&TestKey::admin()], AdminRole::Operator);
    desk.open().await;
    assert_eq!(desk.act(lose(77)).await, Doing::Failed(Problem::NotFound));
    desk.server.be_silent_about("session.cut");
    let cut = Act::CutSession(CutBody { session: "s-1".into(), reason: "test".into() });
    assert_eq!(desk.act(cut).await, Doing::Failed(Common::OutcomeUnknown.into()));
}

#[tokio::test(start_paused = true)]
async fn a_file_with_a_fault_sends_nothing() {
    let mut desk = Machine::new(&[&TestKey::admin()], AdminRole::Operator);
    desk.open().await;
    let content = format!("{HEAD}1100000003,A,B,industrial,A,c,d,,,,\n1100000004,,B,industrial,A,c,d,,,,\n");
    desk.send(Command::Import(ImportCommand::Read { name: "a.csv".into(), content: content.into_bytes() }));
    desk.until("tells the fault", |shown| shown.import.state == ImportState::Faulty).await;
    desk.send(Command::Import(ImportCommand::Start));
    desk.pass(Duration::from_secs(60)).await;
    assert_eq!(desk.server.asked("customer.create"), 0);
}

#[tokio::test(start_paused = true)]
async fn an_import_goes_on_where_it_broke_off_and_makes_nobody_twice() {
    let mut desk = Machine::new(&[&TestKey::admin()], AdminRole::Operator);
    desk.open().await;
    let row = |number: &str, name: &str| format!("{number},{name},B,industrial,A,c,d,,,,\n");
    // The first two are there already: one as it should be, one as somebody else.
    let rows = [("1100000001", "Dairy"), ("1100000002", "Stranger"), ("1100000003", "Third"), ("1100000004", "Fourth")];
    let content: String =
        std::iter::once(HEAD.to_owned()).chain(rows.map(|(number, name)| row(number, name))).collect();
    desk.send(Command::Import(ImportCommand::Read { name: "a.csv".into(), content: content.into_bytes() }));
    desk.until("is well", |shown| shown.import.state == ImportState::Ready).await;
    desk.send(Command::Import(ImportCommand::Start));
    let results = |shown: &Snapshot| shown.import.rows.iter().map(|row| row.result.clone()).collect::<Vec<_>>();
    desk.until("is through", |shown| shown.import.state == ImportState::Done).await;
    let failed = RowResult::Failed(Problem::CustomerExists);
    assert_eq!(results(&desk.now()), [RowResult::There, failed.clone(), RowResult::Made, RowResult::Made]);
    desk.event(|event| *event == OfficeEvent::Imported { good: 3, bad: 1 }).await;

    // The answer to a row is lost: nobody knows, and the next start finds out.
    let content = format!("{HEAD}{}{}", row("1100000005", "Fifth"), row("1100000003", "Third"));
    desk.send(Command::Import(ImportCommand::Read { name: "b.csv".into(), content: content.into_bytes() }));
    desk.until("is well", |shown| shown.import.state == ImportState::Ready).await;
    desk.server.be_silent_about("customer.create");
    desk.send(Command::Import(ImportCommand::Start));
    desk.until("stops", |shown| shown.import.state == ImportState::Stopped).await;
    assert_eq!(results(&desk.now()), [RowResult::Waiting, RowResult::Waiting]);
    desk.server.talk_again();
    desk.send(Command::Import(ImportCommand::Start));
    desk.until("is through", |shown| shown.import.state == ImportState::Done).await;
    assert_eq!(results(&desk.now()), [RowResult::Made, RowResult::There]);
}

#[tokio::test(start_paused = true)]
async fn what_is_made_shows_in_the_search() {
    let mut desk = Machine::new(&[&TestKey::admin()], AdminRole::Operator);
    desk.open().await;
    desk.send(Command::Want(Topic::Customers("Bakery".into())));
    let found = |shown: &Snapshot| shown.customers.get("Bakery").and_then(Section::get).map(|list| list.items.len());
    desk.until("finds nobody", |shown| found(shown) == Some(0)).await;
    let made = customer("1100000007", "Bakery").account;
    let body = gridkey_protocol::ops::admin::customers::CreateBody {
        customer: made.customer,
        name: made.name,
        name_zh: made.name_zh,
        kind: made.kind,
        grade: made.grade,
        contact: made.contact,
        address: made.address,
        meters: Vec::new(),
    };
    assert!(matches!(desk.act(Act::CreateCustomer(body)).await, Doing::Done(Outcome::Customer(_))));
    desk.until("finds it by itself", |shown| found(shown) == Some(1)).await;
}
