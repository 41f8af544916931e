//! Clicks on the notifications that stand on the desktop.
//!
//! Most desktops tell everybody on the session bus, and are listened to from before the first notification goes out: one that
//! is clicked at once, or while another closes, is not missed. Some tell only the connection that sent it; its waiter tells it
//! here too. Whoever is first takes the path, so that a click leads once.

use std::{
    collections::HashMap,
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::StreamExt as _;
use zbus::{Connection, MatchRule, MessageStream, message::Type};

use crate::platform::{Call, Calls};

/// The service of Desktop Notifications Specification 1.2, and its interface.
const SERVICE: &str = "org.freedesktop.Notifications";
/// How many signals may wait here.
const WAITING: Option<NonZeroUsize> = NonZeroUsize::new(64);

/// Where clicks lead. Clones are the same.
#[derive(Clone)]
pub(super) struct Clicks {
    paths: Arc<Mutex<Paths>>,
    calls: Calls,
}

#[derive(Default)]
struct Paths {
    /// By the number of the notification.
    shown: HashMap<u32, String>,
    /// What was clicked while a notification was on its way, whose number may turn out to be one of these.
    early: Option<Vec<u32>>,
}

impl Clicks {
    pub(super) fn new(calls: Calls) -> Self {
        Self { paths: Arc::default(), calls }
    }

    /// Begins to listen, on a task that ends with the bus.
    pub(super) async fn listen(&self) -> zbus::Result<()> {
        let rule = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender(SERVICE)
            .interface(SERVICE)
            .member("ActionInvoked")
            .build()?;
        let bus = Connection::session().await?;
        let mut signals = MessageStream::for_match_rule(rule, &bus, WAITING).await?;
        let clicks = self.clone();
        tokio::spawn(async move {
            while let Some(Ok(signal)) = signals.next().await {
                if let Ok((id, _action)) = signal.body().deserialize::<(u32, String)>() {
                    clicks.clicked(id);
                }
            }
            tracing::info!("the session bus has gone; clicks on notifications lead nowhere");
        });
        Ok(())
    }

    /// A notification goes out.
    pub(super) fn sends(&self) {
        self.paths().early = Some(Vec::new());
    }

    /// It has this number, and a click leads to `path`.
    pub(super) fn shows(&self, id: u32, path: String) {
        let mut paths = self.paths();
        paths.shown.insert(id, path);
        let early = paths.early.take().is_some_and(|early| early.contains(&id));
        drop(paths);
        if early {
            self.clicked(id);
        }
    }

    /// Nothing stands there under this number any longer.
    pub(super) fn forgets(&self, id: u32) {
        self.paths().shown.remove(&id);
    }

    /// Somebody clicked on this number, of whatever program.
    pub(super) fn clicked(&self, id: u32) {
        let mut paths = self.paths();
        if let Some(path) = paths.shown.remove(&id) {
            self.calls.call(Call::Show(Some(path)));
        } else if let Some(early) = &mut paths.early {
            early.push(id);
        }
    }

    fn paths(&self) -> std::sync::MutexGuard<'_, Paths> {
        self.paths.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn next(calls: &Calls) -> Option<Call> {
        tokio::time::timeout(std::time::Duration::from_millis(1), calls.next()).await.ok().flatten()
    }

    #[tokio::test(start_paused = true)]
    async fn a_click_leads_once_whoever_tells_it() {
        let calls = Calls::new();
        let clicks = Clicks::new(calls.clone());
        clicks.sends();
        clicks.shows(7, "/alarms".to_owned());
        clicks.clicked(7);
        clicks.clicked(7);
        assert_eq!(next(&calls).await, Some(Call::Show(Some("/alarms".to_owned()))));
        assert_eq!(next(&calls).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_click_that_is_faster_than_the_number_is_not_missed() {
        let calls = Calls::new();
        let clicks = Clicks::new(calls.clone());
        clicks.sends();
        clicks.clicked(7);
        clicks.shows(7, "/alarms".to_owned());
        assert_eq!(next(&calls).await, Some(Call::Show(Some("/alarms".to_owned()))));
    }

    #[tokio::test(start_paused = true)]
    async fn a_click_on_another_program_leads_nowhere() {
        let calls = Calls::new();
        let clicks = Clicks::new(calls.clone());
        // Before anything of ours went out, and the service counts from one again afterwards.
        clicks.clicked(1);
        clicks.sends();
        clicks.clicked(9);
        clicks.shows(1, "/alarms".to_owned());
        clicks.forgets(1);
        clicks.clicked(1);
        assert_eq!(next(&calls).await, None);
    }
}
