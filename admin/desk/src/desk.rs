//! The open session of an administrator's key.

use std::{
    marker::PhantomData,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use gridkey_client::{
    clock::Clock,
    key::{KeyError, UsbKey},
    session::{CallError, Online, Session, SessionFailure, SessionSettings},
    transport::Connector,
};
use gridkey_domain::Timestamp;
use gridkey_protocol::{
    ByteArray, ByteString, cbor,
    certificate::TrustAnchor,
    command::{Command, SignedCommand, message_to_sign},
    frame::{OpError, Role},
    ops::{Act, Operation},
};

/// What a desk needs beside its key and the way to the server.
#[derive(Clone)]
pub struct DeskSettings {
    /// The company root.
    pub anchor: Arc<TrustAnchor>,
    /// Whether a server that binds to no TLS channel is acceptable. Leave it `false`.
    pub allow_unbound: bool,
    /// The program's name and version.
    pub agent: String,
    /// The person's language.
    pub locale: String,
    /// The time of day.
    pub clock: Clock,
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no session.
    #[error(transparent)]
    Session(Arc<SessionFailure>),
    /// The server let this key in as somebody else's.
    #[error("this key is not an administrator's")]
    NotAdmin,
    /// The server did not do it.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The key did not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl DeskError {
    /// The server's refusal, if that is what it is.
    pub fn refusal(&self) -> Option<&OpError> {
        match self {
            Self::Call(CallError::Refused(error)) => Some(error),
            _ => None,
        }
    }
}

/// An act as it travels.
struct Signed<O>(PhantomData<O>);

impl<O: Act> Operation for Signed<O> {
    const NAME: &'static str = O::NAME;
    type Body = SignedCommand;
    type Result = O::Result;
}

/// An administrator in session. Dropping it ends the session.
#[derive(Debug)]
pub struct Desk {
    session: Session,
    online: Arc<Online>,
    key: UsbKey,
    clock: Clock,
    /// The number of the last command.
    number: AtomicU64,
    /// Commands go out in the order of their numbers.
    turn: tokio::sync::Mutex<()>,
}

impl Desk {
    /// Opens a session with a logged-in administrator's key. It does not come back by itself: commands belong to their session.
    ///
    /// # Errors
    /// [`DeskError::Session`], [`DeskError::NotAdmin`].
    pub async fn open(connector: Arc<dyn Connector>, key: UsbKey, settings: DeskSettings) -> Result<Self, DeskError> {
        let clock = settings.clock.clone();
        let session = Session::start(
            connector,
            key.clone(),
            SessionSettings {
                anchor: settings.anchor,
                allow_unbound: settings.allow_unbound,
                agent: settings.agent,
                locale: settings.locale,
                reconnect: false,
                clock: settings.clock,
                keeper: None,
            },
        );
        let lost = |failure: Option<Arc<SessionFailure>>| {
            DeskError::Session(failure.unwrap_or_else(|| Arc::new(SessionFailure::Silence)))
        };
        let online = session.online().await.map_err(lost)?;
        if online.role != Role::Admin {
            session.close().await;
            return Err(DeskError::NotAdmin);
        }
        Ok(Self::of(session, online, key, clock))
    }

    /// The desk of an open session that somebody else keeps up: `online` is what it said when it opened. After another login of the
    /// same session this desk does nothing any more, since commands belong to the login they were signed in.
    pub fn of(session: Session, online: Arc<Online>, key: UsbKey, clock: Clock) -> Self {
        Self { session, online, key, clock, number: AtomicU64::new(0), turn: tokio::sync::Mutex::default() }
    }

    /// What the server said at the login.
    pub fn online(&self) -> &Online {
        &self.online
    }

    /// The administrator's key.
    pub fn key(&self) -> &UsbKey {
        &self.key
    }

    /// The server's time, as far as this machine can tell.
    pub fn now(&self) -> Timestamp {
        self.clock.now().plus_seconds(self.online.clock_behind())
    }

    /// Asks something.
    ///
    /// # Errors
    /// [`DeskError::Call`].
    pub async fn read<O: Operation>(&self, body: &O::Body) -> Result<O::Result, DeskError> {
        Ok(self.session.call::<O>(body).await?)
    }

    /// Does something: signs it on the key and sends it.
    ///
    /// # Errors
    /// [`DeskError::Key`], [`DeskError::Call`].
    pub async fn act<O: Act>(&self, body: &O::Body) -> Result<O::Result, DeskError> {
        let _turn = self.turn.lock().await;
        let command = cbor::encode(&Command {
            v: 1,
            op: O::NAME.to_owned(),
            body: cbor::to_value(body).map_err(CallError::BadRequest)?,
            session: self.online.session.clone(),
            number: self.number.fetch_add(1, Ordering::Relaxed) + 1,
            at: self.now(),
            key: ByteArray(self.key.certificates().leaf().fingerprint()),
        });
        let signature = self.key.sign(message_to_sign(&command)).await?;
        let signed = SignedCommand { command: ByteString(command), signature: ByteArray(signature) };
        Ok(self.session.call::<Signed<O>>(&signed).await?)
    }

    /// Ends the session and waits, for some seconds at most, until the server was told.
    pub async fn close(self) {
        self.session.close().await;
    }
}
