//! Signing the head of the audit chain and lodging it at the platform, so that neither a rewritten chain nor a cut tail passes.

use std::{sync::Arc, time::Duration};

use gridkey_protocol::bytes::hex;
use gridkey_service::gauges;
use tokio_util::sync::CancellationToken;

use crate::{audit::head_message, core::Core, hsm::HsmKey, intranet::LodgedHead, store::AuditHead};

/// Lodges the head every `period` while it grows, and once more at the end, until `shutdown`.
pub async fn run(core: Arc<Core>, period: Duration, shutdown: CancellationToken) {
    let mut lodged = None;
    let mut tick = tokio::time::interval(period);
    loop {
        let last = tokio::select! {
            () = shutdown.cancelled() => true,
            _ = tick.tick() => false,
        };
        match lodge(&core, lodged).await {
            Ok(head) => lodged = Some(head),
            Err(error) => tracing::warn!(error = %format!("{error:#}"), "the audit head was not lodged"),
        }
        if last {
            return;
        }
    }
}

/// Signs and lodges the newest head, unless it is `lodged` already. Gives the head.
pub async fn lodge(core: &Core, lodged: Option<AuditHead>) -> anyhow::Result<AuditHead> {
    let head = core.store.audit_head().await?;
    if lodged == Some(head) || head.length == 0 {
        gauges::show_time("gridkey_audit_lodged_timestamp_seconds", core.now());
        return Ok(head);
    }
    let signature = core.hsm.sign(HsmKey::Receipt, &head_message(&head)).await?;
    let now = core.now();
    core.platform.lodge_head(&LodgedHead::new(&head, now, &signature, &core.receipt_chain.get())).await?;
    core.notes.lodged(head, now);
    gauges::show_time("gridkey_audit_lodged_timestamp_seconds", now);
    metrics::gauge!("gridkey_audit_lodged").set(u32::try_from(head.length).unwrap_or(u32::MAX));
    tracing::debug!(length = head.length, hash = hex(&head.hash), "the audit head is lodged");
    Ok(head)
}
