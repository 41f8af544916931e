//! `gridkey watch`: stays connected, prints what the server pushes, sends queued orders.

use std::time::Duration;

use gridkey_client::{
    client::{Client, Sent},
    session::{ConnectionState, Event},
};
use gridkey_domain::payment::Payment;
use gridkey_protocol::{
    cbor,
    frame::{Push, PushKind},
};
use serde_json::{Value, json};
use tokio::{sync::broadcast::error::RecvError, time::Instant};

use crate::{
    args::WatchArgs,
    exit::{Done, Failure, Kind},
    output::{local, to_json},
    setup::Context,
};

/// How often queued orders whose time to be tried again has come are looked for.
const QUEUE_TICK: Duration = Duration::from_secs(5);

/// Runs the command.
pub(super) async fn run(context: &Context, args: WatchArgs) -> Result<Done, Failure> {
    if context.global.offline {
        return Err(Failure::usage("`watch` needs a connection; leave --offline away"));
    }
    let until = match &args.until {
        Some(name) => Some(
            PushKind::from_name(name)
                .ok_or_else(|| Failure::usage("--until takes arrears, bill, payment, account, notice or key"))?,
        ),
        None => None,
    };
    let end = args.seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let (mut client, _) = context.client().await?;
    // The first failure shows in the state like any later one.
    let _ = context.connect(&mut client, true, true).await;
    let outcome = Watch { context, client: &client, until }.run(end).await;
    client.close().await;
    match outcome? {
        End::Came => Ok(Done::Ok),
        End::TimeOver if until.is_some() => {
            Err(Failure::new(Kind::Other, "the time is over and nothing of that kind came"))
        }
        End::TimeOver | End::Interrupted => Ok(Done::Ok),
    }
}

/// Why watching ended.
enum End {
    Came,
    TimeOver,
    Interrupted,
}

struct Watch<'a> {
    context: &'a Context,
    client: &'a Client,
    until: Option<PushKind>,
}

impl Watch<'_> {
    async fn run(&self, end: Option<Instant>) -> Result<End, Failure> {
        let Some(session) = self.client.session() else { return Ok(End::Interrupted) };
        let (mut events, mut state) = (session.events(), session.state());
        let mut queue = tokio::time::interval(QUEUE_TICK);
        self.tell_state(&state.borrow_and_update().clone())?;
        loop {
            if self.show_inbox().await? {
                return Ok(End::Came);
            }
            tokio::select! {
                event = events.recv() => match event {
                    Ok(Event::Push(_) | Event::Reload | Event::CaughtUp) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return Ok(End::Interrupted),
                },
                changed = state.changed() => {
                    if changed.is_err() {
                        return Ok(End::Interrupted);
                    }
                    let now = state.borrow_and_update().clone();
                    self.tell_state(&now)?;
                    queue.reset_immediately();
                }
                _ = queue.tick() => self.send_queue().await?,
                () = sleep_until(end) => return Ok(End::TimeOver),
                _ = tokio::signal::ctrl_c() => return Ok(End::Interrupted),
            }
        }
    }

    /// Prints what is on disk and was not shown; `true` if the kind waited for was among it.
    async fn show_inbox(&self) -> Result<bool, Failure> {
        let inbox = self.client.inbox().await?;
        if let Some(place) = inbox.reload {
            let text = "Messages may have been missed: look at bills, alarms and history.";
            self.print(&json!({ "event": "reload" }), || text.into())?;
            self.client.reloaded(place).await?;
        }
        let mut came = false;
        for entry in inbox.entries {
            let push = entry.push.clone();
            self.take(&push).await?;
            self.print(&object(&push)?, || text(&push))?;
            self.client.mark_seen(vec![entry]).await?;
            if self.until == Some(push.kind) {
                came = true;
                break;
            }
        }
        Ok(came)
    }

    /// A payment's news belongs to the own order, too.
    async fn take(&self, push: &Push) -> Result<(), Failure> {
        if push.kind == PushKind::Payment
            && let Ok(payment) = cbor::from_value::<Payment>(push.body.clone())
        {
            self.client.observe(vec![payment]).await?;
        }
        Ok(())
    }

    async fn send_queue(&self) -> Result<(), Failure> {
        let online = self.client.session().is_some_and(|session| session.current().is_some());
        if !online {
            return Ok(());
        }
        let sent = match self.client.send_queue(false).await {
            Ok(sent) => sent,
            Err(error) => {
                let failure = Failure::from(error);
                // The line may have gone in between; it comes back by itself.
                return if failure.kind == Kind::Network { Ok(()) } else { Err(failure) };
            }
        };
        for one in sent {
            let (view, error) = match one {
                Sent::Taken(view) | Sent::Ended(view) => (view, None),
                Sent::Refused(view, error) => (view, Some(error.to_string())),
                Sent::Waiting(view, error) => (view, Some(error.to_string())),
            };
            let value = json!({ "event": "order", "payment": to_json(&view)?, "error": error });
            self.print(&value, || {
                let why = error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
                let page = view.page.as_ref().map(|page| format!("\n  {page}")).unwrap_or_default();
                format!("Order {}  {}{why}{page}", view.payment, view.state)
            })?;
        }
        Ok(())
    }

    fn tell_state(&self, state: &ConnectionState) -> Result<(), Failure> {
        match state {
            ConnectionState::Online(online) => {
                let value = json!({
                    "event": "online", "session": online.session, "server_time": online.server_time,
                    "recovered": online.recovered,
                });
                self.print(&value, || format!("{}  online", local(online.since)))
            }
            ConnectionState::Waiting { until, reason } => {
                let value = json!({ "event": "offline", "until": until, "reason": reason.to_string() });
                self.print(&value, || format!("{}  offline: {reason}", local(self.client.now())))
            }
            ConnectionState::Ended(reason) => Err(Failure::from(reason.as_ref())),
            ConnectionState::Connecting | ConnectionState::Offline => Ok(()),
        }
    }

    fn print(&self, value: &Value, text: impl FnOnce() -> String) -> Result<(), Failure> {
        self.context.output.print(value, text)
    }
}

async fn sleep_until(end: Option<Instant>) {
    match end {
        Some(end) => tokio::time::sleep_until(end).await,
        None => std::future::pending().await,
    }
}

fn object(push: &Push) -> Result<Value, Failure> {
    Ok(json!({
        "event": "push", "offset": push.offset, "at": push.at, "kind": push.kind.as_str(), "body": to_json(&push.body)?,
    }))
}

/// A push in one line: its kind and the fields that say most.
fn text(push: &Push) -> String {
    let body = to_json(&push.body).unwrap_or_default();
    let field = |name: &str| match body.get(name) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let money = |name: &str| {
        let fen = body.get(name).and_then(Value::as_i64)?;
        Some(format!("{} yuan", crate::output::yuan(fen)))
    };
    let parts: Vec<Option<String>> = match push.kind {
        PushKind::Arrears => vec![field("change"), field("level"), money("open"), field("alarm")],
        PushKind::Bill => vec![field("bill"), money("total"), field("due").map(|due| format!("due {due}"))],
        PushKind::Payment => vec![field("payment"), field("state"), money("amount")],
        PushKind::Account | PushKind::Notice | PushKind::Key => vec![Some(body.to_string())],
    };
    let said: Vec<String> = parts.into_iter().flatten().collect();
    format!("{}  {:8} {}", local(push.at), push.kind.as_str(), said.join("  "))
}
