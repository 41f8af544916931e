//! `gridkey-admin status`.

use gridkey_protocol::ops::{self, Empty, admin::status::Status};

use super::finish;
use crate::{
    exit::{Done, Failure},
    output::{pairs, table},
    setup::Context,
};

/// Runs the command. It ends with [`Done::Bad`] while something that the server leans on does not answer.
pub(super) async fn run(context: &Context) -> Result<Done, Failure> {
    let desk = context.desk().await?;
    let status = desk.read::<ops::StatusGet>(&Empty {}).await;
    finish(desk).await;
    let status = status?;
    context.output.print(&status, || about(&status))?;
    Ok(if status.parts.iter().all(|part| part.ok) { Done::Ok } else { Done::Bad })
}

fn about(status: &Status) -> String {
    let (logins, payments) = (&status.logins, &status.payments);
    let arrears = status.arrears.map_or_else(
        || "not known".to_owned(),
        |arrears| format!("{} customers, {} overdue, {} late charge", arrears.customers, arrears.open, arrears.late),
    );
    let keys: Vec<String> = status
        .keys
        .states
        .iter()
        .filter(|line| line.count > 0)
        .map(|line| format!("{} {}", line.count, line.state.as_str()))
        .collect();
    let crl = status.crl.map_or_else(
        || "none yet".to_owned(),
        |crl| format!("number {}, {} entries, made {}, next by {}", crl.number, crl.entries, crl.made, crl.next),
    );
    let lodged = status
        .audit
        .lodged
        .as_ref()
        .map_or_else(|| "none since the start".to_owned(), |head| format!("{} entries at {}", head.entries, head.at));
    let text = pairs(&[
        ("Server", format!("{}, started {}", status.version, status.started)),
        (
            "Sessions",
            format!("{} customers, {} administrators", status.sessions.customers, status.sessions.administrators),
        ),
        ("Logins today", format!("{}, refused {}", logins.today, logins.failed_today)),
        ("Paid today", format!("{} payments, {}", payments.today, payments.amount_today)),
        (
            "Orders",
            format!("{} open, {} unknown, {} being refunded", payments.open, payments.unknown, payments.refunding),
        ),
        ("In arrears", arrears),
        ("Keys", if keys.is_empty() { "none".to_owned() } else { keys.join(", ") }),
        ("Ending soon", format!("{} keys", status.keys.ending)),
        ("Revocations", crl),
        ("Audit chain", format!("{} entries", status.audit.entries)),
        ("Lodged head", lodged),
    ]);
    let rows: Vec<Vec<String>> = status
        .parts
        .iter()
        .map(|part| {
            let state = part.fault.clone().unwrap_or_else(|| "ok".to_owned());
            vec![part.name.clone(), format!("{} ms", part.milliseconds), state]
        })
        .collect();
    format!("{text}\n{}", table(&["part", "answered in", "state"], &rows))
}
