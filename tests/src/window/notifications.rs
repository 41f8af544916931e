//! A notification service that shows nothing and remembers everything: an independent `org.freedesktop.Notifications`
//! (Desktop Notifications Specification 1.2), and a person who clicks.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, Result};
use tokio::runtime::Handle;
use zbus::{Connection, connection, interface, object_server::SignalEmitter, zvariant::OwnedValue};

use super::{PATIENCE, wait_for};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// A notification as it came over the bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Its number here.
    pub id: u32,
    /// The program that sent it.
    pub program: String,
    /// One line.
    pub summary: String,
    /// The text.
    pub body: String,
    /// Action keys and their labels, in turn.
    pub actions: Vec<String>,
    /// How urgent: 0 low, 1 normal, 2 critical.
    pub urgency: u8,
}

/// The service. It ends with the value.
#[derive(Debug)]
pub struct Notifications {
    connection: Connection,
    runtime: Handle,
    seen: Arc<Mutex<Vec<Notification>>>,
}

impl Notifications {
    /// Takes the service's name on the bus at `address`.
    pub(super) fn start(runtime: &Handle, address: &str) -> Result<Self> {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let service = Service { seen: Arc::clone(&seen), last: 0 };
        let connection = runtime.block_on(async {
            connection::Builder::address(address)?.name(NAME)?.serve_at(PATH, service)?.build().await
        });
        Ok(Self { connection: connection.context("the notification service")?, runtime: runtime.clone(), seen })
    }

    /// All that came so far, oldest first.
    pub fn seen(&self) -> Vec<Notification> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for a notification that `matches`, described by `what`.
    ///
    /// # Errors
    /// If none comes; the error tells those that came.
    pub fn wait_for(&self, what: &str, matches: impl Fn(&Notification) -> bool) -> Result<Notification> {
        let found = wait_for(what, PATIENCE, || Ok(self.seen().into_iter().find(&matches)));
        found.with_context(|| format!("notifications that came: {:#?}", self.seen()))
    }

    /// Clicks on a notification, as a person does on its text.
    ///
    /// # Errors
    /// If the bus is gone.
    pub fn click(&self, notification: &Notification) -> Result<()> {
        let id = notification.id;
        self.runtime.block_on(async {
            let emitter = SignalEmitter::new(&self.connection, PATH)?;
            Service::action_invoked(&emitter, id, "default").await?;
            // Dismissed by the person, as a service reports it after a click.
            Service::notification_closed(&emitter, id, 2).await
        })?;
        Ok(())
    }
}

struct Service {
    seen: Arc<Mutex<Vec<Notification>>>,
    last: u32,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Service {
    #[expect(clippy::too_many_arguments, reason = "the specification's method has so many")]
    fn notify(
        &mut self,
        app_name: String,
        replaces_id: u32,
        _app_icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        mut hints: HashMap<String, OwnedValue>,
        _expire_timeout: i32,
    ) -> u32 {
        let id = if replaces_id == 0 { self.last + 1 } else { replaces_id };
        self.last = self.last.max(id);
        let urgency = hints.remove("urgency").and_then(|value| u8::try_from(value).ok()).unwrap_or(1);
        let notification = Notification { id, program: app_name, summary, body, actions, urgency };
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(notification);
        id
    }

    async fn close_notification(&self, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>, id: u32) {
        // 3: closed by a call of this method.
        let _ = Self::notification_closed(&emitter, id, 3).await;
    }

    fn get_capabilities(&self) -> Vec<&'static str> {
        vec!["actions", "body", "persistence"]
    }

    fn get_server_information(&self) -> (&'static str, &'static str, &'static str, &'static str) {
        ("gridkey-tests", "gridkey", env!("CARGO_PKG_VERSION"), "1.2")
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action_key: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;
}
