//! Renewing the open key's certificate, with its PIN.
//!
//! The key is opened for writing in place of the login there is, the client renews it over the open session, and the account goes on
//! with the new key in a session of its own. Orders rest meanwhile: one that was withdrawn or made in the store that is being left
//! would be lost. Where it breaks off is of no matter, see [`crate::client::Client::renew_key`].

use std::{path::PathBuf, sync::Arc};

use gridkey_domain::Timestamp;
use gridkey_token::{Pin, Token};

use super::{
    AppEvent, Connection, Gate, NoticeKind, Paying, Problem, RenewStep, Renewal,
    account::Account,
    actor::{Actor, then},
};
use crate::client::{Client, ClientError, Renewal as Renewed};

/// Why a key was not renewed.
enum Failure {
    /// It was not opened for writing, and is logged out now.
    LoggedOut(Problem),
    /// It is logged in as before.
    Other(ClientError),
}

impl Actor {
    /// Sees from the certificate's dates whether it is time.
    pub(super) fn judge_renewal(&mut self) {
        let Some(account) = self.account.as_ref().filter(|_| self.shown.renewal == Renewal::NotDue) else { return };
        let card = self.shown.keys.iter().find(|card| card.id == account.key);
        let from = card.and_then(|card| card.holder.as_ref()).map(|holder| holder.renew_from);
        if from.is_some_and(|from| self.now() >= from) {
            self.shown.renewal = Renewal::Due;
        }
    }

    /// The server invited to a renewal, if `kind` is that.
    pub(super) fn renewal_offered(&mut self, kind: &NoticeKind) {
        let NoticeKind::Key { event, until } = kind else { return };
        let open = matches!(self.shown.renewal, Renewal::NotDue | Renewal::Due | Renewal::Offered { .. });
        // One that waited unread may speak of the certificate before.
        let old = until.is_some_and(|until| self.own_end().is_some_and(|own| until < own));
        if matches!(event.as_str(), "expiring" | "renewal-failed") && open && !old {
            self.shown.renewal = Renewal::Offered { until: *until };
        }
    }

    /// The last second of the open key's certificate.
    fn own_end(&self) -> Option<Timestamp> {
        Some(self.account.as_ref()?.client.key().certificates().leaf().not_after())
    }

    /// Renews the key if the PIN is the one that opened the account.
    pub(super) fn renew(&mut self, pin: Pin) {
        let Some(account) = &self.account else { return };
        if matches!(self.shown.renewal, Renewal::UnderWay(_)) {
            return;
        }
        if !account.token.makes_keys() {
            self.shown.renewal = Renewal::Failed(Problem::KeyNotRenewable);
            return;
        }
        if !self.shown.connection.is_online() {
            self.shown.renewal = Renewal::Failed(Problem::Offline);
            return;
        }
        self.shown.renewal = Renewal::UnderWay(RenewStep::Pin);
        self.check_pin(pin.clone(), move |actor, outcome| match outcome {
            Ok(()) => {
                if let Some(account) = &mut actor.account {
                    account.renew_pin = Some(pin);
                }
                actor.renew_when_quiet();
            }
            Err(problem) => actor.shown.renewal = Renewal::Failed(problem),
        });
    }

    /// Begins the renewal that waits, once no order is under way.
    pub(super) fn renew_when_quiet(&mut self) {
        let signing = self.shown.paying == Paying::Signing;
        let quiet = |account: &&mut Account| !signing && !account.sending && account.withdrawing == 0;
        let Some(account) = self.account.as_mut().filter(quiet) else { return };
        let Some(pin) = account.renew_pin.take() else { return };
        let Ok(installation) = &self.installation else { return };
        let (client, token, folder) = (account.client.clone(), Arc::clone(&account.token), installation.store.clone());
        let telling = self.telling.clone();
        let tell = move |step| {
            // After the program's end there is nobody to tell.
            let _ = telling.send(then(move |actor: &mut Self| actor.renewal_step(step)));
        };
        self.work.spawn(async move {
            let outcome = renew(&client, token, pin, folder, tell).await;
            then(move |actor| actor.key_renewed(outcome))
        });
    }

    fn renewal_step(&mut self, step: RenewStep) {
        if self.shown.renewal.is_busy() {
            self.shown.renewal = Renewal::UnderWay(step);
        }
    }

    fn key_renewed(&mut self, outcome: Result<Renewed, Failure>) {
        match outcome {
            Ok(renewed) => self.go_on_with(renewed),
            Err(Failure::LoggedOut(problem)) => {
                if !self.mind_key(&problem)
                    && let Some(key) = self.account.as_ref().map(|account| account.key.clone())
                {
                    self.close_account(Gate::Pin { key, problem: Some(problem) });
                    self.look_at_keys(true);
                }
            }
            Err(Failure::Other(error)) => {
                tracing::warn!(%error, "the key was not renewed");
                let problem = Problem::from(&error);
                if !self.mind_key(&problem) {
                    self.shown.renewal = Renewal::Failed(problem);
                    // Its certificates may have changed.
                    self.look_at_keys(true);
                }
            }
        }
    }

    /// The server will not have the new key: the session ended for good.
    pub(super) fn renewed_key_is_refused(&mut self, problem: &Problem) {
        if self.shown.renewal == Renewal::UnderWay(RenewStep::Session) {
            self.shown.renewal = Renewal::Failed(problem.clone());
        }
    }

    /// The account goes on with the new key; its first login takes the old one's place at the server.
    fn go_on_with(&mut self, renewed: Renewed) {
        let Ok(installation) = &self.installation else { return };
        let (client, session) = self.start_client(installation, renewed.key.clone(), renewed.store.clone());
        let Some(account) = &mut self.account else { return };
        account.renewed = Some(renewed);
        let before = account.go_on_with(client, session);
        self.tasks.spawn(async move {
            before.close().await;
            then(|_| {})
        });
        self.shown.store = None;
        self.shown.renewal = Renewal::UnderWay(RenewStep::Session);
        self.shown.connection = Connection::Connecting;
        self.look_at_keys(true);
        self.session_changed();
    }

    /// The server revoked the renewed key, since nobody logged in with it in time: the key before it is good as before, if the
    /// token still has it. Whether it is tried.
    pub(super) fn go_back_before_renewal(&mut self, problem: &Problem) -> bool {
        let (Ok(installation), Some(account)) = (&self.installation, &self.account) else { return false };
        let Some(key) = account.client.key().before_renewal() else { return false };
        let (client, session) = self.start_client(installation, key, account.client.store().clone());
        let Some(account) = &mut self.account else { return false };
        account.revoked = Some(problem.clone());
        let before = account.go_on_with(client, session);
        self.tasks.spawn(async move {
            before.close().await;
            then(|_| {})
        });
        self.shown.connection = Connection::Connecting;
        self.session_changed();
        true
    }

    /// The key before the renewal is in use again.
    pub(super) fn offer_renewal_anew(&mut self) {
        self.shown.renewal = Renewal::Offered { until: self.own_end() };
    }

    /// The new key has logged in.
    pub(super) fn renewed_key_is_used(&mut self, renewed: Renewed) {
        let until = renewed.key.certificates().leaf().not_after();
        self.work.spawn(async move {
            if let Err(error) = renewed.forget_old().await {
                tracing::warn!(%error, "the old key stays on the token");
            }
            then(|actor: &mut Self| actor.look_at_keys(true))
        });
        self.shown.renewal = Renewal::Done { until };
        self.tell(AppEvent::Done("key-renewed"));
        self.look_at_queue();
    }
}

async fn renew(
    client: &Client,
    token: Arc<dyn Token>,
    pin: Pin,
    folder: PathBuf,
    tell: impl Fn(RenewStep) + Send + Sync,
) -> Result<Renewed, Failure> {
    let opened = client.key().log_in_again_to_write(token, pin).await;
    opened.map_err(|error| Failure::LoggedOut(Problem::from(&error)))?;
    client.renew_key_telling(&folder, tell).await.map_err(Failure::Other)
}
