//! The program as an administrator meets it: keys are plugged in and pulled, the server is played, the time is turned by hand.

mod acts;
mod books;
mod gate;
mod keys;
mod line;
mod making;
mod reader;
mod sections;
mod server;

use std::{path::Path, sync::Arc, time::Duration};

use gridkey_client::{app::Problem as Common, clock::Clock, transport::Connector};
use gridkey_domain::key::AdminRole;
use gridkey_protocol::testpki::{self, TestPki};
use gridkey_token::{KeySource, Pin};
use tokio::{
    sync::{broadcast, watch},
    time::{Instant, timeout},
};

use self::{
    keys::{PIN, TestKey, TestKeys},
    line::LineConnector,
    reader::TestBench,
    server::Server,
};
use super::*;

/// A machine with the program on it.
struct Machine {
    folder: tempfile::TempDir,
    keys: Arc<TestKeys>,
    reader: Arc<TestBench>,
    server: Server,
    connector: Arc<LineConnector>,
    office: OfficeHandle,
    state: watch::Receiver<Arc<Snapshot>>,
    events: broadcast::Receiver<OfficeEvent>,
}

fn pin(text: &str) -> Pin {
    Pin::new(text).unwrap()
}

/// The test PKI's time, moving with the test's.
fn clock() -> Clock {
    let (base, start) = (testpki::now().seconds().unsigned_abs() * 1000, Instant::now());
    Clock::from_millis(move || base + u64::try_from(start.elapsed().as_millis()).unwrap())
}

impl Machine {
    /// A machine with these keys plugged in, whose administrator's key has this role.
    fn new(keys: &[&TestKey], role: AdminRole) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let plugged = Arc::new(TestKeys::default());
        keys.iter().for_each(|key| plugged.plug_in(key));
        let server = Server::new(role);
        let (connector, lines) = LineConnector::new();
        tokio::spawn(server.clone().serve(lines));
        let reader = Arc::new(TestBench::default());
        let office = start(folder.path(), &plugged, &reader, &connector);
        let (state, events) = (office.state(), office.events());
        Self { folder, keys: plugged, reader, server, connector, office, state, events }
    }

    fn send(&self, command: Command) {
        self.office.send(command);
    }

    fn now(&self) -> Arc<Snapshot> {
        Arc::clone(&self.state.borrow())
    }

    /// Waits until the snapshot is as `wanted`; the test fails if it never is.
    async fn until(&mut self, what: &str, wanted: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
        let waiting = timeout(Duration::from_secs(3600), self.state.wait_for(|shown| wanted(shown)));
        match waiting.await {
            Ok(shown) => Arc::clone(&shown.expect("the program runs")),
            Err(_) => panic!("never {what}: {:#?}", self.office.state().borrow()),
        }
    }

    async fn gate(&mut self, what: &str, wanted: impl Fn(&Gate) -> bool) -> Gate {
        self.until(what, |shown| wanted(&shown.gate)).await.gate.clone()
    }

    /// Waits for an event; those before it are passed over.
    async fn event(&mut self, wanted: impl Fn(&OfficeEvent) -> bool) -> OfficeEvent {
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

    /// Does something and waits for its end.
    async fn act(&mut self, act: Act) -> Doing {
        let deed = act.deed();
        self.send(Command::Forget(deed.clone()));
        self.until("what was before is forgotten", |shown| *shown.doing(&deed) == Doing::Idle).await;
        self.send(Command::Do(act));
        let over = |shown: &Snapshot| matches!(shown.doing(&deed), Doing::Done(_) | Doing::Failed(_));
        self.until("the act is over", over).await.doing(&deed).clone()
    }

    async fn asks_pin(&mut self) {
        self.gate("asks for the PIN", |gate| matches!(gate, Gate::Pin { .. })).await;
    }

    fn unlock(&self, text: &str) {
        self.send(Command::Unlock { pin: pin(text), last_try: false });
    }

    /// Types the right PIN and waits for the open desk.
    async fn open(&mut self) {
        self.asks_pin().await;
        self.unlock(PIN);
        self.gate("open", |gate| matches!(gate, Gate::Open { .. })).await;
    }

    /// Lets time pass while the program does what it has to.
    async fn pass(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

fn start(folder: &Path, keys: &Arc<TestKeys>, reader: &Arc<TestBench>, connector: &Arc<LineConnector>) -> OfficeHandle {
    Office::start(OfficeParts {
        installation: Ok(Installation {
            anchor: Arc::new(TestPki::new().anchor()),
            keys: Arc::clone(keys) as Arc<dyn KeySource>,
            connector: Arc::clone(connector) as Arc<dyn Connector>,
            allow_unbound: false,
            bench: Some(Arc::clone(reader) as Arc<dyn Bench>),
            pin_digits: 8,
            agent: "test/1".into(),
            locale: "en".into(),
            company: Company::default(),
        }),
        clock: clock(),
        preferences: Some(folder.join("dashboard.toml")),
    })
}

/// What the gate shows as gone wrong.
fn gate_problem(gate: &Gate) -> Option<Problem> {
    match gate {
        Gate::Broken(problem) => Some(problem.clone()),
        Gate::Keys { problem }
        | Gate::Pin { problem, .. }
        | Gate::FirstPin { problem, .. }
        | Gate::Locked { problem, .. } => problem.clone(),
        Gate::Starting | Gate::Unlocking { .. } | Gate::Open { .. } => None,
    }
}

/// A problem that the customers' program has, too.
fn common(problem: Common) -> Option<Problem> {
    Some(Problem::Common(problem))
}
