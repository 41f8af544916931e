//! An open session: `welcome`, then requests, answers, pushes and pings until one side ends it.

use std::{net::IpAddr, sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use gridkey_domain::CustomerNo;
use gridkey_protocol::{
    ByteArray,
    cbor::{Encoded, Value},
    close::CloseCode,
    frame::{OpError, Role, Welcome},
    session::{Incoming, ServerSession},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
    task::JoinSet,
    time::MissedTickBehavior,
};

use super::{
    handshake::{Member, Peer, close_of_store, member},
    push::Outgoing,
    registry::{Newest, Registered},
    socket::{Ended, Socket},
};
use crate::{
    admin::{self, AdminCaller},
    core::Core,
    keys::renewal,
    limits::SessionLimits,
    ops::{self, Caller},
    store::{Fingerprint, StreamHead},
};

/// Pushes fetched from the store at once.
const BATCH: u32 = 64;

/// Registers the session, reads the binding once more, welcomes the peer and serves it to its end.
pub(super) async fn run<S: AsyncRead + AsyncWrite + Unpin>(
    core: Arc<Core>,
    limits: &SessionLimits,
    mut socket: Socket<S>,
    peer: Peer,
    address: IpAddr,
) {
    let registered = core.registry.register(peer.key, peer.member.customer(), &peer.agent, core.now());
    registered.comes_from(address);
    // To open a session takes more memory than to be idle in it: it is let go of in between.
    let opened = Box::pin(open(&core, limits, &mut socket, &peer, &registered)).await;
    let ended = match opened {
        Ok(running) => running.serve(&core, limits, &mut socket, registered).await,
        Err(ended) => ended,
    };
    match ended {
        Ended::Left => {}
        Ended::Close(code) => {
            tracing::info!(reason = code.reason(), "a session is closed");
            socket.close(code).await;
        }
    }
}

/// A welcomed session.
struct Running {
    session: ServerSession,
    key: Fingerprint,
    asker: Asker,
    /// The last push sent.
    sent: u64,
    /// The last push there was when the session was opened.
    head: u64,
    ends: (Duration, CloseCode),
}

/// Who asks in this session.
#[derive(Clone)]
enum Asker {
    Customer(Caller),
    Admin(AdminCaller),
}

impl Asker {
    fn new(peer: &Peer, member: Member, session: String) -> Self {
        match member {
            Member::Customer(customer) => Self::Customer(Caller { key: peer.key, customer }),
            Member::Admin(role) => Self::Admin(AdminCaller::new(peer.key, peer.public, role, session)),
        }
    }

    fn customer(&self) -> Option<&CustomerNo> {
        match self {
            Self::Customer(caller) => Some(&caller.customer),
            Self::Admin(_) => None,
        }
    }

    /// The same asker as the binding stands now, unless it is somebody else's now.
    fn again(&self, member: Member) -> Option<Self> {
        match (self, member) {
            (Self::Customer(caller), Member::Customer(customer)) if caller.customer == customer => Some(self.clone()),
            (Self::Admin(caller), Member::Admin(role)) => Some(Self::Admin(caller.with_role(role))),
            _ => None,
        }
    }

    async fn carry_out(&self, core: &Core, op: &str, body: Value) -> Result<Encoded, OpError> {
        match self {
            Self::Customer(caller) => ops::carry_out(core, caller, op, body).await,
            Self::Admin(caller) => admin::carry_out(core, caller, op, body).await,
        }
    }
}

async fn open<S: AsyncRead + AsyncWrite + Unpin>(
    core: &Arc<Core>,
    limits: &SessionLimits,
    socket: &mut Socket<S>,
    peer: &Peer,
    registered: &Registered<'_>,
) -> Result<Running, Ended> {
    // Read after registering: an unbinding either finds the session to cut, or is seen here.
    let (member, standing) = member(core, peer.key).await.map_err(Ended::Close)?;
    renewal::used(core, peer.key, standing.succeeds).await.map_err(|error| Ended::Close(close_of_store(&error)))?;
    let asker = Asker::new(peer, member, registered.name());
    let head = match asker.customer() {
        Some(customer) => core.store.stream(customer).await.map_err(|error| Ended::Close(close_of_store(&error)))?,
        None => StreamHead { epoch: [0; 16], offset: 0 },
    };
    let resumed = resume(peer, head);
    let now = core.now();
    let mut session = ServerSession::new(peer.keys.clone(), limits.unanswered);
    let customer = asker.customer().cloned();
    let welcome = session.welcome(Welcome {
        session: registered.name(),
        role: if customer.is_some() { Role::Customer } else { Role::Admin },
        customer: customer.clone(),
        time: now,
        epoch: ByteArray(head.epoch),
        offset: head.offset,
        recovered: resumed.is_some(),
    });
    socket.send(welcome.map_err(|error| Ended::Close(error.close()))?).await?;
    metrics::counter!("gridkey_logins_total", "outcome" => "ok").increment(1);
    core.notes.logins.succeeded(now);
    let who = customer.as_ref().map_or("administrator", CustomerNo::as_str);
    tracing::info!(session = registered.name(), who, agent = peer.agent, "a session is open");
    let certificate_left = peer.not_after.seconds_since(now).saturating_add(1);
    let ends = if certificate_left <= limits.life_seconds {
        (certificate_left, CloseCode::Expired)
    } else {
        (limits.life_seconds, CloseCode::SessionEnd)
    };
    Ok(Running {
        session,
        key: peer.key,
        asker,
        sent: resumed.unwrap_or(head.offset),
        head: head.offset,
        ends: (Duration::from_secs(u64::try_from(ends.0).unwrap_or(0)), ends.1),
    })
}

/// The offset to go on from, if everything missed can be given.
fn resume(peer: &Peer, head: StreamHead) -> Option<u64> {
    peer.resume
        .filter(|resume| resume.epoch.0 == head.epoch && resume.offset <= head.offset)
        .map(|resume| resume.offset)
}

type Answer = (u64, Result<Encoded, OpError>);

impl Running {
    async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
        mut self,
        core: &Arc<Core>,
        limits: &SessionLimits,
        socket: &mut Socket<S>,
        mut registered: Registered<'_>,
    ) -> Ended {
        let mut work: JoinSet<Answer> = JoinSet::new();
        let mut ping = tokio::time::interval(limits.ping);
        // Pings that were missed must not come in a burst: their pongs would count against the peer.
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ping.tick().await;
        let end = tokio::time::sleep(self.ends.0);
        tokio::pin!(end);
        // What was missed while away comes before anything live.
        if self.sent < self.head {
            registered.pushed.mark_changed();
        }
        loop {
            let step = tokio::select! {
                biased;
                code = cut(&mut registered.cut) => Err(Ended::Close(code)),
                () = &mut end => Err(Ended::Close(self.ends.1)),
                Some(done) = work.join_next() => match done {
                    Ok((id, outcome)) => self.answer(socket, &mut registered.cut, id, outcome).await,
                    Err(error) => {
                        tracing::error!(%error, "an operation did not finish");
                        Err(Ended::Close(CloseCode::Internal))
                    }
                },
                changed = registered.pushed.changed() => match changed {
                    Ok(()) => {
                        let newest = registered.pushed.borrow().clone();
                        self.push_missed(core, socket, &mut registered.cut, newest).await
                    }
                    Err(_) => Err(Ended::Close(CloseCode::Internal)),
                },
                received = socket.receive() => match received {
                    Ok(bytes) => {
                        registered.heard(core.now());
                        self.request(core, socket, &mut registered.cut, &mut work, &bytes).await
                    }
                    Err(ended) => Err(ended),
                },
                _ = ping.tick() => tokio::select! {
                    biased;
                    code = cut(&mut registered.cut) => Err(Ended::Close(code)),
                    pinged = socket.ping(limits.ping * 3) => pinged,
                },
            };
            if let Err(ended) = step {
                return ended;
            }
        }
    }

    async fn request<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        core: &Arc<Core>,
        socket: &mut Socket<S>,
        cut_seen: &mut watch::Receiver<Option<CloseCode>>,
        work: &mut JoinSet<Answer>,
        bytes: &[u8],
    ) -> Result<(), Ended> {
        let incoming = self.session.receive(bytes).map_err(|error| {
            tracing::info!(%error, "a frame broke the session's rules");
            Ended::Close(error.close())
        })?;
        match incoming {
            Incoming::Busy(frame) => send_unless_cut(socket, cut_seen, frame).await,
            Incoming::Request(request) => {
                // The binding is read anew for every operation; what was allowed a minute ago may not be now.
                let (member, _) = member(core, self.key).await.map_err(Ended::Close)?;
                let asker = self.asker.again(member).ok_or(Ended::Close(CloseCode::Unbound))?;
                let core = Arc::clone(core);
                let mut answer =
                    Box::pin(async move { (request.id, asker.carry_out(&core, &request.op, request.body).await) });
                // What waits for nothing needs no task of its own.
                match (&mut answer).now_or_never() {
                    Some((id, outcome)) => self.answer(socket, cut_seen, id, outcome).await,
                    None => {
                        work.spawn(answer);
                        Ok(())
                    }
                }
            }
        }
    }

    async fn answer<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        socket: &mut Socket<S>,
        cut_seen: &mut watch::Receiver<Option<CloseCode>>,
        id: u64,
        outcome: Result<Encoded, OpError>,
    ) -> Result<(), Ended> {
        let frame = self.session.answer_encoded(id, outcome).map_err(|error| Ended::Close(error.close()))?;
        gridkey_service::failpoint!("server.session.answer.before");
        let sent = send_unless_cut(socket, cut_seen, frame).await;
        gridkey_service::failpoint!("server.session.answer.after");
        sent
    }

    /// Sends what the stream has after the last push sent, in order.
    async fn push_missed<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        core: &Core,
        socket: &mut Socket<S>,
        cut_seen: &mut watch::Receiver<Option<CloseCode>>,
        newest: Newest,
    ) -> Result<(), Ended> {
        // One alarm may go to thousands of sessions at once; who lacks only the newest push need not ask the store for it.
        if let Some(next) = newest.filter(|push| push.stored().offset == self.sent + 1) {
            return self.push(socket, cut_seen, &next).await;
        }
        let Some(customer) = self.asker.customer().cloned() else { return Ok(()) };
        loop {
            let missed = core.store.pushes_after(&customer, self.sent, BATCH).await;
            let missed = missed.map_err(|error| Ended::Close(close_of_store(&error)))?;
            if missed.is_empty() {
                return Ok(());
            }
            for stored in missed {
                self.push(socket, cut_seen, &Outgoing::new(stored)).await?;
            }
        }
    }

    async fn push<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        socket: &mut Socket<S>,
        cut_seen: &mut watch::Receiver<Option<CloseCode>>,
        push: &Outgoing,
    ) -> Result<(), Ended> {
        let frame = push.frame().ok_or(Ended::Close(CloseCode::Internal))?;
        let frame = self.session.push_encoded(frame).map_err(|error| Ended::Close(error.close()))?;
        send_unless_cut(socket, cut_seen, frame).await?;
        metrics::counter!("gridkey_pushes_sent_total").increment(1);
        self.sent = push.stored().offset;
        Ok(())
    }
}

async fn cut(seen: &mut watch::Receiver<Option<CloseCode>>) -> CloseCode {
    match seen.wait_for(Option::is_some).await {
        Ok(code) => code.unwrap_or(CloseCode::Internal),
        Err(_) => CloseCode::GoingAway,
    }
}

/// A peer that reads slowly must not delay its own removal.
async fn send_unless_cut<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    cut_seen: &mut watch::Receiver<Option<CloseCode>>,
    frame: Vec<u8>,
) -> Result<(), Ended> {
    tokio::select! {
        biased;
        code = cut(cut_seen) => Err(Ended::Close(code)),
        sent = socket.send(frame) => sent,
    }
}
