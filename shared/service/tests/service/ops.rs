use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use gridkey_service::{
    https::{self, ClientTimeouts},
    ops::{self, Health, HealthCheck, Part},
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::loopback;

struct Hsm(AtomicBool);

#[async_trait::async_trait]
impl HealthCheck for Hsm {
    async fn health(&self) -> Health {
        let ok = self.0.load(Ordering::SeqCst);
        Health::of(vec![Part::new("store", true, ""), Part::new("hsm", ok, "token")])
    }
}

#[tokio::test]
async fn operators_see_health_and_metrics() {
    let (listener, address) = loopback().await;
    let stop = CancellationToken::new();
    let hsm = Arc::new(Hsm(AtomicBool::new(true)));
    let served = tokio::spawn(ops::serve(listener, ops::install_metrics(), hsm.clone(), stop.clone()));
    let client = https::plain_client(ClientTimeouts::default()).unwrap();
    let get = |path| client.get(format!("http://{address}{path}")).send();

    let answer = get("/healthz").await.unwrap();
    assert_eq!(answer.status(), 200);
    hsm.0.store(false, Ordering::SeqCst);
    let answer = get("/healthz").await.unwrap();
    assert_eq!(answer.status(), 503);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["parts"][1], json!({"name": "hsm", "ok": false, "detail": "token"}));

    metrics::counter!("gridkey_test_total").increment(3);
    metrics::histogram!("gridkey_test_seconds").record(0.02);
    let text = get("/metrics").await.unwrap().text().await.unwrap();
    assert!(text.contains("gridkey_test_total 3"), "{text}");
    assert!(text.contains("gridkey_test_seconds_bucket{le=\"0.025\"} 1"), "{text}");
    assert_eq!(get("/other").await.unwrap().status(), 404);

    stop.cancel();
    served.await.unwrap().unwrap();
}

#[test]
fn installing_the_metrics_twice_gives_the_same_recorder() {
    let (first, second) = (ops::install_metrics(), ops::install_metrics());
    metrics::counter!("gridkey_twice_total").increment(1);
    assert!(first.render().contains("gridkey_twice_total"));
    assert!(second.render().contains("gridkey_twice_total"));
}
