//! The public listener: what a payer's browser and the gateway reach. It decides nothing.
//!
//! | path | for |
//! |---|---|
//! | `GET /pay/{one-time}` | the browser: a form that takes it to the gateway |
//! | `POST` or `GET /pay/return` | the browser, back from the bank: "the result follows in the app" |
//! | `POST /unionpay/notify` | the gateway: handed to the platform byte for byte |
//! | `GET /crl` | anyone: the revocation list |

mod html;

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    Router,
    body::Bytes,
    extract::{ConnectInfo, Path, Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};

use crate::{core::Core, intranet::PlatformError, orders::page, rate::Counter};

/// Requests of one address in a minute; the gateway's bursts stay far below.
const PER_MINUTE: u32 = 600;

/// The routes.
pub fn router(core: Arc<Core>) -> Router {
    Router::new()
        .route("/pay/return", get(returned).post(returned))
        .route("/pay/{page}", get(pay))
        .route("/unionpay/notify", post(notify))
        .route("/crl", get(crl))
        .layer(middleware::from_fn_with_state((Arc::clone(&core), Arc::new(Counter::new(PER_MINUTE))), limit))
        .with_state(core)
}

type Limiter = (Arc<Core>, Arc<Counter<IpAddr>>);

/// Turns away an address that asks too much.
async fn limit(
    State((core, counter)): State<Limiter>,
    peer: ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let (address, now) = (peer.ip(), core.now());
    if counter.is_over(&address, now) {
        return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "60")]).into_response();
    }
    counter.count(address, now);
    next.run(request).await
}

async fn pay(State(core): State<Arc<Core>>, method: Method, Path(address): Path<String>) -> Response {
    if method != Method::GET {
        // A HEAD from a scanner or a preview must not use the address up.
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let Some(page) = page::parse(&address) else { return html::gone() };
    let order = match core.store.take_page(page, core.now()).await {
        Ok(Some(order)) => order,
        Ok(None) => return html::gone(),
        Err(error) => {
            tracing::warn!(%error, "a bank page was not looked up");
            return html::later();
        }
    };
    gridkey_service::failpoint!("server.page.form.before");
    let form = core.platform.payment_form(order.order.id).await;
    gridkey_service::failpoint!("server.page.form.after");
    match form {
        Ok(form) => html::form(&form, order.order.amount),
        Err(error) => {
            tracing::warn!(%error, payment = %order.order.id, "the platform gave no form");
            html::later()
        }
    }
}

async fn returned() -> Response {
    html::returned()
}

async fn notify(State(core): State<Arc<Core>>, headers: HeaderMap, body: Bytes) -> Response {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or("application/x-www-form-urlencoded").to_owned();
    gridkey_service::failpoint!("server.notify.send.before");
    let handed = core.platform.notify(&content_type, body.to_vec()).await;
    gridkey_service::failpoint!("server.notify.send.after");
    match handed {
        Ok(()) => (StatusCode::OK, "ok").into_response(),
        Err(PlatformError::Refused { code, .. }) => {
            tracing::warn!(code, "the platform refused a notification");
            StatusCode::BAD_REQUEST.into_response()
        }
        Err(error) => {
            // The gateway tries again.
            tracing::warn!(%error, "a notification was not handed over");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn crl(State(core): State<Arc<Core>>) -> Response {
    match core.crl.newest() {
        Some(der) => ([(header::CONTENT_TYPE, "application/pkix-crl")], der.to_vec()).into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
