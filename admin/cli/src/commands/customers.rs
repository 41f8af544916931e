//! `gridkey-admin customer`.

use std::path::Path;

use gridkey_domain::{
    CustomerNo, MeterId, Quantity,
    account::{Basic, Meter},
};
use gridkey_protocol::{
    bytes::hex,
    ops::{
        self,
        admin::customers::{CreateBody, CustomerBody, CustomerDetail, SearchBody, UpdateBody},
    },
};
use serde::Deserialize;
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
            let body = CreateBody { customer, name, name_zh, kind, grade, contact, address, meters: Vec::new() };
            let desk = context.desk().await?;
            let made = desk.act::<ops::CustomerCreate>(&body).await;
            finish(desk).await;
            let made = made?;
            context.output.print(&made, || about(&made))?;
        }
        CustomerCommand::Update { customer, contact, address } => {
            let desk = context.desk().await?;
            let changed = desk.act::<ops::CustomerUpdate>(&UpdateBody { customer, contact, address }).await;
            finish(desk).await;
            let changed = changed?;
            context.output.print(&changed, || about(&changed))?;
        }
        CustomerCommand::Import { file } => {
            let rows = read(&file)?;
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

/// A line of the file: a customer, and one of its meters unless `meter` is empty. A customer with several meters has several lines.
#[derive(Deserialize)]
struct Line {
    customer: CustomerNo,
    name: String,
    name_zh: String,
    #[serde(rename = "type")]
    kind: String,
    grade: String,
    contact: String,
    address: String,
    meter: Option<MeterId>,
    basic: Option<Basic>,
    capacity_kva: Option<Quantity>,
    voltage_kv: Option<Quantity>,
}

/// Reads the file as a whole, so that one with a fault in its last line makes nobody.
fn read(file: &Path) -> Result<Vec<CreateBody>, Failure> {
    let wrong = |why: String| Failure::usage(format!("{}: {why}", file.display()));
    let mut reader = csv::Reader::from_path(file).map_err(|error| wrong(error.to_string()))?;
    let mut customers: Vec<CreateBody> = Vec::new();
    for line in reader.deserialize() {
        let Line { customer, name, name_zh, kind, grade, contact, address, meter, basic, capacity_kva, voltage_kv } =
            line.map_err(|error: csv::Error| wrong(error.to_string()))?;
        let meter = match (meter, basic, capacity_kva, voltage_kv) {
            (None, ..) => None,
            (Some(meter), Some(basic), Some(capacity_kva), Some(voltage_kv)) => {
                Some(Meter { meter, basic, capacity_kva, voltage_kv })
            }
            (Some(meter), ..) => return Err(wrong(format!("meter {meter} lacks basic, capacity_kva or voltage_kv"))),
        };
        match customers.iter_mut().find(|known| known.customer == customer) {
            Some(known) => known.meters.extend(meter),
            None => {
                let meters = meter.into_iter().collect();
                customers.push(CreateBody { customer, name, name_zh, kind, grade, contact, address, meters });
            }
        }
    }
    Ok(customers)
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
