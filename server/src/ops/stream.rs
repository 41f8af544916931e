//! `stream.ack`, and `key.renew` while it is not offered.

use gridkey_protocol::{
    frame::OpError,
    ops::{
        alarms::{StreamAckBody, StreamAcknowledged},
        error,
        key::Renewed,
    },
};

use super::Caller;
use crate::core::Core;

pub(super) async fn acknowledge(
    core: &Core,
    caller: &Caller,
    body: StreamAckBody,
) -> Result<StreamAcknowledged, OpError> {
    let offset = core.store.acknowledge(caller.key, &caller.customer, body.offset).await?;
    Ok(StreamAcknowledged { offset })
}

/// Renewal comes with the management side; until then the administrator issues a new key.
pub(super) async fn renew() -> Result<Renewed, OpError> {
    Err(OpError::fatal(error::UNSUPPORTED, "this server does not renew keys over a session; ask the power company"))
}
