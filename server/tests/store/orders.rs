//! Orders and the bills they hold.

use gridkey_domain::{PaymentState, RefundId, payment::Transition};
use gridkey_server::store::{Conflict, KeyState, NewOrder, OrderChange, OrderRefund, Store, StoreError};

use crate::support::{Backend, at, bill, bound, change, customer, draft, fingerprint, issued, order, payment, through};

pub(crate) async fn an_order_reads_back_as_it_was_submitted(backend: &Backend) {
    let store = backend.store().await;
    let key = bound(&store, 1, &customer(1)).await;
    let submitted = order(1, &customer(1), key, &[bill(1), bill(2)]);
    store.insert_order(submitted.clone(), draft("order.accepted")).await.unwrap();
    let read = store.order(&customer(1), payment(1)).await.unwrap().unwrap();
    assert_eq!(read.order, submitted);
    assert_eq!((read.state, read.updated, read.reason.as_str()), (PaymentState::Submitted, at(20), "submitted"));
    assert_eq!((read.message, read.reference, read.receipt, read.handed), (None, None, None, None));
    let first = Transition { state: PaymentState::Submitted, at: at(20), reason: "submitted".to_owned() };
    assert_eq!(read.history, [first]);
    assert!(store.order(&customer(2), payment(1)).await.unwrap().is_none(), "not another customer's");
    assert!(store.order(&customer(1), payment(2)).await.unwrap().is_none());
}

pub(crate) async fn an_id_is_taken_once_for_a_customer(backend: &Backend) {
    let store = backend.store().await;
    let (one, two) = (bound(&store, 1, &customer(1)).await, bound(&store, 2, &customer(2)).await);
    store.insert_order(order(1, &customer(1), one, &[]), draft("order.accepted")).await.unwrap();
    let other = NewOrder { order: vec![1], ..order(1, &customer(1), one, &[bill(1)]) };
    for result in [
        store.insert_order(other.clone(), draft("order.accepted")).await.map(drop),
        store.insert_refused_order(other, "amount-changed", "", draft("order.refused")).await,
    ] {
        assert!(matches!(result, Err(StoreError::Conflict(Conflict::OrderExists))), "{result:?}");
    }
    store.insert_order(order(1, &customer(2), two, &[]), draft("order.accepted")).await.unwrap();
}

pub(crate) async fn of_two_orders_for_one_bill_one_wins(backend: &Backend) {
    let stores = backend.stores(5).await;
    let key = bound(&*stores[0], 1, &customer(1)).await;
    let tasks: Vec<_> = (1..=20)
        .map(|n| {
            let store = stores[usize::from(n) % stores.len()].clone();
            // Each wants the bill all want, and one of its own.
            let order = order(n, &customer(1), key, &[bill(50 + u32::from(n)), bill(1)]);
            tokio::spawn(async move { (n, store.insert_order(order, draft("order.accepted")).await) })
        })
        .collect();
    let mut winners = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            (n, Ok(_)) => winners.push(n),
            (_, Err(StoreError::Conflict(conflict))) => assert_eq!(conflict, Conflict::BillInPayment(bill(1))),
            (_, Err(other)) => panic!("{other:?}"),
        }
    }
    let [winner] = winners[..] else { panic!("{winners:?} won") };
    let held = stores[0].reserved_bills(&customer(1)).await.unwrap();
    assert_eq!(held, [(bill(1), payment(winner)), (bill(50 + u32::from(winner)), payment(winner))]);
    assert_eq!(stores[0].orders_of(&customer(1), None, 50).await.unwrap().len(), 1);
}

pub(crate) async fn an_order_needs_a_key_bound_to_its_customer(backend: &Backend) {
    let store = backend.store().await;
    let unknown = store.insert_order(order(1, &customer(1), fingerprint(9), &[]), draft("order.accepted")).await;
    assert!(matches!(unknown, Err(StoreError::NotFound("key"))), "{unknown:?}");
    store.insert_key(issued(1), draft("key.issued")).await.unwrap();
    let unbound = store.insert_order(order(1, &customer(1), fingerprint(1), &[]), draft("order.accepted")).await;
    assert!(matches!(unbound, Err(StoreError::Conflict(Conflict::KeyState(KeyState::Issued)))), "{unbound:?}");
    bound(&store, 2, &customer(2)).await;
    let foreign = store.insert_order(order(1, &customer(1), fingerprint(2), &[]), draft("order.accepted")).await;
    assert!(matches!(foreign, Err(StoreError::NotFound("key"))), "{foreign:?}");
    assert!(store.order(&customer(1), payment(1)).await.unwrap().is_none());
}

pub(crate) async fn a_refused_order_is_kept_and_holds_no_bill(backend: &Backend) {
    let store = backend.store().await;
    let key = bound(&store, 1, &customer(1)).await;
    let refused = order(1, &customer(1), key, &[bill(1)]);
    store.insert_refused_order(refused.clone(), "already-paid", "bill is paid", draft("order.refused")).await.unwrap();
    let read = store.order(&customer(1), payment(1)).await.unwrap().unwrap();
    assert_eq!(read.order, refused);
    assert_eq!((read.state, read.reason.as_str()), (PaymentState::Refused, "already-paid"));
    assert_eq!(read.message.as_deref(), Some("bill is paid"));
    assert_eq!(store.reserved_bills(&customer(1)).await.unwrap(), []);
    store.insert_order(order(2, &customer(1), key, &[bill(1)]), draft("order.accepted")).await.unwrap();
}

pub(crate) async fn an_order_goes_through_reachable_states_only(backend: &Backend) {
    use PaymentState::{Accepted, Expired, Paid, Pending, Refunded, Refunding, Unknown};
    let store = backend.store().await;
    let key = bound(&store, 1, &customer(1)).await;
    let lives: [&[PaymentState]; 4] = [
        &[Accepted, Pending, Unknown, Paid, Refunding, Refunded],
        &[Pending, Paid],
        &[PaymentState::Refused],
        &[Accepted, Expired],
    ];
    for (n, life) in (1..).zip(lives) {
        store.insert_order(order(n, &customer(1), key, &[]), draft("order.accepted")).await.unwrap();
        let mut state = PaymentState::Submitted;
        for next in std::iter::once(&PaymentState::Submitted).chain(life) {
            if *next != state {
                let changed = store.change_order(change(n, &customer(1), *next), None).await.unwrap();
                assert_eq!(changed.state, *next);
                assert_eq!(Some(changed), store.order(&customer(1), payment(n)).await.unwrap());
                state = *next;
            }
            for other in PaymentState::ALL.into_iter().filter(|other| !state.can_become(*other)) {
                let result = store.change_order(change(n, &customer(1), other), Some(draft("order.changed"))).await;
                assert!(
                    matches!(result, Err(StoreError::Conflict(Conflict::OrderState(found))) if found == state),
                    "{state} to {other}: {result:?}"
                );
            }
        }
        let read = store.order(&customer(1), payment(n)).await.unwrap().unwrap();
        let history: Vec<_> = read.history.iter().map(|step| step.state).collect();
        assert_eq!(history[1..], *life);
    }
    let unknown = store.change_order(change(99, &customer(1), Paid), None).await;
    assert!(matches!(unknown, Err(StoreError::NotFound("order"))), "{unknown:?}");
}

pub(crate) async fn bills_are_held_while_an_order_is_open(backend: &Backend) {
    use PaymentState::{Accepted, Cancelled, Expired, Paid, Pending, Refused, Unknown};
    let store = backend.store().await;
    let key = bound(&store, 1, &customer(1)).await;
    for (n, end) in (1..).zip([Refused, Expired, Cancelled, Paid]) {
        store.insert_order(order(n, &customer(1), key, &[bill(1), bill(2)]), draft("order.accepted")).await.unwrap();
        let mut states = vec![Accepted, Pending];
        states.extend((end != Cancelled).then_some(Unknown));
        for state in states {
            through(&store, n, &customer(1), &[state]).await;
            let held = store.reserved_bills(&customer(1)).await.unwrap();
            assert_eq!(held, [(bill(1), payment(n)), (bill(2), payment(n))], "{state}");
        }
        assert_eq!(store.reserved_bills(&customer(2)).await.unwrap(), []);
        through(&store, n, &customer(1), &[end]).await;
        assert_eq!(store.reserved_bills(&customer(1)).await.unwrap(), [], "{end}");
    }
}

pub(crate) async fn a_receipt_and_a_reference_are_kept(backend: &Backend) {
    let store = backend.store().await;
    let key = bound(&store, 1, &customer(1)).await;
    store.insert_order(order(1, &customer(1), key, &[]), draft("order.accepted")).await.unwrap();
    let pending = OrderChange { reference: Some("Q1".to_owned()), ..change(1, &customer(1), PaymentState::Pending) };
    store.change_order(pending, None).await.unwrap();
    let paid =
        OrderChange { receipt: Some(b"receipt".to_vec()), at: at(70), ..change(1, &customer(1), PaymentState::Paid) };
    store.change_order(paid, Some(draft("order.paid"))).await.unwrap();
    let read = store.order(&customer(1), payment(1)).await.unwrap().unwrap();
    assert_eq!(read.reference.as_deref(), Some("Q1"), "a later change without one keeps it");
    assert_eq!(read.receipt.as_deref(), Some(b"receipt".as_slice()));
    assert_eq!(read.updated, at(70));
}

pub(crate) async fn orders_are_listed_newest_first_in_pages(backend: &Backend) {
    let store = backend.store().await;
    let (one, two) = (bound(&store, 1, &customer(1)).await, bound(&store, 2, &customer(2)).await);
    // Neither the ids nor the times of signing say in which order they came.
    for n in [5, 1, 4, 2, 3] {
        store.insert_order(order(n, &customer(1), one, &[]), draft("order.accepted")).await.unwrap();
        store.insert_order(order(n, &customer(2), two, &[]), draft("order.accepted")).await.unwrap();
    }
    let list = |before, limit| {
        let store = &store;
        async move {
            let orders = store.orders_of(&customer(1), before, limit).await.unwrap();
            assert!(orders.iter().all(|order| order.order.customer == customer(1)));
            orders.into_iter().map(|order| order.order.id).collect::<Vec<_>>()
        }
    };
    assert_eq!(list(None, 10).await, [3, 2, 4, 1, 5].map(payment));
    assert_eq!(list(None, 2).await, [3, 2].map(payment));
    assert_eq!(list(Some(payment(2)), 2).await, [4, 1].map(payment));
    assert!(list(Some(payment(5)), 2).await.is_empty());
    let unknown = store.orders_of(&customer(1), Some(payment(9)), 2).await;
    assert!(matches!(unknown, Err(StoreError::NotFound("order"))), "{unknown:?}");
}

pub(crate) async fn open_orders_are_found_again_by_their_state(backend: &Backend) {
    use PaymentState::{Paid, Pending, Submitted, Unknown};
    let store = backend.store().await;
    let key = bound(&store, 1, &customer(1)).await;
    for n in 1..=5 {
        store.insert_order(order(n, &customer(1), key, &[]), draft("order.accepted")).await.unwrap();
    }
    through(&store, 4, &customer(1), &[Pending]).await;
    through(&store, 2, &customer(1), &[Pending, Unknown]).await;
    through(&store, 3, &customer(1), &[Pending, Paid]).await;
    let ids = |states: &'static [PaymentState], limit| {
        let store = &store;
        async move {
            let orders = store.orders_in(states, limit).await.unwrap();
            orders.into_iter().map(|order| order.order.id).collect::<Vec<_>>()
        }
    };
    assert_eq!(ids(&[Submitted], 10).await, [1, 5].map(payment));
    assert_eq!(ids(&[Pending, Unknown, Submitted], 10).await, [1, 2, 4, 5].map(payment));
    assert_eq!(ids(&[Pending, Unknown, Submitted], 2).await, [1, 2].map(payment));
    assert!(ids(&[], 10).await.is_empty());
}

pub(crate) async fn a_refund_is_kept_beside_the_receipt(backend: &Backend) {
    use PaymentState::{Paid, Pending, Refunded, Refunding};
    let store = backend.store().await;
    let key = bound(&store, 1, &customer(1)).await;
    store.insert_order(order(1, &customer(1), key, &[bill(1)]), draft("order.accepted")).await.unwrap();
    through(&store, 1, &customer(1), &[Pending]).await;
    let paid = OrderChange {
        receipt: Some(b"receipt".to_vec()),
        reference: Some("Q1".to_owned()),
        ..change(1, &customer(1), Paid)
    };
    assert_eq!(store.change_order(paid, None).await.unwrap().refund, None);

    let refund = |n: u64, reference: Option<&str>| {
        Some(OrderRefund { id: RefundId::from_parts(n, [3; 10]), reference: reference.map(str::to_owned) })
    };
    let begun = OrderChange { refund: refund(1, None), ..change(1, &customer(1), Refunding) };
    store.change_order(begun.clone(), None).await.unwrap();
    let again = store.change_order(OrderChange { refund: refund(2, None), ..begun.clone() }, None).await;
    assert!(matches!(again, Err(StoreError::Conflict(Conflict::OrderState(Refunding)))), "one refund at a time");
    // It failed; another try is another refund.
    through(&store, 1, &customer(1), &[Paid]).await;
    store.change_order(OrderChange { refund: refund(2, None), ..begun }, None).await.unwrap();
    let done = OrderChange { refund: refund(2, Some("Q2")), ..change(1, &customer(1), Refunded) };
    store.change_order(done, None).await.unwrap();
    let record = store.order(&customer(1), payment(1)).await.unwrap().unwrap();
    assert_eq!((record.state, record.refund), (Refunded, refund(2, Some("Q2"))));
    assert_eq!((record.reference.as_deref(), record.receipt.as_deref()), (Some("Q1"), Some(b"receipt".as_slice())));
    let last = store.change_order(change(1, &customer(1), Paid), None).await;
    assert!(matches!(last, Err(StoreError::Conflict(Conflict::OrderState(Refunded)))), "the end");
}
