//! `gridkey-admin payment`.

use gridkey_protocol::ops::{
    self,
    admin::payments::{RefundBody, SearchBody, StoryBody},
    payments::PaymentDetail,
};
use serde_json::json;

use super::finish;
use crate::{
    args::PaymentCommand,
    exit::{Done, Failure},
    output::{pairs, table},
    setup::Context,
};

/// Runs the command.
pub(super) async fn run(context: &Context, command: PaymentCommand) -> Result<Done, Failure> {
    match command {
        PaymentCommand::Search { customer, state } => {
            let desk = context.desk().await?;
            let (mut payments, mut body) = (Vec::new(), SearchBody { customer, state, next: None });
            loop {
                let page = desk.read::<ops::PaymentSearch>(&body).await?;
                payments.extend(page.payments);
                body.next = page.next;
                if body.next.is_none() {
                    break;
                }
            }
            finish(desk).await;
            context.output.print(&json!({ "payments": payments }), || {
                let rows: Vec<Vec<String>> = payments
                    .iter()
                    .map(|line| {
                        let payment = &line.payment;
                        vec![
                            payment.payment.to_string(),
                            line.customer.to_string(),
                            payment.amount.to_string(),
                            payment.state.to_string(),
                            payment.updated.to_string(),
                        ]
                    })
                    .collect();
                table(&["payment", "customer", "amount", "state", "since"], &rows)
            })?;
        }
        PaymentCommand::Show { customer, payment } => {
            let desk = context.desk().await?;
            let found = desk.read::<ops::PaymentStory>(&StoryBody { customer, payment }).await;
            finish(desk).await;
            let found = found?;
            context.output.print(&found, || about(&found))?;
        }
        PaymentCommand::Refund { customer, payment, reason } => {
            let desk = context.desk().await?;
            let begun = desk.act::<ops::PaymentRefund>(&RefundBody { customer, payment, reason }).await;
            finish(desk).await;
            let begun = begun?;
            context.output.print(&begun, || about(&begun))?;
        }
    }
    Ok(Done::Ok)
}

/// A payment for a person.
fn about(payment: &PaymentDetail) -> String {
    let bills: Vec<String> = payment.bills.iter().map(|share| format!("{} {}", share.bill, share.amount)).collect();
    let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let refund = payment.refund.as_ref().map(|refund| match &refund.done {
        None => format!("asked for at {}", refund.asked),
        Some(done) => format!("done at {done}, {}", or_dash(&refund.reference)),
    });
    let text = pairs(&[
        ("Payment", payment.payment.to_string()),
        ("State", format!("{} since {}", payment.state, payment.updated)),
        ("Why", or_dash(&payment.reason)),
        ("Amount", payment.amount.to_string()),
        ("Pays", if bills.is_empty() { "on account".to_owned() } else { bills.join(", ") }),
        ("Gateway", or_dash(&payment.reference)),
        ("Refund", or_dash(&refund)),
        ("Receipt", if payment.receipt.is_some() { "signed" } else { "-" }.to_owned()),
    ]);
    let rows: Vec<Vec<String>> = payment
        .history
        .iter()
        .map(|step| vec![step.state.to_string(), step.at.to_string(), step.reason.clone()])
        .collect();
    format!("{text}\n{}", table(&["state", "since", "why"], &rows))
}
