//! `gridkey login`: tests key, server and session.

use gridkey_protocol::bytes::hex;
use serde_json::json;

use crate::{
    exit::{Done, Failure, tries_text},
    output::{local, pairs, to_json},
    setup::Context,
};

/// Runs the command.
pub(super) async fn run(context: &Context) -> Result<Done, Failure> {
    if context.global.offline {
        return Err(Failure::usage("`login` tests the connection; leave --offline away"));
    }
    let (mut client, info) = context.client().await?;
    let online = match context.connect(&mut client, false, false).await {
        Ok(online) => online,
        Err(failure) => return Err(Failure::from(failure.as_ref())),
    };
    let leaf = client.key().certificates().leaf().clone();
    let customer = online.customer.as_ref().map(ToString::to_string);
    let value = json!({
        "customer": customer,
        "role": to_json(&online.role)?,
        "name": leaf.common_name(),
        "valid_from": leaf.not_before(),
        "valid_until": leaf.not_after(),
        "fingerprint": hex(&leaf.fingerprint()),
        "token": { "label": info.label, "serial": info.serial, "model": info.model },
        "tries": tries_text(info.tries),
        "session": online.session,
        "server_time": online.server_time,
        "clock_behind": online.clock_behind(),
        "keeps_offline": client.store().is_durable(),
    });
    context.output.print(&value, || {
        let mut lines = vec![
            ("Customer", customer.unwrap_or_else(|| "-".into())),
            ("Key", format!("{} (serial {})", info.label, info.serial)),
            ("Certificate", leaf.common_name().unwrap_or_else(|| "-".into())),
            ("Valid until", local(leaf.not_after())),
            ("PIN tries left", tries_text(info.tries)),
            ("Session", online.session.clone()),
            ("Server time", local(online.server_time)),
        ];
        if online.clock_behind().abs() > 60 {
            lines.push(("Clock", format!("this computer is {} s behind the server", online.clock_behind())));
        }
        pairs(&lines)
    })?;
    client.close().await;
    Ok(Done::Ok)
}
