//! From the key to the open account, and out again.

use gridkey_protocol::CloseCode;
use gridkey_token::Tries;

use super::*;
use crate::testing::MemoryToken;

fn key_id(name: &str) -> KeyId {
    KeyId(name.into())
}

#[tokio::test(start_paused = true)]
async fn a_wrong_pin_costs_a_try_and_the_right_one_opens_the_account() {
    let key = TestKey::new("a");
    let mut desk = Desk::new(&[&key]);
    desk.asks_pin().await;
    let card = desk.now().keys[0].clone();
    assert_eq!((card.tries, card.problem.clone()), (Tries::Exact(3), None));
    assert!(card.holder.is_some_and(|holder| holder.customer.contains("1100000001")));

    desk.unlock("000000");
    let wrong = |gate: &Gate| matches!(gate, Gate::Pin { problem: Some(Problem::WrongPin(Tries::Exact(2))), .. });
    desk.gate("says that the PIN is wrong", wrong).await;
    desk.until("shows the tries left", |shown| shown.keys[0].tries == Tries::Exact(2)).await;
    assert_eq!(desk.company.asked("account.get"), 0);

    desk.unlock(PIN);
    let shown = desk.open_online_after_pin().await;
    assert_eq!(shown.customer.as_ref().map(|customer| customer.as_str()), Some("1100000001"));
    assert_eq!(shown.account.get().map(|account| account.name.as_str()), Some("Riverside"));
}

#[tokio::test(start_paused = true)]
async fn the_last_try_is_spent_only_when_the_person_wants_it() {
    let key = TestKey::new("a").with_tries(1);
    let mut desk = Desk::new(&[&key]);
    desk.asks_pin().await;
    desk.unlock("000000");
    desk.gate("asks to confirm", |gate| matches!(gate, Gate::Pin { problem: Some(Problem::LastTry), .. })).await;
    assert_eq!(key.tries(), 1);
    desk.send(Command::Unlock { pin: pin("000000"), last_try: true });
    desk.gate("is locked", |gate| matches!(gate, Gate::Pin { problem: Some(Problem::PinLocked), .. })).await;
    desk.until("the card says so", |shown| shown.keys[0].problem == Some(Problem::PinLocked)).await;
}

#[tokio::test(start_paused = true)]
async fn of_several_keys_the_person_chooses_one() {
    let (first, second) = (TestKey::new("a"), TestKey::new("b"));
    let mut desk = Desk::new(&[&first, &second]);
    desk.until("shows both", |shown| shown.keys.len() == 2 && shown.gate == Gate::Keys { problem: None }).await;
    desk.send(Command::Choose(key_id("b")));
    desk.gate("asks for its PIN", |gate| matches!(gate, Gate::Pin { key, .. } if key.0 == "b")).await;
    desk.send(Command::BackToKeys);
    desk.gate("shows the keys", |gate| matches!(gate, Gate::Keys { problem: None })).await;
    desk.send(Command::Choose(key_id("a")));
    desk.asks_pin().await;
    desk.keys.pull(&first);
    desk.gate("takes the one that is left", |gate| matches!(gate, Gate::Pin { key, .. } if key.0 == "b")).await;
}

#[tokio::test(start_paused = true)]
async fn pulling_the_key_ends_the_session_and_shows_nothing_any_more() {
    let key = TestKey::new("a");
    let mut desk = Desk::new(&[&key]);
    desk.open_online().await;
    desk.keys.pull(&key);
    let notice = desk.notice(|kind| *kind == NoticeKind::AlarmsPaused).await;
    assert!(notice.notify);
    let shown = desk.until("waits for a key", |shown| matches!(shown.gate, Gate::Keys { .. })).await;
    assert_eq!(shown.gate, Gate::Keys { problem: Some(Problem::KeyRemoved) });
    let empty = Snapshot {
        gate: shown.gate.clone(),
        setup: shown.setup.clone(),
        notices: shown.notices.clone(),
        ..Snapshot::default()
    };
    assert_eq!(*shown, empty, "nothing of the account is left");
    desk.keys.plug_in(&key);
    desk.open_online().await;
    assert_eq!(key.logged_in(), 1);
}

#[tokio::test(start_paused = true)]
async fn logging_out_leaves_the_key_logged_out_and_the_next_login_works() {
    let key = TestKey::new("a");
    let mut desk = Desk::new(&[&key]);
    for _ in 0..2 {
        desk.open_online().await;
        desk.send(Command::LogOut);
        desk.asks_pin().await;
        assert_eq!(desk.now().account, Section::default());
    }
    desk.send(Command::Quit);
    desk.event(|event| *event == AppEvent::Quit).await;
    assert_eq!(key.logged_in(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_login_that_was_left_does_not_disturb_the_next() {
    let key = TestKey::new("a");
    let mut desk = Desk::new(&[&key]);
    desk.asks_pin().await;
    for _ in 0..3 {
        desk.unlock(PIN);
        desk.send(Command::LogOut);
    }
    desk.unlock(PIN);
    let gate = |gate: &Gate| matches!(gate, Gate::Open { .. } | Gate::Pin { problem: Some(_), .. });
    let gate = desk.gate("opens", gate).await;
    assert!(matches!(gate, Gate::Open { .. }), "{gate:?}");
    assert_eq!(key.logged_in(), 1);
    desk.send(Command::LogOut);
    desk.unlock(PIN);
    desk.send(Command::Quit);
    desk.event(|event| *event == AppEvent::Quit).await;
    assert_eq!(key.logged_in(), 0);
}

#[tokio::test(start_paused = true)]
async fn nobody_there_hides_the_screens_and_the_pin_shows_them_again() {
    let key = TestKey::new("a");
    let mut desk = Desk::new(&[&key]);
    desk.open_online().await;
    tokio::time::sleep(Duration::from_secs(9 * 60)).await;
    desk.send(Command::Activity);
    tokio::time::sleep(Duration::from_secs(9 * 60)).await;
    assert!(matches!(desk.now().gate, Gate::Open { .. }), "somebody was there");
    desk.gate("hides the screens", |gate| matches!(gate, Gate::Locked { problem: None, .. })).await;
    assert!(desk.now().connection.is_online(), "alarms keep coming");

    desk.send(Command::Reveal { pin: pin("000000") });
    let wrong = |gate: &Gate| matches!(gate, Gate::Locked { problem: Some(Problem::WrongPinHere { left: 4 }), .. });
    desk.gate("says that the PIN is wrong", wrong).await;
    assert_eq!(key.tries(), 3, "the key was not asked");
    desk.send(Command::Reveal { pin: pin(PIN) });
    desk.gate("shows the screens", |gate| matches!(gate, Gate::Open { .. })).await;
}

#[tokio::test(start_paused = true)]
async fn five_wrong_pins_behind_the_curtain_log_out() {
    let key = TestKey::new("a");
    let mut desk = Desk::new(&[&key]);
    desk.open_online().await;
    desk.send(Command::Lock);
    for left in (1..5).rev() {
        desk.send(Command::Reveal { pin: pin("000000") });
        let told = Some(Problem::WrongPinHere { left });
        desk.gate("counts", |gate| matches!(gate, Gate::Locked { problem, .. } if *problem == told)).await;
    }
    desk.send(Command::Reveal { pin: pin("000000") });
    let out = desk.gate("logs out", |gate| matches!(gate, Gate::Pin { .. })).await;
    assert_eq!(out, Gate::Pin { key: key_id("a"), problem: Some(Problem::WrongPinHere { left: 0 }) });
    desk.notice(|kind| *kind == NoticeKind::AlarmsPaused).await;
    assert_eq!(key.tries(), 3, "the key was not asked");
    assert_eq!(desk.now().account, Section::default());
}

#[tokio::test(start_paused = true)]
async fn the_issued_pin_must_be_replaced_first() {
    let key = TestKey::new("a").issued();
    let mut desk = Desk::new(&[&key]);
    desk.asks_pin().await;
    desk.unlock(PIN);
    desk.gate("asks for an own PIN", |gate| matches!(gate, Gate::FirstPin { problem: None, busy: false, .. })).await;
    assert_eq!(desk.company.asked("account.get"), 0);
    for (new, problem) in [("123", Problem::PinLength { min: 4, max: 12 }), (PIN, Problem::PinSame)] {
        desk.send(Command::ChooseFirstPin { new: pin(new) });
        let refused = |gate: &Gate| matches!(gate, Gate::FirstPin { problem: Some(told), .. } if *told == problem);
        desk.gate("refuses it", refused).await;
    }
    desk.send(Command::ChooseFirstPin { new: pin("135790") });
    desk.open_online_after_pin().await;
    desk.send(Command::LogOut);
    desk.asks_pin().await;
    desk.unlock(PIN);
    desk.gate("no longer takes the issued one", |gate| matches!(gate, Gate::Pin { problem: Some(_), .. })).await;
}

#[tokio::test(start_paused = true)]
async fn a_certificate_that_is_over_is_told_before_the_pin() {
    let (from, to) = (testpki::now().plus_seconds(-1000), testpki::now().plus_seconds(-10));
    let pki = TestPki::new();
    let expired = TestKey::of("a", MemoryToken::new(&pki).valid(&pki, from, to));
    let (from, to) = (testpki::now().plus_seconds(1000), testpki::now().plus_seconds(2000));
    let early = TestKey::of("b", MemoryToken::new(&pki).valid(&pki, from, to));
    let mut desk = Desk::new(&[&expired, &early]);
    let shown = desk.until("both are read", |shown| shown.keys.len() == 2).await;
    assert_eq!(shown.keys[0].problem, Some(Problem::CertificateExpired(testpki::now().plus_seconds(-10))));
    assert_eq!(shown.keys[1].problem, Some(Problem::CertificateNotYet(from)));
    assert!(shown.keys.iter().all(|card| card.holder.is_some()));
    desk.send(Command::Choose(key_id("a")));
    let told = |gate: &Gate| matches!(gate, Gate::Keys { problem: Some(Problem::CertificateExpired(_)) });
    desk.gate("tells why not", told).await;
}

#[tokio::test(start_paused = true)]
async fn a_key_of_another_company_is_told_as_one() {
    let stranger = TestKey::of("a", MemoryToken::new(&TestPki::with_seed(9)));
    let mut desk = Desk::new(&[&stranger]);
    let shown = desk.until("it is read", |shown| shown.keys.len() == 1).await;
    assert!(matches!(shown.keys[0].problem, Some(Problem::CertificateUntrusted(_))));
    assert_eq!((shown.keys[0].holder.clone(), shown.gate.clone()), (None, Gate::Keys { problem: None }));
}

#[tokio::test(start_paused = true)]
async fn a_key_that_the_server_disowns_closes_the_account() {
    for code in [CloseCode::Lost, CloseCode::Revoked, CloseCode::Unbound, CloseCode::ReplacedKey] {
        let mut desk = Desk::new(&[&TestKey::new("a")]);
        desk.open_online().await;
        desk.company.refuse(Some(code));
        let closed = |gate: &Gate| *gate == Gate::Keys { problem: Some(Problem::Closed(code)) };
        desk.gate("closes the account", closed).await;
        assert_eq!(desk.now().account, Section::default());
        desk.send(Command::Choose(key_id("a")));
        desk.asks_pin().await;
        desk.unlock(PIN);
        desk.gate("does not open it again", closed).await;
    }
}

#[tokio::test(start_paused = true)]
async fn another_refusal_leaves_what_was_kept_on_the_screens() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    desk.company.refuse(Some(CloseCode::ReplacedSession));
    let refused = Connection::Refused(Problem::Closed(CloseCode::ReplacedSession));
    desk.until("stays refused", |shown| shown.connection == refused).await;
    assert!(matches!(desk.now().gate, Gate::Open { .. }));
    assert!(desk.now().account.get().is_some());
    desk.company.refuse(None);
    desk.send(Command::Connect);
    desk.until("is back when the person wants it", |shown| shown.connection.is_online()).await;
}

#[tokio::test(start_paused = true)]
async fn a_driver_that_is_missing_is_told_and_found_once_it_is_there() {
    let key = TestKey::new("a");
    let mut desk = Desk::new(&[]);
    desk.gate("waits", |gate| matches!(gate, Gate::Keys { .. })).await;
    desk.keys.break_driver(true);
    desk.gate("tells of the driver", |gate| matches!(gate, Gate::Broken(Problem::Driver(_)))).await;
    desk.send(Command::CheckSetup);
    let driver = |shown: &Snapshot| {
        shown.setup.iter().any(|check| {
            check.item == CheckItem::Driver && matches!(check.state, CheckState::Failed(Problem::Driver(_)))
        })
    };
    desk.until("the check tells of it too", driver).await;
    desk.keys.plug_in(&key);
    desk.keys.break_driver(false);
    desk.open_online().await;
}

#[tokio::test(start_paused = true)]
async fn an_installation_without_a_server_says_so() {
    let app = App::start(AppParts {
        installation: Installation::from_config(Ok(crate::config::ClientConfig::default()), "test/1"),
        clock: clock(),
        preferences: None,
    });
    let mut state = app.state();
    let shown = state.wait_for(|shown| shown.gate != Gate::Starting && !shown.setup.is_empty()).await.unwrap().clone();
    assert!(matches!(shown.gate, Gate::Broken(Problem::Configuration(_))));
    assert!(matches!(shown.setup[0].state, CheckState::Failed(Problem::Configuration(_))));
}

#[tokio::test(start_paused = true)]
async fn the_check_tells_what_lacks() {
    let mut desk = Desk::new(&[]);
    desk.company.refuse(Some(CloseCode::Unavailable));
    let find =
        |shown: &Snapshot, item| shown.setup.iter().find(|check| check.item == item).map(|check| check.state.clone());
    // It runs by itself, since there is no key.
    let shown = desk.until("is done", |shown| matches!(find(shown, CheckItem::Server), Some(CheckState::Ok(_)))).await;
    assert_eq!(find(&shown, CheckItem::Driver), Some(CheckState::Ok("module.so".into())));
    assert_eq!(find(&shown, CheckItem::Reader), Some(CheckState::Failed(Problem::ReaderService)));
    assert_eq!(find(&shown, CheckItem::Key), Some(CheckState::Failed(Problem::NoKey)));
    assert_eq!(find(&shown, CheckItem::Clock), Some(CheckState::Ok(String::new())));
    desk.keys.plug_in(&TestKey::new("a"));
    desk.asks_pin().await;
    desk.until("the key is seen at once", |shown| find(shown, CheckItem::Key) == Some(CheckState::Ok("a".into())))
        .await;
    desk.send(Command::CheckSetup);
    let not_needed = |shown: &Snapshot| find(shown, CheckItem::Reader) == Some(CheckState::NotNeeded);
    desk.until("a module that shows keys needs no readers", not_needed).await;
}
