//! `gridkey receipt`: fetches, verifies and saves a receipt, or verifies a saved one with the root alone.

use std::path::Path;

use gridkey_client::client::VerifiedReceipt;
use serde_json::{Value, json};

use crate::{
    args::ReceiptArgs,
    exit::{Done, Failure},
    output::{local, pairs, to_json},
    setup::Context,
};

/// Runs the command.
pub(super) async fn run(context: &Context, args: ReceiptArgs) -> Result<Done, Failure> {
    if let Some(path) = &args.verify {
        let receipt = verify(context, path)?;
        context.output.print(&object(&receipt)?, || text(&receipt))?;
        return Ok(Done::Ok);
    }
    let payment = args.payment.ok_or_else(|| Failure::usage("which payment?"))?;
    let mut client = context.maybe_online().await?;
    let receipt = client.receipt(payment).await;
    client.close().await;
    let receipt = receipt?;
    if let Some(path) = &args.out {
        std::fs::write(path, receipt.to_file()).map_err(|error| Failure::file(path, &error))?;
    }
    context.output.print(&object(&receipt)?, || text(&receipt))?;
    Ok(Done::Ok)
}

fn verify(context: &Context, path: &Path) -> Result<VerifiedReceipt, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::file(path, &error))?;
    Ok(VerifiedReceipt::from_file(&bytes, &context.config.anchor()?)?)
}

fn object(receipt: &VerifiedReceipt) -> Result<Value, Failure> {
    Ok(json!({
        "verified": true,
        "for_own_order": receipt.for_own_order,
        "receipt": to_json(&receipt.receipt)?,
        "signed": to_json(&receipt.signed)?,
    }))
}

fn text(receipt: &VerifiedReceipt) -> String {
    let stated = &receipt.receipt;
    let proof = if receipt.for_own_order {
        "signed by the power company, for exactly the order signed here"
    } else {
        "signed by the power company"
    };
    pairs(&[
        ("Receipt for", stated.id.to_string()),
        ("Customer", stated.customer.to_string()),
        ("Paid", format!("{} yuan", stated.amount)),
        ("At", local(stated.at)),
        ("Reference", stated.reference.clone()),
        ("Order", stated.order.to_string()),
        ("Genuine", proof.into()),
    ])
}
