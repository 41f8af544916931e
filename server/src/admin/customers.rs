//! `customer.*`, `bill.push`, `arrears.list`: what the platform knows, and the keys that go with it.

use gridkey_domain::account::AccountUpdate;
use gridkey_protocol::{
    cbor::{self, Value},
    frame::OpError,
    ops::{
        admin::{
            bills::{ArrearsPage, BillPushBody, BillPushed},
            customers::{CustomerBody, CustomerDetail, CustomerList, SearchBody, UpdateBody},
        },
        error,
    },
};

use super::{keys, unsupported};
use crate::{
    actor::Actor,
    core::Core,
    fault::{internal, not_found},
    issue::draft,
    ops::account::check_text,
    store::NewPush,
};

pub(super) async fn search(core: &Core, body: SearchBody) -> Result<CustomerList, OpError> {
    let _ = core;
    // The platform finds one customer by its whole number.
    let Ok(number) = body.text.parse::<gridkey_domain::CustomerNo>() else { return Err(unsupported()) };
    let found = match core.platform.account(&number).await {
        Ok(account) => vec![gridkey_protocol::ops::admin::customers::CustomerLine {
            customer: account.customer,
            name: account.name,
            name_zh: account.name_zh,
            grade: account.grade,
        }],
        Err(crate::intranet::PlatformError::Refused { code, .. }) if code == error::NOT_FOUND => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    Ok(CustomerList { customers: found, next: None })
}

pub(super) async fn get(core: &Core, body: CustomerBody) -> Result<CustomerDetail, OpError> {
    let account = core.platform.account(&body.customer).await?;
    let keys = core.store.keys_of(&body.customer).await?;
    Ok(CustomerDetail { account, keys: keys.into_iter().map(keys::detail).collect() })
}

pub(super) async fn create() -> Result<CustomerDetail, OpError> {
    Err(unsupported())
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
    core.registry.pushed(&customer, pushed.offset);
    Ok(BillPushed { bill, offset: pushed.offset })
}

pub(super) async fn arrears() -> Result<ArrearsPage, OpError> {
    Err(unsupported())
}
