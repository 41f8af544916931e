//! Many customers: keys issued by the running server, and sessions opened with them through our own client library.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result, anyhow};
use ed25519_dalek::SigningKey;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use gridkey_client::{
    clock::Clock,
    key::UsbKey,
    session::{Session, SessionSettings},
    transport::{Connector, TlsSettings, WebSocketConnector},
};
use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_protocol::certificate::TrustAnchor;
use gridkey_server::{
    ca::SoftwareSigner,
    provision::dev_key::{COMMAND, DevKeyArgs, DevKeyResult, Holder},
};
use gridkey_service::control;

use crate::{key, stack::Stack};

/// Addresses that clients come from: 127.0.0.2 and so on, so that no one address runs out of ports.
const ADDRESSES: u8 = 8;
/// Logins under way at once while sessions are only being opened, not measured.
const AT_ONCE: usize = 32;
/// Keys asked for at once.
const KEYS_AT_ONCE: usize = 8;

/// A customer number for the `n`th generated customer.
pub(crate) fn customer(n: usize) -> Result<CustomerNo> {
    format!("{}", 2_200_000_000_usize + n).parse().map_err(|error| anyhow!("{error}"))
}

/// Has the running server issue and bind `count` keys, the `n`th to `holder(n)`.
pub(crate) async fn issue_keys(
    stack: &Stack,
    count: usize,
    holder: impl Fn(usize) -> Result<CustomerNo>,
) -> Result<Vec<UsbKey>> {
    let socket = stack.control();
    let now = Timestamp::from_seconds(Clock::system().now().seconds());
    stream::iter(0..count)
        .map(|n| {
            let (socket, anchor, holder) = (socket.clone(), Arc::clone(&stack.anchor), holder(n));
            async move {
                let holder = holder?;
                let signer = SoftwareSigner::generate()?;
                let csr = hex::encode(signer.request(holder.as_str())?);
                let args = DevKeyArgs { holder: Holder::Customer(holder), csr, agreement: None };
                let answer = control::call(&socket, COMMAND, serde_json::to_value(&args)?).await?;
                let made: DevKeyResult = serde_json::from_value(answer)?;
                let chain = made.chain.iter().map(hex::decode).collect::<Result<_, _>>()?;
                key::logged_in(SigningKey::from_bytes(&signer.seed()), chain, &anchor, now)
            }
        })
        .buffered(KEYS_AT_ONCE)
        .try_collect()
        .await
}

/// The way to a server, from several addresses of this machine.
#[derive(Clone)]
pub(crate) struct Ways {
    anchor: Arc<TrustAnchor>,
    connectors: Vec<Arc<WebSocketConnector>>,
}

impl Ways {
    /// To the customers' listener at `server`, whose certificate ends at `anchor`.
    pub(crate) fn to(server: SocketAddr, anchor: &Arc<TrustAnchor>) -> Result<Self> {
        let address: gridkey_client::address::ServerAddress = format!("wss://{server}/session").parse()?;
        let tls = TlsSettings::new(anchor)?;
        let connectors = (0..ADDRESSES)
            .map(|n| {
                let from = client_address(n.into());
                Arc::new(WebSocketConnector::new(address.clone(), tls.clone()).from_address(from))
            })
            .collect();
        Ok(Self { anchor: Arc::clone(anchor), connectors })
    }

    /// The `n`th client's.
    pub(crate) fn connector(&self, n: usize) -> Arc<WebSocketConnector> {
        Arc::clone(&self.connectors[n % self.connectors.len()])
    }

    /// The company root.
    pub(crate) fn anchor(&self) -> &TrustAnchor {
        &self.anchor
    }

    /// Opens the `n`th client's session and waits until it is welcomed.
    pub(crate) async fn open(&self, n: usize, key: UsbKey) -> Result<Session> {
        let settings = SessionSettings {
            anchor: Arc::clone(&self.anchor),
            allow_unbound: false,
            agent: "gridkey-bench".to_owned(),
            locale: "en".to_owned(),
            reconnect: false,
            clock: Clock::system(),
            keeper: None,
        };
        let connector: Arc<dyn Connector> = self.connector(n);
        let session = Session::start(connector, key, settings);
        match session.online().await {
            Ok(_) => Ok(session),
            Err(Some(failure)) => Err(anyhow!("session {n}: {failure}")),
            Err(None) => Err(anyhow!("session {n} was closed")),
        }
    }

    /// Opens the sessions `from..to`, `per_key` with each key.
    pub(crate) async fn open_many(
        &self,
        keys: &[UsbKey],
        range: std::ops::Range<usize>,
        per_key: usize,
    ) -> Result<Vec<Session>> {
        open_each(keys, range, per_key, |n, key| self.open(n, key)).await
    }
}

/// Does `open(n, key)` for each n of `range`, `per_key` with each key.
pub(crate) async fn open_each<T, F: Future<Output = Result<T>>>(
    keys: &[UsbKey],
    range: std::ops::Range<usize>,
    per_key: usize,
    open: impl Fn(usize, UsbKey) -> F,
) -> Result<Vec<T>> {
    stream::iter(range)
        .map(|n| {
            let opening = keys.get(n / per_key).context("too few keys").map(|key| open(n, key.clone()));
            async { opening?.await }
        })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await
}

/// The `n`th address that clients come from.
pub(crate) fn client_address(n: usize) -> IpAddr {
    let last = u8::try_from(n % usize::from(ADDRESSES)).unwrap_or(0);
    Ipv4Addr::new(127, 0, 0, 2 + last).into()
}

/// Does `work(n)` for each n of `0..count`, at most `at_once` at a time; gives how long each says that it took.
pub(crate) async fn timed<F: Future<Output = Result<Duration>>>(
    count: usize,
    at_once: usize,
    work: impl Fn(usize) -> F,
) -> Result<(usize, Vec<Duration>)> {
    let latencies = stream::iter(0..count).map(work).buffer_unordered(at_once).try_collect().await?;
    Ok((count, latencies))
}
