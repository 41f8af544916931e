use std::time::Duration;

use axum::http::StatusCode;
use gridkey_domain::Timestamp;
use gridkey_service::{
    clock::ManualClock,
    https::{self, ClientTimeouts, HttpLimits},
};
use jiff::civil::date;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::*;
use crate::{
    bill_run::{self, Purpose},
    billing::{DayReadings, Power, Slot},
    store::{customers::tests::dairy, readings::MeterDay},
};

/// The API on a loopback port, over a store with one customer and two bills.
struct Stand {
    base: String,
    client: reqwest::Client,
    store: PlatformStore,
    stop: CancellationToken,
}

impl Stand {
    async fn new() -> Self {
        let store = PlatformStore::in_memory().await.unwrap();
        store.put_customer(&dairy(), Timestamp::from_seconds(0)).await.unwrap();
        let mut readings = DayReadings::default();
        readings.set(0, Slot { active: Power::from_units(Power::UNITS_PER_KW), reactive: Power::default() });
        let day = |month, day| MeterDay {
            meter: "M1".parse().unwrap(),
            date: date(2026, month, day),
            readings: readings.clone(),
        };
        store.put_days(&[day(9, 1), day(10, 1), day(11, 1), day(11, 2)]).await.unwrap();
        let today = date(2026, 11, 5);
        for month in ["2026-09", "2026-10"] {
            let purpose = Purpose::History { paid: false };
            bill_run::run(&store, month.parse().unwrap(), today, purpose).await.unwrap();
        }
        let clock = Arc::new(ManualClock::at(Timestamp::from_civil(today.at(12, 0, 0, 0))));
        let stop = CancellationToken::new();
        let router = finish(router(Api { store: store.clone(), clock, shutdown: stop.clone() }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(https::serve(listener, None, router, HttpLimits::default(), stop.clone()));
        Self { base, client: https::plain_client(ClientTimeouts::default()).unwrap(), store, stop }
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let answer = self.client.get(format!("{}{path}", self.base)).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }

    async fn ok(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    async fn code(&self, path: &str) -> (u16, String) {
        let (status, body) = self.get(path).await;
        assert!(body["message"].is_string() && body["retry"].is_boolean(), "{body}");
        (status.as_u16(), body["code"].as_str().unwrap().to_owned())
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

const C: &str = "/v1/customers/1100000006";

#[tokio::test]
async fn account_usage_bills_and_arrears_answer_in_the_domains_form() {
    let stand = Stand::new().await;
    assert_eq!(stand.ok(C).await, serde_json::to_value(dairy()).unwrap());
    let summary = stand.ok(&format!("{C}/usage/summary")).await;
    assert_eq!((&summary["month"], &summary["meters"][0]["kwh"]["total"]), (&json!("2026-11"), &json!("0.50")));
    let series = stand.ok(&format!("{C}/usage/series?meter=M1&from=2026-10-01&to=2026-11-30&resolution=month")).await;
    assert_eq!(series["points"][1]["start"], "2026-10-31T16:00:00Z");
    let first = stand.ok(&format!("{C}/bills?limit=1")).await;
    assert_eq!((&first["bills"][0]["bill"], &first["next"]), (&json!("B-2026-10-M1"), &json!("B-2026-10-M1")));
    let second = stand.ok(&format!("{C}/bills?limit=1&next=B-2026-10-M1")).await;
    assert_eq!((&second["bills"][0]["state"], &second["next"]), (&json!("overdue"), &Value::Null));
    assert_eq!(stand.ok(&format!("{C}/bills/B-2026-09-M1")).await["lines"].as_array().unwrap().len(), 7);
    let arrears = stand.ok(&format!("{C}/arrears")).await;
    assert_eq!((&arrears["level"], &arrears["bills"][0]["days"]), (&json!("warning"), &json!(20)));
    assert_eq!(stand.ok(&format!("{C}/arrears/history")).await, json!({"events": [], "next": null}));
    assert_eq!(stand.ok("/v1/ping").await["time"], "2026-11-05T04:00:00Z");
}

#[tokio::test]
async fn a_bill_comes_in_the_forms_that_it_names_and_in_no_other() {
    let stand = Stand::new().await;
    let bill = stand.ok(&format!("{C}/bills/B-2026-09-M1")).await;
    assert_eq!(bill["documents"], json!(["csv"]));
    for format in bill["documents"].as_array().unwrap().iter().map(|format| format.as_str().unwrap()) {
        let document = stand.ok(&format!("{C}/bills/B-2026-09-M1/document?format={format}")).await;
        assert_eq!(document["file_name"], format!("B-2026-09-M1.{format}"));
    }
    let path = format!("{C}/bills/B-2026-09-M1/document?format=pdf");
    assert_eq!(stand.code(&path).await, (422, "unsupported-format".to_owned()));
}

#[tokio::test]
async fn what_is_not_there_or_not_the_customers_is_not_found() {
    let stand = Stand::new().await;
    for path in [
        "/v1/customers/1100000009",
        "/v1/customers/1100000009/bills",
        "/v1/customers/1100000009/bills/B-2026-09-M1",
        "/v1/customers/1100000009/arrears",
        "/v1/customers/1100000009/arrears/history",
        "/v1/customers/1100000009/usage/summary",
        "/v1/customers/1100000009/usage/series?meter=M1&from=2026-10-01&to=2026-10-02&resolution=day",
        "/v1/customers/1100000006/bills/B-2026-09-M9",
        "/v1/customers/a%20b",
        "/v1/audit/heads/newest",
    ] {
        assert_eq!(stand.code(path).await, (404, "not-found".to_owned()), "{path}");
    }
    // A path that is not there is a wrong setting of the caller's, and decides nothing about an order.
    assert_eq!(stand.code("/v1/nothing").await, (404, "unknown-path".to_owned()));
}

#[tokio::test]
async fn a_malformed_request_is_named_as_such() {
    let stand = Stand::new().await;
    for path in [
        "/usage/series?meter=M1&from=2026-10-03&to=2026-10-02&resolution=day",
        "/usage/series?meter=M1&from=2026-10-01&to=2026-10-02&resolution=week",
        "/usage/series?meter=M1&from=2026-10-01&to=2026-10-02&resolution=day&next=x",
        "/usage/series?meter=M1",
        "/bills?limit=many",
        "/bills?next=B-2020-01-M1",
        "/bills?page=2",
    ] {
        assert_eq!(stand.code(&format!("{C}{path}")).await, (400, "bad-request".to_owned()), "{path}");
    }
    let patch = async |body: String| {
        let answer = stand.client.patch(format!("{}{C}", stand.base)).body(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    for body in ["{", "{\"name\":\"x\"}", "{\"contact\":\"a\\u0007\"}", "{\"contact\":17}"] {
        let (status, answer) = patch(body.to_owned()).await;
        assert_eq!((status, &answer["code"]), (400, &json!("bad-request")), "{body}");
    }
    assert_eq!(patch(json!({"address": "x".repeat(201)}).to_string()).await.0, 400);
    assert_eq!(patch(json!({"address": "x".repeat(200)}).to_string()).await.0, 200);
}

#[tokio::test]
async fn the_outbox_answers_as_soon_as_there_is_something() {
    let stand = Stand::new().await;
    assert_eq!(
        stand.ok("/v1/outbox?after=0&wait=0").await,
        json!({"events": [], "head": 0, "epoch": "first", "back": null})
    );
    let change = async {
        let body = json!({"contact": "new"}).to_string();
        stand.client.patch(format!("{}{C}", stand.base)).body(body).send().await.unwrap();
    };
    let (page, ()) = tokio::join!(stand.ok("/v1/outbox?after=0&wait=20"), change);
    assert_eq!(page["events"][0]["body"], json!({"fields": ["contact"]}));
    assert_eq!((&page["head"], &page["events"][0]["kind"]), (&json!(1), &json!("account")));
}

#[tokio::test]
async fn a_waiting_reader_is_let_go_when_the_platform_stops() {
    let stand = Stand::new().await;
    let stop = async {
        tokio::task::yield_now().await;
        stand.stop.cancel();
    };
    let url = format!("{}/v1/outbox?after=0&wait=60", stand.base);
    let (answer, ()) = tokio::join!(stand.client.get(url).timeout(Duration::from_secs(20)).send(), stop);
    // Either the request was under way and is answered, or its connection was not taken any more.
    assert!(answer.is_err_and(|error| !error.is_timeout()) || stand.store.outbox_head().await.unwrap() == 0);
}

#[tokio::test]
async fn audit_heads_are_lodged_once_and_never_shortened() {
    let stand = Stand::new().await;
    let lodge = async |length: u64, hash: &str| {
        let head = json!({
            "length": length, "hash": hash.repeat(32), "at": "2026-11-05T04:00:00Z",
            "signature": "00".repeat(64), "certificate": ["MAA="],
        });
        let answer = stand.client.post(format!("{}/v1/audit/heads", stand.base)).json(&head).send().await.unwrap();
        answer.status().as_u16()
    };
    assert_eq!(lodge(3, "aa").await, 204);
    assert_eq!(lodge(3, "aa").await, 204);
    assert_eq!(lodge(3, "bb").await, 409);
    assert_eq!(lodge(2, "aa").await, 409);
    assert_eq!(lodge(4, "a").await, 400);
    assert_eq!(stand.ok("/v1/audit/heads/newest").await["length"], 3);
}

#[tokio::test]
async fn administrators_find_customers_and_make_them_once() {
    let stand = Stand::new().await;
    let known = dairy();
    let number = known.customer.as_str();
    let found = stand.ok(&format!("/v1/customers?text={}", &number[..4])).await;
    assert_eq!(found["customers"][0]["customer"], number);
    let part: String = known.name.chars().take(4).collect::<String>().to_uppercase();
    assert_eq!(stand.ok(&format!("/v1/customers?text={part}")).await["customers"][0]["customer"], number);
    assert_eq!(stand.ok("/v1/customers?text=nobody").await["customers"], json!([]));

    let mut account = serde_json::to_value(&known).unwrap();
    account["customer"] = "1199999999".into();
    account["balance"] = 0.into();
    account["meters"] = json!([]);
    let put = async |account: &Value| {
        let url = format!("{}/v1/customers/1199999999", stand.base);
        let answer = stand.client.put(url).json(account).send().await.unwrap();
        (answer.status(), answer.json::<Value>().await.unwrap())
    };
    let mut nameless = account.clone();
    nameless["name"] = " ".into();
    assert_eq!(put(&nameless).await.0, StatusCode::BAD_REQUEST);
    let mut thief = account.clone();
    thief["meters"] = serde_json::to_value(&known.meters).unwrap();
    assert_eq!(put(&thief).await.0, StatusCode::CONFLICT, "another customer's meter");
    assert_eq!(put(&account).await.0, StatusCode::OK);
    let (status, again) = put(&account).await;
    assert_eq!((status, again["code"].as_str()), (StatusCode::CONFLICT, Some("customer-exists")));
    let first = stand.ok("/v1/customers?limit=1").await;
    let next = first["next"].as_str().unwrap();
    let second = stand.ok(&format!("/v1/customers?limit=1&after={next}")).await;
    assert_eq!(second["customers"][0]["customer"], "1199999999");
    assert_eq!(second["next"], Value::Null);
}

#[tokio::test]
async fn administrators_see_who_is_in_arrears() {
    let stand = Stand::new().await;
    let listed = stand.ok("/v1/arrears").await;
    let of_customer = stand.ok(&format!("/v1/customers/{}/arrears", dairy().customer)).await;
    assert_ne!(of_customer["level"], "none");
    assert_eq!(listed["customers"], json!([{ "customer": dairy().customer, "arrears": of_customer }]));
}
