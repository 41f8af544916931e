//! Events of the platform's outbox.

use gridkey_domain::PaymentState::{Paid, Pending, Refunding, Submitted};
use gridkey_server::store::{Conflict, OrderChange, OutboxStep, Store, StoreError};

use crate::support::{Backend, bill, bound, change, customer, draft, order, payment, push, through};

fn step(number: u64) -> OutboxStep {
    OutboxStep {
        number,
        pushes: vec![
            (customer(1), push(&format!("event {number} a"))),
            (customer(2), push(&format!("event {number}"))),
            (customer(1), push(&format!("event {number} b"))),
        ],
        orders: Vec::new(),
        audit: vec![draft("bill.issued"), draft("push.sent")],
    }
}

pub(crate) async fn an_event_is_applied_once(backend: &Backend) {
    let store = backend.store().await;
    assert_eq!(store.outbox_cursor().await.unwrap(), 0);
    let appended = store.apply_outbox(step(3)).await.unwrap();
    let places: Vec<_> = appended.iter().map(|(customer, push)| (customer.clone(), push.offset)).collect();
    assert_eq!(places, [(customer(1), 1), (customer(2), 1), (customer(1), 2)]);
    assert_eq!(store.outbox_cursor().await.unwrap(), 3);
    let head = store.audit_head().await.unwrap();
    assert_eq!(head.length, 2);

    for number in [3, 2, 1] {
        assert_eq!(store.apply_outbox(step(number)).await.unwrap(), []);
    }
    assert_eq!(store.audit_head().await.unwrap(), head);
    assert_eq!(store.stream(&customer(1)).await.unwrap().offset, 2);

    // A source that was pushed before is not pushed again, though the event is new.
    let again = OutboxStep { number: 4, ..step(3) };
    assert_eq!(store.apply_outbox(again).await.unwrap(), []);
    assert_eq!(store.outbox_cursor().await.unwrap(), 4);
    assert_eq!(store.stream(&customer(1)).await.unwrap().offset, 2);
}

pub(crate) async fn an_event_applied_by_several_at_once_is_applied_once(backend: &Backend) {
    let stores = backend.stores(4).await;
    for number in 1..=3 {
        let tasks: Vec<_> = stores
            .iter()
            .cloned()
            .map(|store| tokio::spawn(async move { store.apply_outbox(step(number)).await.unwrap() }))
            .collect();
        let mut appended = 0;
        for task in tasks {
            appended += task.await.unwrap().len();
        }
        assert_eq!(appended, 3);
    }
    assert_eq!(stores[0].stream(&customer(1)).await.unwrap().offset, 6);
    assert_eq!(stores[0].audit_head().await.unwrap().length, 6);
}

pub(crate) async fn an_event_is_applied_whole_or_not_at_all(backend: &Backend) {
    let store = backend.store().await;
    let key = bound(&store, 1, &customer(1)).await;
    store.insert_order(order(1, &customer(1), key, &[bill(1)]), draft("order.accepted")).await.unwrap();
    let head = store.audit_head().await.unwrap();
    let unknown =
        OutboxStep { orders: vec![change(1, &customer(1), Pending), change(2, &customer(1), Paid)], ..step(1) };
    assert!(matches!(store.apply_outbox(unknown).await, Err(StoreError::NotFound("order"))));
    let unreachable = OutboxStep { orders: vec![change(1, &customer(1), Refunding)], ..step(1) };
    let result = store.apply_outbox(unreachable).await;
    assert!(matches!(result, Err(StoreError::Conflict(Conflict::OrderState(Submitted)))), "{result:?}");

    assert_eq!(store.outbox_cursor().await.unwrap(), 0);
    assert_eq!(store.audit_head().await.unwrap(), head);
    assert_eq!(store.pushes_after(&customer(1), 0, 10).await.unwrap(), []);
    assert_eq!(store.order(&customer(1), payment(1)).await.unwrap().unwrap().state, Submitted);
}

pub(crate) async fn an_event_may_take_an_order_through_several_states(backend: &Backend) {
    let store = backend.store().await;
    let key = bound(&store, 1, &customer(1)).await;
    for n in [1, 2] {
        store.insert_order(order(n, &customer(1), key, &[bill(u32::from(n))]), draft("order.accepted")).await.unwrap();
    }
    through(&store, 2, &customer(1), &[Pending, Paid]).await;
    let paid = OrderChange { receipt: Some(vec![1, 2]), ..change(1, &customer(1), Paid) };
    let orders = vec![change(1, &customer(1), Pending), paid, change(2, &customer(1), Paid)];
    store.apply_outbox(OutboxStep { orders, ..step(1) }).await.unwrap();
    let first = store.order(&customer(1), payment(1)).await.unwrap().unwrap();
    assert_eq!((first.state, first.receipt.as_deref()), (Paid, Some([1, 2].as_slice())));
    let states: Vec<_> = first.history.iter().map(|step| step.state).collect();
    assert_eq!(states, [Submitted, Pending, Paid]);
    let second = store.order(&customer(1), payment(2)).await.unwrap().unwrap();
    assert_eq!(second.history.len(), 3, "an order that is there already is left alone");
    assert_eq!(store.reserved_bills(&customer(1)).await.unwrap(), []);
}
