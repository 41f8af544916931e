//! `stream.ack`.

use gridkey_protocol::{
    frame::OpError,
    ops::alarms::{StreamAckBody, StreamAcknowledged},
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
