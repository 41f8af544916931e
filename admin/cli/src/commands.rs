//! One file a group of commands.

mod audit;
mod batch;
mod bills;
mod customers;
mod keys;
mod making;
mod payments;
mod sessions;
mod status;

use gridkey_desk::Desk;
use gridkey_protocol::{ByteArray, bytes::unhex, ops};
use serde_json::json;

use crate::{
    args::{Cli, Command},
    exit::{Done, Failure},
    setup::Context,
};

/// Runs the command.
pub(crate) async fn run(cli: Cli) -> Result<Done, Failure> {
    let context = Context::new(cli.global)?;
    match cli.command {
        Command::Status => status::run(&context).await,
        Command::Key { command } => keys::run(&context, command).await,
        Command::Session { command } => sessions::run(&context, command).await,
        Command::Customer { command } => customers::run(&context, command).await,
        Command::Bill { command } => bills::run(&context, command).await,
        Command::Arrears { command } => bills::arrears(&context, &command).await,
        Command::Payment { command } => payments::run(&context, command).await,
        Command::Audit { command } => audit::run(&context, command).await,
        Command::Crl { out } => {
            let desk = context.desk().await?;
            let crl = desk.read::<ops::CrlGet>(&ops::Empty {}).await?.crl.0;
            std::fs::write(&out, &crl).map_err(|error| Failure::file(&out, &error))?;
            finish(desk).await;
            let value = json!({ "file": out, "bytes": crl.len() });
            context.output.print(&value, || format!("{}: {} bytes", out.display(), crl.len()))?;
            Ok(Done::Ok)
        }
    }
}

/// Says goodbye; the key is logged out when its last clone goes.
async fn finish(desk: Desk) {
    let key = desk.key().clone();
    desk.close().await;
    key.log_out().await;
}

/// The name of a key.
fn fingerprint(text: &str) -> Result<ByteArray<32>, Failure> {
    let bytes = unhex(text).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes.map(ByteArray).ok_or_else(|| Failure::usage(format!("{text}: 64 hex digits expected")))
}

/// The word that a value is written as on the wire.
fn named(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => "-".to_owned(),
    }
}
