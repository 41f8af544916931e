//! `gridkey alarms`: what is overdue and what the server warned of.

use std::time::Duration;

use gridkey_client::{
    client::Client,
    session::{ConnectionState, Event},
};
use gridkey_domain::arrears::Arrears;
use gridkey_protocol::{frame::PushKind, ops::alarms::Alarm};
use serde_json::json;

use crate::{
    args::AlarmsCommand,
    exit::{Done, Failure},
    output::{Align, age, done, local, pairs, table, to_json},
    setup::Context,
};

/// How long missed pushes may take to come.
const CATCH_UP: Duration = Duration::from_secs(10);

/// Runs the command.
pub(super) async fn run(context: &Context, command: Option<AlarmsCommand>) -> Result<Done, Failure> {
    match command.unwrap_or(AlarmsCommand::List) {
        AlarmsCommand::List => list(context).await,
        AlarmsCommand::Ack { alarm } => {
            let (mut client, _) = context.online().await?;
            let acknowledged = client.acknowledge(&alarm).await;
            client.close().await;
            let acknowledged = acknowledged?;
            context.output.print(&acknowledged, || {
                format!("{} acknowledged on {}", acknowledged.alarm, local(acknowledged.acknowledged))
            })?;
            Ok(Done::Ok)
        }
    }
}

/// Follows the stream until everything missed has come, so that nothing shown here is older than what was pushed.
async fn list(context: &Context) -> Result<Done, Failure> {
    let (mut client, _) = context.client().await?;
    if !context.global.offline {
        match context.connect(&mut client, true, false).await {
            Ok(online) => catch_up(&client, online.newest).await?,
            Err(failure) if failure.invites_retry() => eprintln!("gridkey: {failure}"),
            Err(failure) => return Err(Failure::from(failure.as_ref())),
        }
    }
    let arrears = client.arrears().await?;
    let alarms = client.alarms().await?;
    let inbox = client.inbox().await?;
    let (fresh, rest): (Vec<_>, Vec<_>) =
        inbox.entries.into_iter().partition(|entry| entry.push.kind == PushKind::Arrears);
    let live = arrears.live && alarms.live;
    let new: Vec<_> = fresh.iter().map(|entry| &entry.push).collect();
    let value = json!({
        "live": live, "as_of": alarms.at.min(arrears.at), "arrears": to_json(&arrears.value)?,
        "alarms": to_json(&alarms.value)?, "new": to_json(&new)?, "other_unseen": rest.len(),
    });
    context.output.print(&value, || {
        let lead = if live { String::new() } else { format!("{}\n\n", age(alarms.at, client.now())) };
        format!("{lead}{}", text(&arrears.value, &alarms.value))
    })?;
    client.mark_seen(fresh).await?;
    client.close().await;
    Ok(done(live, context.global.offline))
}

async fn catch_up(client: &Client, newest: u64) -> Result<(), Failure> {
    let Some(session) = client.session() else { return Ok(()) };
    let mut events = session.events();
    let mut state = session.state();
    let wait = async {
        loop {
            // The place on disk decides; an event only says when to look.
            let place = client.with_store(|store| store.place()).await?;
            if place.is_some_and(|place| place.offset >= newest) {
                return Ok::<_, Failure>(());
            }
            tokio::select! {
                event = events.recv() => match event {
                    Ok(Event::CaughtUp | Event::Reload) => return Ok(()),
                    Ok(Event::Push(_)) | Err(_) => {}
                },
                changed = state.changed() => {
                    let over = !matches!(&*state.borrow(), ConnectionState::Online(_));
                    if over || changed.is_err() {
                        return Ok(());
                    }
                }
            }
        }
    };
    match tokio::time::timeout(CATCH_UP, wait).await {
        Ok(outcome) => outcome,
        Err(_) => {
            eprintln!("gridkey: not all missed pushes have come yet");
            Ok(())
        }
    }
}

fn text(arrears: &Arrears, alarms: &[Alarm]) -> String {
    let mut shown = if arrears.bills.is_empty() {
        "Nothing is overdue.\n".to_owned()
    } else {
        let rows: Vec<Vec<String>> = arrears
            .bills
            .iter()
            .map(|bill| {
                vec![
                    bill.bill.to_string(),
                    bill.due.to_string(),
                    bill.days.to_string(),
                    bill.open.to_string(),
                    bill.late.to_string(),
                ]
            })
            .collect();
        let head = [
            ("Overdue", Align::Left),
            ("Due", Align::Left),
            ("Days", Align::Right),
            ("Open yuan", Align::Right),
            ("Late charge", Align::Right),
        ];
        let total = pairs(&[
            ("Level", word(&arrears.level)),
            ("Open", format!("{} yuan", arrears.open)),
            ("Late charge", format!("{} yuan", arrears.late)),
        ]);
        format!("{total}\n{}", table(&head, &rows))
    };
    if !alarms.is_empty() {
        let rows: Vec<Vec<String>> = alarms
            .iter()
            .map(|alarm| {
                vec![
                    alarm.event.alarm.clone(),
                    local(alarm.event.at),
                    word(&alarm.event.change),
                    word(&alarm.event.level),
                    alarm.event.open.to_string(),
                    alarm.acknowledged.map_or_else(|| "no".to_owned(), local),
                ]
            })
            .collect();
        let head = [
            ("Alarm", Align::Left),
            ("At", Align::Left),
            ("Change", Align::Left),
            ("Level", Align::Left),
            ("Open yuan", Align::Right),
            ("Acknowledged", Align::Left),
        ];
        shown.push('\n');
        shown.push_str(&table(&head, &rows));
    }
    shown
}

fn word(value: &impl serde::Serialize) -> String {
    to_json(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
