//! A stand-in for the payment platform that has one thing to say: the alarms that a row tells it to. The real one could not raise
//! the same customer's alarm again and again, nor say when exactly it handed it out.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Result, bail};
use axum::{
    Json, Router,
    extract::{Query, State},
    http::StatusCode,
    routing::get,
};
use gridkey_server::intranet::{OutboxEvent, OutboxPage};
use gridkey_service::{
    https::{HttpLimits, serve},
    tls::{ClientAuth, Identity, Versions, read_certificates, server_config},
};
use serde::Deserialize;
use tokio::{net::TcpListener, sync::watch};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::stack::Stack;

/// An address that is bound before the server is provisioned with it.
pub(crate) struct Bound(TcpListener);

/// A platform that tells its server what it is told.
pub(crate) struct StandIn {
    events: Arc<watch::Sender<Vec<OutboxEvent>>>,
    _running: DropGuard,
}

/// What the server asks for.
#[derive(Deserialize)]
struct Asked {
    after: u64,
    wait: u64,
}

impl Bound {
    /// Any free port.
    pub(crate) async fn anywhere() -> Result<Self> {
        Ok(Self(TcpListener::bind("127.0.0.1:0").await?))
    }

    /// Where.
    pub(crate) fn address(&self) -> Result<SocketAddr> {
        Ok(self.0.local_addr()?)
    }

    /// Serves with the intranet's certificates that the provisioning of `stack` made.
    pub(crate) fn serve(self, stack: &Stack) -> Result<StandIn> {
        let folder = stack.intranet();
        let identity = Identity::from_pem_files(&folder.join("platform.pem"), &folder.join("platform-key.pem"))?;
        let roots = read_certificates(&folder.join("root.pem"))?;
        let client = ClientAuth::Require { roots, name: "security-server".to_owned() };
        let tls = server_config(&identity, client, Versions::Tls13)?;
        let events = Arc::new(watch::channel(Vec::new()).0);
        let router = Router::new()
            .route("/v1/outbox", get(outbox))
            .fallback(|| async { StatusCode::SERVICE_UNAVAILABLE })
            .with_state(Arc::clone(&events));
        let running = CancellationToken::new();
        let limits = HttpLimits { request: Duration::from_secs(120), ..HttpLimits::default() };
        tokio::spawn(serve(self.0, Some(tls), router, limits, running.clone()));
        Ok(StandIn { events, _running: running.drop_guard() })
    }
}

impl StandIn {
    /// Says `event` to the server, which waits for it.
    pub(crate) fn tell(&self, event: OutboxEvent) -> Result<()> {
        let next = u64::try_from(self.events.borrow().len())? + 1;
        if event.number != next {
            bail!("event {next} is next");
        }
        self.events.send_modify(|events| events.push(event));
        Ok(())
    }
}

async fn outbox(
    State(events): State<Arc<watch::Sender<Vec<OutboxEvent>>>>,
    Query(asked): Query<Asked>,
) -> Json<OutboxPage> {
    let mut news = events.subscribe();
    let length = |events: &Vec<OutboxEvent>| u64::try_from(events.len()).unwrap_or(u64::MAX);
    let grown = news.wait_for(|events| length(events) > asked.after);
    // Nothing new in that time is an answer, too.
    let _ = tokio::time::timeout(Duration::from_secs(asked.wait), grown).await;
    let events = events.borrow();
    let page = events.iter().filter(|event| event.number > asked.after).cloned().collect();
    let head = length(&events);
    // It is never restored, so it has one epoch.
    Json(OutboxPage { events: page, head, epoch: "bench".to_owned(), back: None })
}
