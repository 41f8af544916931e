//! The client against a gateway that misbehaves, and the reading of its answers.

#![expect(clippy::unwrap_used, reason = "a test stops where its setting fails")]

use std::{sync::LazyLock, time::Duration};

use axum::{Router, routing::post};
use gridkey_domain::{Fen, Timestamp};
use gridkey_unionpay::{
    Message,
    client::{Gateway, GatewayError},
    consume::{FrontConsume, Transaction, TransactionError},
    notification::Notification,
    parse::{ParseError, parse_form},
    query::{AnswerError, Kind, QueryOutcome, sign_query},
    refund::{BACK_PATH, Refund, RefundAnswer},
    signing::{SigningKey, request_is_signed_by},
    testpki::Authority,
    verify::{NameRule, Verified, Verifier, VerifyError},
};

struct Setting {
    now: Timestamp,
    gateway: SigningKey,
    merchant: SigningKey,
    verifier: Verifier,
}

static SETTING: LazyLock<Setting> = LazyLock::new(|| {
    let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    let authority = Authority::generate(now).unwrap();
    let key = |identity: gridkey_unionpay::testpki::Identity| {
        SigningKey::from_pem(&identity.key_pem, &identity.certificate_pem).unwrap()
    };
    Setting {
        now,
        gateway: key(authority.issue_gateway().unwrap()),
        merchant: key(authority.issue("041@Z@merchant@1").unwrap()),
        verifier: Verifier::from_pem(authority.root_pem(), authority.middle_pem(), NameRule::default()).unwrap(),
    }
});

fn transaction() -> Transaction {
    let order = "0190000000007000a000000000000001";
    Transaction::new("777290058110048", order, SETTING.now, Fen::new(123_456).unwrap()).unwrap()
}

fn paid_answer() -> Message {
    Message::new()
        .with("version", "5.1.0")
        .with("encoding", "UTF-8")
        .with("bizType", "000000")
        .with("txnType", "01")
        .with("txnSubType", "01")
        .with("accessType", "0")
        .with("merId", "777290058110048")
        .with("orderId", "0190000000007000a000000000000001")
        .with("txnTime", "20260301200000")
        .with("txnAmt", "123456")
        .with("currencyCode", "156")
        .with("queryId", "202603012000001234568")
        .with("respCode", "00")
        .with("respMsg", "成功[0000000]")
        .with("origRespCode", "00")
}

fn signed(mut message: Message) -> Message {
    SETTING.gateway.sign_answer(&mut message).unwrap();
    message
}

fn verified(message: Message) -> Verified {
    SETTING.verifier.verify(signed(message), SETTING.now).unwrap()
}

fn read(message: Message) -> Result<QueryOutcome, AnswerError> {
    QueryOutcome::read(&verified(message), &transaction(), Kind::Payment)
}

#[test]
fn the_form_holds_what_the_gateway_wants_and_is_signed() {
    let transaction = transaction();
    let consume = FrontConsume {
        transaction: &transaction,
        front_url: "https://pay.example/pay/return",
        back_url: "https://pay.example/unionpay/notify",
        pay_timeout: SETTING.now.plus_seconds(900),
        reserved: None,
    };
    let form = consume.sign(&SETTING.merchant).unwrap();
    for (name, value) in [
        ("version", "5.1.0"),
        ("txnType", "01"),
        ("txnSubType", "01"),
        ("bizType", "000202"),
        ("channelType", "07"),
        ("accessType", "0"),
        ("txnAmt", "123456"),
        ("currencyCode", "156"),
        ("txnTime", "20260301200000"),
        ("payTimeout", "20260301201500"),
    ] {
        assert_eq!(form.get(name), Some(value), "{name}");
    }
    assert!(request_is_signed_by(&form, SETTING.merchant.certificate()));
    assert_eq!(consume.sign(&SETTING.merchant).unwrap(), form, "the same form every time");
}

#[test]
fn a_query_names_the_same_transaction() {
    let query = sign_query(&transaction(), &SETTING.merchant).unwrap();
    assert_eq!((query.get("txnType"), query.get("txnSubType")), (Some("00"), Some("00")));
    assert_eq!(query.get("txnTime"), Some("20260301200000"));
    assert_eq!(query.get("channelType"), None);
}

#[test]
fn what_the_gateway_could_not_take_is_refused_before_sending() {
    let new =
        |merchant, order, fen| Transaction::new(merchant, order, SETTING.now, Fen::new(fen).unwrap()).unwrap_err();
    assert_eq!(new("77729005811004", "12345678", 1), TransactionError::Merchant);
    assert_eq!(new("777290058110048", "1234567-", 1), TransactionError::Order);
    assert_eq!(new("777290058110048", "1234567", 1), TransactionError::Order);
    assert_eq!(new("777290058110048", "12345678", 0), TransactionError::Amount);
    assert_eq!(new("777290058110048", "12345678", 1_000_000_000_000), TransactionError::Amount);
}

#[test]
fn a_success_counts_only_with_our_identity_amount_and_currency() {
    let paid = QueryOutcome::Paid { query_id: "202603012000001234568".into(), defective: false };
    assert_eq!(read(paid_answer()), Ok(paid));
    assert!(matches!(read(paid_answer().with("origRespCode", "A6")), Ok(QueryOutcome::Paid { defective: true, .. })));
    for (name, value) in [
        ("merId", "777290058110049"),
        ("orderId", "0190000000007000a000000000000002"),
        ("txnTime", "20260301200001"),
        ("txnAmt", "123455"),
        ("currencyCode", "840"),
        ("txnType", "04"),
    ] {
        let answer = read(paid_answer().with(name, value));
        assert!(matches!(answer, Err(AnswerError::Mismatch { field, .. }) if field == name), "{name}");
    }
    for name in ["merId", "orderId", "txnTime", "txnAmt", "currencyCode", "queryId", "origRespCode"] {
        assert_eq!(read(paid_answer().with(name, "")), Err(AnswerError::Missing(name)));
    }
}

#[test]
fn the_two_levels_of_codes_are_kept_apart() {
    assert_eq!(read(paid_answer().with("respCode", "34")), Ok(QueryOutcome::NotFound));
    assert_eq!(read(paid_answer().with("respCode", "11")), Ok(QueryOutcome::NotAnswered { code: "11".into() }));
    assert_eq!(read(paid_answer().with("origRespCode", "05")), Ok(QueryOutcome::Pending { code: "05".into() }));
    assert_eq!(read(paid_answer().with("origRespCode", "64")), Ok(QueryOutcome::Failed { code: "64".into() }));
    assert_eq!(read(paid_answer().with("origRespCode", "42")), Ok(QueryOutcome::Doubtful { code: "42".into() }));
    let other = paid_answer().with("respCode", "34").with("orderId", "0190000000007000a000000000000002");
    assert!(matches!(read(other), Err(AnswerError::Mismatch { field: "orderId", .. })));
}

#[test]
fn a_notification_says_which_payment_to_ask_about() {
    let notification = Notification::read(&verified(paid_answer())).unwrap();
    assert!(notification.is_success());
    assert_eq!(notification.time, SETTING.now);
    assert_eq!(notification.amount, Some(Fen::new(123_456).unwrap()));
    let without = Notification::read(&verified(paid_answer().with("orderId", ""))).unwrap_err();
    assert_eq!(without.0, "orderId");
}

/// Serves `answer` to every query on a free port and asks once.
async fn ask(router: Router) -> Result<QueryOutcome, GatewayError> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let http = gridkey_service::https::plain_client(gridkey_service::https::ClientTimeouts::default()).unwrap();
    let gateway = Gateway::new(http, &format!("http://{address}/"), Duration::from_millis(500));
    let outcome = gateway.query(&transaction(), Kind::Payment, &SETTING.merchant, &SETTING.verifier, SETTING.now).await;
    server.abort();
    outcome
}

fn answering(body: impl Into<String>) -> Router {
    let body: String = body.into();
    Router::new().route("/gateway/api/queryTrans.do", post(async move || body))
}

#[tokio::test]
async fn a_signed_answer_is_read() {
    let router = Router::new().route(
        "/gateway/api/queryTrans.do",
        post(async |body: String| {
            let query = parse_form(body.as_bytes()).unwrap();
            assert!(request_is_signed_by(&query, SETTING.merchant.certificate()));
            signed(paid_answer()).to_answer()
        }),
    );
    assert!(matches!(ask(router).await, Ok(QueryOutcome::Paid { .. })));
}

#[tokio::test]
async fn answers_that_are_no_messages_say_nothing_about_the_payment() {
    let outcome = ask(answering("Invalid request.")).await;
    assert!(matches!(outcome, Err(GatewayError::Body(ParseError::NotPairs(_)))));
    let outcome = ask(answering("orderId=1&respCode=11&respMsg=[9100004]")).await;
    assert!(matches!(outcome, Err(GatewayError::Untrusted(VerifyError::Missing("signature")))));
    let outcome = ask(answering("x".repeat(70_000))).await;
    assert!(matches!(outcome, Err(GatewayError::Body(ParseError::TooLarge))));
    assert!(matches!(ask(Router::new()).await, Err(GatewayError::Status(404))));
}

#[tokio::test]
async fn a_forged_answer_is_not_trusted() {
    let forged = signed(paid_answer().with("origRespCode", "64")).with("origRespCode", "00");
    let outcome = ask(answering(forged.to_answer())).await;
    assert!(matches!(outcome, Err(GatewayError::Untrusted(VerifyError::Signature))));
}

#[tokio::test]
async fn silence_ends_in_a_time_out() {
    let router = Router::new().route(
        "/gateway/api/queryTrans.do",
        post(async || {
            std::future::pending::<()>().await;
            ""
        }),
    );
    assert!(matches!(ask(router).await, Err(GatewayError::Timeout)));
}

fn refund_answer(code: &str) -> Message {
    paid_answer().with("txnType", "04").with("txnSubType", "00").with("respCode", code)
}

#[test]
fn a_refund_has_its_own_order_and_names_the_payment() {
    let transaction = transaction();
    let back_url = "https://pay.example/unionpay/notify";
    let refund = Refund { transaction: &transaction, payment: "202603012000001234568", back_url };
    let message = refund.sign(&SETTING.merchant).unwrap();
    for (name, value) in [
        ("version", "5.1.0"),
        ("txnType", "04"),
        ("txnSubType", "00"),
        ("bizType", "000202"),
        ("channelType", "07"),
        ("orderId", "0190000000007000a000000000000001"),
        ("txnTime", "20260301200000"),
        ("txnAmt", "123456"),
        ("currencyCode", "156"),
        ("origQryId", "202603012000001234568"),
        ("backUrl", back_url),
    ] {
        assert_eq!(message.get(name), Some(value), "{name}");
    }
    assert!(request_is_signed_by(&message, SETTING.merchant.certificate()));
    assert_eq!(refund.sign(&SETTING.merchant).unwrap(), message, "the same refund every time");
}

#[test]
fn the_answer_to_a_refund_must_be_about_it() {
    let read = |message| RefundAnswer::read(&verified(message), &transaction());
    assert_eq!(read(refund_answer("00")), Ok(RefundAnswer::Taken));
    assert_eq!(read(refund_answer("36")), Ok(RefundAnswer::Refused { code: "36".into() }));
    for (name, value) in
        [("orderId", "0190000000007000a000000000000002"), ("txnTime", "20260301200001"), ("txnType", "01")]
    {
        let answer = read(refund_answer("00").with(name, value));
        assert!(matches!(answer, Err(AnswerError::Mismatch { field, .. }) if field == name), "{name}");
    }
}

#[test]
fn a_refund_is_done_only_if_the_query_speaks_of_a_refund() {
    let read = |message| QueryOutcome::read(&verified(message), &transaction(), Kind::Refund);
    assert!(matches!(read(refund_answer("00")), Ok(QueryOutcome::Paid { .. })));
    let payment = read(paid_answer());
    assert!(matches!(payment, Err(AnswerError::Mismatch { field: "txnType", .. })), "the debit is not its own refund");
    let other = read(refund_answer("00").with("txnAmt", "123455"));
    assert!(matches!(other, Err(AnswerError::Mismatch { field: "txnAmt", .. })));
}

#[tokio::test]
async fn a_refund_is_posted_to_the_path_of_back_transactions() {
    let router = Router::new().route(
        BACK_PATH,
        post(async |body: String| {
            let refund = parse_form(body.as_bytes()).unwrap();
            assert!(request_is_signed_by(&refund, SETTING.merchant.certificate()));
            signed(refund_answer("00")).to_answer()
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let http = gridkey_service::https::plain_client(gridkey_service::https::ClientTimeouts::default()).unwrap();
    let gateway = Gateway::new(http, &format!("http://{address}/"), Duration::from_millis(500));
    let transaction = transaction();
    let refund = Refund { transaction: &transaction, payment: "1", back_url: "https://pay.example/n" };
    let answer = gateway.refund(&refund, &SETTING.merchant, &SETTING.verifier, SETTING.now).await;
    server.abort();
    assert!(matches!(answer, Ok(RefundAnswer::Taken)), "{answer:?}");
}
