//! The setting: a store in memory with one customer and one bill, the sandbox and the payments' API on free ports.

use std::{collections::HashMap, sync::Arc, time::Duration};

use gridkey_domain::{
    Fen, Month, PaymentId, Quantity, Timestamp,
    account::{Account, Basic, Meter},
    bill::{Bill, BillState},
    payment::{BillShare, Method, Payment, PaymentRequest},
    usage::Registers,
};
use gridkey_platform::{
    payments::{
        BankForm, Payments,
        config::{PaymentsConfig, UnionpayConfig},
        http,
    },
    store::{
        PlatformStore,
        bills::Entry,
        outbox::{EventKind, OutboxEvent},
    },
};
use gridkey_service::{
    clock::{Clock, ManualClock},
    https::{ClientTimeouts, plain_client},
};
use gridkey_unionpay::{Message, certificate::Certificate, signing::SigningKey, testpki::Identity};
use tokio::sync::{Mutex, mpsc};
use unionpay_sandbox::{Sandbox, Settings, gateway::Merchant, init, notify, web};

/// The customer's one bill, of 1,000.00 yuan.
pub(crate) const BILL: &str = "B-2026-01-M1000000011";
const CUSTOMER: &str = "1100000001";
const START: &str = "2026-02-10T02:00:00Z";

pub(crate) struct Stage {
    pub(crate) clock: ManualClock,
    pub(crate) store: PlatformStore,
    pub(crate) payments: Arc<Payments>,
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) gateway_identity: Identity,
    http: reqwest::Client,
    api: String,
    notified: Mutex<mpsc::UnboundedReceiver<Vec<u8>>>,
    tasks: tokio::task::JoinSet<()>,
    _folder: tempfile::TempDir,
}

/// An order of `n`'s id over these bills.
pub(crate) fn request(n: u64, bills: &[(&str, u64)]) -> PaymentRequest {
    let created: Timestamp = START.parse().unwrap();
    let share = |(bill, fen): &(&str, u64)| BillShare { bill: bill.parse().unwrap(), amount: Fen::new(*fen).unwrap() };
    PaymentRequest {
        payment: PaymentId::from_parts(n, [1; 10]),
        order_hash: "ab".repeat(32),
        customer: CUSTOMER.parse().unwrap(),
        amount: Fen::new(bills.iter().map(|(_, fen)| fen).sum()).unwrap(),
        bills: bills.iter().map(share).collect(),
        method: Method::Gateway,
        created,
        not_after: created.plus_seconds(72 * 3600),
    }
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::at(START.parse().unwrap());
        init::init(folder.path(), init::MERCHANT, clock.now()).unwrap();
        let pem = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        let gateway_identity =
            Identity { certificate_pem: pem("gateway-certificate.pem"), key_pem: pem("gateway-key.pem").into() };
        let http = plain_client(ClientTimeouts::default()).unwrap();
        let certificate = Certificate::from_pem(&pem("merchant-certificate.pem")).unwrap();
        let sandbox = Sandbox::open(Settings {
            journal: folder.path().join("journal.jsonl"),
            key: SigningKey::from_pem(&gateway_identity.key_pem, &gateway_identity.certificate_pem).unwrap(),
            merchants: HashMap::from([(init::MERCHANT.to_owned(), Merchant { name: "Power".into(), certificate })]),
            http: http.clone(),
            pauses: vec![Duration::ZERO],
            answer_within: Duration::from_secs(5),
            clock: Arc::new(clock.clone()),
        })
        .unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(notify::run(sandbox.clone(), tokio_util::sync::CancellationToken::new()));
        let gateway = listen(&mut tasks, web::router(sandbox.clone())).await;
        // Stands for the security server's public listener.
        let (sender, notified) = mpsc::unbounded_channel();
        let public = axum::Router::new().route(
            "/unionpay/notify",
            axum::routing::post(async move |body: axum::body::Bytes| {
                sender.send(body.to_vec()).unwrap();
                "ok"
            }),
        );
        let public_base = listen(&mut tasks, public).await;
        let file = |name: &str| folder.path().join(name);
        let unionpay = UnionpayConfig {
            gateway,
            web_roots: None,
            merchant: init::MERCHANT.to_owned(),
            signing_key: file("merchant-key.pem"),
            signing_certificate: file("merchant-certificate.pem"),
            verify_root: file("acp-root.pem"),
            verify_middle: file("acp-middle.pem"),
            common_name: gridkey_unionpay::verify::UNIONPAY.to_owned(),
            allow_test_name: false,
            browser_gateway: None,
            file_gateway: None,
            public_base,
            notify_base: None,
            connect_timeout_seconds: 5,
            query_timeout_seconds: 5,
        };
        let store = PlatformStore::in_memory().await.unwrap();
        store.put_customer(&account(), Timestamp::from_seconds(0)).await.unwrap();
        assert!(store.enter_bill(&bill(), &Entry::default()).await.unwrap());
        let rules = PaymentsConfig { unused_after_minutes: 30, ..PaymentsConfig::default() };
        let payments = Payments::new(store.clone(), unionpay.open().unwrap(), rules, Arc::new(clock.clone()));
        let api = listen(&mut tasks, http::router(payments.clone())).await;
        let notified = Mutex::new(notified);
        Self { clock, store, payments, sandbox, gateway_identity, http, api, notified, tasks, _folder: folder }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn faults(&self, json: &str) {
        assert!(!self.tasks.is_empty());
        self.sandbox.set_faults(serde_json::from_str(json).unwrap());
    }

    pub(crate) async fn payment(&self, payment: PaymentId) -> Payment {
        self.payments.get(payment).await.unwrap().payment
    }

    /// Posts the form as a browser does; gives the bank page's token.
    pub(crate) async fn open_bank_page(&self, payment: PaymentId) -> String {
        let form = self.payments.form(payment).await.unwrap();
        let page = self.post_form(&form).await;
        let (_, rest) = page.split_once("name=\"token\" value=\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }

    async fn post_form(&self, form: &BankForm) -> String {
        let mut message = Message::new();
        for (name, value) in &form.fields {
            message.set(name, value);
        }
        let request = self.http.post(&form.action).header("content-type", "application/x-www-form-urlencoded");
        request.body(message.to_form()).send().await.unwrap().text().await.unwrap()
    }

    /// Opens the bank page and confirms.
    pub(crate) async fn pay(&self, payment: PaymentId) {
        let token = self.open_bank_page(payment).await;
        self.sandbox.confirm(&token).unwrap();
    }

    /// Waits for a notification, hands it on as the security server does, and lets the payments act on it.
    pub(crate) async fn hear_and_sweep(&self) {
        assert_eq!(self.forward_notification().await, 200);
        self.payments.sweep().await.unwrap();
    }

    pub(crate) async fn forward_notification(&self) -> u16 {
        let body = self.notified.lock().await.recv().await.unwrap();
        self.post("/v1/unionpay/notify", body).await.0
    }

    /// A notification of a debit for `form`, signed by `signer`.
    pub(crate) fn notification_by(&self, signer: &Identity, form: &BankForm) -> Vec<u8> {
        let mut message = Message::new();
        for (name, value) in &form.fields {
            if !matches!(name.as_str(), "certId" | "signature" | "frontUrl" | "backUrl" | "payTimeout") {
                message.set(name, value);
            }
        }
        message.set("respCode", "00").set("queryId", "202602101000000000018");
        let key = SigningKey::from_pem(&signer.key_pem, &signer.certificate_pem).unwrap();
        key.sign_answer(&mut message).unwrap();
        message.to_form().into_bytes()
    }

    /// What is left to pay on a bill, fen.
    pub(crate) async fn open(&self, bill: &str) -> u64 {
        let (customer, bill) = (CUSTOMER.parse().unwrap(), bill.parse().unwrap());
        self.store.bill(&customer, &bill, self.now().date()).await.unwrap().open.get()
    }

    pub(crate) async fn balance(&self) -> i64 {
        self.store.account(&CUSTOMER.parse().unwrap()).await.unwrap().balance
    }

    pub(crate) async fn payment_events(&self) -> Vec<OutboxEvent> {
        let events = self.store.outbox_after(0, 100, Duration::ZERO).await.unwrap();
        events.into_iter().filter(|event| event.kind == EventKind::Payment).collect()
    }

    pub(crate) async fn post(&self, path: &str, body: Vec<u8>) -> (u16, serde_json::Value) {
        let answer = self.http.post(format!("{}{path}", self.api)).body(body).send().await.unwrap();
        let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
        (status, serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text)))
    }

    pub(crate) async fn post_json(&self, path: &str, body: &serde_json::Value) -> (u16, serde_json::Value) {
        let answer = self.http.post(format!("{}{path}", self.api)).json(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// The state or, of a failure, the code.
    pub(crate) async fn put(&self, path: &str, body: &serde_json::Value) -> (u16, String) {
        let answer = self.http.put(format!("{}{path}", self.api)).json(body).send().await.unwrap();
        let (status, body) = (answer.status().as_u16(), answer.json::<serde_json::Value>().await.unwrap());
        let word = body.get("state").or(body.get("code")).and_then(serde_json::Value::as_str).unwrap_or_default();
        (status, word.to_owned())
    }
}

async fn listen(tasks: &mut tokio::task::JoinSet<()>, router: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
    base
}

fn account() -> Account {
    Account {
        customer: CUSTOMER.parse().unwrap(),
        name: "Qinghe Dairy".into(),
        name_zh: "清河乳业".into(),
        kind: "industrial".into(),
        grade: "A".into(),
        contact: "010-1".into(),
        address: "Beijing".into(),
        balance: 0,
        meters: vec![Meter {
            meter: "M1000000011".parse().unwrap(),
            basic: Basic::Capacity,
            capacity_kva: Quantity::from_units(100),
            voltage_kv: Quantity::from_units(10),
        }],
    }
}

fn bill() -> Bill {
    let total = Fen::new(100_000).unwrap();
    Bill {
        bill: BILL.parse().unwrap(),
        customer: CUSTOMER.parse().unwrap(),
        meter: "M1000000011".parse().unwrap(),
        month: "2026-01".parse::<Month>().unwrap(),
        issued: "2026-02-01".parse().unwrap(),
        due: "2026-02-16".parse().unwrap(),
        kwh: Registers::default(),
        kvarh: Quantity::ZERO,
        max_kw: Quantity::ZERO,
        pf: Quantity::ZERO,
        lines: Vec::new(),
        total,
        open: total,
        state: BillState::Open,
        documents: vec!["csv".into()],
    }
}
