//! The daemon: opens the store, serves the intranet, health and the control socket, and looks at arrears by the clock.

use std::{net::SocketAddr, os::unix::fs::DirBuilderExt, path::Path, sync::Arc, time::Duration};

use anyhow::Context as _;
use gridkey_domain::Timestamp;
use gridkey_service::{
    clock::{Clock, SystemClock},
    control,
    https::{self, HttpLimits},
    ops::{self, Health, HealthCheck, Part},
    runtime, shutdown, supervisor,
    tls::{self, ClientAuth, Kept, Versions},
};
use jiff::ToSpan;
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{
    arrears,
    config::{ArrearsSection, Config, Https},
    control::Commands,
    http::{self, Api},
    payments::{self, Payments},
    store::{FieldCipher, PlatformStore},
    watch,
};

/// How long after midnight arrears are looked at.
const AFTER_MIDNIGHT: i64 = 5;

/// Opens the store that `config` names; makes the data folder and the key file if they are missing.
///
/// # Errors
/// If the key file or the database can't be used.
pub async fn open_store(config: &Config) -> anyhow::Result<PlatformStore> {
    make_private(&config.data_dir)?;
    let cipher = FieldCipher::from_key_file(&config.key_path())?;
    Ok(PlatformStore::open(&config.database_url(), config.credentials()?, cipher).await?)
}

/// The payments on `store`, if a gateway is configured.
///
/// # Errors
/// If a file of the gateway's section can't be used.
pub(crate) fn open_payments(
    config: &Config,
    store: &PlatformStore,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<Option<Arc<Payments>>> {
    Ok(match &config.unionpay {
        Some(unionpay) => Some(Payments::new(store.clone(), unionpay.open()?, config.payments, Arc::clone(clock))),
        None => None,
    })
}

/// Serves until a signal comes.
///
/// # Errors
/// If a listener, a certificate or the store can't be used.
pub async fn run(config: Config) -> anyhow::Result<()> {
    let stop = shutdown::on_signals()?;
    let daemon = Daemon::start(&config, SystemClock::shared(), stop.clone()).await?;
    supervisor::ready();
    tokio::spawn(async move {
        stop.cancelled().await;
        supervisor::stopping();
    });
    daemon.wait().await
}

/// A platform that serves.
#[derive(Debug)]
pub struct Daemon {
    /// The intranet listener.
    pub https: SocketAddr,
    /// Health and metrics.
    pub ops: SocketAddr,
    store: PlatformStore,
    tasks: JoinSet<anyhow::Result<()>>,
    stop: CancellationToken,
    _announcement: runtime::Announcement,
}

impl Daemon {
    /// Starts serving. When this returns every listener is bound and `runtime.json` in the data folder names them.
    ///
    /// # Errors
    /// If a listener, a certificate or the store can't be used.
    pub async fn start(config: &Config, clock: Arc<dyn Clock>, stop: CancellationToken) -> anyhow::Result<Self> {
        let section = config.https.as_ref().context("serving needs an [https] section in the configuration")?;
        // Before anything that shows a figure.
        let metrics = ops::install_metrics();
        make_private(&config.data_dir)?;
        runtime::clear(&config.data_dir)?;
        let identity = Kept::open("platform", &section.certificate, &section.key)?;
        let server_tls = server_tls(section, Arc::clone(&identity))?;
        // Bound first: a second platform on the same folder ends here, before it touches the database.
        let socket = control::bind(&config.control_socket()).context("cannot bind the control socket")?;
        let store = open_store(config).await?;
        let listener = bind(section.listen).await?;
        let ops_listener = bind(config.ops.listen).await?;
        let (https, ops) = (listener.local_addr()?, ops_listener.local_addr()?);

        let api = Api { store: store.clone(), clock: Arc::clone(&clock), shutdown: stop.clone() };
        let payments = open_payments(config, &store, &clock)?;
        let collecting = match &payments {
            Some(payments) => payments::http::router(Arc::clone(payments)),
            None => http::without_gateway(),
        };
        let router = http::finish(http::router(api).merge(collecting));
        let limits = HttpLimits { request: Duration::from_secs(http::LONGEST_WAIT + 15), ..HttpLimits::default() };
        let health: Arc<dyn HealthCheck> = Arc::new(Parts { store: store.clone() });
        let commands = Arc::new(Commands::new(store.clone(), payments.clone(), Arc::clone(&clock)));

        let mut tasks = JoinSet::new();
        let until = || stop.clone();
        let (for_https, for_ops, for_control, for_arrears) = (until(), until(), until(), until());
        tasks.spawn(async move { Ok(https::serve(listener, Some(server_tls), router, limits, for_https).await?) });
        tasks.spawn(async move { Ok(ops::serve(ops_listener, metrics, health, for_ops).await?) });
        tasks.spawn(async move {
            socket.serve(commands, for_control).await;
            Ok(())
        });
        let (for_watch, watched, its_clock) = (until(), store.clone(), Arc::clone(&clock));
        let data = config.data_dir.clone();
        tasks.spawn(async move {
            watch::run(watched, its_clock, data, for_watch).await;
            Ok(())
        });
        let (for_identity, by_clock) = (until(), Arc::clone(&clock));
        tasks.spawn(async move {
            tls::watch(vec![identity], by_clock, for_identity).await;
            Ok(())
        });
        tasks.spawn(watch_arrears(store.clone(), clock, config.arrears.clone(), for_arrears));

        if let Some(payments) = payments {
            let for_payments = stop.clone();
            tasks.spawn(async move {
                payments.run(for_payments).await;
                Ok(())
            });
        }

        let addresses = serde_json::json!({ "https": https.to_string(), "ops": ops.to_string() });
        let announcement = runtime::announce(&config.data_dir, &addresses)?;
        tracing::info!(%https, %ops, "platform ready");
        Ok(Self { https, ops, store, tasks, stop, _announcement: announcement })
    }

    /// Waits until the platform was told to stop, or a part of it failed; then stops the rest and closes the store.
    ///
    /// # Errors
    /// The first part's failure.
    pub async fn wait(mut self) -> anyhow::Result<()> {
        let mut outcome = Ok(());
        while let Some(ended) = self.tasks.join_next().await {
            let ended = ended.map_err(anyhow::Error::from).flatten();
            // A part that ends by itself, even without an error, leaves a platform that is not whole.
            self.stop.cancel();
            outcome = outcome.and(ended);
        }
        if let Err(error) = self.store.close().await {
            tracing::warn!(%error, "the store is still in use at the end");
        }
        outcome
    }
}

/// What `/healthz` looks at.
struct Parts {
    store: PlatformStore,
}

#[async_trait::async_trait]
impl HealthCheck for Parts {
    async fn health(&self) -> Health {
        let store = match self.store.check().await {
            Ok(()) => Part::new("store", true, "answers"),
            Err(error) => Part::new("store", false, error.to_string()),
        };
        Health::of(vec![store])
    }
}

/// Looks at arrears at the start, by the clock and after each midnight.
async fn watch_arrears(
    store: PlatformStore,
    clock: Arc<dyn Clock>,
    section: ArrearsSection,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let mut due = section.at_start;
    loop {
        if due {
            let now = clock.now();
            match arrears::evaluate_all(&store, now.date(), now).await {
                Ok(changes) => {
                    for (_, event) in &changes {
                        let change = format!("{:?}", event.change).to_lowercase();
                        metrics::counter!("gridkey_platform_arrears_changes_total", "change" => change).increment(1);
                    }
                    if !changes.is_empty() {
                        tracing::info!(changes = changes.len(), "arrears changed");
                    }
                }
                // The next look finds what this one missed.
                Err(error) => tracing::warn!(%error, "cannot look at arrears"),
            }
        }
        due = true;
        let pause = until_next_look(clock.now(), section.every_minutes);
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Until the next look: the usual pause, or shortly after the next midnight in Asia/Shanghai.
fn until_next_look(now: Timestamp, every_minutes: u32) -> Duration {
    let tomorrow = now.date().saturating_add(1.day());
    let midnight = Timestamp::from_civil(tomorrow.at(0, 0, 0, 0)).plus_seconds(AFTER_MIDNIGHT);
    let to_midnight = u64::try_from(midnight.seconds_since(now)).unwrap_or(0);
    Duration::from_secs(to_midnight.min(u64::from(every_minutes) * 60))
}

fn server_tls(section: &Https, identity: Arc<Kept>) -> anyhow::Result<Arc<rustls::ServerConfig>> {
    let roots = tls::read_certificates(&section.client_root)?;
    let client = ClientAuth::Require { roots, name: section.client_name.clone() };
    Ok(tls::kept_server_config(identity, client, Versions::Tls13)?)
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

pub(crate) fn make_private(folder: &Path) -> anyhow::Result<()> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("cannot make {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrears_are_looked_at_right_after_midnight() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(until_next_look(at("2026-11-22T15:50:00Z"), 60), Duration::from_secs(605));
        assert_eq!(until_next_look(at("2026-11-22T08:00:00Z"), 60), Duration::from_secs(3600));
        assert_eq!(until_next_look(at("2026-11-22T16:00:00Z"), 5), Duration::from_secs(300));
    }
}
