//! The certificate is renewed with the PIN, and nothing is lost wherever that breaks off.

use gridkey_domain::{PaymentId, Timestamp};
use gridkey_protocol::{CloseCode, frame::PushKind, ops::push, testpki};
use gridkey_token::Tries;

use super::*;
use crate::{
    client::{PayOutcome, PayRequest},
    queue::Intent,
    testing::MemoryToken,
};

const DAY: i64 = 86_400;

/// What the key's certificate is shown to last.
fn until(shown: &Snapshot) -> Option<Timestamp> {
    Some(shown.keys.first()?.holder.as_ref()?.not_after)
}

impl Desk {
    /// An order that waits here, since the server does not answer when it comes; the account is online.
    async fn with_order(key: &TestKey) -> (Self, PaymentId) {
        let mut desk = Self::new(&[key]);
        desk.open_online().await;
        desk.company.refuse(Some(CloseCode::Unavailable));
        desk.until("offline", |shown| !shown.connection.is_online()).await;
        let request = PayRequest::Bills(vec![(company::bill_id(), None)]);
        desk.send(Command::Pay { request, intent: Intent::Queue, pin: pin(PIN) });
        let shown = desk.until("it waits", |shown| matches!(shown.paying, Paying::Ended(_))).await;
        let Paying::Ended(PayOutcome::Queued(view)) = &shown.paying else { panic!("{:?}", shown.paying) };
        desk.company.is_silent_about(&["payment.submit"]);
        desk.company.refuse(None);
        desk.send(Command::Connect);
        desk.until("online again", |shown| shown.connection.is_online()).await;
        (desk, view.payment)
    }

    fn renew(&self) {
        self.send(Command::Renew { pin: pin(PIN) });
    }

    async fn renewed(&mut self) -> Arc<Snapshot> {
        let shown = self.until("renewed", |shown| matches!(shown.renewal, Renewal::Done { .. })).await;
        assert!(shown.connection.is_online());
        self.until("the new certificate shows", |shown| until(shown) == Some(testpki::now().plus_seconds(400 * DAY)))
            .await
    }

    /// The order arrives once, whatever was in between.
    async fn order_goes_out(&mut self, order: PaymentId) {
        self.company.is_silent_about(&[]);
        self.send(Command::SendQueue);
        self.until("nothing waits any more", |shown| shown.queue.orders.is_empty() && !shown.queue_is_unknown()).await;
        assert_eq!(self.company.orders(), [order]);
    }
}

/// Of the old pairs only the one that opens other machines' stores is left.
async fn old_key_goes(key: &TestKey) {
    let gone = async {
        while key.drawer().pairs() != (3, 3) {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    timeout(Duration::from_secs(3600), gone).await.expect("the old key is taken off the token");
}

impl Snapshot {
    /// The payments have not been read since the account was opened.
    fn queue_is_unknown(&self) -> bool {
        self.payments.get().is_none_or(Vec::is_empty)
    }
}

#[tokio::test(start_paused = true)]
async fn a_renewed_key_goes_on_with_its_orders_and_the_old_one_is_gone() {
    let key = TestKey::new("a");
    let (mut desk, order) = Desk::with_order(&key).await;
    desk.renew();
    desk.renewed().await;
    assert!(matches!(desk.now().gate, Gate::Open { .. }), "nobody was asked for the PIN again");
    desk.order_goes_out(order).await;
    old_key_goes(&key).await;

    desk.send(Command::LogOut);
    desk.open().await;
    let shown = desk.open_online_after_pin().await;
    assert_eq!(shown.renewal, Renewal::NotDue);
    assert_eq!(key.logged_in(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_key_pulled_out_at_any_write_works_again_and_loses_no_order() {
    let key = TestKey::new("a");
    let (mut desk, _) = Desk::with_order(&key).await;
    key.drawer().pull_at(u32::MAX, false);
    desk.renew();
    desk.renewed().await;
    old_key_goes(&key).await;
    let writes = key.drawer().writes();
    assert!(writes >= 5, "two pairs, two certificates, one removal");

    // The last one takes the old key away, which nobody waits for.
    for write in 1..writes {
        let key = TestKey::new("a");
        let (mut desk, order) = Desk::with_order(&key).await;
        // After a write is before the next.
        key.drawer().pull_at(write, write + 1 == writes);
        desk.renew();
        desk.gate("the key is gone", |gate| matches!(gate, Gate::Keys { .. } | Gate::Pin { .. })).await;
        desk.keys.pull(&key);
        desk.until("no key is there", |shown| shown.keys.is_empty()).await;
        desk.keys.plug_in(&key);
        desk.open().await;
        desk.open_online_after_pin().await;
        // Once more, from whatever is left.
        key.drawer().pull_at(u32::MAX, false);
        desk.renew();
        desk.renewed().await;
        desk.order_goes_out(order).await;
    }
}

/// A key whose renewal reached the token, and was pulled out before the new pairs logged in; the certificates it held before.
async fn renewed_and_never_used(desk: &mut Desk, key: &TestKey) -> Vec<Vec<u8>> {
    let certificates = || key.drawer().certificates().into_iter().map(|stored| stored.der);
    let before: Vec<_> = certificates().collect();
    // Two pairs, two certificates.
    key.drawer().pull_at(4, true);
    desk.renew();
    desk.gate("the key is gone", |gate| matches!(gate, Gate::Keys { .. } | Gate::Pin { .. })).await;
    desk.keys.pull(key);
    desk.until("no key is there", |shown| shown.keys.is_empty()).await;
    key.drawer().pull_at(u32::MAX, false);
    certificates().filter(|der| !before.contains(der)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_renewed_key_that_was_revoked_unused_goes_on_with_its_old_pairs_and_is_renewed_again() {
    let key = TestKey::new("a");
    let (mut desk, order) = Desk::with_order(&key).await;
    let new = renewed_and_never_used(&mut desk, &key).await;
    assert_eq!(new.len(), 2, "it is on the token");
    desk.company.revoke(new);
    desk.keys.plug_in(&key);
    desk.open().await;
    let shown = desk.open_online_after_pin().await;
    assert!(matches!(shown.renewal, Renewal::Offered { until: Some(_) }), "{:?}", shown.renewal);
    desk.renew();
    desk.renewed().await;
    desk.order_goes_out(order).await;
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_revoked_with_its_old_pairs_is_told_so() {
    let key = TestKey::new("a");
    let mut desk = Desk::new(&[&key]);
    desk.open_online().await;
    renewed_and_never_used(&mut desk, &key).await;
    desk.company.revoke(key.drawer().certificates().into_iter().map(|stored| stored.der).collect());
    desk.keys.plug_in(&key);
    desk.asks_pin().await;
    desk.unlock(PIN);
    let gate = desk.gate("the key is refused", |gate| matches!(gate, Gate::Keys { problem: Some(_) })).await;
    let revoked = Problem::Closed(CloseCode::Revoked);
    assert!(matches!(&gate, Gate::Keys { problem: Some(problem) } if *problem == revoked), "{gate:?}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_answer_leaves_the_old_key_as_it_was() {
    let key = TestKey::new("a");
    let (mut desk, order) = Desk::with_order(&key).await;
    let before = until(&desk.now());
    desk.company.is_silent_about(&["payment.submit", "key.renew"]);
    desk.renew();
    let shown = desk.until("it failed", |shown| matches!(shown.renewal, Renewal::Failed(_))).await;
    assert_eq!(until(&shown), before);
    desk.company.is_silent_about(&["payment.submit"]);
    desk.until("online", |shown| shown.connection.is_online()).await;
    desk.renew();
    desk.renewed().await;
    assert_eq!(key.drawer().pairs().0 - key.drawer().pairs().1, 0, "what was made for nothing is gone");
    desk.order_goes_out(order).await;
}

#[tokio::test(start_paused = true)]
async fn the_renewal_needs_the_pin_that_opened_the_account() {
    let key = TestKey::new("a");
    let mut desk = Desk::new(&[&key]);
    desk.open_online().await;
    desk.send(Command::Renew { pin: pin("000000") });
    let wrong = |shown: &Snapshot| matches!(shown.renewal, Renewal::Failed(Problem::WrongPinHere { left: 4 }));
    desk.until("says so", wrong).await;
    assert_eq!((key.tries(), desk.company.asked("key.prepare")), (3, 0), "the key was not asked");
    // Changed by another program meanwhile: the key itself says no, and is asked once.
    key.change_pin_elsewhere("135791");
    desk.renew();
    let gate = desk.gate("asks for the PIN", |gate| matches!(gate, Gate::Pin { .. })).await;
    assert!(matches!(gate, Gate::Pin { problem: Some(Problem::WrongPin(Tries::Exact(2))), .. }), "{gate:?}");
    assert_eq!(key.tries(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_makes_no_keys_says_so_and_stays_open() {
    let key = TestKey::new("a").fixed();
    let mut desk = Desk::new(&[&key]);
    desk.open_online().await;
    desk.renew();
    desk.until("says so", |shown| shown.renewal == Renewal::Failed(Problem::KeyNotRenewable)).await;
    assert!(matches!(desk.now().gate, Gate::Open { .. }));
    desk.company.refuse(Some(CloseCode::Unavailable));
    desk.until("offline", |shown| !shown.connection.is_online()).await;
}

#[tokio::test(start_paused = true)]
async fn it_is_due_by_the_certificate_or_when_the_server_says_so() {
    let pki = TestPki::new();
    let now = testpki::now();
    let old = MemoryToken::new(&pki).valid(&pki, now.plus_seconds(-90 * DAY), now.plus_seconds(10 * DAY));
    let mut desk = Desk::new(&[&TestKey::of("a", old)]);
    desk.open_online().await;
    desk.until("due", |shown| shown.renewal == Renewal::Due).await;

    let mut desk = Desk::new(&[&TestKey::new("b")]);
    desk.open_online().await;
    assert_eq!(desk.now().renewal, Renewal::NotDue);
    let end = until(&desk.now());
    let word = push::KeyChanged { key: gridkey_protocol::ByteArray([1; 32]), event: "expiring".into(), not_after: end };
    desk.company.push(PushKind::Key, &word);
    desk.until("offered", |shown| shown.renewal == Renewal::Offered { until: end }).await;
    desk.notice(|kind| matches!(kind, NoticeKind::Key { .. })).await;
}
