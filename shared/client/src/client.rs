//! The client as a program uses it: one key, one store, at most one session.
//!
//! Reads come from the server while there is a session and from the store, with their age, while there is none. Payments are
//! signed, stored, and only then sent.

mod error;
mod pay;
mod payments;
mod reads;
mod renew;
mod stream;

use std::sync::Arc;

pub use error::{ClientError, PayError};
use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_protocol::{CloseCode, certificate::TrustAnchor, ops::Operation};
pub use pay::{PayOutcome, PayRequest, Sent};
pub use payments::{PaymentView, VerifiedReceipt};
pub use renew::{RenewStep, Renewal};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
pub use stream::Inbox;

use crate::{
    clock::Clock,
    key::UsbKey,
    queue::Caps,
    session::{Online, Session, SessionFailure, SessionSettings},
    store::{Cached, Store, Table},
    transport::Connector,
};

pub(crate) const IDENTITY: &str = "identity";

/// What a client is made of.
#[derive(Debug, Clone)]
pub struct ClientParts {
    /// The logged-in key.
    pub key: UsbKey,
    /// The store; [`Store::in_memory`] for a key without an X25519 key.
    pub store: Store,
    /// The company root.
    pub anchor: Arc<TrustAnchor>,
    /// The caps of orders.
    pub caps: Caps,
    /// How long an order may be executed, seconds.
    pub order_seconds: i64,
    /// The time of day.
    pub clock: Clock,
}

/// How a session is wanted.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Follows the push stream from where it was left and acknowledges it. Without it a session sees live pushes only and
    /// moves nothing.
    pub follow: bool,
    /// Comes back by itself.
    pub reconnect: bool,
    /// A server without channel binding is acceptable.
    pub allow_unbound: bool,
    /// The program's name and version.
    pub agent: String,
    /// The person's language.
    pub locale: String,
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched<T> {
    /// The value.
    pub value: T,
    /// When the server said so.
    pub at: Timestamp,
    /// Whether the server said so just now; if not, it comes from the store.
    pub live: bool,
}

/// Who the key belongs to, as the server said when last asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Identity {
    customer: CustomerNo,
    /// How far this machine's clock is behind the server's, seconds.
    clock_behind: i64,
}

/// A client; cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    parts: Arc<ClientParts>,
    session: Option<Session>,
}

impl Client {
    /// A client without a session.
    pub fn new(parts: ClientParts) -> Self {
        Self { parts: Arc::new(parts), session: None }
    }

    /// Starts a session and waits for its first success or failure. After a failure that invites another try the client
    /// goes on with what the store has. A renewed key that was revoked unused gives way to the one before it.
    pub async fn connect(
        &mut self,
        connector: Arc<dyn Connector>,
        wish: Wish,
    ) -> Result<Arc<Online>, Arc<SessionFailure>> {
        let mut outcome = self.start(Arc::clone(&connector), wish.clone()).online().await;
        if let Err(Some(failure)) = &outcome
            && failure.close_code() == Some(CloseCode::Revoked)
            && let Some(key) = self.key().before_renewal()
        {
            let renewed = self.clone();
            self.close().await;
            self.parts = Arc::new(ClientParts { key, ..ClientParts::clone(&self.parts) });
            match self.start(connector, wish).online().await {
                // What became of the key that is in use says more.
                Err(Some(failure)) if failure.disowns_key() => *self = renewed,
                other => outcome = other,
            }
        }
        match outcome {
            Ok(online) => {
                self.remember(&online).await;
                Ok(online)
            }
            Err(failure) => Err(failure.unwrap_or_else(|| Arc::new(SessionFailure::Silence))),
        }
    }

    /// Starts a session and waits for nothing. Whoever follows its state calls [`Self::remember`] once it is online.
    pub fn start(&mut self, connector: Arc<dyn Connector>, wish: Wish) -> Session {
        let keeper = wish.follow.then(|| Arc::new(self.parts.store.clone()) as Arc<dyn crate::session::StreamKeeper>);
        let settings = SessionSettings {
            anchor: Arc::clone(&self.parts.anchor),
            allow_unbound: wish.allow_unbound,
            agent: wish.agent,
            locale: wish.locale,
            reconnect: wish.reconnect,
            clock: self.parts.clock.clone(),
            keeper,
        };
        let session = Session::start(connector, self.parts.key.clone(), settings);
        self.session = Some(session.clone());
        session
    }

    /// The session, if one was started.
    pub const fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.parts.store
    }

    /// The key.
    pub fn key(&self) -> &UsbKey {
        &self.parts.key
    }

    /// The company root.
    pub fn anchor(&self) -> &TrustAnchor {
        &self.parts.anchor
    }

    /// The time by this machine's clock.
    pub fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// Closes the session, if there is one.
    pub async fn close(&mut self) {
        if let Some(session) = self.session.take() {
            session.close().await;
        }
    }

    /// Carries out an operation; without a session it fails.
    pub async fn call<O: Operation>(&self, body: &O::Body) -> Result<O::Result, ClientError> {
        let session = self.session.as_ref().filter(|session| session.current().is_some());
        match session {
            Some(session) => Ok(session.call::<O>(body).await?),
            None => Err(self.offline_error()),
        }
    }

    /// Asks the server and keeps the answer under `name`; what was kept answers while the server cannot.
    async fn fetch<O>(&self, name: String, body: &O::Body) -> Result<Fetched<O::Result>, ClientError>
    where
        O: Operation,
        O::Result: Serialize + DeserializeOwned + Clone + Send + 'static,
    {
        match self.call::<O>(body).await {
            Ok(value) => {
                let at = self.now();
                self.keep(name, at, value.clone()).await;
                Ok(Fetched { value, at, live: true })
            }
            Err(error) if error.is_offline() => {
                let kept = self.with_store(move |store| store.recall::<O::Result>(&name)).await?;
                match kept {
                    Some(Cached { at, value }) => Ok(Fetched { value, at, live: false }),
                    None => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }

    /// Keeps an answer for when there is no network. A full disk must not hide what the server just said.
    async fn keep<T: Serialize + Send + 'static>(&self, name: String, at: Timestamp, value: T) {
        if let Err(error) = self.with_store(move |store| store.remember(&name, at, &value)).await {
            tracing::error!(%error, "the answer was not kept for later");
        }
    }

    fn offline_error(&self) -> ClientError {
        match self.session.as_ref().and_then(Session::failure) {
            Some(failure) => ClientError::Session(failure),
            None => ClientError::Offline,
        }
    }

    /// Works on the store where it may block.
    pub async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, crate::store::StoreError> + Send + 'static,
    ) -> Result<T, ClientError> {
        let store = self.parts.store.clone();
        Ok(crate::store::on_thread(move || work(&store)).await?)
    }

    /// Keeps what a login told, for the next time without a network.
    pub async fn remember(&self, online: &Online) {
        let Some(customer) = online.customer.clone() else { return };
        let identity = Identity { customer, clock_behind: online.clock_behind() };
        // Only convenience for the next time without a network.
        if let Err(error) = self.with_store(move |store| store.put(Table::State, IDENTITY, &identity)).await {
            tracing::warn!(%error, "the offline store did not take the login");
        }
    }

    async fn identity(&self) -> Result<Identity, ClientError> {
        if let Some(online) = self.session.as_ref().and_then(Session::current)
            && let Some(customer) = online.customer.clone()
        {
            return Ok(Identity { customer, clock_behind: online.clock_behind() });
        }
        let kept = self.with_store(|store| store.get::<Identity>(Table::State, IDENTITY)).await?;
        kept.ok_or(ClientError::NeverLoggedIn)
    }

    /// The customer of this key, as the server said when last asked.
    pub async fn customer(&self) -> Result<CustomerNo, ClientError> {
        Ok(self.identity().await?.customer)
    }
}

#[cfg(test)]
mod tests;
