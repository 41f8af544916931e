//! The small things that a person does: own data, settings, files, alarms, the PIN, the preferences of this machine.

use std::sync::Arc;

use gridkey_domain::{BillId, PaymentId, account::AccountUpdate};
use gridkey_protocol::ops::{account::SettingsUpdate, bills::Document};
use gridkey_token::Pin;

use super::{
    AppEvent, Doing, OutgoingFile, Preference, Problem, Section, Snapshot, Topic,
    actor::{Actor, Then, then},
    unlock::{caution, change_pin},
};
use crate::client::{ClientError, VerifiedReceipt};

/// A signed receipt in CBOR, as the contract writes it.
const RECEIPT_TYPE: &str = "application/cbor";

impl Actor {
    pub(super) fn update_account(&mut self, update: AccountUpdate) {
        let Some(account) = self.account.as_ref().filter(|_| self.shown.account_change != Doing::Busy) else { return };
        let client = account.client.clone();
        self.shown.account_change = Doing::Busy;
        self.work.spawn(async move {
            let outcome = client.update_account(&update).await;
            then(move |actor| {
                let now = actor.now();
                let outcome = outcome.map(|account| actor.shown.account = Section::known(account, now, true));
                actor.done(outcome, "account-saved", |shown| &mut shown.account_change);
            })
        });
    }

    pub(super) fn update_settings(&mut self, update: SettingsUpdate) {
        let Some(account) = self.account.as_ref().filter(|_| self.shown.settings_change != Doing::Busy) else { return };
        let client = account.client.clone();
        self.shown.settings_change = Doing::Busy;
        self.work.spawn(async move {
            let outcome = client.update_settings(&update).await;
            then(move |actor| {
                let now = actor.now();
                let outcome = outcome.map(|settings| actor.shown.settings = Section::known(settings, now, true));
                actor.done(outcome, "settings-saved", |shown| &mut shown.settings_change);
            })
        });
    }

    pub(super) fn acknowledge(&mut self, alarm: String) {
        let Some(account) = &self.account else { return };
        let client = account.client.clone();
        self.work.spawn(async move {
            let outcome = client.acknowledge(&alarm).await;
            then(move |actor| {
                match outcome {
                    Ok(_) => actor.tell(AppEvent::Done("acknowledged")),
                    Err(error) => actor.fail(Problem::from(&error)),
                }
                actor.load(Topic::Alarms);
            })
        });
    }

    pub(super) fn fetch_document(&mut self, bill: BillId, format: String) {
        let Some(account) = self.account.as_ref().filter(|_| self.shown.fetching != Doing::Busy) else { return };
        let client = account.client.clone();
        self.shown.fetching = Doing::Busy;
        self.work.spawn(async move {
            let outcome = client.bill_document(&bill, &format).await;
            then(move |actor| actor.fetched(outcome.map(file_of)))
        });
    }

    pub(super) fn fetch_receipt(&mut self, payment: PaymentId) {
        let Some(account) = self.account.as_ref().filter(|_| self.shown.fetching != Doing::Busy) else { return };
        let client = account.client.clone();
        self.shown.fetching = Doing::Busy;
        self.work.spawn(async move {
            let outcome = client.receipt(payment).await;
            then(move |actor| actor.fetched(outcome.map(|receipt| receipt_file(payment, &receipt))))
        });
    }

    fn fetched(&mut self, outcome: Result<OutgoingFile, ClientError>) {
        match outcome {
            Ok(file) => {
                self.shown.fetching = Doing::Idle;
                self.tell(AppEvent::File(file));
            }
            Err(error) => self.not_done(Problem::from(&error), |shown| &mut shown.fetching),
        }
    }

    fn done(
        &mut self,
        outcome: Result<(), ClientError>,
        word: &'static str,
        doing: impl FnOnce(&mut Snapshot) -> &mut Doing,
    ) {
        match outcome {
            Ok(()) => {
                *doing(&mut self.shown) = Doing::Idle;
                self.tell(AppEvent::Done(word));
            }
            Err(error) => self.not_done(Problem::from(&error), doing),
        }
    }

    fn not_done(&mut self, problem: Problem, doing: impl FnOnce(&mut Snapshot) -> &mut Doing) {
        if !self.mind_key(&problem) {
            *doing(&mut self.shown) = Doing::Failed(problem.clone());
            self.tell(AppEvent::Failed(problem));
        }
    }

    /// Changes the PIN of the open key. The key checks the old one, so a wrong one costs a try.
    pub(super) fn change_pin(&mut self, old: Pin, new: Pin, last_try: bool) {
        let Some(account) = self.account.as_ref().filter(|_| self.shown.pin_change != Doing::Busy) else { return };
        let tries = self.shown.keys.iter().find(|card| card.id == account.key).map(|card| card.tries);
        if tries.is_some_and(gridkey_token::Tries::is_last) && !last_try {
            self.shown.pin_change = Doing::Failed(Problem::LastTry);
            return;
        }
        let token = Arc::clone(&account.token);
        self.shown.pin_change = Doing::Busy;
        self.work.spawn_blocking(move || -> Then {
            let outcome = change_pin(token.as_ref(), &old, &new, caution(last_try));
            then(move |actor| {
                // The tries left may be others now.
                actor.look_at_keys(false);
                match outcome {
                    Ok(check) => {
                        if let Some(account) = &mut actor.account {
                            account.check = Arc::new(check);
                        }
                        actor.shown.pin_change = Doing::Idle;
                        actor.tell(AppEvent::Done("pin-changed"));
                    }
                    Err(problem) => {
                        if !actor.mind_key(&problem) {
                            actor.shown.pin_change = Doing::Failed(problem);
                        }
                    }
                }
            })
        });
    }

    /// Keeps preferences, now in memory and soon on disk.
    pub(super) fn prefer(&mut self, change: Preference) {
        self.shown.preferences.take(change);
        let preferences = self.shown.preferences.clone();
        self.person_is_there();
        let Some(path) = self.preferences.clone() else { return };
        let before = self.saving.take();
        self.saving = Some(tokio::spawn(async move {
            if let Some(before) = before {
                // One after the other, so that the last one stays.
                let _ = before.await;
            }
            let saved = tokio::task::spawn_blocking(move || preferences.save(&path)).await;
            if let Ok(Err(error)) = saved {
                tracing::error!(%error, "the preferences were not kept");
            }
        }));
    }
}

fn file_of(document: Document) -> OutgoingFile {
    let Document { media_type, file_name, content, .. } = document;
    OutgoingFile { name: file_name, media_type, content: content.0.into() }
}

fn receipt_file(payment: PaymentId, receipt: &VerifiedReceipt) -> OutgoingFile {
    OutgoingFile {
        name: format!("receipt-{payment}.cbor"),
        media_type: RECEIPT_TYPE.to_owned(),
        content: receipt.to_file().into(),
    }
}
