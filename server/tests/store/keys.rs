//! Keys and bindings.

use gridkey_domain::PaymentState;
use gridkey_server::store::{Conflict, KeyRecord, KeyState, RevokedKey, Role, Store, StoreError};

use crate::support::{Backend, at, bill, bound, change, customer, draft, fingerprint, issued, order, through};

fn conflict<T: std::fmt::Debug>(result: Result<T, StoreError>) -> Conflict {
    match result.unwrap_err() {
        StoreError::Conflict(conflict) => conflict,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn a_key_is_issued_bound_and_ended(backend: &Backend) {
    let store = backend.store().await;
    assert!(store.key(fingerprint(1)).await.unwrap().is_none());
    let unknown = store.bind_key(fingerprint(1), Some(customer(1)), at(1), draft("key.bound")).await;
    assert!(matches!(unknown, Err(StoreError::NotFound("key"))));

    store.insert_key(issued(1), draft("key.issued")).await.unwrap();
    assert_eq!(store.key(fingerprint(1)).await.unwrap(), Some(issued(1)));

    let record = store.bind_key(fingerprint(1), Some(customer(1)), at(7), draft("key.bound")).await.unwrap();
    let expected = KeyRecord { customer: Some(customer(1)), state: KeyState::Bound, since: at(7), ..issued(1) };
    assert_eq!(record, expected);
    assert_eq!(store.key(fingerprint(1)).await.unwrap(), Some(expected.clone()));
    let again = store.bind_key(fingerprint(1), Some(customer(2)), at(8), draft("key.bound")).await;
    assert_eq!(conflict(again), Conflict::KeyBound);

    let (ended, orders) = store.end_key(fingerprint(1), KeyState::Lost, at(9), draft("key.lost")).await.unwrap();
    assert_eq!(ended, KeyRecord { state: KeyState::Lost, since: at(9), ..expected });
    assert!(orders.is_empty());
    let again = store.bind_key(fingerprint(1), Some(customer(1)), at(10), draft("key.bound")).await;
    assert_eq!(conflict(again), Conflict::KeyState(KeyState::Lost));
    let again = store.end_key(fingerprint(1), KeyState::Revoked, at(10), draft("key.revoked")).await;
    assert_eq!(conflict(again), Conflict::KeyState(KeyState::Lost));
    assert_eq!(store.key(fingerprint(1)).await.unwrap(), Some(ended));
}

pub(crate) async fn a_known_fingerprint_or_serial_is_refused(backend: &Backend) {
    let store = backend.store().await;
    store.insert_key(issued(1), draft("key.issued")).await.unwrap();
    let same_fingerprint = KeyRecord { serial: vec![9], ..issued(1) };
    assert_eq!(conflict(store.insert_key(same_fingerprint, draft("key.issued")).await), Conflict::KeyExists);
    let same_serial = KeyRecord { serial: issued(1).serial, ..issued(2) };
    assert_eq!(conflict(store.insert_key(same_serial, draft("key.issued")).await), Conflict::KeyExists);
    assert!(store.key(fingerprint(2)).await.unwrap().is_none());
}

pub(crate) async fn of_many_who_bind_one_key_at_once_one_wins(backend: &Backend) {
    let stores = backend.stores(5).await;
    stores[0].insert_key(issued(1), draft("key.issued")).await.unwrap();
    let tasks: Vec<_> = (0..50)
        .map(|n| {
            let store = stores[usize::try_from(n).unwrap() % stores.len()].clone();
            tokio::spawn(
                async move { store.bind_key(fingerprint(1), Some(customer(n)), at(1), draft("key.bound")).await },
            )
        })
        .collect();
    let mut winner = None;
    for task in tasks {
        match task.await.unwrap() {
            Ok(record) => assert!(winner.replace(record).is_none(), "two won"),
            Err(StoreError::Conflict(conflict)) => assert_eq!(conflict, Conflict::KeyBound),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(stores[0].key(fingerprint(1)).await.unwrap(), winner);
    assert_eq!(stores[0].audit_head().await.unwrap().length, 2, "one entry for the issue, one for the binding");
}

pub(crate) async fn an_administrators_key_is_bound_to_no_customer(backend: &Backend) {
    let store = backend.store().await;
    store.insert_key(KeyRecord { role: Role::Admin, ..issued(1) }, draft("key.issued")).await.unwrap();
    let wrong = store.bind_key(fingerprint(1), Some(customer(1)), at(1), draft("key.bound")).await;
    assert!(matches!(wrong, Err(StoreError::Internal(_))));
    let record = store.bind_key(fingerprint(1), None, at(1), draft("key.bound")).await.unwrap();
    assert_eq!((record.role, record.state, record.customer), (Role::Admin, KeyState::Bound, None));
}

pub(crate) async fn the_keys_of_a_customer_come_newest_first(backend: &Backend) {
    let store = backend.store().await;
    for n in [3, 1, 2] {
        bound(&store, n, &customer(1)).await;
    }
    bound(&store, 4, &customer(2)).await;
    store.end_key(fingerprint(3), KeyState::Replaced, at(50), draft("key.replaced")).await.unwrap();
    let keys: Vec<_> =
        store.keys_of(&customer(1)).await.unwrap().into_iter().map(|key| (key.fingerprint, key.state)).collect();
    let expected =
        [(2, KeyState::Bound), (1, KeyState::Bound), (3, KeyState::Replaced)].map(|(n, state)| (fingerprint(n), state));
    assert_eq!(keys, expected);
}

pub(crate) async fn a_key_that_ended_is_on_the_revocation_list_until_its_time_is_over(backend: &Backend) {
    let store = backend.store().await;
    let with_agreement = KeyRecord { agreement: Some(certificate(&[0x80, 0x02])), ..issued(1) };
    store.insert_key(with_agreement.clone(), draft("key.issued")).await.unwrap();
    assert_eq!(store.key(fingerprint(1)).await.unwrap(), Some(with_agreement));
    bound(&store, 2, &customer(1)).await;
    bound(&store, 3, &customer(1)).await;
    store.end_key(fingerprint(2), KeyState::Unbound, at(60), draft("key.unbound")).await.unwrap();
    // A key that was never handed out can be revoked as well.
    store.end_key(fingerprint(1), KeyState::Revoked, at(50), draft("key.revoked")).await.unwrap();
    let expected = [
        RevokedKey { serials: vec![vec![1, 1], vec![0x80, 2]], state: KeyState::Revoked, at: at(50) },
        RevokedKey { serials: vec![vec![2, 1]], state: KeyState::Unbound, at: at(60) },
    ];
    assert_eq!(store.revoked_keys(issued(1).not_after).await.unwrap(), expected);
    assert_eq!(store.revoked_keys(issued(1).not_after.plus_seconds(1)).await.unwrap(), []);
}

/// A certificate with this serial number.
fn certificate(serial: &[u8]) -> Vec<u8> {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
    let mut parameters = rcgen::CertificateParams::new(Vec::new()).unwrap();
    parameters.serial_number = Some(rcgen::SerialNumber::from_slice(serial));
    parameters.self_signed(&key).unwrap().der().to_vec()
}

pub(crate) async fn the_end_of_a_key_refuses_its_orders_that_nobody_paid_yet(backend: &Backend) {
    use PaymentState::{Accepted, Paid, Pending, Refused};
    let store = backend.store().await;
    let (mine, other) = (bound(&store, 1, &customer(1)).await, bound(&store, 2, &customer(1)).await);
    for (n, key) in [(1, mine), (2, mine), (3, mine), (4, mine), (5, other)] {
        let order = order(n, &customer(1), key, &[bill(u32::from(n))]);
        store.insert_order(order, draft("order.accepted")).await.unwrap();
    }
    through(&store, 2, &customer(1), &[Accepted, Pending]).await;
    through(&store, 3, &customer(1), &[Accepted, Pending]).await;
    store.put_page([3; 32], &customer(1), crate::support::payment(3), at(100)).await.unwrap();
    store.take_page([3; 32], at(40)).await.unwrap().unwrap();
    through(&store, 4, &customer(1), &[Accepted, Pending, Paid]).await;

    let (_, refused) = store.end_key(mine, KeyState::Lost, at(50), draft("key.lost")).await.unwrap();
    let ids: Vec<_> = refused.iter().map(|order| order.order.id).collect();
    assert_eq!(ids, [1, 2].map(crate::support::payment));
    for n in 1..=5 {
        let order = store.order(&customer(1), crate::support::payment(n)).await.unwrap().unwrap();
        let expected = match n {
            1 | 2 => (Refused, "key-lost"),
            3 => (Pending, "test-pending"),
            4 => (Paid, "test-paid"),
            _ => (PaymentState::Submitted, "submitted"),
        };
        assert_eq!((order.state, order.reason.as_str()), expected, "order {n}");
        if let Some(returned) = refused.iter().find(|returned| returned.order.id == order.order.id) {
            assert_eq!(*returned, order);
        }
    }
    let held: Vec<_> = store.reserved_bills(&customer(1)).await.unwrap();
    assert_eq!(held, [(bill(3), crate::support::payment(3)), (bill(5), crate::support::payment(5))]);
    // The order that is at the bank still comes to its end.
    store.change_order(change(3, &customer(1), Paid), None).await.unwrap();
}

pub(crate) async fn no_order_slips_in_while_its_key_ends(backend: &Backend) {
    let stores = backend.stores(4).await;
    for round in 1..=5 {
        let key = bound(&*stores[0], round, &customer(1)).await;
        let submitting: Vec<_> = (0..3_u8)
            .map(|n| {
                let store = stores[usize::from(n)].clone();
                let order = order(round * 10 + n, &customer(1), key, &[bill(u32::from(round * 10 + n))]);
                tokio::spawn(async move { store.insert_order(order, draft("order.accepted")).await })
            })
            .collect();
        let (_, refused) = stores[3].end_key(key, KeyState::Lost, at(50), draft("key.lost")).await.unwrap();
        let mut inserted = 0;
        for task in submitting {
            match task.await.unwrap() {
                Ok(()) => inserted += 1,
                Err(StoreError::Conflict(conflict)) => assert_eq!(conflict, Conflict::KeyState(KeyState::Lost)),
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(refused.len(), inserted, "each order that came in was refused by the end of its key");
        assert_eq!(stores[0].reserved_bills(&customer(1)).await.unwrap(), []);
    }
}
