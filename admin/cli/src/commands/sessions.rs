//! `gridkey-admin session`.

use gridkey_protocol::{
    bytes::hex,
    frame::Role,
    ops::{self, Page, admin::sessions::CutBody},
};
use serde_json::json;

use super::finish;
use crate::{
    args::SessionCommand,
    exit::{Done, Failure},
    output::table,
    setup::Context,
};

/// Runs the command.
pub(super) async fn run(context: &Context, command: SessionCommand) -> Result<Done, Failure> {
    let desk = context.desk().await?;
    match command {
        SessionCommand::List => {
            let (mut sessions, mut page) = (Vec::new(), Page::default());
            loop {
                let found = desk.read::<ops::SessionList>(&page).await?;
                sessions.extend(found.sessions);
                page.next = found.next;
                if page.next.is_none() {
                    break;
                }
            }
            finish(desk).await;
            context.output.print(&json!({ "sessions": sessions }), || {
                let rows: Vec<Vec<String>> = sessions
                    .iter()
                    .map(|session| {
                        let who = match (&session.customer, session.role) {
                            (Some(customer), _) => customer.to_string(),
                            (None, Role::Admin | Role::Customer) => "administrator".to_owned(),
                        };
                        let key = hex(session.key.0.get(..8).unwrap_or_default());
                        vec![session.session.clone(), who, key, session.since.to_string(), session.agent.clone()]
                    })
                    .collect();
                table(&["session", "who", "key", "since", "program"], &rows)
            })?;
        }
        SessionCommand::Cut { session, reason } => {
            let cut = desk.act::<ops::SessionCut>(&CutBody { session, reason }).await;
            finish(desk).await;
            let cut = cut?;
            context.output.print(&cut, || format!("{} is cut", cut.session))?;
        }
    }
    Ok(Done::Ok)
}
