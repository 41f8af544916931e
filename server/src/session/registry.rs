//! The live sessions: found by key to be cut, woken by customer when something is pushed.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_protocol::close::CloseCode;
use tokio::sync::watch;

use super::push::Outgoing;
use crate::store::{Fingerprint, StoredPush};

/// A live session as an operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionInfo {
    /// Its number; the session's name is `s-` and this in hex.
    pub id: u64,
    /// The key.
    pub key: Fingerprint,
    /// The customer; `None` for an administrator's.
    pub customer: Option<CustomerNo>,
    /// Since when.
    pub since: Timestamp,
    /// The client's name and version.
    pub agent: String,
    /// Where it comes from, once that is told.
    pub address: Option<IpAddr>,
    /// When it last sent something.
    pub heard: Timestamp,
}

struct Entry {
    info: SessionInfo,
    cut: watch::Sender<Option<CloseCode>>,
}

#[derive(Default)]
struct Inner {
    next: u64,
    sessions: HashMap<u64, Entry>,
    by_key: HashMap<Fingerprint, Vec<u64>>,
    /// The newest push of each customer that has live sessions; under `None` that of administrators, to whom nothing is pushed.
    streams: HashMap<Option<CustomerNo>, watch::Sender<Newest>>,
}

/// What was pushed to a customer last, so that a session that lacks only this need not read it from the store.
pub type Newest = Option<Arc<Outgoing>>;

/// All live sessions of this process.
pub struct Registry {
    per_key: usize,
    inner: Mutex<Inner>,
}

/// A session's place in the registry. Dropping it ends the session there.
pub struct Registered<'a> {
    registry: &'a Registry,
    id: u64,
    /// Says when the session must end, and why.
    pub cut: watch::Receiver<Option<CloseCode>>,
    /// Says when something was pushed to the customer, and what.
    pub pushed: watch::Receiver<Newest>,
}

impl Registered<'_> {
    /// The session's name, for support.
    pub fn name(&self) -> String {
        format!("s-{:x}", self.id)
    }

    /// Where it comes from.
    pub fn comes_from(&self, address: IpAddr) {
        self.registry.note(self.id, |info| info.address = Some(address));
    }

    /// It sent something.
    pub fn heard(&self, now: Timestamp) {
        self.registry.note(self.id, |info| info.heard = now);
    }
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        self.registry.remove(self.id);
    }
}

impl Registry {
    /// A registry that allows a key `per_key` sessions at once.
    pub fn new(per_key: usize) -> Self {
        Self { per_key: per_key.max(1), inner: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Registers a session; the oldest of the key gives way if there is one too many.
    pub fn register(
        &self,
        key: Fingerprint,
        customer: Option<&CustomerNo>,
        agent: &str,
        now: Timestamp,
    ) -> Registered<'_> {
        let mut inner = self.lock();
        inner.next += 1;
        let id = inner.next;
        let (cut, cut_seen) = watch::channel(None);
        let info = SessionInfo {
            id,
            key,
            customer: customer.cloned(),
            since: now,
            agent: agent.to_owned(),
            address: None,
            heard: now,
        };
        inner.sessions.insert(id, Entry { info, cut });
        let of_key = inner.by_key.entry(key).or_default();
        of_key.push(id);
        let oldest = (of_key.len() > self.per_key).then(|| of_key.remove(0));
        if let Some(entry) = oldest.and_then(|oldest| inner.sessions.get(&oldest)) {
            entry.cut.send_replace(Some(CloseCode::ReplacedSession));
        }
        let pushed = inner.streams.entry(customer.cloned()).or_insert_with(|| watch::channel(None).0).subscribe();
        let live = inner.sessions.len();
        drop(inner);
        set_gauge(live);
        Registered { registry: self, id, cut: cut_seen, pushed }
    }

    fn note(&self, id: u64, change: impl FnOnce(&mut SessionInfo)) {
        if let Some(entry) = self.lock().sessions.get_mut(&id) {
            change(&mut entry.info);
        }
    }

    fn remove(&self, id: u64) {
        let mut inner = self.lock();
        let Some(Entry { info, .. }) = inner.sessions.remove(&id) else { return };
        if let Some(of_key) = inner.by_key.get_mut(&info.key) {
            of_key.retain(|other| *other != id);
            if of_key.is_empty() {
                inner.by_key.remove(&info.key);
            }
        }
        // The receiver of the session that ends is still alive here.
        if inner.streams.get(&info.customer).is_some_and(|stream| stream.receiver_count() <= 1) {
            inner.streams.remove(&info.customer);
        }
        let live = inner.sessions.len();
        drop(inner);
        set_gauge(live);
    }

    /// Wakes the customer's sessions: its stream now ends with `push`.
    pub fn pushed(&self, customer: &CustomerNo, push: StoredPush) {
        if let Some(stream) = self.lock().streams.get(&Some(customer.clone())) {
            stream.send_if_modified(|newest| {
                let grew = newest.as_ref().is_none_or(|newest| newest.stored().offset < push.offset);
                if grew {
                    *newest = Some(Arc::new(Outgoing::new(push)));
                }
                grew
            });
        }
    }

    /// Ends the sessions of a key; how many there were.
    pub fn cut_key(&self, key: &Fingerprint, why: CloseCode) -> usize {
        let inner = self.lock();
        let sessions = inner.by_key.get(key).map_or(&[][..], Vec::as_slice);
        sessions
            .iter()
            .filter_map(|id| inner.sessions.get(id))
            .map(|entry| entry.cut.send_replace(Some(why)))
            .filter(Option::is_none)
            .count()
    }

    /// Ends the session of that number; whether there was one.
    pub fn cut_session(&self, id: u64, why: CloseCode) -> bool {
        self.lock().sessions.get(&id).is_some_and(|entry| entry.cut.send_replace(Some(why)).is_none())
    }

    /// Ends every session.
    pub fn cut_all(&self, why: CloseCode) {
        for entry in self.lock().sessions.values() {
            entry.cut.send_replace(Some(why));
        }
    }

    /// The live sessions, oldest first.
    pub fn list(&self) -> Vec<SessionInfo> {
        let mut list: Vec<_> = self.lock().sessions.values().map(|entry| entry.info.clone()).collect();
        list.sort_by_key(|info| info.id);
        list
    }
}

fn set_gauge(live: usize) {
    metrics::gauge!("gridkey_sessions").set(u32::try_from(live).unwrap_or(u32::MAX));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer(number: &str) -> CustomerNo {
        number.parse().unwrap()
    }

    #[test]
    fn a_session_tells_where_it_comes_from_and_when_it_was_heard() {
        let registry = Registry::new(3);
        let session = registry.register([1; 32], None, "", NOW());
        assert_eq!((registry.list()[0].address, registry.list()[0].heard), (None, NOW()));
        session.comes_from(IpAddr::from([192, 0, 2, 7]));
        session.heard(NOW().plus_seconds(40));
        let told = registry.list().remove(0);
        assert_eq!((told.address, told.heard), (Some(IpAddr::from([192, 0, 2, 7])), NOW().plus_seconds(40)));
        assert_eq!(told.since, NOW());
    }

    const NOW: fn() -> Timestamp = || Timestamp::from_seconds(0);

    #[test]
    fn a_fifth_session_ends_the_oldest_of_its_key_only() {
        let registry = Registry::new(4);
        let other = registry.register([2; 32], Some(&customer("1")), "", NOW());
        let sessions: Vec<_> = (0..5).map(|_| registry.register([1; 32], Some(&customer("1")), "", NOW())).collect();
        assert_eq!(*sessions[0].cut.borrow(), Some(CloseCode::ReplacedSession));
        assert!(sessions[1..].iter().all(|session| session.cut.borrow().is_none()));
        assert!(other.cut.borrow().is_none());
    }

    #[test]
    fn a_lost_key_ends_all_its_sessions() {
        let registry = Registry::new(4);
        let mine = [
            registry.register([1; 32], Some(&customer("1")), "", NOW()),
            registry.register([1; 32], Some(&customer("1")), "", NOW()),
        ];
        let colleague = registry.register([2; 32], Some(&customer("1")), "", NOW());
        assert_eq!(registry.cut_key(&[1; 32], CloseCode::Lost), 2);
        assert!(mine.iter().all(|session| *session.cut.borrow() == Some(CloseCode::Lost)));
        assert!(colleague.cut.borrow().is_none());
        drop(mine);
        assert_eq!(registry.list().len(), 1);
    }

    fn push(offset: u64) -> StoredPush {
        StoredPush { offset, kind: "arrears".to_owned(), body: vec![0xa0], at: NOW() }
    }

    #[test]
    fn a_push_wakes_every_session_of_its_customer_and_no_other() {
        let registry = Registry::new(4);
        let mut mine = registry.register([1; 32], Some(&customer("1")), "", NOW());
        let mut theirs = registry.register([2; 32], Some(&customer("2")), "", NOW());
        registry.pushed(&customer("1"), push(7));
        registry.pushed(&customer("1"), push(6));
        assert!(mine.pushed.has_changed().unwrap());
        assert_eq!(mine.pushed.borrow_and_update().as_deref().map(Outgoing::stored), Some(&push(7)));
        assert!(!theirs.pushed.has_changed().unwrap());
        let second = registry.register([3; 32], Some(&customer("1")), "", NOW());
        drop(mine);
        registry.pushed(&customer("1"), push(8));
        assert_eq!(second.pushed.borrow().as_deref().map(Outgoing::stored), Some(&push(8)));
        theirs.pushed.borrow_and_update();
    }
}
