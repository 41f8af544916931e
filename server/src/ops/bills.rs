//! `bill.*`. The platform knows what is open; the server knows which bills an open order holds.

use std::collections::HashSet;

use gridkey_domain::{
    BillId,
    bill::{Bill, BillList, BillState},
};
use gridkey_protocol::{
    frame::OpError,
    ops::bills::{BillBody, BillListBody, Document, DocumentBody},
};

use super::Caller;
use crate::core::Core;

/// Bills in a page at most.
const PAGE: u32 = 200;

pub(super) async fn list(core: &Core, caller: &Caller, body: BillListBody) -> Result<BillList, OpError> {
    let limit = body.limit.unwrap_or(PAGE).clamp(1, PAGE);
    let mut list = core.platform.bills(&caller.customer, body.next.as_deref(), limit).await?;
    let held = held(core, caller).await?;
    for bill in &mut list.bills {
        bill.state = overlay(bill.state, held.contains(&bill.bill));
    }
    Ok(list)
}

pub(super) async fn get(core: &Core, caller: &Caller, body: BillBody) -> Result<Bill, OpError> {
    let mut bill = core.platform.bill(&caller.customer, &body.bill).await?;
    bill.state = overlay(bill.state, held(core, caller).await?.contains(&bill.bill));
    Ok(bill)
}

pub(super) async fn document(core: &Core, caller: &Caller, body: DocumentBody) -> Result<Document, OpError> {
    Ok(core.platform.document(&caller.customer, &body.bill, &body.format).await?)
}

async fn held(core: &Core, caller: &Caller) -> Result<HashSet<BillId>, OpError> {
    let reserved = core.store.reserved_bills(&caller.customer).await?;
    Ok(reserved.into_iter().map(|(bill, _)| bill).collect())
}

fn overlay(state: BillState, held: bool) -> BillState {
    if held && state != BillState::Paid { BillState::InPayment } else { state }
}
