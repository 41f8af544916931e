//! Payments as they are shown: what the server says, what this machine signed, and the receipt, put together.

use std::collections::BTreeSet;

use gridkey_domain::{Fen, PaymentId, PaymentState};
use gridkey_protocol::ops::payments::PaymentDetail;

use super::{PaymentItem, PaymentStory, Problem, QueueView, Snapshot, Topic};
use crate::{
    client::{Client, ClientError, Fetched, PaymentView, VerifiedReceipt},
    queue::OrderRecord,
};

/// The list, and the orders signed here.
pub(super) struct Payments {
    pub(super) list: Result<Fetched<Vec<PaymentItem>>, ClientError>,
    pub(super) orders: Vec<OrderRecord>,
}

/// A payment's story and the news that its state is.
pub(super) type Story = Result<Fetched<PaymentStory>, ClientError>;

/// Everything known of payments: the server's list with the own orders that it does not know.
pub(super) async fn payments(client: &Client) -> Payments {
    let known = client.payments().await;
    let orders = match client.orders().await {
        Ok(orders) => orders,
        Err(error) => return Payments { list: known.and(Err(error)), orders: Vec::new() },
    };
    let list = match known {
        Ok(Fetched { value, at, live }) => {
            let views = value.into_iter().map(PaymentView::from).collect();
            Ok(Fetched { value: merge(views, &orders), at, live })
        }
        Err(error) if error.is_offline() && !orders.is_empty() => {
            Ok(Fetched { value: merge(Vec::new(), &orders), at: client.now(), live: false })
        }
        Err(error) => Err(error),
    };
    Payments { list, orders }
}

/// Newest first. What an order's record knows beyond a list that was kept goes before the list.
fn merge(views: Vec<PaymentView>, orders: &[OrderRecord]) -> Vec<PaymentItem> {
    let at_server: BTreeSet<PaymentId> = views.iter().map(|view| view.payment).collect();
    let known = views.into_iter().map(|view| {
        let own = orders.iter().find(|own| own.id == view.payment);
        item(view, own)
    });
    let own = orders.iter().filter(|own| !at_server.contains(&own.id));
    let mut items: Vec<PaymentItem> = known.chain(own.map(own_item)).collect();
    items.sort_by_key(|item| std::cmp::Reverse((item.view.created, item.view.payment)));
    items
}

fn item(mut view: PaymentView, own: Option<&OrderRecord>) -> PaymentItem {
    if let Some(own) = own
        && own.server_updated.is_some_and(|updated| updated > view.updated)
    {
        view.state = own.state;
        view.reason.clone_from(&own.reason);
    }
    PaymentItem { view, not_after: own.map(|own| own.not_after) }
}

fn own_item(own: &OrderRecord) -> PaymentItem {
    PaymentItem { view: PaymentView::from(own), not_after: Some(own.not_after) }
}

/// What waits here, oldest first.
pub(super) fn queue(orders: &[OrderRecord], before: &QueueView) -> QueueView {
    let mut waiting: Vec<PaymentItem> =
        orders.iter().filter(|own| own.state == PaymentState::Queued).map(own_item).collect();
    waiting.sort_by_key(|item| item.view.payment);
    let total = Fen::checked_sum(waiting.iter().map(|item| item.view.amount)).unwrap_or(Fen::ZERO);
    QueueView { orders: waiting, total, caps: before.caps, order_seconds: before.order_seconds }
}

/// One payment in full. `receipt` is what was verified before: it is not fetched twice.
pub(super) async fn story(client: &Client, payment: PaymentId, receipt: Option<VerifiedReceipt>) -> Story {
    let Fetched { value: detail, at, live } = detail(client, payment).await?;
    let own = client.own_order(payment).await?;
    let (receipt, receipt_problem) = match (detail.state, receipt) {
        (_, Some(receipt)) => (Some(receipt), None),
        (PaymentState::Paid | PaymentState::Refunding | PaymentState::Refunded, None) => {
            match client.receipt(payment).await {
                Ok(receipt) => (Some(receipt), None),
                Err(error) => (None, Some(Problem::from(&error))),
            }
        }
        (_, None) => (None, None),
    };
    let mut view = PaymentView::of_detail(&detail);
    view.in_doubt = own.as_ref().is_some_and(|own| own.in_doubt);
    let not_after = own.map(|own| own.not_after);
    let value = PaymentStory { view, history: detail.history, not_after, receipt, receipt_problem };
    Ok(Fetched { value, at, live })
}

/// From the server; without it what this machine knows, if only from the list.
async fn detail(client: &Client, payment: PaymentId) -> Result<Fetched<PaymentDetail>, ClientError> {
    let online = || client.session().is_some_and(|session| session.current().is_some());
    match client.payment(payment).await {
        Ok(detail) => Ok(Fetched { value: detail, at: client.now(), live: online() }),
        Err(error) if error.is_offline() => {
            let listed = client.payments().await.ok();
            let found = listed.and_then(|Fetched { value, at, .. }| {
                let payment = value.into_iter().find(|known| known.payment == payment)?;
                Some(Fetched { value: PaymentDetail::new(payment, Vec::new(), None), at, live: false })
            });
            found.ok_or(error)
        }
        Err(error) => Err(error),
    }
}

/// The receipt that the snapshot has of a payment already.
pub(super) fn known_receipt(shown: &Snapshot, topic: &Topic) -> Option<VerifiedReceipt> {
    let Topic::Payment(payment) = topic else { return None };
    shown.payment.get(payment)?.get()?.receipt.clone()
}
