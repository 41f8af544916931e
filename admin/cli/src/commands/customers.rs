//! `gridkey-admin customer`.

use gridkey_protocol::{
    bytes::hex,
    ops::{
        self,
        admin::customers::{CreateBody, CustomerBody, CustomerDetail, SearchBody},
    },
};
use serde_json::json;

use super::finish;
use crate::{
    args::CustomerCommand,
    exit::{Done, Failure},
    output::{pairs, table},
    setup::Context,
};

/// Runs the command.
pub(super) async fn run(context: &Context, command: CustomerCommand) -> Result<Done, Failure> {
    match command {
        CustomerCommand::Search { text } => {
            let desk = context.desk().await?;
            let (mut customers, mut body) = (Vec::new(), SearchBody { text, next: None });
            loop {
                let page = desk.read::<ops::CustomerSearch>(&body).await?;
                customers.extend(page.customers);
                body.next = page.next;
                if body.next.is_none() {
                    break;
                }
            }
            finish(desk).await;
            context.output.print(&json!({ "customers": customers }), || {
                let rows: Vec<Vec<String>> = customers
                    .iter()
                    .map(|line| vec![line.customer.to_string(), line.name.clone(), line.grade.clone()])
                    .collect();
                table(&["customer", "name", "grade"], &rows)
            })?;
        }
        CustomerCommand::Get { customer } => {
            let desk = context.desk().await?;
            let found = desk.read::<ops::CustomerGet>(&CustomerBody { customer }).await;
            finish(desk).await;
            let found = found?;
            context.output.print(&found, || about(&found))?;
        }
        CustomerCommand::Create { customer, name, name_zh, kind, grade, contact, address } => {
            let body = CreateBody { customer, name, name_zh, kind, grade, contact, address };
            let desk = context.desk().await?;
            let made = desk.act::<ops::CustomerCreate>(&body).await;
            finish(desk).await;
            let made = made?;
            context.output.print(&made, || about(&made))?;
        }
        CustomerCommand::Import { file } => {
            // Read as a whole first: a file with a fault in its last line makes nobody.
            let mut reader = csv::Reader::from_path(&file).map_err(Failure::other)?;
            let rows: Vec<CreateBody> = reader
                .deserialize()
                .collect::<Result<_, _>>()
                .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
            let desk = context.desk().await?;
            for body in &rows {
                desk.act::<ops::CustomerCreate>(body).await?;
            }
            finish(desk).await;
            context.output.print(&json!({ "customers": rows.len() }), || format!("{} customers made", rows.len()))?;
        }
    }
    Ok(Done::Ok)
}

fn about(found: &CustomerDetail) -> String {
    let account = &found.account;
    let text = pairs(&[
        ("Customer", account.customer.to_string()),
        ("Name", format!("{} {}", account.name, account.name_zh)),
        ("Type", account.kind.clone()),
        ("Grade", account.grade.clone()),
        ("Contact", account.contact.clone()),
        ("Address", account.address.clone()),
    ]);
    let rows: Vec<Vec<String>> = found
        .keys
        .iter()
        .map(|key| vec![hex(&key.key.0), key.state.as_str().to_owned(), key.not_after.to_string()])
        .collect();
    format!("{text}\n{}", table(&["key", "state", "valid until"], &rows))
}
