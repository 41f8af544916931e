//! Payments given back: once, wholly, and with the books as they were.

use gridkey_domain::{Fen, PaymentId, PaymentState, RefundId, payment::PaymentTold};
use gridkey_platform::{
    payments::PaymentError,
    store::{StoreError, payments::Change},
};

use crate::{
    code,
    stage::{BILL, Stage, request},
};

fn refund(n: u64) -> RefundId {
    RefundId::from_parts(n, [2; 10])
}

/// The stage with the bill paid by payment 1.
async fn paid() -> (Stage, PaymentId) {
    let stage = Stage::new().await;
    let request = request(1, &[(BILL, 100_000)]);
    stage.payments.take(&request).await.unwrap();
    stage.pay(request.payment).await;
    stage.hear_and_sweep().await;
    assert_eq!(stage.payment(request.payment).await.state, PaymentState::Paid);
    (stage, request.payment)
}

/// What the server is told of payments, in words.
async fn told(stage: &Stage) -> Vec<(PaymentState, String)> {
    let told = |event: gridkey_platform::store::outbox::OutboxEvent| {
        let told: PaymentTold = serde_json::from_value(event.body).unwrap();
        (told.payment.state, told.payment.reason.unwrap())
    };
    stage.payment_events().await.into_iter().map(told).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_goes_back_once_and_its_bill_is_due_again() {
    let (stage, payment) = paid().await;
    let reference = stage.payment(payment).await.reference;
    let begun = stage.payments.refund(payment, refund(1)).await.unwrap();
    assert_eq!((begun.state, begun.reason.as_deref()), (PaymentState::Refunding, Some("refund-asked")));
    assert_eq!(stage.open(BILL).await, 0, "paid until the money is known to have gone");
    stage.payments.sweep().await.unwrap();
    stage.clock.advance(1);
    stage.payments.sweep().await.unwrap();

    let payment_now = stage.payment(payment).await;
    assert_eq!((payment_now.state, payment_now.reason.as_deref()), (PaymentState::Refunded, Some("gateway-refunded")));
    assert_eq!(payment_now.reference, reference, "what proves the payment stays");
    assert_eq!(stage.open(BILL).await, 100_000);
    let repaid = stage.sandbox.repaid();
    assert_eq!((repaid.len(), repaid[0].amount.get()), (1, 100_000));
    assert_eq!(repaid[0].identity.order, refund(1).to_string());
    let last: PaymentTold = serde_json::from_value(stage.payment_events().await.pop().unwrap().body).unwrap();
    let of_refund = last.refund.unwrap();
    assert_eq!((of_refund.refund, of_refund.reference.as_deref()), (refund(1), Some(repaid[0].query_id.as_str())));

    // Asked for again it is the same refund; another one there can't be.
    assert_eq!(stage.payments.refund(payment, refund(1)).await.unwrap().state, PaymentState::Refunded);
    let second = stage.payments.refund(payment, refund(2)).await;
    assert!(matches!(second, Err(PaymentError::NotRefundable("refunded"))));
    stage.clock.advance(1_000);
    stage.payments.sweep().await.unwrap();
    assert_eq!(stage.sandbox.repaid().len(), 1);

    // The bill can be paid anew.
    let again = request(2, &[(BILL, 100_000)]);
    stage.payments.take(&again).await.unwrap();
    stage.pay(again.payment).await;
    stage.clock.advance(5);
    stage.payments.sweep().await.unwrap();
    assert_eq!((stage.payment(again.payment).await.state, stage.open(BILL).await), (PaymentState::Paid, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_settled_by_the_query_and_nothing_goes_back_twice() {
    let (stage, payment) = paid().await;
    stage.faults(r#"{"back": {"lose": 1}, "notify": {"lose": 1}}"#);
    stage.payments.refund(payment, refund(1)).await.unwrap();
    stage.payments.sweep().await.unwrap();
    assert_eq!(stage.payment(payment).await.state, PaymentState::Refunding);
    stage.clock.advance(1);
    stage.payments.sweep().await.unwrap();
    assert_eq!(stage.payment(payment).await.state, PaymentState::Refunded);
    assert_eq!(stage.sandbox.repaid().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_is_away_gets_the_same_refund_again() {
    let (stage, payment) = paid().await;
    stage.faults(r#"{"back": {"fail": 2}}"#);
    stage.payments.refund(payment, refund(1)).await.unwrap();
    for _ in 0..200 {
        stage.payments.sweep().await.unwrap();
        stage.clock.advance(1);
    }
    assert_eq!(stage.payment(payment).await.state, PaymentState::Refunded);
    assert_eq!(stage.sandbox.repaid().len(), 1);
    let record = stage.store.refund(refund(1)).await.unwrap().unwrap();
    assert_eq!(record.sends, 3, "tried again only when nothing could be on its way");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_gateway_processes_it_nothing_is_decided() {
    let (stage, payment) = paid().await;
    stage.faults(r#"{"query": {"pending": 1000}}"#);
    stage.payments.refund(payment, refund(1)).await.unwrap();
    for _ in 0..20 {
        stage.payments.sweep().await.unwrap();
        stage.clock.advance(1_000);
    }
    assert_eq!((stage.payment(payment).await.state, stage.open(BILL).await), (PaymentState::Refunding, 0));
    stage.faults("{}");
    assert_eq!(stage.payments.check(payment).await.unwrap().state, PaymentState::Refunded);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_leaves_it_paid_and_it_can_be_tried_anew() {
    for fault in [r#"{"back": {"refuse": 1}}"#, r#"{"back": {"decline": 1}}"#] {
        let (stage, payment) = paid().await;
        stage.faults(fault);
        stage.payments.refund(payment, refund(1)).await.unwrap();
        stage.payments.sweep().await.unwrap();
        stage.clock.advance(1);
        stage.payments.sweep().await.unwrap();
        let now = stage.payment(payment).await;
        assert_eq!((now.state, now.reason.as_deref()), (PaymentState::Paid, Some("refund-refused")), "{fault}");
        assert_eq!((stage.open(BILL).await, stage.sandbox.repaid().len()), (0, 0));
        assert_eq!(
            told(&stage).await[1..],
            [(PaymentState::Refunding, "refund-asked".into()), (PaymentState::Paid, "refund-refused".into())]
        );
        // The old id is done with; a new one is another try.
        assert_eq!(stage.payments.refund(payment, refund(1)).await.unwrap().state, PaymentState::Paid);
        stage.payments.refund(payment, refund(2)).await.unwrap();
        stage.payments.sweep().await.unwrap();
        stage.clock.advance(1);
        stage.payments.sweep().await.unwrap();
        assert_eq!(stage.payment(payment).await.state, PaymentState::Refunded);
        assert_eq!(stage.sandbox.repaid().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_ask_at_once_one_refund_is_begun() {
    let (stage, payment) = paid().await;
    let tasks: Vec<_> = (1..=6)
        .map(|n| {
            let payments = stage.payments.clone();
            tokio::spawn(async move { payments.refund(payment, refund(n)).await })
        })
        .collect();
    let mut begun = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => begun += 1,
            Err(error) => assert!(matches!(error, PaymentError::NotRefundable("refunding")), "{error:?}"),
        }
    }
    assert_eq!(begun, 1);
    for _ in 0..3 {
        stage.payments.sweep().await.unwrap();
        stage.clock.advance(1);
    }
    assert_eq!(stage.sandbox.repaid().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn credit_on_the_account_is_taken_back_at_once_and_put_back_if_it_fails() {
    let stage = Stage::new().await;
    let mut request = request(1, &[]);
    request.amount = Fen::new(5_000).unwrap();
    stage.payments.take(&request).await.unwrap();
    stage.pay(request.payment).await;
    stage.hear_and_sweep().await;
    assert_eq!(stage.balance().await, 5_000);
    stage.faults(r#"{"back": {"refuse": 1}}"#);
    stage.payments.refund(request.payment, refund(1)).await.unwrap();
    assert_eq!(stage.balance().await, 0, "it can't be spent meanwhile");
    stage.payments.sweep().await.unwrap();
    stage.clock.advance(1);
    stage.payments.sweep().await.unwrap();
    assert_eq!((stage.payment(request.payment).await.state, stage.balance().await), (PaymentState::Paid, 5_000));

    // Credit that a bill used up is not there to be given back.
    let customer = request.customer.as_str().to_owned();
    let sql = "UPDATE type::record('customer', $customer) SET balance = 4999";
    stage.store.database().run(sql, gridkey_surreal::vars! { customer: customer }).await.unwrap();
    let refused = stage.payments.refund(request.payment, refund(2)).await;
    assert_eq!(refused.map_err(code), Err("credit-used".into()));
    assert_eq!(stage.payment(request.payment).await.state, PaymentState::Paid);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_paid_or_is_too_old_is_not_given_back() {
    let stage = Stage::new().await;
    let pending = request(1, &[(BILL, 100_000)]);
    stage.payments.take(&pending).await.unwrap();
    let early = stage.payments.refund(pending.payment, refund(1)).await;
    assert!(matches!(early, Err(PaymentError::NotRefundable("pending"))));
    let unknown = stage.payments.refund(PaymentId::from_parts(9, [9; 10]), refund(1)).await;
    assert!(matches!(unknown, Err(PaymentError::Store(StoreError::NotFound(_)))));
    stage.pay(pending.payment).await;
    stage.hear_and_sweep().await;
    stage.clock.advance(331 * 86_400);
    let old = stage.payments.refund(pending.payment, refund(1)).await;
    assert!(matches!(old, Err(PaymentError::NotRefundable(_))));
    assert!(stage.store.refund(refund(1)).await.unwrap().is_none(), "nothing is stored");
    // No other way leads past the refund's own books.
    let record = stage.store.payment(pending.payment).await.unwrap();
    let change = Change { state: PaymentState::Refunding, reason: "x", at: stage.now(), reference: None };
    assert!(stage.store.change_payment(&record, &change).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notification_of_the_refund_only_makes_it_be_asked_about() {
    let (stage, payment) = paid().await;
    stage.faults(r#"{"query": {"pending": 1}}"#);
    stage.payments.refund(payment, refund(1)).await.unwrap();
    stage.payments.sweep().await.unwrap();
    stage.clock.advance(1);
    stage.payments.sweep().await.unwrap();
    assert_eq!(stage.payment(payment).await.state, PaymentState::Refunding);
    // Long before the schedule's next query.
    stage.clock.advance(1);
    stage.hear_and_sweep().await;
    assert_eq!(stage.payment(payment).await.state, PaymentState::Refunded);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_intranet_api_begins_a_refund_and_says_why_not() {
    let (stage, payment) = paid().await;
    let path = format!("/v1/payments/{payment}/refund");
    let body = |n| serde_json::json!({ "refund": refund(n).to_string() });
    let (status, begun) = stage.post_json(&path, &body(1)).await;
    assert_eq!((status, &begun["state"]), (200, &"refunding".into()));
    let (status, refused) = stage.post_json(&path, &body(2)).await;
    assert_eq!((status, &refused["code"], &refused["retry"]), (409, &"not-refundable".into(), &false.into()));
    let (status, _) = stage.post_json(&path, &serde_json::json!({})).await;
    assert_eq!(status, 400);
}
