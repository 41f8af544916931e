//! The sandbox over real HTTP, as a browser and a merchant meet it.

#![expect(clippy::unwrap_used, reason = "a test stops where its setting fails")]

use std::{collections::HashMap, path::Path, sync::Arc, time::Duration};

use gridkey_domain::{Fen, Timestamp};
use gridkey_service::{
    clock::ManualClock,
    https::{ClientTimeouts, plain_client},
};
use gridkey_unionpay::{
    Message,
    certificate::Certificate,
    client::{Gateway, GatewayError},
    consume::{FrontConsume, Transaction},
    notification::Notification,
    parse::parse_form,
    query::{Kind, QueryOutcome},
    refund::{BACK_PATH, Refund, RefundAnswer},
    signing::SigningKey,
    verify::{NameRule, Verifier},
};
use tokio::sync::mpsc;
use unionpay_sandbox::{Sandbox, Settings, gateway::Merchant, init, notify, web};

const START: &str = "2026-03-01T12:00:00Z";

struct Stage {
    folder: tempfile::TempDir,
    clock: ManualClock,
    merchant: SigningKey,
    verifier: Verifier,
    http: reqwest::Client,
    base: String,
    notified: mpsc::UnboundedReceiver<Vec<u8>>,
    back_url: String,
    tasks: Vec<tokio::task::JoinHandle<()>>,
    stop: tokio_util::sync::CancellationToken,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stop.cancel();
        self.tasks.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

fn open(folder: &Path, clock: &ManualClock) -> Arc<Sandbox> {
    let certificate = Certificate::from_pem(&read(folder, "merchant-certificate.pem")).unwrap();
    Sandbox::open(Settings {
        journal: folder.join("journal.jsonl"),
        key: SigningKey::from_pem(&read(folder, "gateway-key.pem"), &read(folder, "gateway-certificate.pem")).unwrap(),
        merchants: HashMap::from([(init::MERCHANT.to_owned(), Merchant { name: "A & B".into(), certificate })]),
        http: plain_client(ClientTimeouts::default()).unwrap(),
        pauses: vec![Duration::ZERO, Duration::from_millis(20), Duration::from_millis(20)],
        answer_within: Duration::from_secs(5),
        clock: Arc::new(clock.clone()),
    })
    .unwrap()
}

async fn listen(router: axum::Router) -> (String, tokio::task::JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    (base, tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }))
}

async fn stage() -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let now: Timestamp = START.parse().unwrap();
    init::init(folder.path(), init::MERCHANT, now).unwrap();
    let clock = ManualClock::at(now);
    let sandbox = open(folder.path(), &clock);
    let stop = tokio_util::sync::CancellationToken::new();
    let notifications = tokio::spawn(notify::run(Arc::clone(&sandbox), stop.clone()));
    let (base, server) = listen(web::router(sandbox)).await;
    let (sender, notified) = mpsc::unbounded_channel();
    let backend = axum::Router::new().route(
        "/notify",
        axum::routing::post(async move |body: axum::body::Bytes| {
            sender.send(body.to_vec()).unwrap();
            "ok"
        }),
    );
    let (back, back_server) = listen(backend).await;
    let pem = |name| read(folder.path(), name);
    Stage {
        clock,
        merchant: SigningKey::from_pem(&pem("merchant-key.pem"), &pem("merchant-certificate.pem")).unwrap(),
        verifier: Verifier::from_pem(&pem("acp-root.pem"), &pem("acp-middle.pem"), NameRule::default()).unwrap(),
        folder,
        http: plain_client(ClientTimeouts::default()).unwrap(),
        base,
        notified,
        back_url: format!("{back}/notify"),
        tasks: vec![notifications, server, back_server],
        stop,
    }
}

impl Stage {
    fn now(&self) -> Timestamp {
        gridkey_service::clock::Clock::now(&self.clock)
    }

    fn transaction(&self, fen: u64) -> Transaction {
        let at = START.parse().unwrap();
        Transaction::new(init::MERCHANT, "0190000000007000a000000000000001", at, Fen::new(fen).unwrap()).unwrap()
    }

    fn form(&self, fen: u64) -> Message {
        let transaction = self.transaction(fen);
        let at: Timestamp = START.parse().unwrap();
        let front_url = "https://127.0.0.1:1/pay/return";
        let consume = FrontConsume {
            transaction: &transaction,
            front_url,
            back_url: &self.back_url,
            pay_timeout: at.plus_seconds(900),
            reserved: None,
        };
        consume.sign(&self.merchant).unwrap()
    }

    async fn post(&self, path: &str, body: String) -> (u16, String) {
        let url = format!("{}{path}", self.base);
        let request = self.http.post(url).header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(body).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn front(&self, form: &Message) -> (u16, String) {
        self.post("/gateway/api/frontTransReq.do", form.to_form()).await
    }

    async fn act(&self, token: &str, action: &str) -> (u16, String) {
        self.post("/gateway/bank/confirm", format!("token={token}&action={action}")).await
    }

    async fn query(&self) -> Result<QueryOutcome, GatewayError> {
        let gateway = Gateway::new(self.http.clone(), &self.base, Duration::from_secs(5));
        gateway.query(&self.transaction(123_456), Kind::Payment, &self.merchant, &self.verifier, self.now()).await
    }

    async fn faults(&self, json: &'static str) {
        let request = self.http.post(format!("{}/faults", self.base)).header("content-type", "application/json");
        assert_eq!(request.body(json).send().await.unwrap().status().as_u16(), 200);
    }

    async fn ledger(&self) -> serde_json::Value {
        self.http.get(format!("{}/ledger", self.base)).send().await.unwrap().json().await.unwrap()
    }
}

fn token(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"token\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn a_payment_is_shown_confirmed_reported_and_found() {
    let mut stage = stage().await;
    assert_eq!(stage.query().await.unwrap(), QueryOutcome::NotFound);
    let (status, page) = stage.front(&stage.form(123_456)).await;
    assert_eq!(status, 200);
    assert!(page.contains("1,234.56") && page.contains("A &amp; B"), "{page}");
    assert_eq!(stage.query().await.unwrap(), QueryOutcome::Pending { code: "05".into() });

    let (status, page) = stage.act(&token(&page), "confirm").await;
    assert_eq!(status, 200);
    assert!(page.contains("Payment successful") && page.contains("action=\"https://127.0.0.1:1/pay/return\""));
    let body = stage.notified.recv().await.unwrap();
    let verified = stage.verifier.verify(parse_form(&body).unwrap(), stage.now()).unwrap();
    let notification = Notification::read(&verified).unwrap();
    assert!(notification.is_success());
    assert_eq!(notification.amount, Fen::new(123_456).ok());

    let QueryOutcome::Paid { query_id, .. } = stage.query().await.unwrap() else { panic!("not paid") };
    assert_eq!(Some(query_id), notification.query_id);
    let ledger = stage.ledger().await;
    assert_eq!(ledger.as_array().unwrap().len(), 1);
    assert_eq!(ledger[0]["txnAmt"], 123_456);
    assert_eq!(ledger[0]["orderId"], "0190000000007000a000000000000001");
}

#[tokio::test]
async fn confirming_again_and_asking_again_debit_once() {
    let stage = stage().await;
    let (_, page) = stage.front(&stage.form(123_456)).await;
    let token = token(&page);
    for _ in 0..3 {
        assert_eq!(stage.act(&token, "confirm").await.0, 200);
    }
    let (status, page) = stage.front(&stage.form(123_456)).await;
    assert_eq!(status, 200);
    assert!(page.contains("Already paid"));
    assert_eq!(stage.ledger().await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_order_with_another_amount_is_refused() {
    let stage = stage().await;
    assert_eq!(stage.front(&stage.form(123_456)).await.0, 200);
    assert_eq!(stage.front(&stage.form(1)).await.0, 409);
}

#[tokio::test]
async fn nothing_is_debited_after_the_pay_timeout() {
    let stage = stage().await;
    let (_, page) = stage.front(&stage.form(123_456)).await;
    stage.clock.advance(901);
    assert_eq!(stage.act(&token(&page), "confirm").await.0, 410);
    assert_eq!(stage.query().await.unwrap(), QueryOutcome::Failed { code: "69".into() });
    assert_eq!(stage.ledger().await, serde_json::json!([]));
}

#[tokio::test]
async fn a_payer_may_cancel_and_come_back() {
    let stage = stage().await;
    let (_, page) = stage.front(&stage.form(123_456)).await;
    assert_eq!(stage.act(&token(&page), "cancel").await.0, 200);
    assert_eq!(stage.query().await.unwrap(), QueryOutcome::Failed { code: "01".into() });
    assert_eq!(stage.act(&token(&page), "confirm").await.0, 200);
    assert!(matches!(stage.query().await.unwrap(), QueryOutcome::Paid { .. }));
}

#[tokio::test]
async fn requests_are_turned_down_as_the_gateway_does() {
    let stage = stage().await;
    let form = stage.form(123_456);
    let (_, body) = stage.front(&form.clone().with("txnAmt", "1")).await;
    assert!(body.contains("respCode=11") && body.contains("[9100004]"), "{body}");
    assert_eq!(stage.front(&form.clone().with("signature", "")).await.1, "Invalid request.");
    assert_eq!(stage.post("/gateway/api/queryTrans.do", form.to_form()).await.1, "Invalid request URI.");
    let (_, body) = stage.front(&form.clone().with("merId", "898110000000002")).await;
    assert!(body.contains("respCode=32"), "{body}");
    let mut extra = form;
    extra.set("surprise", "1");
    stage.merchant.sign_request(&mut extra).unwrap();
    assert_eq!(stage.front(&extra).await.0, 400);
}

#[tokio::test]
async fn faults_delay_lose_double_and_fail_answers() {
    let stage = stage().await;
    stage.faults(r#"{"query": {"lose": 1}}"#).await;
    assert!(matches!(stage.query().await, Err(GatewayError::Transport(_))));
    stage.faults(r#"{"query": {"fail": 1}}"#).await;
    assert!(matches!(stage.query().await, Err(GatewayError::Status(500))));
    stage.faults(r#"{"query": {"double": 1}}"#).await;
    assert!(matches!(stage.query().await, Err(GatewayError::Body(_))));
    stage.faults(r#"{"query": {"forge": 1}}"#).await;
    assert!(matches!(stage.query().await, Err(GatewayError::Untrusted(_))));
    assert_eq!(stage.query().await.unwrap(), QueryOutcome::NotFound);
}

#[tokio::test]
async fn notifications_are_repeated_until_answered_and_doubled_or_lost_on_demand() {
    let mut stage = stage().await;
    stage.faults(r#"{"notify": {"fail": 1, "double": 2}}"#).await;
    let (_, page) = stage.front(&stage.form(123_456)).await;
    stage.act(&token(&page), "confirm").await;
    let first = stage.notified.recv().await.unwrap();
    assert_eq!(stage.notified.recv().await.unwrap(), first);
}

#[tokio::test]
async fn a_restart_keeps_debits_and_unfinished_payments() {
    let stage = stage().await;
    let (_, page) = stage.front(&stage.form(123_456)).await;
    stage.faults(r#"{"notify": {"fail": 3}}"#).await;
    let again = open(stage.folder.path(), &stage.clock);
    let payment = again.payment_of_page(&token(&page)).unwrap();
    assert_eq!(payment.terms.amount.get(), 123_456);
    assert!(again.ledger().is_empty());
    again.confirm(&payment.terms.token).unwrap();
    drop(again);
    let later = open(stage.folder.path(), &stage.clock);
    assert_eq!(later.ledger().len(), 1);
    assert_eq!(later.to_notify().len(), 1);
    assert!(later.confirm(&payment.terms.token).is_ok());
    assert_eq!(later.ledger().len(), 1);
}

impl Stage {
    fn refund_number(&self, n: u8, fen: u64) -> Transaction {
        let order = format!("0190000000007000b0000000000000{n:02}");
        Transaction::new(init::MERCHANT, &order, self.now(), Fen::new(fen).unwrap()).unwrap()
    }

    fn gateway(&self) -> Gateway {
        Gateway::new(self.http.clone(), &self.base, Duration::from_secs(5))
    }

    async fn hand_in(&self, transaction: &Transaction, payment: &str) -> Result<RefundAnswer, GatewayError> {
        let refund = Refund { transaction, payment, back_url: &self.back_url };
        self.gateway().refund(&refund, &self.merchant, &self.verifier, self.now()).await
    }

    async fn query_refund(&self, transaction: &Transaction) -> QueryOutcome {
        let gateway = self.gateway();
        let asked = gateway.query(transaction, Kind::Refund, &self.merchant, &self.verifier, self.now());
        asked.await.unwrap()
    }

    /// Pays 1,234.56 yuan; gives the gateway's reference.
    async fn pay(&mut self) -> String {
        let (_, page) = self.front(&self.form(123_456)).await;
        self.act(&token(&page), "confirm").await;
        self.notified.recv().await.unwrap();
        let QueryOutcome::Paid { query_id, .. } = self.query().await.unwrap() else { panic!("not paid") };
        query_id
    }

    async fn refunds(&self) -> serde_json::Value {
        self.http.get(format!("{}/refunds", self.base)).send().await.unwrap().json().await.unwrap()
    }
}

#[tokio::test]
async fn a_refund_is_done_once_reported_and_queried_by_its_own_order() {
    let mut stage = stage().await;
    let payment = stage.pay().await;
    let refund = stage.refund_number(1, 123_456);
    assert_eq!(stage.query_refund(&refund).await, QueryOutcome::NotFound);
    assert_eq!(stage.hand_in(&refund, &payment).await.unwrap(), RefundAnswer::Taken);
    assert_eq!(stage.hand_in(&refund, &payment).await.unwrap(), RefundAnswer::Taken, "handed in again it is the same");
    let QueryOutcome::Paid { query_id, .. } = stage.query_refund(&refund).await else { panic!("not refunded") };
    assert_ne!(query_id, payment);
    let body = stage.notified.recv().await.unwrap();
    let verified = stage.verifier.verify(parse_form(&body).unwrap(), stage.now()).unwrap();
    let notification = Notification::read(&verified).unwrap();
    assert_eq!((notification.kind.as_str(), notification.order.as_str()), ("04", refund.order()));
    // No more goes back than was paid, under whatever order.
    let more = stage.refund_number(2, 1);
    assert_eq!(stage.hand_in(&more, &payment).await.unwrap(), RefundAnswer::Refused { code: "36".into() });
    assert_eq!(stage.refunds().await.as_array().unwrap().len(), 1);
    // The payment's own query does not show it.
    assert!(matches!(stage.query().await.unwrap(), QueryOutcome::Paid { .. }));
}

#[tokio::test]
async fn a_refund_whose_answer_is_lost_is_done_all_the_same() {
    let mut stage = stage().await;
    let payment = stage.pay().await;
    stage.faults(r#"{"back": {"lose": 1}}"#).await;
    let refund = stage.refund_number(1, 123_456);
    assert!(matches!(stage.hand_in(&refund, &payment).await, Err(GatewayError::Transport(_))));
    assert!(matches!(stage.query_refund(&refund).await, QueryOutcome::Paid { .. }));
}

#[tokio::test]
async fn a_refund_can_fail_before_at_and_after_it_is_taken_up() {
    let mut stage = stage().await;
    let payment = stage.pay().await;
    let refund = |n| stage.refund_number(n, 123_456);
    stage.faults(r#"{"back": {"fail": 1}}"#).await;
    assert!(matches!(stage.hand_in(&refund(1), &payment).await, Err(GatewayError::Status(500))));
    assert_eq!(stage.query_refund(&refund(1)).await, QueryOutcome::NotFound);
    stage.faults(r#"{"back": {"refuse": 1}}"#).await;
    assert_eq!(stage.hand_in(&refund(2), &payment).await.unwrap(), RefundAnswer::Refused { code: "36".into() });
    assert_eq!(stage.query_refund(&refund(2)).await, QueryOutcome::NotFound);
    stage.faults(r#"{"back": {"decline": 1}}"#).await;
    assert_eq!(stage.hand_in(&refund(3), &payment).await.unwrap(), RefundAnswer::Taken);
    assert_eq!(stage.query_refund(&refund(3)).await, QueryOutcome::Failed { code: "62".into() });
    assert_eq!(stage.refunds().await, serde_json::json!([]));
    assert_eq!(
        stage.hand_in(&refund(4), &payment).await.unwrap(),
        RefundAnswer::Taken,
        "what failed leaves it all to refund"
    );
}

#[tokio::test]
async fn a_refund_that_is_badly_signed_or_of_nothing_is_refused() {
    let mut stage = stage().await;
    let payment = stage.pay().await;
    let refund = stage.refund_number(1, 123_456);
    let signed = Refund { transaction: &refund, payment: &payment, back_url: &stage.back_url };
    let message = signed.sign(&stage.merchant).unwrap().with("txnAmt", "1");
    let post = stage.http.post(format!("{}{BACK_PATH}", stage.base)).body(message.to_form());
    assert!(post.send().await.unwrap().text().await.unwrap().contains("respCode=11"));
    assert_eq!(stage.hand_in(&refund, "1").await.unwrap(), RefundAnswer::Refused { code: "36".into() });
    assert_eq!(stage.refunds().await, serde_json::json!([]));
}
