//! What screens show: asked for once, kept fresh while shown, page by page.

use super::*;

fn live(shown: &Snapshot) -> usize {
    shown.sessions.get().map_or(0, Vec::len)
}

#[tokio::test(start_paused = true)]
async fn what_a_screen_shows_is_refreshed_until_it_is_left() {
    let mut desk = Machine::new(&[&TestKey::admin()], AdminRole::Operator);
    desk.open().await;
    desk.server.live(&["s-a"]);
    desk.send(Command::Want(Topic::Sessions));
    desk.until("shows one", |shown| live(shown) == 1).await;
    desk.server.live(&["s-a", "s-b"]);
    desk.until("shows both by itself", |shown| live(shown) == 2).await;
    desk.send(Command::Leave(Topic::Sessions));
    desk.pass(Duration::from_secs(10)).await;
    let asked = desk.server.asked("session.list");
    desk.pass(Duration::from_secs(60)).await;
    assert_eq!(desk.server.asked("session.list"), asked);
    assert_eq!(live(&desk.now()), 2, "what is known stays");
}

#[tokio::test(start_paused = true)]
async fn a_list_comes_page_by_page_and_is_refreshed_as_long_as_it_is() {
    let mut desk = Machine::new(&[&TestKey::admin()], AdminRole::Operator);
    desk.open().await;
    let everyone = Topic::Customers(String::new());
    desk.send(Command::Want(everyone.clone()));
    let count =
        |shown: &Snapshot| shown.customers.get("").and_then(Section::get).map(|list| (list.items.len(), list.more));
    desk.until("shows the first page", |shown| count(shown) == Some((1, true))).await;
    desk.send(Command::More(everyone.clone()));
    desk.send(Command::More(everyone.clone()));
    desk.until("shows the second", |shown| count(shown) == Some((2, false))).await;
    desk.send(Command::Refresh(everyone));
    desk.until("asks for both", |shown| !shown.customers[""].loading).await;
    assert_eq!(count(&desk.now()), Some((2, false)));
    desk.send(Command::Want(Topic::Customers("Mill".into())));
    let found = |shown: &Snapshot| shown.customers.get("Mill").and_then(Section::get).map(|list| list.items.len());
    desk.until("finds one", |shown| found(shown) == Some(1)).await;
}

#[tokio::test(start_paused = true)]
async fn the_audit_chain_is_read_from_its_end_in_stretches_of_a_hundred() {
    let mut desk = Machine::new(&[&TestKey::admin()], AdminRole::Auditor);
    desk.open().await;
    let newest = Topic::Audit(AuditQuery::default());
    desk.send(Command::Want(newest.clone()));
    let numbers = |shown: &Snapshot| -> Option<(u64, u64, bool)> {
        let list = shown.audit.get(&AuditQuery::default())?.get()?;
        Some((list.items.first()?.number, list.items.last()?.number, list.more))
    };
    // The server answers with forty at most.
    let shown = desk.until("shows the newest", |shown| numbers(shown) == Some((249, 150, true))).await;
    let line = &shown.audit[&AuditQuery::default()].get().unwrap().items[0];
    assert_eq!(line.facts, [("number".to_owned(), "249".to_owned())]);
    for end in [50, 0] {
        desk.send(Command::More(newest.clone()));
        desk.until("goes back", |shown| numbers(shown) == Some((249, end, end > 0))).await;
    }
    let numbers: Vec<u64> =
        desk.now().audit[&AuditQuery::default()].get().unwrap().items.iter().map(|line| line.number).collect();
    assert_eq!(numbers, (0..250).rev().collect::<Vec<_>>(), "each entry once");
    let from = AuditQuery { until: Some(119) };
    desk.send(Command::Want(Topic::Audit(from.clone())));
    let shown = desk.until("begins elsewhere", |shown| shown.audit.get(&from).is_some_and(|s| s.get().is_some())).await;
    let list = shown.audit[&from].get().unwrap();
    assert_eq!((list.items[0].number, list.items.len()), (119, 100));
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_loaded_says_why_and_what_was_known_stays_with_its_age() {
    let mut desk = Machine::new(&[&TestKey::admin()], AdminRole::Operator);
    desk.open().await;
    let nobody: gridkey_domain::CustomerNo = "1100000009".parse().unwrap();
    desk.send(Command::Want(Topic::Customer(nobody.clone())));
    let problem = |shown: &Snapshot| shown.customer.get(&nobody).and_then(|section| section.problem.clone());
    desk.until("is not found", |shown| problem(shown) == Some(Problem::NotFound)).await;

    desk.server.live(&["s-a"]);
    desk.send(Command::Want(Topic::Sessions));
    let shown = desk.until("shows one", |shown| live(shown) == 1).await;
    let at = shown.sessions.at();
    desk.connector.unplug(true);
    desk.server.cut(gridkey_protocol::CloseCode::GoingAway);
    desk.until("is offline", |shown| matches!(shown.connection, Connection::Waiting { .. })).await;
    desk.send(Command::Refresh(Topic::Sessions));
    desk.until("says why", |shown| shown.sessions.problem == common(Common::Offline)).await;
    assert_eq!((live(&desk.now()), desk.now().sessions.at()), (1, at));
    desk.server.live(&["s-a", "s-b"]);
    desk.connector.unplug(false);
    let fresh = |shown: &Snapshot| live(shown) == 2 && shown.sessions.problem.is_none();
    desk.until("is fresh again by itself", fresh).await;
}
