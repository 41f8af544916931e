//! One-time addresses of bank pages.

use gridkey_domain::PaymentState::{Cancelled, Pending};
use gridkey_server::store::{Store, StoreError};

use crate::support::{Backend, at, bill, bound, customer, draft, order, payment, through};

async fn pending(store: &dyn Store, n: u8) {
    let key = match store.key(crate::support::fingerprint(1)).await.unwrap() {
        Some(key) => key.fingerprint,
        None => bound(store, 1, &customer(1)).await,
    };
    let order = order(n, &customer(1), key, &[bill(u32::from(n))]);
    store.insert_order(order, draft("order.accepted")).await.unwrap();
    through(store, n, &customer(1), &[Pending]).await;
}

pub(crate) async fn a_page_is_used_once(backend: &Backend) {
    let stores = backend.stores(5).await;
    pending(&*stores[0], 1).await;
    let unknown = stores[0].put_page([9; 32], &customer(1), payment(9), at(100)).await;
    assert!(matches!(unknown, Err(StoreError::NotFound("order"))), "{unknown:?}");
    stores[0].put_page([1; 32], &customer(1), payment(1), at(100)).await.unwrap();
    assert!(stores[0].take_page([2; 32], at(40)).await.unwrap().is_none());
    let tasks: Vec<_> = (0..20_usize)
        .map(|n| {
            let store = stores[n % stores.len()].clone();
            tokio::spawn(async move { store.take_page([1; 32], at(40)).await.unwrap() })
        })
        .collect();
    let mut taken = Vec::new();
    for task in tasks {
        taken.extend(task.await.unwrap());
    }
    let [order] = &taken[..] else { panic!("taken {} times", taken.len()) };
    assert_eq!((order.order.id, order.handed), (payment(1), Some(at(40))));
    assert_eq!(stores[0].order(&customer(1), payment(1)).await.unwrap().as_ref(), Some(order));
}

pub(crate) async fn a_fresh_page_makes_the_older_one_lapse(backend: &Backend) {
    let store = backend.store().await;
    pending(&store, 1).await;
    pending(&store, 2).await;
    store.put_page([1; 32], &customer(1), payment(1), at(100)).await.unwrap();
    store.put_page([2; 32], &customer(1), payment(2), at(100)).await.unwrap();
    store.put_page([3; 32], &customer(1), payment(1), at(100)).await.unwrap();
    assert!(store.take_page([1; 32], at(40)).await.unwrap().is_none());
    assert_eq!(store.take_page([2; 32], at(40)).await.unwrap().unwrap().order.id, payment(2));
    assert_eq!(store.take_page([3; 32], at(40)).await.unwrap().unwrap().order.id, payment(1));
}

pub(crate) async fn a_page_lapses_with_time_and_with_its_order(backend: &Backend) {
    let store = backend.store().await;
    pending(&store, 1).await;
    store.put_page([1; 32], &customer(1), payment(1), at(100)).await.unwrap();
    assert!(store.take_page([1; 32], at(101)).await.unwrap().is_none());
    assert!(store.take_page([1; 32], at(99)).await.unwrap().is_none(), "used up, though too late");
    store.put_page([2; 32], &customer(1), payment(1), at(100)).await.unwrap();
    through(&store, 1, &customer(1), &[Cancelled]).await;
    assert!(store.take_page([2; 32], at(40)).await.unwrap().is_none());
    let order = store.order(&customer(1), payment(1)).await.unwrap().unwrap();
    assert_eq!((order.state, order.handed), (Cancelled, None));
}

pub(crate) async fn the_first_hand_over_is_the_one_noted(backend: &Backend) {
    let store = backend.store().await;
    pending(&store, 1).await;
    for (page, time) in [(1, 40), (2, 50)] {
        store.put_page([page; 32], &customer(1), payment(1), at(100)).await.unwrap();
        let order = store.take_page([page; 32], at(time)).await.unwrap().unwrap();
        assert_eq!(order.handed, Some(at(40)));
    }
}
