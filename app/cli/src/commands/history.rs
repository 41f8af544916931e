//! `gridkey history`: every payment, the server's and those that wait here.

use gridkey_client::client::PaymentView;
use gridkey_domain::PaymentState;
use serde_json::json;

use super::show;
use crate::{
    exit::{Done, Failure},
    output::{Align, age, done, local, table},
    setup::Context,
};

/// Runs the command.
pub(super) async fn run(context: &Context) -> Result<Done, Failure> {
    let mut client = context.maybe_online().await?;
    let payments = client.payments().await?;
    let own = client.orders().await?;
    let now = client.now();
    client.close().await;
    let mut views: Vec<PaymentView> = payments.value.iter().cloned().map(PaymentView::from).collect();
    for record in &own {
        match views.iter_mut().find(|view| view.payment == record.id) {
            // Newer news may have come by a push than the kept list has.
            Some(view) if record.server_updated.is_some_and(|updated| updated > view.updated) => {
                view.state = record.state;
                view.reason.clone_from(&record.reason);
            }
            Some(_) => {}
            None if record.state == PaymentState::Queued || !payments.live => views.push(PaymentView::from(record)),
            None => {}
        }
    }
    views.sort_by_key(|view| std::cmp::Reverse((view.created, view.payment)));
    let value = json!({ "live": payments.live, "as_of": payments.at, "payments": views });
    context.output.print(&value, || {
        let lead = if payments.live { String::new() } else { format!("{}\n\n", age(payments.at, now)) };
        format!("{lead}{}", text(&views))
    })?;
    Ok(done(payments.live, context.global.offline))
}

fn text(views: &[PaymentView]) -> String {
    if views.is_empty() {
        return "No payments.".into();
    }
    let rows: Vec<Vec<String>> = views
        .iter()
        .map(|view| {
            vec![
                view.payment.to_string(),
                local(view.created),
                view.amount.to_string(),
                view.state.to_string(),
                show::bills(&view.bills),
                view.reference.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let head = [
        ("Payment", Align::Left),
        ("Signed", Align::Left),
        ("Yuan", Align::Right),
        ("State", Align::Left),
        ("For", Align::Left),
        ("Reference", Align::Left),
    ];
    table(&head, &rows)
}
