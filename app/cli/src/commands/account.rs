//! `gridkey account`: who the customer is.

use gridkey_domain::account::{Account, AccountUpdate, Basic};

use crate::{
    args::AccountCommand,
    exit::{Done, Failure},
    output::{Align, done, pairs, table, yuan},
    setup::Context,
};

/// Runs the command.
pub(super) async fn run(context: &Context, change: Option<AccountCommand>) -> Result<Done, Failure> {
    if let Some(AccountCommand::Set { contact, address }) = change {
        let (mut client, _) = context.online().await?;
        let account = client.update_account(&AccountUpdate { contact, address }).await?;
        context.output.print(&account, || text(&account))?;
        client.close().await;
        return Ok(Done::Ok);
    }
    let mut client = context.maybe_online().await?;
    let account = client.account().await?;
    context.output.fetched("account", &account, client.now(), text)?;
    client.close().await;
    Ok(done(account.live, context.global.offline))
}

fn text(account: &Account) -> String {
    let rows: Vec<Vec<String>> = account
        .meters
        .iter()
        .map(|meter| {
            let basic = match meter.basic {
                Basic::Capacity => "capacity",
                Basic::Demand => "demand",
            };
            vec![meter.meter.to_string(), basic.into(), meter.capacity_kva.to_string(), meter.voltage_kv.to_string()]
        })
        .collect();
    let about = pairs(&[
        ("Customer", account.customer.to_string()),
        ("Name", account.name.clone()),
        ("", account.name_zh.clone()),
        ("Type", account.kind.clone()),
        ("Grade", account.grade.clone()),
        ("Contact", account.contact.clone()),
        ("Address", account.address.clone()),
        ("Balance", format!("{} yuan", yuan(account.balance))),
    ]);
    let head = [("Meter", Align::Left), ("Basic charge", Align::Left), ("kVA", Align::Right), ("kV", Align::Right)];
    format!("{about}\n{}", table(&head, &rows))
}
