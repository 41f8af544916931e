//! Asking the server for what is wanted: one task for each topic, its answer taken into the snapshot.

use std::{sync::Arc, time::Duration};

use gridkey_domain::PaymentId;
use gridkey_protocol::frame::PushKind;
use tokio::time::Instant;

use super::{
    BillView, Connection, Problem, Section, Snapshot, Topic,
    account::Account,
    actor::{Actor, then},
    stories,
    topics::{BASE, concerns},
};
use crate::{
    bill_check,
    client::{ClientError, Fetched},
};

/// How often the running month and the payments are asked for without news.
const REFRESH: Duration = Duration::from_secs(60);
/// A screen that is opened again shows an answer of this age without asking.
const YOUNG: i64 = 60;

/// The part of a section that does not depend on what it holds.
struct Flags<'a> {
    loading: &'a mut bool,
    problem: &'a mut Option<Problem>,
    /// When the server last said so, and whether that came from the server just then.
    known: Option<(gridkey_domain::Timestamp, bool)>,
}

impl<T> Section<T> {
    fn flags(&mut self) -> Flags<'_> {
        let known = self.value.as_deref().map(|fetched| (fetched.at, fetched.live));
        Flags { loading: &mut self.loading, problem: &mut self.problem, known }
    }
}

impl Snapshot {
    fn flags(&mut self, topic: &Topic) -> Flags<'_> {
        match topic {
            Topic::Account => self.account.flags(),
            Topic::Settings => self.settings.flags(),
            Topic::Usage => self.usage.flags(),
            Topic::Bills => self.bills.flags(),
            Topic::Arrears => self.arrears.flags(),
            Topic::Alarms => self.alarms.flags(),
            Topic::Payments => self.payments.flags(),
            Topic::Bill(bill) => self.bill.entry(bill.clone()).or_default().flags(),
            Topic::Series(query) => self.series.entry(query.clone()).or_default().flags(),
            Topic::Payment(payment) => self.payment.entry(*payment).or_default().flags(),
        }
    }

    fn forget(&mut self, topic: &Topic) {
        match topic {
            Topic::Bill(bill) => drop(self.bill.remove(bill)),
            Topic::Series(query) => drop(self.series.remove(query)),
            Topic::Payment(payment) => drop(self.payment.remove(payment)),
            _ => {}
        }
    }
}

/// A screen wants this; what nobody wanted for longest is forgotten for it.
fn note_want(account: &mut Account, shown: &mut Snapshot, topic: &Topic) {
    if let Some(old) = account.topics.want(topic) {
        shown.forget(&old);
        if let Topic::Payment(payment) = old {
            account.follow.forget(payment);
            account.pages.remove(&payment);
        }
    }
    if let Topic::Payment(payment) = topic {
        account.follow.look_closely(*payment);
    }
}

impl Actor {
    /// A screen wants this. What was answered a moment ago is shown as it is.
    pub(super) fn want(&mut self, topic: Topic) {
        let Some(account) = &mut self.account else { return };
        note_want(account, &mut self.shown, &topic);
        let young_since = self.clock.now().plus_seconds(-YOUNG);
        let flags = self.shown.flags(&topic);
        let is_young = flags.problem.is_none() && flags.known.is_some_and(|(at, live)| live && at >= young_since);
        if !is_young && !*flags.loading {
            self.load(topic);
        }
    }

    pub(super) fn refresh(&mut self, topic: Topic) {
        let Some(account) = &mut self.account else { return };
        note_want(account, &mut self.shown, &topic);
        self.load(topic);
    }

    /// Asks for everything that is wanted.
    pub(super) fn reload_all(&mut self) {
        let all = self.account.as_ref().map(|account| account.topics.all()).unwrap_or_default();
        all.into_iter().for_each(|topic| self.load(topic));
    }

    /// Asks for what news of `kind` changed.
    pub(super) fn reload_concerned(&mut self, kind: PushKind, payment: Option<PaymentId>) {
        let all = self.account.as_ref().map(|account| account.topics.all()).unwrap_or_default();
        all.into_iter().filter(|topic| concerns(kind, payment, topic)).for_each(|topic| self.load(topic));
    }

    /// Asks again for what is still awaited though the line is down, so that the screens say why there is nothing.
    pub(super) fn load_what_lacks(&mut self) {
        let Some(account) = &self.account else { return };
        let idle: Vec<Topic> =
            account.topics.all().into_iter().filter(|topic| !account.topics.is_asking(topic)).collect();
        for topic in idle {
            if *self.shown.flags(&topic).loading {
                self.load(topic);
            }
        }
    }

    pub(super) fn refresh_in_time(&mut self) {
        let Some(account) = self.account.as_mut().filter(|_| self.shown.connection.is_online()) else { return };
        if Instant::now() < account.refresh_at {
            return;
        }
        account.refresh_at = Instant::now() + REFRESH;
        for topic in [Topic::Usage, Topic::Payments] {
            if self.shown.flags(&topic).known.is_some() {
                self.load(topic);
            }
        }
    }

    /// Asks for one topic, in a task.
    pub(super) fn load(&mut self, topic: Topic) {
        let Some(account) = self.account.as_mut().filter(|account| account.is_open()) else { return };
        // What fell out of what is wanted is not taken into the snapshot again.
        if !account.topics.is_wanted(&topic) || !account.topics.begin(&topic) {
            return;
        }
        let (client, permits) = (account.client.clone(), Arc::clone(&account.permits));
        *self.shown.flags(&topic).loading = true;
        let known_receipt = stories::known_receipt(&self.shown, &topic);
        self.work.spawn(async move {
            let _permit = permits.acquire().await;
            match &topic {
                Topic::Account => {
                    let outcome = client.account().await;
                    then(move |actor| actor.loaded(topic, outcome, |shown| &mut shown.account))
                }
                Topic::Settings => {
                    let outcome = client.settings().await;
                    then(move |actor| actor.loaded(topic, outcome, |shown| &mut shown.settings))
                }
                Topic::Usage => {
                    let outcome = client.usage().await;
                    then(move |actor| actor.loaded(topic, outcome, |shown| &mut shown.usage))
                }
                Topic::Bills => {
                    let outcome = client.bills().await;
                    then(move |actor| actor.loaded(topic, outcome, |shown| &mut shown.bills))
                }
                Topic::Arrears => {
                    let outcome = client.arrears().await;
                    then(move |actor| actor.loaded(topic, outcome, |shown| &mut shown.arrears))
                }
                Topic::Alarms => {
                    let outcome = client.alarms().await;
                    then(move |actor| actor.loaded(topic, outcome, |shown| &mut shown.alarms))
                }
                Topic::Bill(bill) => {
                    let (bill, outcome) = (bill.clone(), client.bill(bill).await.map(view));
                    then(move |actor| actor.loaded(topic, outcome, |shown| shown.bill.entry(bill).or_default()))
                }
                Topic::Series(query) => {
                    let query = query.clone();
                    let outcome =
                        client.usage_series(&query.meter, query.from, query.to, query.resolution.into()).await;
                    then(move |actor| actor.loaded(topic, outcome, |shown| shown.series.entry(query).or_default()))
                }
                Topic::Payments => {
                    let outcome = stories::payments(&client).await;
                    then(move |actor| actor.payments_loaded(&client, outcome))
                }
                Topic::Payment(payment) => {
                    let payment = *payment;
                    let outcome = stories::story(&client, payment, known_receipt).await;
                    then(move |actor| actor.story_loaded(payment, outcome))
                }
            }
        });
    }

    /// Takes an answer, or its lack, into its section.
    pub(super) fn loaded<T>(
        &mut self,
        topic: Topic,
        outcome: Result<Fetched<T>, ClientError>,
        section: impl FnOnce(&mut Snapshot) -> &mut Section<T>,
    ) {
        let Some(account) = &mut self.account else { return };
        let again = account.topics.end(&topic);
        if !account.topics.is_wanted(&topic) {
            self.note_reloaded();
            return;
        }
        let connecting = matches!(self.shown.connection, Connection::Connecting);
        let section = section(&mut self.shown);
        section.loading = false;
        match outcome {
            Ok(fetched) => {
                section.problem = None;
                let (at, live) = (fetched.at, fetched.live);
                // A list that was made here of older parts must not hide what the server said since.
                if live || section.at().is_none_or(|known| known <= at) {
                    section.value = Some(Arc::new(fetched));
                }
                // Payments are shown with what was signed on this machine, of which the server need not know.
                if live || !matches!(topic, Topic::Payments | Topic::Payment(_)) {
                    self.shown.synced = self.shown.synced.max(Some(at));
                }
            }
            // It is asked for again as soon as the line is there, or the line says why not.
            Err(error) if connecting && error.is_offline() => section.loading = true,
            Err(error) => {
                tracing::debug!(?topic, %error, "not loaded");
                let problem = Problem::from(&error);
                section.problem = Some(problem.clone());
                if self.mind_key(&problem) {
                    return;
                }
            }
        }
        if again {
            self.load(topic);
        }
        self.note_reloaded();
    }

    /// Whether everything that is always shown has an answer and no trouble.
    pub(super) fn base_is_fresh(&mut self) -> bool {
        let shown = &mut self.shown;
        BASE.iter().all(|topic| {
            let flags = shown.flags(topic);
            flags.problem.is_none() && !*flags.loading && flags.known.is_some_and(|(_, live)| live)
        })
    }
}

fn view(fetched: Fetched<gridkey_domain::bill::Bill>) -> Fetched<BillView> {
    let Fetched { value: bill, at, live } = fetched;
    let findings = bill_check::check(&bill);
    Fetched { value: BillView { bill, findings }, at, live }
}
