//! The set-up check: what must be there before anything works, each line looked at on its own.

use std::sync::Arc;

use gridkey_client::app::{
    Problem as Common,
    checklist::{self, DriverSeen},
};

use super::{
    AdminCard, CheckItem, CheckState, Connection, Installation, Problem,
    actor::{Actor, Then, then},
};

impl Actor {
    /// Goes through the check. One at a time.
    pub(super) fn check_setup(&mut self) {
        if self.check_running {
            return;
        }
        match &self.installation {
            Err(problem) => {
                let problem = shown(problem);
                self.shown.setup = checklist::waiting();
                self.found(CheckItem::Installation, CheckState::Failed(problem));
                self.found(CheckItem::Clock, checklist::clock_alone(self.now()));
            }
            Ok(installation) => {
                let installation = installation.clone();
                self.check_running = true;
                self.shown.setup = checklist::waiting();
                let server = installation.company.server.clone().unwrap_or_default();
                self.found(CheckItem::Installation, CheckState::Ok(server));
                self.found(CheckItem::Driver, CheckState::Running);
                let keys = Arc::clone(&installation.keys);
                self.tasks.spawn_blocking(move || -> Then {
                    let seen = DriverSeen::ask(keys.as_ref());
                    then(move |actor| actor.check_keys(installation, &seen))
                });
            }
        }
    }

    fn check_keys(&mut self, installation: Installation, seen: &DriverSeen) {
        self.found(CheckItem::Driver, seen.driver());
        self.found(CheckItem::Reader, seen.reader());
        self.found(CheckItem::Key, key(&self.shown.cards));
        self.found(CheckItem::Clock, CheckState::Running);
        self.found(CheckItem::Server, CheckState::Running);
        let online = self.shown.connection.is_online();
        self.tasks.spawn(async move {
            // A session shows that the server is there; it is not asked twice.
            let server = if online { Ok(()) } else { checklist::reach(installation.connector.as_ref()).await };
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
        let refused = by_key || refused_for_clock || server == Err(Common::Clock);
        self.found(CheckItem::Clock, checklist::clock(self.now(), behind, refused));
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
        if checklist::is_key_seen(&self.shown.setup) {
            self.found(CheckItem::Key, key(&self.shown.cards));
        }
    }

    fn found(&mut self, item: CheckItem, state: CheckState) {
        checklist::found(&mut self.shown.setup, item, state);
    }
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
