//! From the order to the receipt: at once, by the queue, and when things go wrong.

use gridkey_domain::{PaymentId, PaymentState};
use gridkey_protocol::CloseCode;

use super::*;
use crate::{
    client::{PayOutcome, PayRequest},
    queue::Intent,
};

impl Desk {
    fn pay(&self, intent: Intent, text: &str) {
        let request = PayRequest::Bills(vec![(company::bill_id(), None)]);
        self.send(Command::Pay { request, intent, pin: pin(text) });
    }

    async fn outcome(&mut self) -> PayOutcome {
        let shown = self.until("the order came about", |shown| matches!(shown.paying, Paying::Ended(_))).await;
        let Paying::Ended(outcome) = shown.paying.clone() else { unreachable!() };
        outcome
    }

    async fn submitted(&mut self) -> PaymentId {
        self.pay(Intent::Now, PIN);
        let outcome = self.outcome().await;
        let PayOutcome::Submitted(view) = outcome else { panic!("{outcome:?}") };
        view.payment
    }
}

fn story(shown: &Snapshot, payment: PaymentId) -> Option<&PaymentStory> {
    shown.payment.get(&payment)?.get()
}

#[tokio::test(start_paused = true)]
async fn a_payment_is_followed_to_its_receipt_and_its_bank_page_stays_valid() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    let payment = desk.submitted().await;
    let shown = desk.until("its story is there", |shown| story(shown, payment).is_some()).await;
    assert_eq!(story(&shown, payment).unwrap().view.page.as_deref(), Some("https://pay.example/1"));
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(desk.company.asked("payment.confirm"), 0, "another page would make this one void");
    assert!(desk.company.asked("payment.get") >= 15);

    desk.company.bank_says(payment, PaymentState::Paid, false);
    let paid = |shown: &Snapshot| story(shown, payment).is_some_and(|story| story.view.state == PaymentState::Paid);
    let shown = desk.until("it is paid", paid).await;
    let story = story(&shown, payment).unwrap();
    assert!(story.receipt.as_ref().is_some_and(|receipt| receipt.for_own_order), "{:?}", story.receipt_problem);
    assert_eq!(story.view.page, None);
    let paid_bill = |shown: &Snapshot| shown.bills.get().is_some_and(|bills| bills[0].open == Fen::ZERO);
    desk.until("the bill is paid", paid_bill).await;
    let listed =
        |shown: &Snapshot| shown.payments.get().is_some_and(|payments| payments[0].view.state == PaymentState::Paid);
    desk.until("the list says so", listed).await;

    desk.send(Command::ReceiptFile(payment));
    let AppEvent::File(file) = desk.event(|event| matches!(event, AppEvent::File(_))).await else { unreachable!() };
    let anchor = TestPki::new().anchor();
    let verified = crate::client::VerifiedReceipt::from_file(&file.content, &anchor).unwrap();
    assert_eq!(verified.receipt.id, payment);
}

#[tokio::test(start_paused = true)]
async fn the_bank_s_word_comes_as_a_notice() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    let payment = desk.submitted().await;
    desk.company.bank_says(payment, PaymentState::Paid, true);
    let notice = desk.notice(|kind| matches!(kind, NoticeKind::Payment { .. })).await;
    assert!(notice.notify);
    let told = matches!(
        notice.kind,
        NoticeKind::Payment { payment: of, state: PaymentState::Paid, queued: false, .. } if of == payment
    );
    assert!(told, "{:?}", notice.kind);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_signed_with_a_wrong_pin_and_nothing_twice_by_impatience() {
    let key = TestKey::new("a");
    let mut desk = Desk::new(&[&key]);
    desk.open_online().await;
    desk.pay(Intent::Now, "000000");
    let wrong = Paying::Failed(Problem::WrongPinHere { left: 4 });
    desk.until("refuses", |shown| shown.paying == wrong).await;
    assert_eq!((desk.company.orders().len(), key.tries()), (0, 3));

    desk.pay(Intent::Now, PIN);
    desk.pay(Intent::Now, PIN);
    desk.outcome().await;
    desk.send(Command::ForgetPaying);
    desk.until("is left behind", |shown| shown.paying == Paying::Idle).await;
    desk.pay(Intent::Now, PIN);
    assert!(matches!(desk.outcome().await, PayOutcome::Existing(_)));
    assert_eq!(desk.company.orders().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_curtain_lifts_though_an_order_s_pin_is_being_looked_at() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    desk.pay(Intent::Now, PIN);
    desk.send(Command::Lock);
    desk.send(Command::Reveal { pin: pin(PIN) });
    desk.outcome().await;
    desk.gate("shows the screens", |gate| matches!(gate, Gate::Open { .. })).await;
    assert_eq!(desk.company.orders().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_order_that_ran_out_while_the_program_was_away_is_told() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    desk.company.refuse(Some(CloseCode::Unavailable));
    desk.until("is offline", |shown| !shown.connection.is_online()).await;
    desk.pay(Intent::Queue, PIN);
    let PayOutcome::Queued(view) = desk.outcome().await else { panic!("it waits") };
    desk.away(Duration::from_secs(3600 + 60)).await;
    desk.open().await;
    let ran_out = |kind: &NoticeKind| matches!(kind, NoticeKind::Payment { payment, state: PaymentState::Expired, queued: true, .. } if *payment == view.payment);
    desk.notice(ran_out).await;
    desk.until("waits no more", |shown| shown.queue.orders.is_empty()).await;
}

#[tokio::test(start_paused = true)]
async fn the_same_payment_on_account_is_not_made_twice_in_a_row() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    let pay = |amount| Command::Pay {
        request: PayRequest::OnAccount(Fen::new(amount).unwrap()),
        intent: Intent::Now,
        pin: pin(PIN),
    };
    for (amount, orders) in [(700, 1), (700, 1), (800, 2)] {
        desk.send(Command::ForgetPaying);
        desk.until("is left behind", |shown| shown.paying == Paying::Idle).await;
        desk.send(pay(amount));
        desk.outcome().await;
        assert_eq!(desk.company.orders().len(), orders);
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_signed_offline_waits_goes_out_by_itself_and_its_result_is_told() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    desk.company.refuse(Some(CloseCode::Unavailable));
    desk.until("is offline", |shown| !shown.connection.is_online()).await;
    desk.pay(Intent::Now, PIN);
    desk.until("does not pay now", |shown| matches!(shown.paying, Paying::Failed(_))).await;
    desk.send(Command::ForgetPaying);
    desk.pay(Intent::Queue, PIN);
    let outcome = desk.outcome().await;
    let PayOutcome::Queued(view) = outcome else { panic!("{outcome:?}") };
    let shown = desk.until("waits here", |shown| shown.queue.orders.len() == 1).await;
    assert_eq!((shown.queue.total.get(), shown.queue.orders[0].view.state), (5_000, PaymentState::Queued));
    let listed = |shown: &Snapshot| {
        shown.payments.get().is_some_and(|payments| payments.iter().any(|item| item.view.payment == view.payment))
    };
    desk.until("is in the list", listed).await;

    desk.restart().await;
    desk.open().await;
    desk.until("waits here still", |shown| shown.queue.orders.len() == 1).await;
    desk.company.refuse(None);
    let notice = desk.notice(|kind| matches!(kind, NoticeKind::Payment { .. })).await;
    let told = matches!(
        notice.kind,
        NoticeKind::Payment { payment, state: PaymentState::Pending, queued: true, .. } if payment == view.payment
    );
    assert!(told && notice.notify, "{:?}", notice.kind);
    let shown = desk.until("waits no more", |shown| shown.queue.orders.is_empty()).await;
    assert_eq!(shown.queue.total, Fen::ZERO);
    assert_eq!(desk.company.orders(), [view.payment]);
}

#[tokio::test(start_paused = true)]
async fn an_order_that_waits_can_be_withdrawn_or_runs_out() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    desk.company.refuse(Some(CloseCode::Unavailable));
    desk.until("is offline", |shown| !shown.connection.is_online()).await;
    desk.send(Command::Prefer(Preference::LockMinutes(0)));
    desk.pay(Intent::Queue, PIN);
    let PayOutcome::Queued(first) = desk.outcome().await else { panic!("it waits") };
    desk.send(Command::Cancel(first.payment));
    desk.event(|event| *event == AppEvent::Done("cancelled")).await;
    desk.until("waits no more", |shown| shown.queue.orders.is_empty()).await;

    desk.send(Command::ForgetPaying);
    desk.until("is left behind", |shown| shown.paying == Paying::Idle).await;
    desk.pay(Intent::Queue, PIN);
    let PayOutcome::Queued(second) = desk.outcome().await else { panic!("it waits") };
    tokio::time::sleep(Duration::from_secs(3600 + 60)).await;
    desk.send(Command::Refresh(Topic::Payments));
    let ran_out = |kind: &NoticeKind| matches!(kind, NoticeKind::Payment { payment, state: PaymentState::Expired, queued: true, .. } if *payment == second.payment);
    desk.notice(ran_out).await;
    assert!(desk.company.orders().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_never_comes_is_told_as_unknown_and_asked_for() {
    let mut desk = Desk::new(&[&TestKey::new("a")]);
    desk.open_online().await;
    desk.company.is_silent_about(&["payment.submit"]);
    desk.pay(Intent::Now, PIN);
    desk.until("says that it does not know", |shown| shown.paying == Paying::Failed(Problem::OutcomeUnknown)).await;
    let shown = desk.until("keeps it", |shown| shown.queue.orders.len() == 1).await;
    assert!(shown.queue.orders[0].view.in_doubt);
    desk.company.is_silent_about(&[]);
    desk.until("it arrived", |shown| shown.queue.orders.is_empty()).await;
    assert_eq!(desk.company.orders().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn pulling_the_key_while_it_signs_leaves_no_order_that_nobody_sees() {
    let key = TestKey::new("a");
    let mut desk = Desk::new(&[&key]);
    desk.open_online().await;
    desk.keys.pull(&key);
    desk.pay(Intent::Now, PIN);
    desk.gate("waits for a key", |gate| matches!(gate, Gate::Keys { .. })).await;
    desk.keys.plug_in(&key);
    let shown = desk.open_online().await;
    assert!(shown.queue.orders.is_empty() && desk.company.orders().is_empty());
    assert_eq!(shown.paying, Paying::Idle);
}
