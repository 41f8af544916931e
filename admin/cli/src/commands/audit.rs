//! `gridkey-admin audit`.

use gridkey_protocol::{
    bytes::hex,
    ops::{
        self, Empty,
        admin::audit::{Entry, ExportBody, ListBody},
    },
};
use serde_json::json;

use super::finish;
use crate::{
    args::AuditCommand,
    exit::{Done, Failure},
    output::table,
    setup::Context,
};

/// Runs the command.
pub(super) async fn run(context: &Context, command: AuditCommand) -> Result<Done, Failure> {
    match command {
        AuditCommand::List { from, limit } => {
            let desk = context.desk().await?;
            let page = desk.read::<ops::AuditList>(&ListBody { from, limit }).await;
            finish(desk).await;
            let page = page?;
            context.output.print(&page, || list(&page.entries))?;
            Ok(Done::Ok)
        }
        AuditCommand::Verify => {
            let desk = context.desk().await?;
            let verdict = desk.read::<ops::AuditVerify>(&Empty {}).await;
            finish(desk).await;
            let verdict = verdict?;
            context.output.print(&verdict, || match &verdict.fault {
                None => format!("{} entries hold together", verdict.entries),
                Some(fault) => format!("The chain does not hold: {fault}"),
            })?;
            Ok(if verdict.ok { Done::Ok } else { Done::Bad })
        }
        AuditCommand::Export { customer, payment, out } => {
            let desk = context.desk().await?;
            let mut body = ExportBody { customer, payment, from: None };
            let mut entries = Vec::new();
            loop {
                let page = desk.act::<ops::AuditExport>(&body).await?;
                entries.extend(page.entries);
                body.from = page.next;
                if body.from.is_none() {
                    break;
                }
            }
            finish(desk).await;
            let case = json!({ "customer": body.customer, "payment": body.payment, "entries": entries });
            let text = serde_json::to_string_pretty(&case).map_err(Failure::other)?;
            std::fs::write(&out, text).map_err(|error| Failure::file(&out, &error))?;
            let value = json!({ "file": out, "entries": entries.len() });
            context.output.print(&value, || format!("{}: {} entries", out.display(), entries.len()))?;
            Ok(Done::Ok)
        }
    }
}

fn list(entries: &[Entry]) -> String {
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|entry| {
            let actor = entry.actor.get(..16).unwrap_or(&entry.actor).to_owned();
            let customer = entry.customer.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
            let hash = hex(entry.hash.0.get(..8).unwrap_or_default());
            vec![entry.number.to_string(), entry.at.to_string(), entry.event.clone(), actor, customer, hash]
        })
        .collect();
    table(&["number", "at", "event", "by", "customer", "hash"], &rows)
}
