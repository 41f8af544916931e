//! `gridkey-admin bill` and `arrears`.

use gridkey_protocol::ops::{self, Page, admin::bills::BillPushBody};
use serde_json::json;

use super::{finish, named};
use crate::{
    args::{ArrearsCommand, BillCommand},
    exit::{Done, Failure},
    output::table,
    setup::Context,
};

/// Runs the command.
pub(super) async fn run(context: &Context, command: BillCommand) -> Result<Done, Failure> {
    let BillCommand::Push { customer, bill } = command;
    let desk = context.desk().await?;
    let pushed = desk.act::<ops::BillPush>(&BillPushBody { customer, bill }).await;
    finish(desk).await;
    let pushed = pushed?;
    context
        .output
        .print(&pushed, || format!("{} stands in its customer's stream at {}", pushed.bill, pushed.offset))?;
    Ok(Done::Ok)
}

/// Runs the command.
pub(super) async fn arrears(context: &Context, command: &ArrearsCommand) -> Result<Done, Failure> {
    let ArrearsCommand::List = command;
    let desk = context.desk().await?;
    let (mut customers, mut page) = (Vec::new(), Page::default());
    loop {
        let found = desk.read::<ops::ArrearsList>(&page).await?;
        customers.extend(found.customers);
        page.next = found.next;
        if page.next.is_none() {
            break;
        }
    }
    finish(desk).await;
    context.output.print(&json!({ "customers": customers }), || {
        let rows: Vec<Vec<String>> = customers
            .iter()
            .map(|line| {
                vec![line.customer.to_string(), line.open.to_string(), line.late.to_string(), named(&line.level)]
            })
            .collect();
        table(&["customer", "overdue", "late charge", "level"], &rows)
    })?;
    Ok(Done::Ok)
}
