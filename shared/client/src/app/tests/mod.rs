//! The program as a person meets it: keys are plugged in and pulled, a company is played, the time is turned by hand.

mod company;
mod drawer;
mod gate;
mod keys;
mod payments;
mod renewal;
mod sections;

use std::{path::Path, sync::Arc, time::Duration};

use gridkey_domain::Fen;
use gridkey_protocol::testpki::{self, TestPki};
use gridkey_token::{KeySource, Pin};
use tokio::{
    sync::{broadcast, watch},
    time::{Instant, timeout},
};

use self::{
    company::Company,
    keys::{PIN, TestKey, TestKeys},
};
use super::{Company as Contacts, *};
use crate::{clock::Clock, queue::Caps, testing::LineConnector, transport::Connector};

/// A machine with the program on it.
struct Desk {
    folder: tempfile::TempDir,
    keys: Arc<TestKeys>,
    company: Company,
    connector: Arc<LineConnector>,
    clock: Clock,
    app: AppHandle,
    state: watch::Receiver<Arc<Snapshot>>,
    events: broadcast::Receiver<AppEvent>,
}

fn pin(text: &str) -> Pin {
    Pin::new(text).unwrap()
}

/// The test PKI's time, moving with the test's.
fn clock() -> Clock {
    let (base, start) = (testpki::now().seconds().unsigned_abs() * 1000, Instant::now());
    Clock::from_millis(move || base + u64::try_from(start.elapsed().as_millis()).unwrap())
}

fn installation(folder: &Path, keys: &Arc<TestKeys>, connector: &Arc<LineConnector>) -> Installation {
    Installation {
        anchor: Arc::new(TestPki::new().anchor()),
        keys: Arc::clone(keys) as Arc<dyn KeySource>,
        connector: Arc::clone(connector) as Arc<dyn Connector>,
        allow_unbound: false,
        store: folder.join("store"),
        caps: Caps { per_order: Fen::new(10_000).unwrap(), queued: Fen::new(10_000).unwrap() },
        order_seconds: 3600,
        agent: "test/1".into(),
        locale: "en".into(),
        company: Contacts::default(),
    }
}

impl Desk {
    /// A machine with these keys plugged in.
    fn new(keys: &[&TestKey]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let plugged = Arc::new(TestKeys::default());
        keys.iter().for_each(|key| plugged.plug_in(key));
        let company = Company::default();
        let (connector, lines) = LineConnector::new();
        tokio::spawn(company.clone().serve(lines));
        let clock = clock();
        let app = start(folder.path(), &plugged, &connector, &clock);
        let (state, events) = (app.state(), app.events());
        Self { folder, keys: plugged, company, connector, clock, app, state, events }
    }

    /// The program ends and is started again.
    async fn restart(&mut self) {
        self.away(Duration::ZERO).await;
    }

    /// The program ends and is started again after a while.
    async fn away(&mut self, time: Duration) {
        self.app.send(Command::Quit);
        self.event(|event| matches!(event, AppEvent::Quit)).await;
        tokio::time::sleep(time).await;
        self.app = start(self.folder.path(), &self.keys, &self.connector, &self.clock);
        (self.state, self.events) = (self.app.state(), self.app.events());
    }

    fn send(&self, command: Command) {
        self.app.send(command);
    }

    fn now(&self) -> Arc<Snapshot> {
        Arc::clone(&self.state.borrow())
    }

    /// Waits until the snapshot is as `wanted`; the test fails if it never is.
    async fn until(&mut self, what: &str, wanted: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
        let waiting = timeout(Duration::from_secs(3600), self.state.wait_for(|shown| wanted(shown)));
        match waiting.await {
            Ok(shown) => Arc::clone(&shown.expect("the program runs")),
            Err(_) => panic!("never {what}: {:#?}", self.app.state().borrow()),
        }
    }

    async fn gate(&mut self, what: &str, wanted: impl Fn(&Gate) -> bool) -> Gate {
        self.until(what, |shown| wanted(&shown.gate)).await.gate.clone()
    }

    /// Waits for an event; those before it are passed over.
    async fn event(&mut self, wanted: impl Fn(&AppEvent) -> bool) -> AppEvent {
        let waiting = async {
            loop {
                let event = self.events.recv().await.expect("the program runs");
                if wanted(&event) {
                    return event;
                }
            }
        };
        timeout(Duration::from_secs(3600), waiting).await.expect("the event comes")
    }

    async fn notice(&mut self, wanted: impl Fn(&NoticeKind) -> bool) -> Notice {
        let event = self.event(|event| matches!(event, AppEvent::Notice(notice) if wanted(&notice.kind))).await;
        let AppEvent::Notice(notice) = event else { unreachable!() };
        notice
    }

    async fn asks_pin(&mut self) {
        self.gate("asks for the PIN", |gate| matches!(gate, Gate::Pin { .. })).await;
    }

    fn unlock(&self, text: &str) {
        self.send(Command::Unlock { pin: pin(text), last_try: false });
    }

    /// Types the right PIN and waits for the open account.
    async fn open(&mut self) {
        self.asks_pin().await;
        self.unlock(PIN);
        self.gate("open", |gate| matches!(gate, Gate::Open { .. })).await;
    }

    /// As [`Self::open`], and everything was asked for.
    async fn open_online(&mut self) -> Arc<Snapshot> {
        self.open().await;
        self.open_online_after_pin().await
    }

    async fn open_online_after_pin(&mut self) -> Arc<Snapshot> {
        self.until("everything is there", |shown| {
            shown.connection.is_online()
                && shown.settings.get().is_some()
                && shown.bills.get().is_some()
                && shown.payments.get().is_some()
                && shown.alarms.get().is_some()
                && shown.account.get().is_some()
                && shown.usage.get().is_some()
                && shown.arrears.get().is_some()
        })
        .await
    }
}

fn start(folder: &Path, keys: &Arc<TestKeys>, connector: &Arc<LineConnector>, clock: &Clock) -> AppHandle {
    App::start(AppParts {
        installation: Ok(installation(folder, keys, connector)),
        clock: clock.clone(),
        preferences: Some(folder.join("app.toml")),
    })
}
