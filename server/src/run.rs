//! `gridkey-server serve`: puts the parts together, keeps them running, and stops them in order.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use gridkey_domain::Fen;
use gridkey_protocol::certificate::Purpose;
use gridkey_service::{
    clock::SystemClock,
    control,
    https::{self, ClientTimeouts, HttpLimits},
    ops, runtime, supervisor,
    tls::{self, ClientAuth, Kept, Versions},
};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    certificates::{self, CertificateKeeper, Chain, Places},
    config::Config,
    control::Handler,
    core::{Core, EnvelopeCache},
    crl,
    envelope::EnvelopeKeeper,
    evidence::lodge,
    health::ServerHealth,
    hsm::{Hsm, HsmError, HsmState},
    intranet::{Platform, outbox},
    issue::KeyDesk,
    keys::{challenge::Challenges, keeper},
    limits::{OrderLimits, SessionLimits},
    orders::handover,
    parts, public, recovery,
    session::{self, registry::Registry},
    status::{self, Notes},
    store::Store,
    watch,
};

/// Between two looks at the envelope keys.
const ENVELOPE_PERIOD: Duration = Duration::from_secs(3600);
/// What the platform may take for a TLS connection.
const CONNECT: Duration = Duration::from_secs(5);

/// Where a running server can be reached; `runtime.json` in the state folder.
#[derive(Debug, Clone, Serialize)]
pub struct Addresses {
    /// The customers' session listener.
    pub session: SocketAddr,
    /// The administrators' session listener, where there is one.
    pub admin: Option<SocketAddr>,
    /// The public listener.
    pub public: SocketAddr,
    /// `/healthz` and `/metrics`.
    pub ops: SocketAddr,
}

/// Serves until `shutdown`.
///
/// # Errors
/// If a part can't be put together or a listener can't be bound; what happens later is logged and mended.
pub async fn serve(config: Config, shutdown: CancellationToken) -> anyhow::Result<()> {
    let metrics = ops::install_metrics();
    runtime::clear(&config.state_dir).context("runtime.json")?;
    let session_listener = bind(config.session.listen, "session").await?;
    let admin_listener = match config.admin.listen {
        Some(address) => Some(bind(address, "admin").await?),
        None => None,
    };
    let public_listener = bind(config.public.listen, "public").await?;
    let ops_listener = bind(config.ops.listen, "ops").await?;
    let control_listener = control::bind(&config.control.socket).context("control socket")?;
    let addresses = Addresses {
        session: session_listener.local_addr()?,
        admin: admin_listener.as_ref().map(TcpListener::local_addr).transpose()?,
        public: public_listener.local_addr()?,
        ops: ops_listener.local_addr()?,
    };

    let hsm = parts::start_hsm(&config)?;
    let database = Arc::new(open_store(&config, hsm.as_ref(), &shutdown).await?);
    recovery::may_serve(&database).await?;
    let store: Arc<dyn Store> = Arc::clone(&database) as _;
    let issuer = Arc::new(parts::open_issuer(&config, Arc::clone(&hsm) as _)?);
    let clock = SystemClock::shared();
    let keeper = Arc::new(EnvelopeKeeper::new(Arc::clone(&hsm) as _, Arc::clone(&issuer), Arc::clone(&store)));
    let envelopes = keeper.ensure_current(clock.now()).await.context("envelope keys")?;

    let places = Places::of(&config);
    places.mend()?;
    places.show_ends();
    let session_identity = Kept::open("session", &config.session.certificate, &config.session.key)?;
    let public_identity = Kept::open("public", &config.public.certificate, &config.public.key)?;
    let intranet_identity = Kept::open("intranet", &config.platform.certificate, &config.platform.key)?;
    let own = CertificateKeeper {
        hsm: Arc::clone(&hsm) as _,
        issuer: Arc::clone(&issuer),
        store: Arc::clone(&store),
        places,
        session: Some(Arc::clone(&session_identity)),
    };
    let own = Arc::new(own);

    let core = Arc::new(Core {
        store: Arc::clone(&store),
        hsm: Arc::clone(&hsm) as _,
        platform: platform_as(&config, Arc::clone(&intranet_identity))?,
        anchor: parts::open_anchor(&config)?,
        receipt_chain: Arc::new(Chain::new(parts::open_receipt_chain(&config)?)),
        registry: Registry::new(config.session.sessions_per_key),
        envelopes: EnvelopeCache::new(envelopes),
        crl: Arc::default(),
        desk: KeyDesk::new(Arc::clone(&issuer), Arc::clone(&store)),
        challenges: Challenges::default(),
        orders: OrderLimits {
            amount: Fen::new(config.orders.max_amount_fen).context("orders.max_amount_fen")?,
            page_seconds: i64::from(config.orders.page_minutes) * 60,
        },
        public_url: public_url(&config, addresses.public),
        notes: Notes::starting(clock.now()),
        clock,
    });

    let session_tls = tls::kept_server_config(Arc::clone(&session_identity), ClientAuth::None, Versions::Tls13)?;
    let public_tls = tls::kept_server_config(Arc::clone(&public_identity), ClientAuth::None, Versions::Tls12Up)?;
    let tasks = TaskTracker::new();
    let listeners = TaskTracker::new();
    let background = CancellationToken::new();

    tasks.spawn(outbox::run(
        Arc::clone(&core),
        Duration::from_secs(config.platform.outbox_wait_seconds.into()),
        background.clone(),
    ));
    tasks.spawn(handover::run(Arc::clone(&core), background.clone()));
    tasks.spawn(lodge::run(Arc::clone(&core), Duration::from_secs(config.audit.head_seconds), background.clone()));
    tasks.spawn(crl::run(
        Arc::clone(&core.crl),
        crl::Source {
            store: Arc::clone(&store),
            issuer: Arc::clone(&issuer),
            clock: Arc::clone(&core.clock),
            file: config.crl_path(),
            keeper: Arc::clone(&core),
        },
        config.pki.crl_hours,
        background.clone(),
    ));
    tasks.spawn(status::arrears::run(Arc::clone(&core), background.clone()));
    tasks.spawn(keeper::run(Arc::clone(&core), background.clone()));
    tasks.spawn(keep_envelopes(Arc::clone(&core), Arc::clone(&keeper), background.clone()));
    let kept = vec![session_identity, public_identity, intranet_identity];
    tasks.spawn(tls::watch(kept, Arc::clone(&core.clock), background.clone()));
    let (chain, clock) = (Arc::clone(&core.receipt_chain), Arc::clone(&core.clock));
    tasks.spawn(certificates::run(Arc::clone(&own), chain, clock, background.clone()));
    let handler = Arc::new(Handler::new(Arc::clone(&core), own, keeper, config.development.software_keys));
    tasks.spawn(control_listener.serve(handler, background.clone()));
    let health = Arc::new(ServerHealth::new(Arc::clone(&core)));
    tasks.spawn(watch::run(Arc::clone(&core), Arc::clone(&health), config.state_dir.clone(), background.clone()));
    tasks.spawn(logged("ops", ops::serve(ops_listener, metrics, health, background.clone())));
    listeners.spawn(logged(
        "public",
        https::serve(
            public_listener,
            Some(public_tls),
            public::router(Arc::clone(&core)),
            HttpLimits { body: 64 * 1024, request: Duration::from_secs(10), ..HttpLimits::default() },
            shutdown.clone(),
        ),
    ));
    if let Some(listener) = admin_listener {
        let limits = SessionLimits { purpose: Purpose::Administrator, ..session_limits(&config) };
        let serving =
            session::listener::serve(Arc::clone(&core), limits, listener, Arc::clone(&session_tls), shutdown.clone());
        listeners.spawn(logged("admin", serving));
    }
    listeners.spawn(logged(
        "session",
        session::listener::serve(
            Arc::clone(&core),
            session_limits(&config),
            session_listener,
            Arc::clone(&session_tls),
            shutdown.clone(),
        ),
    ));

    let announced = runtime::announce(&config.state_dir, &addresses).context("runtime.json")?;
    tracing::info!(session = %addresses.session, admin = ?addresses.admin, public = %addresses.public, ops = %addresses.ops, "serving");
    supervisor::ready();
    shutdown.cancelled().await;
    tracing::info!("stopping");
    supervisor::stopping();
    drop(announced);
    // First nobody new comes in, then what runs in the background comes to its end.
    listeners.close();
    listeners.wait().await;
    background.cancel();
    tasks.close();
    tasks.wait().await;
    // The last user of the database closes it, so that its folder is free when this returns.
    drop((core, store));
    match Arc::into_inner(database) {
        Some(database) => database.close().await.context("database")?,
        None => tracing::warn!("a session that did not end in time still uses the database"),
    }
    hsm.shutdown(Duration::from_secs(5)).await;
    tracing::info!("stopped");
    Ok(())
}

async fn bind(address: SocketAddr, what: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("{what}.listen: {address}"))
}

/// The database and its data key; an HSM that is late at boot is waited for.
async fn open_store(
    config: &Config,
    hsm: &dyn Hsm,
    shutdown: &CancellationToken,
) -> anyhow::Result<crate::store::surreal::SurrealStore> {
    let mut waited = Duration::from_millis(100);
    loop {
        match hsm.check().await {
            Ok(()) => return Ok(parts::open_store(config, hsm).await?),
            // Asking again and again would lock the token.
            Err(_) if matches!(hsm.state(), HsmState::PinRefused(_)) => {
                return Err(HsmError::Refused(hsm.state().to_string()).into());
            }
            Err(error) if error.is_transient() => {
                tracing::warn!(%error, "waiting for the HSM");
                supervisor::waiting_for("the HSM");
                tokio::select! {
                    () = shutdown.cancelled() => anyhow::bail!("stopped while waiting for the HSM"),
                    () = tokio::time::sleep(waited) => waited = (waited * 2).min(Duration::from_secs(5)),
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// The platform, reached with the identity that the files hold now.
pub(crate) fn platform(config: &Config) -> anyhow::Result<Platform> {
    platform_as(config, Kept::open("intranet", &config.platform.certificate, &config.platform.key)?)
}

fn platform_as(config: &Config, identity: Arc<Kept>) -> anyhow::Result<Platform> {
    let section = &config.platform;
    let roots = tls::read_certificates(&section.root)?;
    let tls = tls::kept_client_config(&roots, identity, Versions::Tls13)?;
    let request = Duration::from_secs(section.call_seconds.into());
    let client = https::client(tls, ClientTimeouts { connect: CONNECT, request })?;
    Ok(Platform::new(client, &section.url))
}

fn session_limits(config: &Config) -> SessionLimits {
    let section = &config.session;
    SessionLimits {
        handshake: Duration::from_secs(section.handshake_seconds.into()),
        connections: section.max_connections,
        handshakes: section.max_handshakes,
        failures_per_minute: section.max_failures_per_minute,
        per_key: section.sessions_per_key,
        unanswered: section.unanswered,
        unbound_channel: section.allow_unbound_channel,
        ..SessionLimits::default()
    }
}

fn public_url(config: &Config, bound: SocketAddr) -> String {
    match &config.public.base_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("https://{bound}"),
    }
}

async fn keep_envelopes(core: Arc<Core>, keeper: Arc<EnvelopeKeeper>, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(ENVELOPE_PERIOD) => {}
        }
        match keeper.ensure_current(core.now()).await {
            Ok(records) => core.envelopes.replace(records),
            Err(error) => tracing::error!(%error, "the envelope keys were not looked after"),
        }
    }
}

async fn logged(what: &'static str, served: impl Future<Output = std::io::Result<()>>) {
    if let Err(error) = served.await {
        tracing::error!(%error, what, "a listener ended");
    }
}
