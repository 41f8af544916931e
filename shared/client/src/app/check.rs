//! The set-up check: what must be there before anything works, each line looked at on its own.

use std::sync::Arc;

use gridkey_domain::Timestamp;
use gridkey_protocol::CloseCode;
use gridkey_token::{KeySource, ReaderService, SourceInfo, SourceKind};

use super::{
    Check, CheckItem, CheckState, Connection, Installation, KeyCard, Problem,
    actor::{Actor, Then, then},
};
use crate::transport::Connector;

const ITEMS: [CheckItem; 6] = [
    CheckItem::Installation,
    CheckItem::Driver,
    CheckItem::Reader,
    CheckItem::Key,
    CheckItem::Clock,
    CheckItem::Server,
];
/// A clock this far from the server's, seconds, makes certificates and orders look out of their time.
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
                let problem = problem.clone();
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

    fn check_keys(&mut self, installation: Installation, info: &SourceInfo, present: &Result<usize, Problem>) {
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
                CheckState::Failed(Problem::ReaderService)
            }
        };
        self.found(CheckItem::Reader, reader);
        self.found(CheckItem::Key, key(&self.shown.keys));
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

    fn check_server(&mut self, server: Result<(), Problem>, name: String) {
        self.check_running = false;
        let behind = self.account.as_ref().and_then(|account| Some(account.session.current()?.clock_behind()));
        let by_key = self.shown.keys.iter().any(|card| matches!(card.problem, Some(Problem::CertificateNotYet(_))));
        let refused_for_clock = matches!(&self.shown.connection, Connection::Refused(Problem::Clock));
        let off = match behind {
            Some(behind) => behind.unsigned_abs() > CLOCK_OFF,
            None => by_key || refused_for_clock || server == Err(Problem::Clock),
        };
        self.found(CheckItem::Clock, if off { CheckState::Failed(Problem::Clock) } else { clock(self.now()) });
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
            self.found(CheckItem::Key, key(&self.shown.keys));
        }
    }

    fn found(&mut self, item: CheckItem, state: CheckState) {
        if let Some(check) = self.shown.setup.iter_mut().find(|check| check.item == item) {
            check.state = state;
        }
    }
}

fn driver(keys: &dyn KeySource) -> (SourceInfo, Result<usize, Problem>) {
    let present = keys.present().map(|keys| keys.len()).map_err(|error| Problem::from(&error));
    (keys.describe(), present)
}

/// The first key that can be used, or what is wrong with the first that cannot.
fn key(cards: &[KeyCard]) -> CheckState {
    match cards.iter().find(|card| card.problem.is_none()).or(cards.first()) {
        None => CheckState::Failed(Problem::NoKey),
        Some(KeyCard { problem: Some(problem), .. }) => CheckState::Failed(problem.clone()),
        Some(card) => CheckState::Ok(card.label.clone()),
    }
}

/// What can be said of the time without anybody to compare it with.
fn clock(now: Timestamp) -> CheckState {
    if now < Timestamp::from_seconds(NOT_BEFORE) {
        CheckState::Failed(Problem::Clock)
    } else {
        CheckState::Ok(String::new())
    }
}

/// Makes a channel and leaves again: no login.
async fn reach(connector: &dyn Connector) -> Result<(), Problem> {
    let mut channel = connector.connect().await.map_err(|error| {
        tracing::info!(%error, "the server cannot be reached");
        Problem::from(&error)
    })?;
    channel.close(CloseCode::SessionEnd).await;
    Ok(())
}
