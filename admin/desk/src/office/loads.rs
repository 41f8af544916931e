//! Asking the server for what is wanted: one task for each topic, its answer taken into the snapshot.

use std::sync::Arc;

use gridkey_client::{app::Problem as Common, client::Fetched};
use gridkey_domain::Timestamp;
use gridkey_protocol::ops::{
    self, Empty,
    admin::{customers::CustomerBody, keys::KeyBody, payments::StoryBody},
};

use super::{
    Connection, Paged, Problem, Section, Snapshot, Topic,
    actor::{Actor, Then, then},
    lists,
};
use crate::desk::Desk;

/// A screen that is opened again shows an answer of this age, seconds, without asking.
const YOUNG: i64 = 10;

/// The part of a section that does not depend on what it holds.
struct Flags<'a> {
    loading: &'a mut bool,
    problem: &'a mut Option<Problem>,
    at: Option<Timestamp>,
}

fn flags<T>(section: &mut Section<T>) -> Flags<'_> {
    let at = section.at();
    Flags { loading: &mut section.loading, problem: &mut section.problem, at }
}

impl Snapshot {
    fn flags(&mut self, topic: &Topic) -> Option<Flags<'_>> {
        Some(match topic {
            Topic::Status => flags(&mut self.status),
            Topic::Customers(text) => flags(self.customers.entry(text.clone()).or_default()),
            Topic::Customer(customer) => flags(self.customer.entry(customer.clone()).or_default()),
            Topic::Bills(customer) => flags(self.bills.entry(customer.clone()).or_default()),
            Topic::Alarms(customer) => flags(self.alarms.entry(customer.clone()).or_default()),
            Topic::Keys(query) => flags(self.keys.entry(query.clone()).or_default()),
            Topic::Key(key) => flags(self.key.entry(*key).or_default()),
            Topic::Sessions => flags(&mut self.sessions),
            Topic::Arrears => flags(&mut self.arrears),
            Topic::Payments(query) => flags(self.payments.entry(query.clone()).or_default()),
            Topic::Payment(_, payment) => flags(self.payment.entry(*payment).or_default()),
            Topic::Audit(query) => flags(self.audit.entry(query.clone()).or_default()),
            Topic::Verdict => flags(&mut self.verdict),
            Topic::Readers => return None,
        })
    }

    fn forget(&mut self, topic: &Topic) {
        match topic {
            Topic::Customers(text) => drop(self.customers.remove(text)),
            Topic::Customer(customer) => drop(self.customer.remove(customer)),
            Topic::Bills(customer) => drop(self.bills.remove(customer)),
            Topic::Alarms(customer) => drop(self.alarms.remove(customer)),
            Topic::Keys(query) => drop(self.keys.remove(query)),
            Topic::Key(key) => drop(self.key.remove(key)),
            Topic::Payments(query) => drop(self.payments.remove(query)),
            Topic::Payment(_, payment) => drop(self.payment.remove(payment)),
            Topic::Audit(query) => drop(self.audit.remove(query)),
            Topic::Status | Topic::Sessions | Topic::Arrears | Topic::Verdict | Topic::Readers => {}
        }
    }
}

impl Actor {
    /// A screen wants this. What was answered a moment ago is shown as it is.
    pub(super) fn want(&mut self, topic: Topic) {
        let Some(inside) = &mut self.inside else { return };
        if let Some(old) = inside.topics.want(&topic) {
            self.shown.forget(&old);
        }
        self.load_if_old(topic);
    }

    /// No screen shows this any more.
    pub(super) fn leave(&mut self, topic: &Topic) {
        if let Some(inside) = &mut self.inside {
            inside.topics.leave(topic);
        }
    }

    pub(super) fn refresh(&mut self, topic: Topic) {
        let Some(inside) = &mut self.inside else { return };
        if let Some(old) = inside.topics.note(&topic) {
            self.shown.forget(&old);
        }
        self.load(topic);
    }

    fn load_if_old(&mut self, topic: Topic) {
        if topic == Topic::Readers {
            self.look_in_time();
            return;
        }
        let Some(inside) = &self.inside else { return };
        let stale = inside.topics.is_stale(&topic);
        let young_since = self.clock.now().plus_seconds(-YOUNG);
        let Some(flags) = self.shown.flags(&topic) else { return };
        let is_young = !stale && flags.problem.is_none() && flags.at.is_some_and(|at| at >= young_since);
        if !is_young && !*flags.loading {
            self.load(topic);
        }
    }

    /// Asks for everything that screens show, as it was when the line went.
    pub(super) fn reload_watched(&mut self) {
        let shown = self.inside.as_ref().map(|inside| inside.topics.shown()).unwrap_or_default();
        shown.into_iter().filter(|topic| *topic != Topic::Verdict).for_each(|topic| self.load(topic));
        self.load_what_is_wanted();
    }

    /// Screens may want things before the desk is open.
    pub(super) fn load_what_is_wanted(&mut self) {
        let shown = self.inside.as_ref().map(|inside| inside.topics.shown()).unwrap_or_default();
        shown.into_iter().for_each(|topic| self.load_if_old(topic));
    }

    /// Asks for what an act changed and screens show.
    pub(super) fn reload_concerned(&mut self, concerns: impl Fn(&Topic) -> bool) {
        let shown = self.inside.as_mut().map(|inside| inside.topics.changed(concerns)).unwrap_or_default();
        shown.into_iter().for_each(|topic| self.load(topic));
    }

    /// Asks again for what is still awaited though the line is down, so that the screens say why there is nothing.
    pub(super) fn load_what_lacks(&mut self) {
        let Some(inside) = &self.inside else { return };
        let shown = inside.topics.shown();
        let idle: Vec<Topic> = shown.into_iter().filter(|topic| !inside.topics.is_asking(topic)).collect();
        for topic in idle {
            if self.shown.flags(&topic).is_some_and(|flags| *flags.loading) {
                self.load(topic);
            }
        }
    }

    pub(super) fn refresh_in_time(&mut self) {
        let Some(inside) = self.inside.as_ref().filter(|_| self.shown.connection.is_online()) else { return };
        inside.topics.due().into_iter().for_each(|topic| self.load(topic));
    }

    /// Asks for one topic, in a task.
    pub(super) fn load(&mut self, topic: Topic) {
        let Some(inside) = self.inside.as_mut().filter(|inside| inside.is_open()) else { return };
        // What fell out of what is wanted is not taken into the snapshot again.
        if topic == Topic::Readers || !inside.topics.is_wanted(&topic) || !inside.topics.begin(&topic) {
            return;
        }
        let (desk, permits) = (inside.desk(), Arc::clone(&inside.permits));
        if let Some(flags) = self.shown.flags(&topic) {
            *flags.loading = true;
        }
        let known = lists::known(&self.shown, &topic);
        self.work.spawn(async move {
            let _permit = permits.acquire().await;
            match desk {
                Some(desk) => ask(&desk, topic, known).await,
                None => then(move |actor| actor.not_loaded(topic, &Common::Offline.into())),
            }
        });
    }

    /// Takes an answer, or its lack, into its section.
    pub(super) fn loaded<T>(
        &mut self,
        topic: Topic,
        outcome: Result<T, Problem>,
        section: impl FnOnce(&mut Snapshot) -> &mut Section<T>,
    ) {
        let Some(inside) = &mut self.inside else { return };
        if !inside.topics.is_wanted(&topic) {
            inside.topics.end(&topic);
            return;
        }
        let at = inside.desk().map_or_else(|| self.clock.now(), |desk| desk.now());
        match outcome {
            Ok(value) => {
                let again = inside.topics.end(&topic);
                let section = section(&mut self.shown);
                section.loading = false;
                section.problem = None;
                section.value = Some(Arc::new(Fetched { value, at, live: true }));
                self.shown.synced = self.shown.synced.max(Some(at));
                if again {
                    self.load(topic);
                }
            }
            Err(problem) => self.not_loaded(topic, &problem),
        }
    }

    fn not_loaded(&mut self, topic: Topic, problem: &Problem) {
        let Some(inside) = &mut self.inside else { return };
        let again = inside.topics.end(&topic);
        tracing::debug!(word = problem.word(), "something wanted was not loaded");
        if self.mind_key(problem) {
            return;
        }
        let coming = matches!(self.shown.connection, Connection::Connecting | Connection::Online { .. });
        let by_line = matches!(problem, Problem::Common(Common::Offline | Common::ConnectionLost));
        if let Some(flags) = self.shown.flags(&topic) {
            // It is asked for again as soon as the line is there, or the line says why not.
            let awaited = by_line && coming;
            *flags.loading = awaited;
            if !awaited {
                *flags.problem = Some(problem.clone());
            }
        }
        if again && !by_line {
            self.load(topic);
        }
    }
}

async fn ask(desk: &Desk, topic: Topic, known: usize) -> Then {
    fn said<T>(outcome: Result<T, crate::desk::DeskError>) -> Result<T, Problem> {
        outcome.map_err(|error| Problem::from(&error))
    }
    match &topic {
        Topic::Status => {
            let told = said(desk.read::<ops::StatusGet>(&Empty {}).await);
            then(move |actor| actor.loaded(topic, told, |shown| &mut shown.status))
        }
        Topic::Customers(text) => {
            let (text, told) = (text.clone(), lists::several(desk, &topic, known, lists::customers).await);
            then(move |actor| actor.loaded(topic, told, |shown| shown.customers.entry(text).or_default()))
        }
        Topic::Customer(customer) => {
            let customer = customer.clone();
            let told = said(desk.read::<ops::CustomerGet>(&CustomerBody { customer: customer.clone() }).await);
            then(move |actor| actor.loaded(topic, told, |shown| shown.customer.entry(customer).or_default()))
        }
        Topic::Bills(customer) => {
            let (customer, told) = (customer.clone(), lists::several(desk, &topic, known, lists::bills).await);
            then(move |actor| actor.loaded(topic, told, |shown| shown.bills.entry(customer).or_default()))
        }
        Topic::Alarms(customer) => {
            let (customer, told) = (customer.clone(), lists::several(desk, &topic, known, lists::alarms).await);
            then(move |actor| actor.loaded(topic, told, |shown| shown.alarms.entry(customer).or_default()))
        }
        Topic::Keys(query) => {
            let (query, told) = (query.clone(), lists::several(desk, &topic, known, lists::keys).await);
            then(move |actor| actor.loaded(topic, told, |shown| shown.keys.entry(query).or_default()))
        }
        Topic::Key(key) => {
            let key = *key;
            let told = said(desk.read::<ops::KeyGet>(&KeyBody { key }).await);
            then(move |actor| actor.loaded(topic, told, |shown| shown.key.entry(key).or_default()))
        }
        Topic::Sessions => {
            let told = lists::several(desk, &topic, usize::MAX, lists::sessions).await.map(|list| list.items);
            then(move |actor| actor.loaded(topic, told, |shown| &mut shown.sessions))
        }
        Topic::Arrears => {
            let told = lists::several(desk, &topic, known, lists::arrears).await;
            then(move |actor| actor.loaded(topic, told, |shown| &mut shown.arrears))
        }
        Topic::Payments(query) => {
            let (query, told) = (query.clone(), lists::several(desk, &topic, known, lists::payments).await);
            then(move |actor| actor.loaded(topic, told, |shown| shown.payments.entry(query).or_default()))
        }
        Topic::Payment(customer, payment) => {
            let (customer, payment) = (customer.clone(), *payment);
            let told = said(desk.read::<ops::PaymentStory>(&StoryBody { customer, payment }).await);
            then(move |actor| actor.loaded(topic, told, |shown| shown.payment.entry(payment).or_default()))
        }
        Topic::Audit(query) => {
            let (query, told) = (query.clone(), lists::several(desk, &topic, known, lists::audit).await);
            then(move |actor| actor.loaded(topic, told, |shown| shown.audit.entry(query).or_default()))
        }
        Topic::Verdict => {
            let told = said(desk.read::<ops::AuditVerify>(&Empty {}).await);
            then(move |actor| actor.loaded(topic, told, |shown| &mut shown.verdict))
        }
        Topic::Readers => then(|_| {}),
    }
}

/// Adds a page to a list that is shown.
pub(super) fn append<T: Clone>(section: Option<&mut Section<Paged<T>>>, page: Result<Paged<T>, Problem>) {
    let Some(section) = section else { return };
    let Some(value) = &mut section.value else { return };
    let list = &mut Arc::make_mut(value).value;
    list.loading = false;
    match page {
        Ok(page) => {
            list.items.extend(page.items);
            (list.more, list.next) = (page.more, page.next);
            section.problem = None;
        }
        Err(problem) => section.problem = Some(problem),
    }
}
