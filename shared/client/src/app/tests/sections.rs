//! What is asked for, kept, shown with its age, and pushed.

use gridkey_domain::{
    Timestamp,
    arrears::{ArrearsChange, ArrearsEvent, Level},
};
use gridkey_protocol::{
    CloseCode,
    frame::PushKind,
    ops::{account::SettingsUpdate, push},
};

use super::{company::bill_summary, *};

fn arrears() -> ArrearsEvent {
    ArrearsEvent {
        alarm: "A-1".into(),
        at: testpki::now(),
        change: ArrearsChange::Raised,
        level: Level::Reminder,
        open: Fen::new(5_000).unwrap(),
        late: Fen::ZERO,
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_seen_is_there_without_a_network_and_fresh_again_with_one() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    desk.send(Command::Want(Topic::Bill(company::bill_id())));
    desk.until("the bill is there", |shown| shown.bill.values().any(|bill| bill.get().is_some())).await;

    desk.company.refuse(Some(CloseCode::Unavailable));
    desk.restart().await;
    desk.open().await;
    let shown =
        desk.until("the list is there", |shown| shown.bills.get().is_some() && shown.account.get().is_some()).await;
    let kept = shown.bills.value.clone().unwrap();
    assert!(!kept.live && shown.bills.problem.is_none());
    assert!(shown.synced >= Some(kept.at), "what was kept has an age");
    assert!(matches!(shown.connection, Connection::Waiting { .. }));
    assert_eq!(shown.customer.as_ref().map(|customer| customer.as_str()), Some("1100000001"));
    desk.send(Command::Want(Topic::Bill(company::bill_id())));
    desk.until("the bill is there", |shown| shown.bill.values().any(|bill| bill.get().is_some())).await;

    desk.company.refuse(None);
    desk.send(Command::Connect);
    let live = |shown: &Snapshot| {
        shown.bills.value.as_deref().is_some_and(|bills| bills.live)
            && shown.bill.values().all(|bill| bill.value.as_deref().is_some_and(|bill| bill.live))
    };
    let shown = desk.until("everything is fresh", live).await;
    assert!(shown.synced >= Some(kept.at));
}

#[tokio::test(start_paused = true)]
async fn however_much_is_looked_at_the_snapshot_does_not_grow_without_end() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    let bill = |month: u32, year: u32| -> gridkey_domain::BillId { format!("B-{year}-{month:02}-M1").parse().unwrap() };
    for year in 2001..2008 {
        for month in 1..=12 {
            let topic = Topic::Bill(bill(month, year));
            desk.send(if month % 2 == 0 { Command::Want(topic) } else { Command::Refresh(topic) });
        }
    }
    let last = bill(12, 2007);
    desk.until("the last was answered", |shown| shown.bill.get(&last).is_some_and(|bill| !bill.loading)).await;
    // The answers to what fell out come in their time, too.
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(desk.now().bill.len() <= 40, "{}", desk.now().bill.len());
    assert!(desk.now().bill.values().all(|bill| !bill.loading));
}

#[tokio::test(start_paused = true)]
async fn a_key_that_was_never_online_opens_and_says_why_there_is_nothing() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.company.refuse(Some(CloseCode::Unavailable));
    desk.open().await;
    let told = Some(Problem::Closed(CloseCode::Unavailable));
    desk.until("says why", |shown| shown.account.problem == told && !shown.account.loading).await;
    desk.company.refuse(None);
    let shown = desk.open_online_after_pin().await;
    assert_eq!(shown.account.problem, None, "it comes back by itself");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_its_time_does_not_keep_the_account_shut() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    desk.send(Command::LogOut);
    desk.asks_pin().await;
    // Nobody takes up the line.
    let (slow, mut lines) = LineConnector::new();
    desk.send(Command::Quit);
    desk.event(|event| *event == AppEvent::Quit).await;
    desk.connector = slow;
    desk.app = start(desk.folder.path(), &desk.keys, &desk.connector, &desk.clock);
    (desk.state, desk.events) = (desk.app.state(), desk.app.events());
    desk.open().await;
    assert_eq!(desk.now().connection, Connection::Connecting);
    desk.until("what was kept is there", |shown| shown.account.get().is_some()).await;
    assert!(lines.recv().await.is_some());
}

#[tokio::test(start_paused = true)]
async fn news_bring_a_notice_and_fresh_answers() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    let before = desk.company.asked("arrears.get");
    desk.company.push(PushKind::Arrears, &arrears());
    let notice = desk.notice(|kind| matches!(kind, NoticeKind::Arrears(_))).await;
    assert!(notice.notify);
    desk.until("it is among the notices", |shown| shown.notices.iter().any(|known| known.id == notice.id)).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(desk.company.asked("arrears.get") > before);

    desk.company.push(PushKind::Bill, &bill_summary(Fen::ZERO));
    desk.notice(|kind| matches!(kind, NoticeKind::Bill { .. })).await;
    let text = push::Notice { title: "Works".into(), text: "No power on Sunday".into() };
    desk.company.push(PushKind::Notice, &text);
    desk.notice(|kind| matches!(kind, NoticeKind::Message { title, .. } if title == "Works")).await;
    desk.send(Command::ReadNotices);
    desk.until("they are read", |shown| shown.notices.is_empty()).await;
}

#[tokio::test(start_paused = true)]
async fn a_notice_that_nobody_read_is_there_after_a_restart_and_is_not_told_again() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    desk.company.push(PushKind::Arrears, &arrears());
    assert!(desk.notice(|kind| matches!(kind, NoticeKind::Arrears(_))).await.notify);
    tokio::time::sleep(Duration::from_secs(1)).await;
    desk.restart().await;
    desk.open_online().await;
    let there = |notice: &Notice| matches!(notice.kind, NoticeKind::Arrears(_));
    let shown = desk.until("it is among the notices", |shown| shown.notices.iter().any(there)).await;
    assert!(shown.notices.iter().all(|notice| !notice.notify), "{:?}", shown.notices);
    // What comes next is told, and is the first that is.
    desk.company.push(PushKind::Bill, &bill_summary(Fen::ZERO));
    let AppEvent::Notice(first) = desk.event(|event| matches!(event, AppEvent::Notice(_))).await else {
        unreachable!()
    };
    assert!(matches!(first.kind, NoticeKind::Bill { .. }), "{first:?}");
    desk.send(Command::ReadNotices);
    desk.until("it is read", |shown| shown.notices.is_empty()).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    desk.restart().await;
    desk.open_online().await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(desk.now().notices.is_empty());
}

#[tokio::test(start_paused = true)]
async fn notifications_are_as_the_person_set_them() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    desk.send(Command::UpdateSettings(SettingsUpdate { notify_arrears: Some(false), ..SettingsUpdate::default() }));
    desk.event(|event| *event == AppEvent::Done("settings-saved")).await;
    desk.until("it is set", |shown| shown.settings.get().is_some_and(|settings| !settings.notify_arrears)).await;
    desk.company.push(PushKind::Arrears, &arrears());
    assert!(!desk.notice(|kind| matches!(kind, NoticeKind::Arrears(_))).await.notify);
}

#[tokio::test(start_paused = true)]
async fn behind_the_curtain_notices_come_and_nothing_is_done() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    desk.send(Command::Lock);
    desk.gate("hides", |gate| matches!(gate, Gate::Locked { .. })).await;
    desk.send(Command::UpdateSettings(SettingsUpdate { notify_arrears: Some(false), ..SettingsUpdate::default() }));
    desk.company.push(PushKind::Arrears, &arrears());
    assert!(desk.notice(|kind| matches!(kind, NoticeKind::Arrears(_))).await.notify);
    assert_eq!(desk.company.asked("settings.update"), 0);
}

#[tokio::test(start_paused = true)]
async fn the_running_month_is_asked_for_every_minute() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    let before = desk.company.asked("usage.summary");
    tokio::time::sleep(Duration::from_secs(10 * 60 - 5)).await;
    let asked = desk.company.asked("usage.summary") - before;
    assert!((8..=11).contains(&asked), "{asked}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_never_comes_does_not_hold_up_the_rest() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.company.is_silent_about(&["account.get"]);
    desk.open().await;
    desk.until("the rest is there", |shown| shown.bills.get().is_some() && shown.payments.get().is_some()).await;
    assert!(desk.now().account.loading);
    let told = Some(Problem::ConnectionLost);
    desk.until("it is told", |shown| shown.account.problem == told).await;
}

#[tokio::test(start_paused = true)]
async fn a_damaged_store_does_not_shut_out_the_server() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    desk.restart().await;
    for file in std::fs::read_dir(desk.folder.path().join("store")).unwrap() {
        std::fs::write(file.unwrap().path(), b"no database").unwrap();
    }
    let shown = desk.open_online().await;
    assert!(matches!(shown.store, Some(Problem::Store(_))), "{:?}", shown.store);
    desk.send(Command::Pay {
        request: crate::client::PayRequest::OnAccount(Fen::new(100).unwrap()),
        intent: crate::queue::Intent::Queue,
        pin: pin(PIN),
    });
    desk.until("nothing can wait here", |shown| shown.paying == Paying::Failed(Problem::NoStore)).await;
}

#[tokio::test(start_paused = true)]
async fn preferences_last() {
    let mut desk = Desk::new(&[]);
    let chosen = Preferences { lock_minutes: 3, theme: Theme::Dark, ..Preferences::default() };
    // One upon the other: neither is lost.
    desk.send(Command::Prefer(Preference::LockMinutes(3)));
    desk.send(Command::Prefer(Preference::Theme(Theme::Dark)));
    desk.until("they hold", |shown| shown.preferences == chosen).await;
    desk.restart().await;
    assert_eq!(desk.now().preferences, chosen);
}

#[tokio::test(start_paused = true)]
async fn changing_the_pin_needs_the_old_one_and_lifts_the_curtain_with_the_new_one() {
    let key = TestKey::new("a");
    let mut desk = Desk::new(&[&key]);
    desk.open_online().await;
    desk.send(Command::ChangePin { old: pin("000000"), new: pin("135790"), last_try: false });
    desk.until("is refused", |shown| matches!(shown.pin_change, Doing::Failed(Problem::WrongPin(_)))).await;
    desk.send(Command::ChangePin { old: pin(PIN), new: pin("135790"), last_try: false });
    desk.event(|event| *event == AppEvent::Done("pin-changed")).await;
    desk.send(Command::Lock);
    desk.send(Command::Reveal { pin: pin("135790") });
    desk.gate("shows the screens", |gate| matches!(gate, Gate::Open { .. })).await;
    assert_eq!(desk.now().synced.is_some(), Timestamp::from_seconds(0) < testpki::now());
}
