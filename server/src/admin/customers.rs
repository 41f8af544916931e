//! `customer.*`, `bill.push`, `arrears.list`: what the platform knows, and the keys that go with it.

use gridkey_domain::{
    account::{Account, AccountUpdate},
    bill::BillList,
};
use gridkey_protocol::{
    cbor::{self, Value},
    frame::OpError,
    ops::{
        Page,
        admin::{
            bills::{ArrearsLine, ArrearsPage, BillPushBody, BillPushed},
            customers::{
                CreateBody, CustomerBody, CustomerDetail, CustomerLine, CustomerList, PageBody, SearchBody, UpdateBody,
            },
        },
        alarms::ArrearsHistory,
        error,
    },
};

use super::keys;
use crate::{
    actor::Actor,
    core::Core,
    fault::{internal, not_found},
    intranet::InArrears,
    issue::draft,
    ops::{account::check_text, arrears::history_of},
    store::NewPush,
};

/// The longest text to search for, bytes.
const LONGEST: usize = 200;
/// Bills in a page.
const BILLS: u32 = 50;

pub(super) async fn search(core: &Core, body: SearchBody) -> Result<CustomerList, OpError> {
    if body.text.len() > LONGEST {
        return Err(OpError::fatal(error::BAD_REQUEST, "text: at most 200 bytes expected"));
    }
    let page = core.platform.customers(&body.text, body.next.as_deref()).await?;
    let line = |account: Account| CustomerLine {
        customer: account.customer,
        name: account.name,
        name_zh: account.name_zh,
        grade: account.grade,
    };
    Ok(CustomerList {
        customers: page.customers.into_iter().map(line).collect(),
        next: page.next.map(|next| next.to_string()),
    })
}

pub(super) async fn get(core: &Core, body: CustomerBody) -> Result<CustomerDetail, OpError> {
    let account = core.platform.account(&body.customer).await?;
    let keys = core.store.keys_of(&body.customer).await?;
    Ok(CustomerDetail { account, keys: keys.into_iter().map(keys::detail).collect() })
}

pub(super) async fn bills(core: &Core, body: PageBody) -> Result<BillList, OpError> {
    Ok(core.platform.bills(&body.customer, body.next.as_deref(), BILLS).await?)
}

pub(super) async fn alarms(core: &Core, body: PageBody) -> Result<ArrearsHistory, OpError> {
    history_of(core, &body.customer, body.next.as_deref()).await
}

pub(super) async fn create(core: &Core, actor: &Actor, body: CreateBody) -> Result<CustomerDetail, OpError> {
    let account = Account {
        customer: body.customer,
        name: body.name,
        name_zh: body.name_zh,
        kind: body.kind,
        grade: body.grade,
        contact: body.contact,
        address: body.address,
        balance: 0,
        meters: body.meters,
    };
    let made = core.platform.create_customer(&account).await?;
    let meters = made.meters.iter().map(|meter| Value::Text(meter.meter.to_string())).collect();
    let mut facts = vec![("meters".to_owned(), Value::Array(meters))];
    facts.extend_from_slice(actor.proof());
    let entry = draft("customer.created", actor.name(), Some(&made.customer), facts, core.now());
    core.store.append_audit(entry).await?;
    Ok(CustomerDetail { account: made, keys: Vec::new() })
}

pub(super) async fn update(core: &Core, actor: &Actor, body: UpdateBody) -> Result<CustomerDetail, OpError> {
    let update = AccountUpdate { contact: body.contact, address: body.address };
    if update == AccountUpdate::default() {
        return Err(OpError::fatal(error::BAD_REQUEST, "contact or address expected"));
    }
    for (name, text) in [("contact", &update.contact), ("address", &update.address)] {
        if let Some(text) = text {
            check_text(name, text)?;
        }
    }
    let changed = |name: &str, text: &Option<String>| text.as_ref().map(|_| Value::Text(name.to_owned()));
    let fields = [changed("contact", &update.contact), changed("address", &update.address)];
    let mut facts = vec![("fields".to_owned(), Value::Array(fields.into_iter().flatten().collect()))];
    facts.extend_from_slice(actor.proof());
    core.store.append_audit(draft("customer.updated", actor.name(), Some(&body.customer), facts, core.now())).await?;
    core.platform.update_account(&body.customer, &update).await?;
    get(core, CustomerBody { customer: body.customer }).await
}

pub(super) async fn push_bill(core: &Core, actor: &Actor, body: BillPushBody) -> Result<BillPushed, OpError> {
    let BillPushBody { customer, bill } = body;
    let mut next: Option<String> = None;
    let summary = loop {
        let page = core.platform.bills(&customer, next.as_deref(), 200).await?;
        if let Some(found) = page.bills.into_iter().find(|summary| summary.bill == bill) {
            break found;
        }
        next = Some(page.next.ok_or_else(|| not_found("bill"))?);
    };
    let now = core.now();
    let mut facts = vec![("bill".to_owned(), Value::Text(bill.to_string()))];
    facts.extend_from_slice(actor.proof());
    core.store.append_audit(draft("bill.pushed", actor.name(), Some(&customer), facts, now)).await?;
    let push = NewPush {
        kind: "bill".to_owned(),
        body: cbor::encode(&summary),
        at: now,
        source: format!("bill-again:{bill}:{}", now.seconds()),
    };
    let pushed = core.store.append_push(&customer, push).await?.ok_or_else(internal)?;
    let offset = pushed.offset;
    core.registry.pushed(&customer, pushed);
    Ok(BillPushed { bill, offset })
}

pub(super) async fn arrears(core: &Core, page: Page) -> Result<ArrearsPage, OpError> {
    let found = core.platform.in_arrears(page.next.as_deref()).await?;
    let line = |line: InArrears| ArrearsLine {
        customer: line.customer,
        open: line.arrears.open,
        late: line.arrears.late,
        level: line.arrears.level,
    };
    Ok(ArrearsPage {
        customers: found.customers.into_iter().map(line).collect(),
        next: found.next.map(|next| next.to_string()),
    })
}
