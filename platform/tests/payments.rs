//! Payments on the real store and the real sandbox, over real sockets, with a clock that the tests move.

#![expect(clippy::unwrap_used, reason = "a test stops where its setting fails")]

#[path = "payments/refunds.rs"]
mod refunds;
mod stage;

use std::time::Duration;

use gridkey_domain::{Fen, PaymentState};
use gridkey_platform::{payments::PaymentError, store::StoreError};
use gridkey_unionpay::testpki::{gateway_common_name, self_signed};
use stage::{BILL, Stage, request};

fn code(error: PaymentError) -> String {
    match error {
        PaymentError::Store(StoreError::Refused { code, .. }) => code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_confirmed_payment_is_booked_after_the_query_and_told_to_the_server() {
    let stage = Stage::new().await;
    let request = request(1, &[(BILL, 100_000)]);
    let payment = stage.payments.take(&request).await.unwrap();
    assert_eq!(payment.state, PaymentState::Pending);
    stage.pay(request.payment).await;
    stage.hear_and_sweep().await;

    let payment = stage.payment(request.payment).await;
    assert_eq!((payment.state, payment.reason.as_deref()), (PaymentState::Paid, Some("gateway-confirmed")));
    let ledger = stage.sandbox.ledger();
    assert_eq!(ledger.len(), 1);
    assert_eq!(payment.reference.as_deref(), Some(ledger[0].query_id.as_str()));
    assert_eq!(stage.open(BILL).await, 0);
    let events = stage.payment_events().await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].body["state"], "paid");
    let history = stage.payments.get(request.payment).await.unwrap().history;
    let states: Vec<_> = history.iter().map(|step| (step.state, step.reason.as_str())).collect();
    assert_eq!(
        states,
        [
            (PaymentState::Pending, "taken-over"),
            (PaymentState::Pending, "form-handed-out"),
            (PaymentState::Paid, "gateway-confirmed")
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_notification_is_made_up_for_by_the_schedule() {
    let stage = Stage::new().await;
    stage.faults(r#"{"notify": {"lose": 1}}"#);
    let request = request(1, &[(BILL, 100_000)]);
    stage.payments.take(&request).await.unwrap();
    stage.pay(request.payment).await;
    let due = stage.payments.sweep().await.unwrap().unwrap();
    assert_eq!(stage.payment(request.payment).await.state, PaymentState::Pending);
    stage.clock.set(due);
    stage.payments.sweep().await.unwrap();
    assert_eq!(stage.payment(request.payment).await.state, PaymentState::Paid);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_doubled_notification_is_booked_once() {
    let stage = Stage::new().await;
    stage.faults(r#"{"notify": {"double": 1}}"#);
    let request = request(1, &[(BILL, 100_000)]);
    stage.payments.take(&request).await.unwrap();
    stage.pay(request.payment).await;
    stage.hear_and_sweep().await;
    stage.hear_and_sweep().await;
    stage.payments.check(request.payment).await.unwrap();
    assert_eq!(stage.payment_events().await.len(), 1);
    assert_eq!((stage.open(BILL).await, stage.balance().await), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forged_notification_is_refused_and_changes_nothing() {
    let stage = Stage::new().await;
    let request = request(1, &[(BILL, 100_000)]);
    stage.payments.take(&request).await.unwrap();
    let form = stage.payments.form(request.payment).await.unwrap();
    let forger = self_signed(&gateway_common_name(), stage.now()).unwrap();
    for body in [stage.notification_by(&forger, &form), b"orderId=1".to_vec(), b"<html>".to_vec(), Vec::new()] {
        assert!(stage.payments.notified(&body).await.is_err());
    }
    let (status, _) = stage.post("/v1/unionpay/notify", stage.notification_by(&forger, &form)).await;
    assert_eq!(status, 400);
    stage.payments.sweep().await.unwrap();
    assert_eq!(stage.payment(request.payment).await.state, PaymentState::Pending);
    assert_eq!(stage.open(BILL).await, 100_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_genuine_notification_alone_books_nothing() {
    let stage = Stage::new().await;
    let request = request(1, &[(BILL, 100_000)]);
    stage.payments.take(&request).await.unwrap();
    let form = stage.payments.form(request.payment).await.unwrap();
    // Signed by the gateway, of a debit that its query does not confirm.
    let body = stage.notification_by(&stage.gateway_identity, &form);
    stage.payments.notified(&body).await.unwrap();
    stage.payments.notified(&body).await.unwrap();
    stage.payments.sweep().await.unwrap();
    assert_eq!(stage.payment(request.payment).await.state, PaymentState::Pending);
    // Since the gateway spoke of it, "no such order" is no proof that nothing was debited.
    stage.clock.advance(1_000);
    stage.payments.sweep().await.unwrap();
    let payment = stage.payment(request.payment).await;
    assert_eq!((payment.state, payment.reason.as_deref()), (PaymentState::Unknown, Some("gateway-not-found")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_is_down_makes_it_unknown_until_it_is_back() {
    let stage = Stage::new().await;
    stage.faults(r#"{"notify": {"lose": 1}, "query": {"lose": 1000}}"#);
    let request = request(1, &[(BILL, 100_000)]);
    stage.payments.take(&request).await.unwrap();
    stage.pay(request.payment).await;
    stage.clock.advance(10);
    stage.payments.sweep().await.unwrap();
    assert_eq!(stage.payment(request.payment).await.state, PaymentState::Pending);
    stage.clock.advance(1_000);
    stage.payments.sweep().await.unwrap();
    let payment = stage.payment(request.payment).await;
    assert_eq!((payment.state, payment.reason.as_deref()), (PaymentState::Unknown, Some("gateway-unreachable")));
    assert_eq!(
        stage.payments.take(&stage::request(2, &[(BILL, 1)])).await.map_err(code),
        Err("bill-in-payment".into())
    );

    stage.faults("{}");
    stage.clock.advance(300);
    stage.payments.sweep().await.unwrap();
    assert_eq!(stage.payment(request.payment).await.state, PaymentState::Paid);
    let states: Vec<_> = stage.payment_events().await.iter().map(|event| event.body["state"].clone()).collect();
    assert_eq!(states, ["unknown", "paid"]);
    assert_eq!(stage.sandbox.ledger().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_payment_it_expires_and_frees_the_bill() {
    let stage = Stage::new().await;
    let opened = request(1, &[(BILL, 100_000)]);
    stage.payments.take(&opened).await.unwrap();
    stage.open_bank_page(opened.payment).await;
    stage.clock.advance(900 + 60);
    stage.payments.sweep().await.unwrap();
    assert_eq!(stage.payment(opened.payment).await.state, PaymentState::Pending);
    stage.clock.advance(1);
    stage.payments.sweep().await.unwrap();
    let payment = stage.payment(opened.payment).await;
    assert_eq!((payment.state, payment.reason.as_deref()), (PaymentState::Expired, Some("pay-timeout")));

    // The form was fetched, but the browser never reached the gateway.
    let fetched = request(2, &[(BILL, 100_000)]);
    stage.payments.take(&fetched).await.unwrap();
    stage.payments.form(fetched.payment).await.unwrap();
    stage.clock.advance(961);
    stage.payments.sweep().await.unwrap();
    assert_eq!(stage.payment(fetched.payment).await.state, PaymentState::Expired);
    assert!(matches!(stage.payments.form(fetched.payment).await, Err(PaymentError::NotPayable("expired"))));

    // Nobody fetched the form.
    let unused = request(3, &[(BILL, 100_000)]);
    stage.payments.take(&unused).await.unwrap();
    stage.clock.advance(1_801);
    assert!(matches!(stage.payments.form(unused.payment).await, Err(PaymentError::NotPayable("expired"))));
    assert_eq!(stage.payment(unused.payment).await.reason.as_deref(), Some("unused"));
    assert_eq!(stage.open(BILL).await, 100_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_declined_payment_is_refused_only_after_the_time_to_pay() {
    let stage = Stage::new().await;
    let request = request(1, &[(BILL, 100_000)]);
    stage.payments.take(&request).await.unwrap();
    let token = stage.open_bank_page(request.payment).await;
    stage.sandbox.decline(&token, "64").unwrap();
    stage.clock.advance(5);
    stage.payments.sweep().await.unwrap();
    assert_eq!(stage.payment(request.payment).await.state, PaymentState::Pending);
    stage.clock.advance(960);
    stage.payments.sweep().await.unwrap();
    let payment = stage.payment(request.payment).await;
    assert_eq!((payment.state, payment.reason.as_deref()), (PaymentState::Refused, Some("gateway-refused")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_amount_than_ours_is_never_booked() {
    let stage = Stage::new().await;
    stage.faults(r#"{"notify": {"lose": 1}, "query": {"wrong_amount": 1}}"#);
    let request = request(1, &[(BILL, 100_000)]);
    stage.payments.take(&request).await.unwrap();
    stage.pay(request.payment).await;
    let payment = stage.payments.check(request.payment).await.unwrap();
    assert_eq!((payment.state, payment.reason.as_deref()), (PaymentState::Unknown, Some("gateway-mismatch")));
    assert_eq!(stage.open(BILL).await, 100_000);
    // The true answer settles it. Within the same second the gateway is not asked again.
    assert_eq!(stage.payments.check(request.payment).await.unwrap().state, PaymentState::Unknown);
    stage.clock.advance(1);
    assert_eq!(stage.payments.check(request.payment).await.unwrap().state, PaymentState::Paid);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_payment_leaves_the_rest_open_and_more_than_open_is_refused() {
    let stage = Stage::new().await;
    let over = stage.payments.take(&request(1, &[(BILL, 100_001)])).await;
    assert_eq!(over.map_err(code), Err("amount-changed".into()));
    assert!(matches!(
        stage.payments.get(request(1, &[]).payment).await,
        Err(PaymentError::Store(StoreError::NotFound(_)))
    ));
    let part = request(2, &[(BILL, 40_000)]);
    stage.payments.take(&part).await.unwrap();
    stage.pay(part.payment).await;
    stage.hear_and_sweep().await;
    assert_eq!(stage.open(BILL).await, 60_000);
    let rest = request(3, &[(BILL, 60_000)]);
    stage.payments.take(&rest).await.unwrap();
    stage.pay(rest.payment).await;
    stage.hear_and_sweep().await;
    assert_eq!(stage.open(BILL).await, 0);
    let late = stage.payments.take(&request(4, &[(BILL, 1)])).await;
    assert_eq!(late.map_err(code), Err("already-paid".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_without_bills_goes_to_the_account() {
    let stage = Stage::new().await;
    let mut request = request(1, &[]);
    request.amount = Fen::new(5_000).unwrap();
    stage.payments.take(&request).await.unwrap();
    stage.pay(request.payment).await;
    stage.hear_and_sweep().await;
    assert_eq!(stage.balance().await, 5_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_order_is_taken_once_and_another_under_its_id_is_a_conflict() {
    let stage = Stage::new().await;
    let request = request(1, &[(BILL, 100_000)]);
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let (payments, request) = (stage.payments.clone(), request.clone());
            tokio::spawn(async move { payments.take(&request).await.unwrap() })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().state, PaymentState::Pending);
    }
    assert_eq!(stage.payments.get(request.payment).await.unwrap().history.len(), 1);
    let mut other = request.clone();
    other.order_hash = "cd".repeat(32);
    assert_eq!(stage.payments.take(&other).await.map_err(code), Err("payment-conflict".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_orders_for_one_bill_at_once_one_is_taken() {
    let stage = Stage::new().await;
    let tasks: Vec<_> = (1..=6)
        .map(|n| {
            let (payments, request) = (stage.payments.clone(), request(n, &[(BILL, 100_000)]));
            tokio::spawn(async move { payments.take(&request).await })
        })
        .collect();
    let mut taken = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => taken += 1,
            Err(error) => assert_eq!(code(error), "bill-in-payment"),
        }
    }
    assert_eq!(taken, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_can_be_withdrawn_until_its_form_was_handed_out() {
    let stage = Stage::new().await;
    let first = request(1, &[(BILL, 100_000)]);
    stage.payments.take(&first).await.unwrap();
    assert_eq!(stage.payments.cancel(first.payment).await.unwrap().state, PaymentState::Cancelled);
    assert_eq!(stage.payments.cancel(first.payment).await.unwrap().state, PaymentState::Cancelled);
    let second = request(2, &[(BILL, 100_000)]);
    stage.payments.take(&second).await.unwrap();
    let form = stage.payments.form(second.payment).await.unwrap();
    stage.clock.advance(60);
    assert_eq!(stage.payments.form(second.payment).await.unwrap(), form, "the same transaction at every call");
    assert!(matches!(stage.payments.cancel(second.payment).await, Err(PaymentError::NotCancellable)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_make_no_sense_are_refused() {
    let stage = Stage::new().await;
    let refused = async |request| matches!(stage.payments.take(&request).await, Err(PaymentError::BadRequest(_)));
    let good = request(1, &[(BILL, 100)]);
    assert!(refused(gridkey_domain::payment::PaymentRequest { amount: Fen::new(99).unwrap(), ..good.clone() }).await);
    assert!(refused(request(1, &[(BILL, 50), (BILL, 50)])).await);
    assert!(refused(request(1, &[])).await);
    let late = gridkey_domain::payment::PaymentRequest { not_after: stage.now().plus_seconds(-1), ..good.clone() };
    assert!(matches!(stage.payments.take(&late).await, Err(PaymentError::OrderOver)));
    let unknown = stage.payments.take(&request(1, &[("B-2016-01-M9", 1)])).await;
    assert_eq!(unknown.map_err(code), Err("not-found".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_intranet_api_tells_failures_apart() {
    let stage = Stage::new().await;
    let request = request(1, &[(BILL, 100_000)]);
    let path = format!("/v1/payments/{}", request.payment);
    let body = serde_json::to_value(&request).unwrap();
    assert_eq!(stage.put(&path, &body).await, (200, "pending".into()));
    assert_eq!(stage.put("/v1/payments/xyz", &body).await, (400, "bad-request".into()));
    let mut other = body.clone();
    other["order_hash"] = "cd".repeat(32).into();
    assert_eq!(stage.put(&path, &other).await, (409, "payment-conflict".into()));
    let (status, form) = stage.post(&format!("{path}/form"), Vec::new()).await;
    assert_eq!(status, 200);
    assert!(form["action"].as_str().unwrap().ends_with("/gateway/api/frontTransReq.do"));
    assert!(form["fields"].as_array().unwrap().iter().any(|field| field[0] == "signature"));
    let (status, error) = stage.post(&format!("{path}/cancel"), Vec::new()).await;
    assert_eq!((status, &error["code"], &error["retry"]), (409, &"not-cancellable".into(), &false.into()));
    let (status, payment) = stage.post(&format!("{path}/check"), Vec::new()).await;
    assert_eq!((status, &payment["state"]), (200, &"pending".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_janitor_follows_a_payment_by_itself_and_stops_when_told() {
    let stage = Stage::new().await;
    let stop = tokio_util::sync::CancellationToken::new();
    let janitor = tokio::spawn(stage.payments.clone().run(stop.clone()));
    let request = request(1, &[(BILL, 100_000)]);
    stage.payments.take(&request).await.unwrap();
    stage.pay(request.payment).await;
    let forwarded = stage.forward_notification().await;
    assert_eq!(forwarded, 200);
    let events = stage.store.outbox_after(0, 10, Duration::from_secs(30)).await.unwrap();
    assert_eq!(events[0].body["state"], "paid");
    stop.cancel();
    janitor.await.unwrap();
}
