//! The set-up check: what must be there before anything works, each line looked at on its own.

use std::sync::Arc;

use gridkey_client::{app::Problem as Common, transport::Connector};
use gridkey_domain::Timestamp;
use gridkey_protocol::CloseCode;
use gridkey_token::{KeySource, ReaderService, SourceInfo, SourceKind};

use super::{
    AdminCard, Check, CheckItem, CheckState, Connection, Installation, Problem,
    actor::{Actor, Then, then},
};

const ITEMS: [CheckItem; 6] = [
    CheckItem::Installation,
    CheckItem::Driver,
    CheckItem::Reader,
    CheckItem::Key,
    CheckItem::Clock,
    CheckItem::Server,
];
/// A clock this far from the server's, seconds, makes certificates and commands look out of their time.
const CLOCK_OFF: u64 = 300;
/// 2024-01-01T00:00:00Z: a machine whose clock is before this has lost it.
const NOT_BEFORE: i64 = 1_704_067_200;

impl Actor {
    /// Goes through the check. One at a time.
    pub(super) fn check_setup(&mut self) {
        if self.check_running {
            return;
        }
        let all = |state: CheckState| ITEMS.map(|item| Check { item, state: state.clone() }).to_vec();
        match &self.installation {
            Err(problem) => {
                let problem = shown(problem);
                self.shown.setup = all(CheckState::Waiting);
                self.found(CheckItem::Installation, CheckState::Failed(problem));
                self.found(CheckItem::Clock, clock(self.now()));
            }
            Ok(installation) => {
                let installation = installation.clone();
                self.check_running = true;
                self.shown.setup = all(CheckState::Waiting);
                let server = installation.company.server.clone().unwrap_or_default();
                self.found(CheckItem::Installation, CheckState::Ok(server));
                self.found(CheckItem::Driver, CheckState::Running);
                let keys = Arc::clone(&installation.keys);
                self.tasks.spawn_blocking(move || -> Then {
                    let (info, present) = driver(keys.as_ref());
                    then(move |actor| actor.check_keys(installation, &info, &present))
                });
            }
        }
    }

    fn check_keys(&mut self, installation: Installation, info: &SourceInfo, present: &Result<usize, Common>) {
        let path = info.path.display().to_string();
        let driver = match (present, info.kind) {
            (Err(problem), _) => CheckState::Failed(problem.clone()),
            (Ok(_), SourceKind::Software) => CheckState::NotNeeded,
            (Ok(_), SourceKind::Pkcs11) => CheckState::Ok(path),
        };
        self.found(CheckItem::Driver, driver);
        let reader = match &info.readers {
            ReaderService::NotUsed => CheckState::NotNeeded,
            ReaderService::Running(readers) => CheckState::Ok(readers.join(", ")),
            // The module reaches its tokens in another way.
            ReaderService::Missing(_) if present.as_ref().is_ok_and(|count| *count > 0) => CheckState::NotNeeded,
            ReaderService::Missing(reason) => {
                tracing::info!(reason, "no service for readers");
                CheckState::Failed(Common::ReaderService)
            }
        };
        self.found(CheckItem::Reader, reader);
        self.found(CheckItem::Key, key(&self.shown.cards));
        self.found(CheckItem::Clock, CheckState::Running);
        self.found(CheckItem::Server, CheckState::Running);
        let online = self.shown.connection.is_online();
        self.tasks.spawn(async move {
            // A session shows that the server is there; it is not asked twice.
            let server = if online { Ok(()) } else { reach(installation.connector.as_ref()).await };
            let name = installation.company.server.unwrap_or_default();
            then(move |actor| actor.check_server(server, name))
        });
    }

    fn check_server(&mut self, server: Result<(), Common>, name: String) {
        self.check_running = false;
        let behind = self.inside.as_ref().and_then(|inside| Some(inside.session.current()?.clock_behind()));
        let by_key = |card: &AdminCard| matches!(card.problem, Some(Problem::Common(Common::CertificateNotYet(_))));
        let by_key = self.shown.cards.iter().any(by_key);
        let refused_for_clock = matches!(&self.shown.connection, Connection::Refused(Common::Clock));
        let off = match behind {
            Some(behind) => behind.unsigned_abs() > CLOCK_OFF,
            None => by_key || refused_for_clock || server == Err(Common::Clock),
        };
        self.found(CheckItem::Clock, if off { CheckState::Failed(Common::Clock) } else { clock(self.now()) });
        self.found(
            CheckItem::Server,
            match server {
                Ok(()) => CheckState::Ok(name),
                Err(problem) => CheckState::Failed(problem),
            },
        );
    }

    /// Keys came or went: the line of the check that is about them follows.
    pub(super) fn check_key_again(&mut self) {
        let looked_at = |check: &Check| check.item == CheckItem::Key && check.state != CheckState::Waiting;
        if self.shown.setup.iter().any(looked_at) {
            self.found(CheckItem::Key, key(&self.shown.cards));
        }
    }

    fn found(&mut self, item: CheckItem, state: CheckState) {
        if let Some(check) = self.shown.setup.iter_mut().find(|check| check.item == item) {
            check.state = state;
        }
    }
}

fn driver(keys: &dyn KeySource) -> (SourceInfo, Result<usize, Common>) {
    let present = keys.present().map(|keys| keys.len()).map_err(|error| Common::from(&error));
    (keys.describe(), present)
}

/// The first key that can be used, or what is wrong with the first that cannot.
fn key(cards: &[AdminCard]) -> CheckState {
    match cards.iter().find(|card| card.problem.is_none()).or(cards.first()) {
        None => CheckState::Failed(Common::NoKey),
        Some(AdminCard { problem: Some(problem), .. }) => CheckState::Failed(shown(problem)),
        Some(card) => CheckState::Ok(card.label.clone()),
    }
}

/// The check's lines know the problems of every program; a customer's key is one that is not of this kind.
fn shown(problem: &Problem) -> Common {
    match problem {
        Problem::Common(problem) => problem.clone(),
        Problem::CustomersKey(customer) => Common::CertificateUntrusted(format!("the key of customer {customer}")),
        other => Common::Internal(other.word().to_owned()),
    }
}

/// What can be said of the time without anybody to compare it with.
fn clock(now: Timestamp) -> CheckState {
    if now < Timestamp::from_seconds(NOT_BEFORE) {
        CheckState::Failed(Common::Clock)
    } else {
        CheckState::Ok(String::new())
    }
}

/// Makes a channel and leaves again: no login.
async fn reach(connector: &dyn Connector) -> Result<(), Common> {
    let mut channel = connector.connect().await.map_err(|error| {
        tracing::info!(%error, "the server cannot be reached");
        Common::from(&error)
    })?;
    channel.close(CloseCode::SessionEnd).await;
    Ok(())
}
