//! `gridkey bills`: all bills, newest first.

use gridkey_domain::bill::BillSummary;

use crate::{
    exit::{Done, Failure},
    output::{Align, done, table, to_json},
    setup::Context,
};

/// Runs the command.
pub(super) async fn run(context: &Context) -> Result<Done, Failure> {
    let mut client = context.maybe_online().await?;
    let bills = client.bills().await?;
    context.output.fetched("bills", &bills, client.now(), |bills| text(bills))?;
    client.close().await;
    Ok(done(bills.live, context.global.offline))
}

fn text(bills: &[BillSummary]) -> String {
    if bills.is_empty() {
        return "No bills.".into();
    }
    let rows: Vec<Vec<String>> = bills
        .iter()
        .map(|bill| {
            let state = to_json(&bill.state).ok().and_then(|state| state.as_str().map(str::to_owned));
            vec![
                bill.bill.to_string(),
                bill.month.to_string(),
                bill.due.to_string(),
                bill.total.to_string(),
                bill.open.to_string(),
                state.unwrap_or_default(),
            ]
        })
        .collect();
    let head = [
        ("Bill", Align::Left),
        ("Month", Align::Left),
        ("Due", Align::Left),
        ("Total yuan", Align::Right),
        ("Open yuan", Align::Right),
        ("State", Align::Left),
    ];
    table(&head, &rows)
}
