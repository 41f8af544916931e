//! Reports debits and refunds to the merchant's `backUrl`: signed, repeated until it answers, at most as often as configured.

use std::{collections::BTreeSet, sync::Arc};

use gridkey_unionpay::Message;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{gateway::Sandbox, journal::Identity, refund::Reported};

/// Delivers notifications until `shutdown`; those of an earlier run that never arrived begin anew.
pub async fn run(sandbox: Arc<Sandbox>, shutdown: CancellationToken) {
    let mut tasks: JoinSet<Identity> = JoinSet::new();
    let mut under_way = BTreeSet::new();
    loop {
        for reported in sandbox.to_notify() {
            if under_way.insert(reported.identity().clone()) {
                let sandbox = Arc::clone(&sandbox);
                tasks.spawn(async move {
                    deliver(&sandbox, &reported).await;
                    reported.identity().clone()
                });
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = sandbox.debited.notified() => {}
            Some(ended) = tasks.join_next() => {
                // A payment is debited once and a refund done once, so an ended notification never comes up again.
                if let Err(error) = ended {
                    tracing::error!(%error, "a notification ended badly");
                }
            }
        }
    }
}

async fn deliver(sandbox: &Sandbox, reported: &Reported) {
    let order = reported.identity().order.as_str();
    let mut delivered = false;
    for pause in &sandbox.settings.pauses {
        tokio::time::sleep(*pause).await;
        let fault = sandbox.fault(|faults| &mut faults.notify);
        tokio::time::sleep(fault.delay).await;
        if fault.lose {
            tracing::info!(order, "notification lost on demand");
            break;
        }
        if fault.fail {
            tracing::info!(order, "notification failed on demand");
            continue;
        }
        let Ok(mut report) = sandbox.report_of(reported) else { continue };
        if fault.forge {
            report.set("respMsg", "forged");
        }
        delivered = post(sandbox, reported, &report).await;
        if fault.double {
            post(sandbox, reported, &report).await;
        }
        if delivered {
            break;
        }
    }
    if let Err(error) = sandbox.end_notify(reported.identity(), delivered) {
        tracing::error!(%error, "the journal can't be written");
    }
}

/// One try; `true` if the merchant answered 200 or 302 in time.
async fn post(sandbox: &Sandbox, reported: &Reported, report: &Message) -> bool {
    let order = reported.identity().order.as_str();
    let sent = sandbox
        .settings
        .http
        .post(reported.back_url())
        .header("content-type", "application/x-www-form-urlencoded;charset=UTF-8")
        .timeout(sandbox.settings.answer_within)
        .body(report.to_form())
        .send()
        .await;
    match sent {
        Ok(answer) if matches!(answer.status().as_u16(), 200 | 302) => {
            tracing::info!(order, "notification delivered");
            true
        }
        Ok(answer) => {
            tracing::warn!(order, status = answer.status().as_u16(), "notification refused");
            false
        }
        Err(error) => {
            tracing::warn!(order, %error, "notification not delivered");
            false
        }
    }
}
