//! `gridkey pay`: signs an order and sends it, or queues it.

use gridkey_client::{
    client::{PayOutcome, PayRequest},
    queue::Intent,
};
use serde_json::json;

use super::show;
use crate::{
    args::PayArgs,
    exit::{Done, Failure},
    setup::Context,
};

/// Runs the command.
pub(super) async fn run(context: &Context, args: PayArgs) -> Result<Done, Failure> {
    let request = request(&args)?;
    let intent = if args.queue { Intent::Queue } else { Intent::Now };
    let mut client = match intent {
        // Amounts come from the server if it can be reached, else from what was kept.
        Intent::Queue => context.maybe_online().await?,
        Intent::Now => context.online().await?.0,
    };
    let outcome = client.pay(request, intent).await;
    client.close().await;
    let (view, how) = match outcome? {
        PayOutcome::Submitted(view) => (view, "submitted"),
        PayOutcome::Existing(view) => (view, "existing"),
        PayOutcome::Queued(view) => (view, "queued"),
    };
    context.output.print(&show::with(&view, "outcome", json!(how))?, || {
        let lead = match how {
            "existing" => "An order for this has not ended; no other was made.\n\n",
            "queued" => "Signed and queued. Send it with `gridkey queue send`, or keep `gridkey watch` running.\n\n",
            _ => "",
        };
        format!("{lead}{}", show::payment(&view))
    })?;
    if args.open {
        show::open_page(&view);
    }
    Ok(if how == "queued" { Done::Ok } else { show::done(&view) })
}

fn request(args: &PayArgs) -> Result<PayRequest, Failure> {
    if let Some(amount) = args.on_account {
        return Ok(PayRequest::OnAccount(amount));
    }
    if let Some((stray, _)) = args.amounts.iter().find(|(bill, _)| !args.bills.contains(bill)) {
        return Err(Failure::usage(format!("--amount names {stray}, which --bill does not")));
    }
    let amount_of = |bill| args.amounts.iter().find(|(named, _)| named == bill).map(|(_, amount)| *amount);
    Ok(PayRequest::Bills(args.bills.iter().map(|bill| (bill.clone(), amount_of(bill))).collect()))
}
