//! `gridkey queue`: the orders that wait on this computer.

use gridkey_client::{
    client::{PaymentView, Sent},
    queue::OrderRecord,
};
use gridkey_domain::PaymentState;
use serde_json::{Value, json};

use super::show;
use crate::{
    args::QueueCommand,
    exit::{Done, Failure},
    output::{Align, local, table, to_json},
    setup::Context,
};

/// Runs the command.
pub(super) async fn run(context: &Context, command: Option<QueueCommand>) -> Result<Done, Failure> {
    match command.unwrap_or(QueueCommand::List) {
        QueueCommand::List => list(context).await,
        QueueCommand::Send => send(context).await,
        QueueCommand::Cancel { payment } => {
            let mut client = context.maybe_online().await?;
            let view = client.cancel(payment).await;
            client.close().await;
            let view = view?;
            context.output.print(&view, || show::payment(&view))?;
            Ok(Done::Ok)
        }
    }
}

/// Needs the key, since only it opens the store, and no network.
async fn list(context: &Context) -> Result<Done, Failure> {
    let (client, _) = context.client().await?;
    let mut waiting: Vec<OrderRecord> = client.orders().await?;
    waiting.retain(|record| record.state == PaymentState::Queued);
    let objects: Vec<Value> = waiting.iter().map(object).collect::<Result<_, _>>()?;
    context.output.print(&json!({ "queue": objects }), || text(&waiting))?;
    Ok(Done::Ok)
}

fn object(record: &OrderRecord) -> Result<Value, Failure> {
    let mut object = to_json(&PaymentView::from(record))?;
    if let Some(fields) = object.as_object_mut() {
        fields.insert("not_after".into(), json!(record.not_after));
        fields.insert("attempts".into(), json!(record.attempts));
        fields.insert("not_before".into(), json!(record.not_before));
    }
    Ok(object)
}

fn text(waiting: &[OrderRecord]) -> String {
    if waiting.is_empty() {
        return "Nothing waits on this computer.".into();
    }
    let rows: Vec<Vec<String>> = waiting
        .iter()
        .map(|record| {
            vec![
                record.id.to_string(),
                record.amount.to_string(),
                local(record.not_after),
                show::bills(&record.bills),
                show::meaning(record.state, record.in_doubt).into(),
            ]
        })
        .collect();
    let head = [
        ("Payment", Align::Left),
        ("Yuan", Align::Right),
        ("Until", Align::Left),
        ("For", Align::Left),
        ("Standing", Align::Left),
    ];
    table(&head, &rows)
}

async fn send(context: &Context) -> Result<Done, Failure> {
    let (mut client, _) = context.online().await?;
    let outcome = client.send_queue(true).await;
    client.close().await;
    let sent = outcome?;
    let mut objects = Vec::new();
    for one in &sent {
        objects.push(match one {
            Sent::Taken(view) | Sent::Ended(view) => to_json(view)?,
            Sent::Refused(view, error) => show::with(view, "error", to_json(error)?)?,
            Sent::Waiting(view, error) => show::with(view, "error", json!({ "message": error.to_string() }))?,
        });
    }
    context.output.print(&json!({ "sent": objects }), || {
        if sent.is_empty() {
            return "Nothing waits on this computer.".into();
        }
        let shown: Vec<String> = sent
            .iter()
            .map(|one| match one {
                Sent::Taken(view) | Sent::Ended(view) => show::payment(view),
                Sent::Refused(view, error) => format!("{}{error}\n", show::payment(view)),
                Sent::Waiting(view, error) => format!("{}{error}\n", show::payment(view)),
            })
            .collect();
        shown.join("\n")
    })?;
    let waits = sent.iter().any(|one| matches!(one, Sent::Waiting(..)));
    let refused = sent.iter().any(|one| match one {
        Sent::Refused(..) => true,
        Sent::Ended(view) => show::done(view) == Done::Refused,
        Sent::Taken(_) | Sent::Waiting(..) => false,
    });
    Ok(match (refused, waits) {
        (true, _) => Done::Refused,
        (false, true) => Done::Unknown,
        (false, false) => Done::Ok,
    })
}
