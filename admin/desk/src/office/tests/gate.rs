//! From the key to the open desk, and out again.

use gridkey_protocol::{CloseCode, certificate::Purpose, ops::AdminOp};
use gridkey_token::Tries;

use super::*;

fn key_id(name: &str) -> KeyId {
    KeyId(name.into())
}

#[tokio::test(start_paused = true)]
async fn a_wrong_pin_costs_a_try_and_the_right_one_opens_the_desk_with_its_role() {
    let key = TestKey::admin();
    let mut desk = Machine::new(&[&key], AdminRole::Operator);
    desk.asks_pin().await;
    let card = desk.now().cards[0].clone();
    assert_eq!((card.tries, card.problem.clone()), (Tries::Exact(3), None));
    let holder = card.holder.expect("it is read before the PIN");
    assert!(holder.is_admin() && holder.name.contains("Administrator"), "{holder:?}");

    desk.unlock("000000");
    let wrong = desk.gate("says that the PIN is wrong", |gate| gate_problem(gate).is_some()).await;
    assert_eq!(gate_problem(&wrong), common(Common::WrongPin(Tries::Exact(2))));
    assert_eq!(desk.server.logins(), 0);

    desk.unlock(PIN);
    let shown = desk.until("is open", |shown| matches!(shown.gate, Gate::Open { .. })).await;
    let me = shown.me.clone().expect("somebody is inside");
    assert_eq!((me.name.as_str(), me.role), ("desk-1", AdminRole::Operator));
    assert!(shown.may(AdminOp::CustomerCreate) && !shown.may(AdminOp::AuditVerify));
    assert!(me.may_make(gridkey_protocol::frame::Role::Customer) && !me.may_make(gridkey_protocol::frame::Role::Admin));
}

#[tokio::test(start_paused = true)]
async fn the_last_try_is_spent_only_when_the_person_wants_it() {
    let key = TestKey::admin();
    let mut desk = Machine::new(&[&key], AdminRole::Operator);
    desk.asks_pin().await;
    for left in [2, 1] {
        desk.unlock("000000");
        desk.until("counts", |shown| shown.cards[0].tries == Tries::Exact(left)).await;
        desk.asks_pin().await;
    }
    desk.unlock(PIN);
    desk.gate("asks to confirm", |gate| gate_problem(gate) == common(Common::LastTry)).await;
    assert_eq!(key.tries(), 1);
    desk.send(Command::Unlock { pin: pin("000000"), last_try: true });
    desk.gate("is locked", |gate| gate_problem(gate) == common(Common::PinLocked)).await;
}

#[tokio::test(start_paused = true)]
async fn a_customers_key_and_one_out_of_its_time_are_named_and_open_nothing() {
    let customer = TestKey::customer();
    let mut desk = Machine::new(&[&customer], AdminRole::Operator);
    let shown = desk.until("reads the key", |shown| !shown.cards.is_empty() && shown.gate != Gate::Starting).await;
    let holder = shown.cards[0].holder.clone().unwrap();
    assert_eq!(holder.kind, Purpose::UsbKey);
    assert_eq!(shown.cards[0].problem, Some(Problem::CustomersKey(holder.name)));
    desk.send(Command::Choose(key_id("customer")));
    desk.gate("refuses it", |gate| matches!(gate_problem(gate), Some(Problem::CustomersKey(_)))).await;

    let now = testpki::now();
    let old = TestKey::valid(now.plus_seconds(-1000), now.plus_seconds(-10));
    desk.keys.plug_in(&old);
    let expired = Some(Problem::Common(Common::CertificateExpired(now.plus_seconds(-10))));
    desk.until("tells that its time is over", |shown| shown.cards.iter().any(|card| card.problem == expired)).await;
    desk.keys.pull(&old);
    desk.keys.plug_in(&TestKey::admin());
    desk.gate("takes the right one by itself", |gate| matches!(gate, Gate::Pin { key, .. } if key.0 == "admin")).await;
}

#[tokio::test(start_paused = true)]
async fn an_issued_pin_is_replaced_before_anything_else() {
    let key = TestKey::admin().issued();
    let mut desk = Machine::new(&[&key], AdminRole::Operator);
    desk.asks_pin().await;
    assert!(desk.now().cards[0].must_change_pin);
    desk.unlock(PIN);
    desk.gate("asks for an own PIN", |gate| matches!(gate, Gate::FirstPin { busy: false, .. })).await;
    desk.send(Command::ChooseFirstPin { new: pin(PIN) });
    desk.gate("wants another one", |gate| gate_problem(gate) == common(Common::PinSame)).await;
    desk.send(Command::ChooseFirstPin { new: pin("13579135") });
    desk.gate("is open", |gate| matches!(gate, Gate::Open { .. })).await;
}

#[tokio::test(start_paused = true)]
async fn pulling_the_key_shows_nothing_any_more_and_logs_it_out() {
    let key = TestKey::admin();
    let mut desk = Machine::new(&[&key], AdminRole::Operator);
    desk.open().await;
    desk.send(Command::Want(Topic::Customers(String::new())));
    desk.until("shows customers", |shown| shown.customers.values().any(|list| list.get().is_some())).await;
    desk.keys.pull(&key);
    let shown = desk.until("waits for a key", |shown| matches!(shown.gate, Gate::Keys { .. })).await;
    assert_eq!(gate_problem(&shown.gate), common(Common::KeyRemoved));
    let empty = Snapshot {
        gate: shown.gate.clone(),
        setup: shown.setup.clone(),
        preferences: shown.preferences.clone(),
        ..Snapshot::default()
    };
    assert_eq!(*shown, empty, "nothing is left");
    desk.keys.plug_in(&key);
    desk.open().await;
    assert_eq!(key.logged_in(), 1);
    desk.send(Command::Quit);
    desk.event(|event| *event == OfficeEvent::Quit).await;
    assert_eq!(key.logged_in(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_line_comes_back_by_itself_and_the_session_with_it() {
    let key = TestKey::admin();
    let mut desk = Machine::new(&[&key], AdminRole::Operator);
    desk.open().await;
    desk.connector.unplug(true);
    desk.server.cut(CloseCode::GoingAway);
    desk.until("says so", |shown| matches!(shown.connection, Connection::Waiting { .. })).await;
    let act = Act::CutSession(gridkey_protocol::ops::admin::sessions::CutBody {
        session: "s-1".into(),
        reason: "test".into(),
    });
    assert_eq!(desk.act(act.clone()).await, Doing::Failed(Common::Offline.into()));
    desk.connector.unplug(false);
    desk.until("is back", |shown| shown.connection.is_online()).await;
    assert!(matches!(desk.now().gate, Gate::Open { .. }));
    // What is signed now belongs to the new login.
    assert!(matches!(desk.act(act).await, Doing::Done(Outcome::Cut)));
    assert_eq!(desk.server.logins(), 2);
}

#[tokio::test(start_paused = true)]
async fn without_a_line_the_program_keeps_trying_until_the_person_leaves() {
    let key = TestKey::admin();
    let mut desk = Machine::new(&[&key], AdminRole::Operator);
    desk.asks_pin().await;
    desk.connector.unplug(true);
    desk.unlock(PIN);
    let waiting = |shown: &Snapshot| {
        matches!(shown.gate, Gate::Unlocking { step: UnlockStep::Session, .. })
            && matches!(shown.connection, Connection::Waiting { .. })
    };
    desk.until("waits for the server", waiting).await;
    desk.send(Command::LogOut);
    desk.asks_pin().await;
    desk.connector.unplug(false);
    desk.open().await;
}

#[tokio::test(start_paused = true)]
async fn whoever_is_not_let_in_hears_why() {
    for (code, problem) in [
        (CloseCode::Lost, Problem::Common(Common::Closed(CloseCode::Lost))),
        (CloseCode::NotAuthenticated, Problem::Common(Common::Closed(CloseCode::NotAuthenticated))),
    ] {
        let mut desk = Machine::new(&[&TestKey::admin()], AdminRole::Operator);
        desk.server.refuse(Some(code));
        desk.asks_pin().await;
        desk.unlock(PIN);
        desk.gate("is turned away", |gate| gate_problem(gate) == Some(problem.clone())).await;
    }
    let mut desk = Machine::new(&[&TestKey::admin()], AdminRole::Operator);
    desk.server.forget_admin();
    desk.asks_pin().await;
    desk.unlock(PIN);
    desk.gate("has no role", |gate| gate_problem(gate) == Some(Problem::NotAdministrator)).await;
}

#[tokio::test(start_paused = true)]
async fn a_key_revoked_meanwhile_ends_the_open_desk() {
    let mut desk = Machine::new(&[&TestKey::admin()], AdminRole::Operator);
    desk.open().await;
    desk.server.refuse(Some(CloseCode::Revoked));
    desk.gate("is out", |gate| gate_problem(gate) == common(Common::Closed(CloseCode::Revoked))).await;
    assert_eq!(desk.now().me, None);
}

#[tokio::test(start_paused = true)]
async fn an_idle_desk_hides_and_the_pin_lifts_the_curtain() {
    let key = TestKey::admin();
    let mut desk = Machine::new(&[&key], AdminRole::Operator);
    desk.open().await;
    desk.pass(Duration::from_secs(601)).await;
    desk.gate("is locked", |gate| matches!(gate, Gate::Locked { .. })).await;
    desk.send(Command::Do(Act::SaveCrl));
    desk.send(Command::Reveal { pin: pin("000000") });
    desk.gate("counts", |gate| gate_problem(gate) == common(Common::WrongPinHere { left: 4 })).await;
    assert_eq!(desk.now().doing(&Deed::SaveCrl), &Doing::Idle, "nothing is done behind the curtain");
    assert_eq!(key.tries(), 3, "the key was not asked");
    desk.send(Command::Reveal { pin: pin(PIN) });
    desk.gate("is open", |gate| matches!(gate, Gate::Open { .. })).await;
    assert_eq!(desk.server.logins(), 1, "the session went on");
}

#[tokio::test(start_paused = true)]
async fn the_own_pin_is_changed_and_a_wrong_old_one_is_told() {
    let mut desk = Machine::new(&[&TestKey::admin()], AdminRole::Operator);
    desk.open().await;
    let deed = Deed::ChangePin(key_id("admin"));
    let change = |old: &str| Command::ChangePin { old: pin(old), new: pin("13579135"), last_try: false };
    desk.send(change("000000"));
    desk.until("is refused", |shown| {
        shown.doing(&deed).problem() == common(Common::WrongPin(Tries::Exact(2))).as_ref()
    })
    .await;
    desk.send(change(PIN));
    desk.until("is changed", |shown| *shown.doing(&deed) == Doing::Done(Outcome::PinChanged)).await;
    desk.send(Command::Lock);
    desk.send(Command::Reveal { pin: pin("13579135") });
    desk.gate("opens with the new one", |gate| matches!(gate, Gate::Open { .. })).await;
}

#[tokio::test(start_paused = true)]
async fn two_preferences_changed_quickly_both_stay() {
    let mut desk = Machine::new(&[], AdminRole::Operator);
    desk.send(Command::Prefer(Preference::Theme(Theme::Dark)));
    desk.send(Command::Prefer(Preference::LockMinutes(3)));
    let chosen = Preferences { theme: Theme::Dark, lock_minutes: 3, ..Preferences::default() };
    desk.until("both are shown", |shown| shown.preferences == chosen).await;
    desk.send(Command::Quit);
    desk.event(|event| *event == OfficeEvent::Quit).await;
    assert_eq!(Preferences::load(&desk.folder.path().join("dashboard.toml")), chosen);
}
