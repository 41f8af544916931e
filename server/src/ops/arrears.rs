//! `arrears.*` and `alarm.ack`.

use std::collections::HashMap;

use gridkey_domain::{CustomerNo, arrears::Arrears};
use gridkey_protocol::{
    frame::OpError,
    ops::{
        Page,
        alarms::{Alarm, AlarmAcknowledged, AlarmBody, ArrearsHistory},
        error,
    },
};

use super::Caller;
use crate::{core::Core, fault::not_found};

/// Events in a page.
const PAGE: u32 = 200;

pub(super) async fn get(core: &Core, caller: &Caller) -> Result<Arrears, OpError> {
    Ok(core.platform.arrears(&caller.customer).await?)
}

pub(super) async fn history(core: &Core, caller: &Caller, body: Page) -> Result<ArrearsHistory, OpError> {
    history_of(core, &caller.customer, body.next.as_deref()).await
}

/// How a customer's arrears came and went, and what it acknowledged.
pub(crate) async fn history_of(
    core: &Core,
    customer: &CustomerNo,
    next: Option<&str>,
) -> Result<ArrearsHistory, OpError> {
    let page = core.platform.arrears_history(customer, next, PAGE).await?;
    let acknowledged: HashMap<_, _> = core.store.acknowledged_alarms(customer).await?.into_iter().collect();
    let events = page
        .events
        .into_iter()
        .map(|event| Alarm { acknowledged: acknowledged.get(&event.alarm).copied(), event })
        .collect();
    Ok(ArrearsHistory { events, next: page.next })
}

pub(super) async fn acknowledge(core: &Core, caller: &Caller, body: AlarmBody) -> Result<AlarmAcknowledged, OpError> {
    if body.alarm.is_empty() || body.alarm.len() > 100 {
        return Err(OpError::fatal(error::BAD_REQUEST, "alarm: the id of an alarm expected"));
    }
    let mut next = None;
    loop {
        let page = core.platform.arrears_history(&caller.customer, next.as_deref(), PAGE).await?;
        if page.events.iter().any(|event| event.alarm == body.alarm) {
            break;
        }
        next = page.next;
        if next.is_none() {
            return Err(not_found("alarm"));
        }
    }
    let acknowledged = core.store.acknowledge_alarm(&caller.customer, &body.alarm, core.now()).await?;
    Ok(AlarmAcknowledged { alarm: body.alarm, acknowledged })
}
