//! The calls to the platform, one method each.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use gridkey_domain::{
    BillId, CustomerNo, PaymentId, RefundId, Timestamp,
    account::{Account, AccountUpdate},
    arrears::Arrears,
    bill::{Bill, BillList},
    payment::{Payment, PaymentRequest, RefundRequest},
    usage::{Resolution, UsageSeries, UsageSummary},
};
use gridkey_protocol::{
    ByteString,
    cbor::Encoded,
    ops::{bills::Document, error, usage::SeriesBody},
};
use gridkey_service::gauges;
use reqwest::{
    Client, Method, RequestBuilder, StatusCode, Url,
    header::{self, HeaderMap},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::sync::watch;

use super::{
    ArrearsPage, CustomersPage, GatewayForm, InArrears, LodgedHead, OutboxPage, PaymentStatus, PlatformError,
    accounts::{Accounts, Known},
};

/// The longest answer taken, bytes.
const LONGEST: usize = 4 * 1024 * 1024;
/// What a long poll may take beyond its wait.
const BEYOND_WAIT: Duration = Duration::from_secs(15);

/// The payment platform.
pub struct Platform {
    client: Client,
    base: String,
    applied: watch::Sender<u64>,
    pub(super) accounts: Accounts,
}

#[derive(Deserialize)]
struct Refusal {
    code: String,
    message: String,
    #[serde(default)]
    retry: bool,
}

#[derive(Serialize, Deserialize)]
struct LodgedCrl {
    number: u64,
    /// DER in base64.
    list: String,
}

#[derive(Deserialize)]
struct WireDocument {
    bill: BillId,
    format: String,
    media_type: String,
    file_name: String,
    content: String,
}

impl Platform {
    /// The platform at `base` (no slash at the end), reached with `client`, which carries the server's certificate and the time for an ordinary call.
    pub fn new(client: Client, base: &str) -> Self {
        Self {
            client,
            base: base.trim_end_matches('/').to_owned(),
            applied: watch::channel(0).0,
            accounts: Accounts::default(),
        }
    }

    /// Says when another event of the outbox was applied here: its number.
    pub fn applied(&self) -> watch::Receiver<u64> {
        self.applied.subscribe()
    }

    pub(super) fn note_applied(&self, number: u64) {
        self.applied.send_replace(number);
    }

    /// The customer's account as it is now.
    pub async fn account(&self, customer: &CustomerNo) -> Result<Account, PlatformError> {
        self.get(&format!("/v1/customers/{customer}"), &[]).await
    }

    /// The same as it is answered, from memory if it was asked for before and nothing of the customer's was told since.
    pub async fn account_encoded(&self, customer: &CustomerNo) -> Result<Encoded, PlatformError> {
        let asked = match self.accounts.of(customer) {
            Known::Is(account) => return Ok(account),
            Known::Nothing(asked) => asked,
        };
        let account = self.account(customer).await?;
        let encoded = Encoded::new(&account).map_err(|error| PlatformError::Malformed(error.to_string()))?;
        self.accounts.keep(&asked, customer, encoded.clone());
        Ok(encoded)
    }

    /// Changes contact or address.
    pub async fn update_account(
        &self,
        customer: &CustomerNo,
        update: &AccountUpdate,
    ) -> Result<Account, PlatformError> {
        let updated = self.send(Method::PATCH, &format!("/v1/customers/{customer}"), Some(update)).await;
        // Whoever changed it and asks again must not wait for the event to see it.
        self.accounts.forget(customer);
        updated
    }

    /// Customers by the beginning of a number or a part of a name, after the one given.
    pub async fn customers(&self, text: &str, after: Option<&str>) -> Result<CustomersPage<Account>, PlatformError> {
        let mut query = vec![("text", text)];
        query.extend(after.map(|after| ("after", after)));
        self.get("/v1/customers", &query).await
    }

    /// Makes a customer.
    pub async fn create_customer(&self, account: &Account) -> Result<Account, PlatformError> {
        self.send(Method::PUT, &format!("/v1/customers/{}", account.customer), Some(account)).await
    }

    /// Customers in arrears, after the one given.
    pub async fn in_arrears(&self, after: Option<&str>) -> Result<CustomersPage<InArrears>, PlatformError> {
        let query: Vec<_> = after.map(|after| ("after", after)).into_iter().collect();
        self.get("/v1/arrears", &query).await
    }

    /// The running month.
    pub async fn usage_summary(&self, customer: &CustomerNo) -> Result<UsageSummary, PlatformError> {
        self.get(&format!("/v1/customers/{customer}/usage/summary"), &[]).await
    }

    /// A stretch of a meter's history.
    pub async fn usage_series(
        &self,
        customer: &CustomerNo,
        body: &SeriesBody,
        limit: u32,
    ) -> Result<UsageSeries, PlatformError> {
        let resolution = match body.resolution {
            Resolution::QuarterHour => "15m",
            Resolution::Hour => "hour",
            Resolution::Day => "day",
            Resolution::Month => "month",
        };
        let (from, to, limit) = (body.from.to_string(), body.to.to_string(), limit.to_string());
        let mut query = vec![("meter", body.meter.as_str()), ("from", &from), ("to", &to), ("resolution", resolution)];
        query.push(("limit", &limit));
        query.extend(body.next.as_deref().map(|next| ("next", next)));
        self.get(&format!("/v1/customers/{customer}/usage/series"), &query).await
    }

    /// A page of the bills, newest first.
    pub async fn bills(
        &self,
        customer: &CustomerNo,
        next: Option<&str>,
        limit: u32,
    ) -> Result<BillList, PlatformError> {
        self.page(&format!("/v1/customers/{customer}/bills"), next, limit).await
    }

    /// One bill.
    pub async fn bill(&self, customer: &CustomerNo, bill: &BillId) -> Result<Bill, PlatformError> {
        self.get(&format!("/v1/customers/{customer}/bills/{bill}"), &[]).await
    }

    /// A bill as a file.
    pub async fn document(
        &self,
        customer: &CustomerNo,
        bill: &BillId,
        format: &str,
    ) -> Result<Document, PlatformError> {
        let path = format!("/v1/customers/{customer}/bills/{bill}/document");
        let wire: WireDocument = self.get(&path, &[("format", format)]).await?;
        let content = STANDARD.decode(&wire.content).map_err(|error| PlatformError::Malformed(error.to_string()))?;
        let WireDocument { bill, format, media_type, file_name, .. } = wire;
        Ok(Document { bill, format, media_type, file_name, content: ByteString(content) })
    }

    /// What is overdue.
    pub async fn arrears(&self, customer: &CustomerNo) -> Result<Arrears, PlatformError> {
        self.get(&format!("/v1/customers/{customer}/arrears"), &[]).await
    }

    /// How arrears came and went.
    pub async fn arrears_history(
        &self,
        customer: &CustomerNo,
        next: Option<&str>,
        limit: u32,
    ) -> Result<ArrearsPage, PlatformError> {
        self.page(&format!("/v1/customers/{customer}/arrears/history"), next, limit).await
    }

    /// Hands an order over. Idempotent by id and hash.
    pub async fn put_payment(&self, request: &PaymentRequest) -> Result<Payment, PlatformError> {
        self.send(Method::PUT, &format!("/v1/payments/{}", request.payment), Some(request)).await
    }

    /// A payment as the platform holds it.
    pub async fn payment(&self, id: PaymentId) -> Result<PaymentStatus, PlatformError> {
        self.get(&format!("/v1/payments/{id}"), &[]).await
    }

    /// The signed form for the gateway. The first call begins the gateway's transaction.
    pub async fn payment_form(&self, id: PaymentId) -> Result<GatewayForm, PlatformError> {
        self.send(Method::POST, &format!("/v1/payments/{id}/form"), None::<&()>).await
    }

    /// Withdraws a payment whose form was not handed out.
    pub async fn cancel_payment(&self, id: PaymentId) -> Result<Payment, PlatformError> {
        self.send(Method::POST, &format!("/v1/payments/{id}/cancel"), None::<&()>).await
    }

    /// Has the platform give a payment back; the same `refund` any number of times is one refund.
    pub async fn refund_payment(&self, id: PaymentId, refund: RefundId) -> Result<Payment, PlatformError> {
        let request = RefundRequest { refund };
        self.send(Method::POST, &format!("/v1/payments/{id}/refund"), Some(&request)).await
    }

    /// Has the platform ask the gateway now.
    pub async fn check_payment(&self, id: PaymentId) -> Result<Payment, PlatformError> {
        self.send(Method::POST, &format!("/v1/payments/{id}/check"), None::<&()>).await
    }

    /// Hands the gateway's notification over, byte for byte.
    pub async fn notify(&self, content_type: &str, body: Vec<u8>) -> Result<(), PlatformError> {
        let call = self.call(Method::POST, "/v1/unionpay/notify").timeout(Duration::from_secs(9));
        answer(call.header("content-type", content_type).body(body)).await.map(drop)
    }

    /// What the platform has to tell after `number` in `epoch`; waits up to `wait` for something to come.
    pub async fn outbox(&self, number: u64, epoch: Option<&str>, wait: Duration) -> Result<OutboxPage, PlatformError> {
        let (after, seconds) = (number.to_string(), wait.as_secs().to_string());
        let mut query = vec![("after", after.as_str()), ("wait", &seconds), ("limit", "100")];
        query.extend(epoch.map(|epoch| ("epoch", epoch)));
        json(self.call_with(Method::GET, "/v1/outbox", &query)?.timeout(wait + BEYOND_WAIT)).await
    }

    /// Lodges a signed head of the audit chain.
    pub async fn lodge_head(&self, head: &LodgedHead) -> Result<(), PlatformError> {
        answer(self.call(Method::POST, "/v1/audit/heads").json(head)).await.map(drop)
    }

    /// The newest head lodged.
    pub async fn newest_head(&self) -> Result<Option<LodgedHead>, PlatformError> {
        match self.get("/v1/audit/heads/newest", &[]).await {
            Ok(head) => Ok(Some(head)),
            Err(PlatformError::Refused { code, .. }) if code == error::NOT_FOUND => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps the newest revocation list there (DER); an older one than is kept changes nothing.
    pub async fn lodge_crl(&self, number: u64, list: &[u8]) -> Result<(), PlatformError> {
        let crl = LodgedCrl { number, list: STANDARD.encode(list) };
        answer(self.call(Method::PUT, "/v1/crl").json(&crl)).await.map(drop)
    }

    /// The newest revocation list kept there (DER).
    pub async fn newest_crl(&self) -> Result<Option<Vec<u8>>, PlatformError> {
        let crl: LodgedCrl = match self.get("/v1/crl", &[]).await {
            Ok(crl) => crl,
            Err(PlatformError::Refused { code, .. }) if code == error::NOT_FOUND => return Ok(None),
            Err(error) => return Err(error),
        };
        STANDARD.decode(&crl.list).map(Some).map_err(|error| PlatformError::Malformed(error.to_string()))
    }

    /// What was asked for by payments that the platform took over at `since` or later, by their ids, after the one given.
    pub async fn payments_since(
        &self,
        since: Timestamp,
        after: Option<PaymentId>,
    ) -> Result<Vec<PaymentRequest>, PlatformError> {
        let (since, after) = (since.seconds().to_string(), after.map(|after| after.to_string()));
        let mut query = vec![("since", since.as_str())];
        query.extend(after.as_deref().map(|after| ("after", after)));
        self.get("/v1/payments", &query).await
    }

    /// Whether the platform answers; shows how far its clock is from `now`.
    pub async fn ping(&self, now: Timestamp) -> Result<(), PlatformError> {
        let (headers, _) = answer_with(self.call(Method::GET, "/v1/ping").timeout(Duration::from_secs(3))).await?;
        if let Some(date) = headers.get(header::DATE).and_then(|date| date.to_str().ok()) {
            gauges::show_clock_difference("platform", date, now);
        }
        Ok(())
    }

    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    fn call_with(&self, method: Method, path: &str, query: &[(&str, &str)]) -> Result<RequestBuilder, PlatformError> {
        let address = Url::parse_with_params(&format!("{}{path}", self.base), query)
            .map_err(|error| PlatformError::Malformed(format!("platform.url: {error}")))?;
        Ok(self.client.request(method, address))
    }

    async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Result<T, PlatformError> {
        json(self.call_with(Method::GET, path, query)?).await
    }

    async fn page<T: DeserializeOwned>(&self, path: &str, next: Option<&str>, limit: u32) -> Result<T, PlatformError> {
        let limit = limit.to_string();
        let mut query = vec![("limit", limit.as_str())];
        query.extend(next.map(|next| ("next", next)));
        self.get(path, &query).await
    }

    async fn send<B: Serialize, T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&B>,
    ) -> Result<T, PlatformError> {
        let call = self.call(method, path);
        json(match body {
            Some(body) => call.json(body),
            None => call,
        })
        .await
    }
}

async fn json<T: DeserializeOwned>(call: RequestBuilder) -> Result<T, PlatformError> {
    // The error's own text may quote a value, such as an address, and ends in the log.
    serde_json::from_slice(&answer(call).await?).map_err(|error| {
        let (kind, line, column) = (error.classify(), error.line(), error.column());
        PlatformError::Malformed(format!("{kind:?} error at line {line} column {column}"))
    })
}

/// Sends the call and reads its answer; anything but success becomes an error.
async fn answer(call: RequestBuilder) -> Result<Vec<u8>, PlatformError> {
    answer_with(call).await.map(|(_, body)| body)
}

/// The same with the answer's headers.
async fn answer_with(call: RequestBuilder) -> Result<(HeaderMap, Vec<u8>), PlatformError> {
    // The address names a customer; the cause does not need it. All causes are told: the outermost alone, "error sending request",
    // hides a certificate that does not fit.
    let unreachable =
        |error: reqwest::Error| PlatformError::Unavailable(format!("{:#}", anyhow::Error::new(error.without_url())));
    let mut response = call.send().await.map_err(unreachable)?;
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > LONGEST {
            return Err(PlatformError::Malformed("the answer is too long".into()));
        }
        body.extend_from_slice(&chunk);
    }
    if status.is_success() {
        return Ok((headers, body));
    }
    match serde_json::from_slice(&body) {
        Ok(Refusal { code, message, retry }) if status != StatusCode::SERVICE_UNAVAILABLE => {
            Err(PlatformError::Refused { code, message, retry })
        }
        _ if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            Err(PlatformError::Unavailable(format!("status {status}")))
        }
        _ => Err(PlatformError::Malformed(format!("status {status}"))),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use axum::{Json, Router, routing::get};
    use gridkey_service::https::{ClientTimeouts, plain_client};

    use super::*;

    fn account() -> Account {
        Account {
            customer: "1100000001".parse().unwrap(),
            name: "Riverside Foundry".to_owned(),
            name_zh: "河畔铸造".to_owned(),
            kind: "industrial".to_owned(),
            grade: "A".to_owned(),
            contact: "+86 10 5550 0101".to_owned(),
            address: "1 Furnace Road".to_owned(),
            balance: 0,
            meters: Vec::new(),
        }
    }

    #[tokio::test]
    async fn an_account_is_asked_for_once_until_something_of_its_customer_may_have_changed() {
        let asked = Arc::new(AtomicUsize::new(0));
        let counting = Arc::clone(&asked);
        let answer = move || {
            counting.fetch_add(1, Ordering::Relaxed);
            async { Json(account()) }
        };
        let router = Router::new().route("/v1/customers/{customer}", get(answer.clone()).patch(answer));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let platform = Platform::new(plain_client(ClientTimeouts::default()).unwrap(), &base);
        let customer = account().customer;
        let times = async |count: usize| {
            asked.store(0, Ordering::Relaxed);
            for _ in 0..3 {
                assert_eq!(platform.account_encoded(&customer).await.unwrap(), Encoded::new(&account()).unwrap());
            }
            assert_eq!(asked.load(Ordering::Relaxed), count);
        };
        times(3).await;
        platform.accounts.follow(true);
        times(1).await;
        times(0).await;
        platform.update_account(&customer, &AccountUpdate::default()).await.unwrap();
        times(1).await;
        platform.accounts.forget(&customer);
        times(1).await;
        platform.accounts.follow(false);
        times(3).await;
    }
}
