//! Keys and bindings.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use gridkey_domain::PaymentState;
use gridkey_server::store::{
    Conflict, Goes, KeyDue, KeyFilter, KeyRecord, KeyState, KeyStep, KeyTransition, RENEWED, RenewalEnd, RevokedKey,
    Role, Standing, Store, StoreError, Succession,
};

use crate::support::{
    Backend, at, bill, bound, change, customer, draft, end, fingerprint, issued, order, push, through,
};

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
    let expected = KeyRecord {
        customer: Some(customer(1)),
        state: KeyState::Bound,
        since: at(7),
        reason: "handed-over".to_owned(),
        ..issued(1)
    };
    assert_eq!(record, expected);
    assert_eq!(store.key(fingerprint(1)).await.unwrap(), Some(expected.clone()));
    let again = store.bind_key(fingerprint(1), Some(customer(2)), at(8), draft("key.bound")).await;
    assert_eq!(conflict(again), Conflict::KeyBound);

    let (ended, orders) = store.end_key(end(1, KeyStep::Lose, 9), draft("key.lost")).await.unwrap();
    assert_eq!(ended, KeyRecord { state: KeyState::Lost, since: at(9), reason: "test".to_owned(), ..expected });
    assert!(orders.is_empty());
    let again = store.bind_key(fingerprint(1), Some(customer(1)), at(10), draft("key.bound")).await;
    assert_eq!(conflict(again), Conflict::KeyState(KeyState::Lost));
    let again = store.end_key(end(1, KeyStep::Revoke, 10), draft("key.revoked")).await;
    assert_eq!(conflict(again), Conflict::KeyState(KeyState::Lost));
    assert_eq!(store.key(fingerprint(1)).await.unwrap(), Some(ended));

    let step = |state, seconds, reason: &str| KeyTransition {
        state,
        at: at(seconds),
        actor: "operator".to_owned(),
        reason: reason.to_owned(),
    };
    let expected =
        [step(KeyState::Issued, 0, "issued"), step(KeyState::Bound, 7, "handed-over"), step(KeyState::Lost, 9, "test")];
    assert_eq!(store.key_history(fingerprint(1)).await.unwrap(), expected);
}

pub(crate) async fn a_key_stands_as_the_last_change_left_it_whoever_reads_meanwhile(backend: &Backend) {
    let store = Arc::new(backend.store().await);
    for n in 1..=5 {
        let key = bound(&*store, n, &customer(1)).await;
        let ended = Arc::new(AtomicBool::new(false));
        let readers: Vec<_> = (0..3)
            .map(|_| {
                let (store, ended) = (Arc::clone(&store), Arc::clone(&ended));
                tokio::spawn(async move {
                    loop {
                        // Looked at before the store is asked: whoever asks after the end must see it.
                        let over = ended.load(Ordering::SeqCst);
                        let state = store.standing(key).await.unwrap().unwrap().state;
                        if over {
                            return state;
                        }
                        // What is known already is told without waiting.
                        tokio::task::yield_now().await;
                    }
                })
            })
            .collect();
        store.insert_order(order(n, &customer(1), key, &[]), draft("order.accepted")).await.unwrap();
        let standing = store.standing(key).await.unwrap().unwrap();
        assert_eq!(standing, Standing::from(store.key(key).await.unwrap().unwrap()));
        assert_eq!((standing.state, standing.customer), (KeyState::Bound, Some(customer(1))));
        store.end_key(end(n, KeyStep::Lose, 9), draft("key.lost")).await.unwrap();
        ended.store(true, Ordering::SeqCst);
        for reader in readers {
            assert_eq!(reader.await.unwrap(), KeyState::Lost);
        }
    }
    assert_eq!(store.standing(fingerprint(9)).await.unwrap(), None);
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
    store.end_key(end(3, KeyStep::Replace, 50), draft("key.replaced")).await.unwrap();
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
    store.end_key(end(2, KeyStep::Unbind, 60), draft("key.unbound")).await.unwrap();
    // A key that was never handed out can be revoked as well.
    store.end_key(end(1, KeyStep::Revoke, 50), draft("key.revoked")).await.unwrap();
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

    let (_, refused) = store.end_key(end(1, KeyStep::Lose, 50), draft("key.lost")).await.unwrap();
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
        let (_, refused) = stores[3].end_key(end(round, KeyStep::Lose, 50), draft("key.lost")).await.unwrap();
        let mut inserted = 0;
        for task in submitting {
            match task.await.unwrap() {
                Ok(_) => inserted += 1,
                Err(StoreError::Conflict(conflict)) => assert_eq!(conflict, Conflict::KeyState(KeyState::Lost)),
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(refused.len(), inserted, "each order that came in was refused by the end of its key");
        assert_eq!(stores[0].reserved_bills(&customer(1)).await.unwrap(), []);
    }
}

fn succession(old: u8, new: u8) -> Succession {
    Succession { old: fingerprint(old), new: fingerprint(new), reason: "damaged".to_owned(), at: at(40) }
}

pub(crate) async fn a_key_that_takes_anothers_place_keeps_the_customers_history(backend: &Backend) {
    let store = backend.store().await;
    let old = bound(&store, 1, &customer(1)).await;
    store.insert_order(order(1, &customer(1), old, &[bill(1)]), draft("order.accepted")).await.unwrap();
    for source in ["a", "b", "c"] {
        store.append_push(&customer(1), push(source)).await.unwrap();
    }
    store.acknowledge(old, &customer(1), 2).await.unwrap();

    store.insert_key(issued(2), draft("key.issued")).await.unwrap();
    let audit = || vec![draft("key.replaced"), draft("key.bound")];
    let new = store.replace_key(succession(1, 2), audit()).await.unwrap();
    assert_eq!((new.customer, new.state, new.succeeds), (Some(customer(1)), KeyState::Bound, Some(old)));
    let before = store.key(old).await.unwrap().unwrap();
    assert_eq!((before.state, before.successor), (KeyState::Replaced, Some(new.fingerprint)));
    assert_eq!(store.acknowledge(new.fingerprint, &customer(1), 0).await.unwrap(), 2, "the cursor goes on");
    let orders = store.orders_of(&customer(1), None, 10).await.unwrap();
    assert_eq!(orders[0].state, PaymentState::Submitted, "what the old key signed goes on");

    store.insert_key(issued(3), draft("key.issued")).await.unwrap();
    let twice = store.replace_key(succession(1, 3), audit()).await;
    assert_eq!(conflict(twice), Conflict::Successor, "a place is taken once");
    assert_eq!(store.key(fingerprint(3)).await.unwrap().unwrap().state, KeyState::Issued, "nothing half done");
}

pub(crate) async fn a_lost_keys_place_is_taken_and_it_stays_lost(backend: &Backend) {
    let store = backend.store().await;
    bound(&store, 1, &customer(1)).await;
    store.end_key(end(1, KeyStep::Lose, 30), draft("key.lost")).await.unwrap();
    store.insert_key(issued(2), draft("key.issued")).await.unwrap();
    let new = store.replace_key(succession(1, 2), vec![draft("key.bound")]).await.unwrap();
    assert_eq!(new.customer, Some(customer(1)));
    let before = store.key(fingerprint(1)).await.unwrap().unwrap();
    assert_eq!((before.state, before.since, before.successor), (KeyState::Lost, at(30), Some(fingerprint(2))));
    store.insert_key(KeyRecord { role: Role::Admin, ..issued(3) }, draft("key.issued")).await.unwrap();
    let nobodys = Succession { old: fingerprint(3), ..succession(3, 2) };
    assert_eq!(conflict(store.replace_key(nobodys, vec![draft("key.bound")]).await), Conflict::Successor);
}

pub(crate) async fn a_renewed_key_lives_beside_its_successor_until_it_is_due(backend: &Backend) {
    let store = backend.store().await;
    let old = bound(&store, 1, &customer(1)).await;
    let fresh = KeyRecord { since: at(100), not_after: at(200_000), ..issued(2) };
    let audit = || vec![draft("key.issued"), draft("key.bound")];
    let new = store.renew_key(fresh.clone(), old, at(500), audit()).await.unwrap();
    assert_eq!((new.state, new.customer.clone(), new.succeeds), (KeyState::Bound, Some(customer(1)), Some(old)));
    assert_eq!(store.key(old).await.unwrap().unwrap().state, KeyState::Bound);
    // The answer was lost on its way: renewed once more, and the unused certificates are withdrawn.
    let again = KeyRecord { since: at(101), ..issued(3) };
    let new = store.renew_key(again, old, at(500), audit()).await.unwrap();
    assert_eq!((new.state, new.succeeds), (KeyState::Bound, Some(old)));
    let unused = store.key(fingerprint(2)).await.unwrap().unwrap();
    assert_eq!((unused.state, unused.reason.as_str()), (KeyState::Revoked, "never-used"));

    let due = async |now| store.keys_due(KeyDue::Replacement, at(now), 10).await.unwrap();
    assert_eq!(due(499).await, []);
    assert_eq!(due(500).await.iter().map(|key| key.fingerprint).collect::<Vec<_>>(), [old]);
    // Nobody logged in with the new one: it goes, and the old one may be renewed anew.
    let over = |new, goes| RenewalEnd { old, new, goes, reason: RENEWED.to_owned(), at: at(600) };
    let end = async |new, goes| store.end_renewal(over(new, goes), draft("key.ended")).await.unwrap();
    assert_eq!(end(fingerprint(2), Goes::Old).await, None, "not its successor any more");
    let ended = end(fingerprint(3), Goes::New).await.unwrap();
    assert_eq!((ended.fingerprint, ended.state), (fingerprint(3), KeyState::Revoked));
    assert_eq!(end(fingerprint(3), Goes::Old).await, None, "one of the two goes");
    let kept = store.key(old).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.successor), (KeyState::Bound, None));
    assert_eq!(due(600).await, []);

    // The next new one logs in: the old one goes.
    let again = KeyRecord { since: at(600), ..issued(4) };
    store.renew_key(again, old, at(900), audit()).await.unwrap();
    let ended = end(fingerprint(4), Goes::Old).await.unwrap();
    assert_eq!((ended.fingerprint, ended.state), (old, KeyState::Replaced));
    assert_eq!(end(fingerprint(4), Goes::New).await, None);
    assert_eq!(due(900).await, []);

    // Signed before it was replaced: taken. Signed after: not.
    let before = order(1, &customer(1), old, &[bill(1)]);
    store.insert_order(before, draft("order.accepted")).await.unwrap();
    let mut after = order(2, &customer(1), old, &[bill(2)]);
    after.created = at(601);
    let refused = store.insert_order(after, draft("order.accepted")).await;
    assert_eq!(conflict(refused), Conflict::KeyState(KeyState::Replaced));
}

const NONE: [u8; 0] = [];

pub(crate) async fn keys_are_found_when_something_is_due(backend: &Backend) {
    let store = backend.store().await;
    bound(&store, 1, &customer(1)).await;
    store.insert_key(issued(2), draft("key.issued")).await.unwrap();
    let names = |keys: Vec<KeyRecord>| keys.iter().map(|key| key.fingerprint[0]).collect::<Vec<_>>();
    // They live from -3600 to 86400: two thirds are over at 56400.
    assert_eq!(names(store.keys_due(KeyDue::Renewal, at(56_399), 10).await.unwrap()), NONE);
    assert_eq!(names(store.keys_due(KeyDue::Renewal, at(56_400), 10).await.unwrap()), [1], "bound ones only");
    store.key_told(fingerprint(1)).await.unwrap();
    store.key_told(fingerprint(1)).await.unwrap();
    assert_eq!(names(store.keys_due(KeyDue::Renewal, at(56_400), 10).await.unwrap()), NONE, "told once");
    assert_eq!(names(store.keys_due(KeyDue::Expiry, at(86_400), 10).await.unwrap()), NONE);
    let mut over = names(store.keys_due(KeyDue::Expiry, at(86_401), 10).await.unwrap());
    over.sort_unstable();
    assert_eq!(over, [1, 2]);
    let (expired, _) = store.end_key(end(1, KeyStep::Expire, 86_401), draft("key.expired")).await.unwrap();
    assert_eq!(expired.state, KeyState::Expired);
    assert_eq!(names(store.keys_due(KeyDue::Expiry, at(86_401), 10).await.unwrap()), [2]);
}

pub(crate) async fn keys_are_listed_by_what_is_asked_and_in_pages(backend: &Backend) {
    let store = backend.store().await;
    for n in 1..=4 {
        bound(&store, n, &customer(u32::from(n % 2))).await;
    }
    store.insert_key(issued(5), draft("key.issued")).await.unwrap();
    store.end_key(end(2, KeyStep::Lose, 9), draft("key.lost")).await.unwrap();
    let list = async |filter: KeyFilter, after: Option<u8>, limit| {
        let keys = store.keys(filter, after.map(fingerprint), limit).await.unwrap();
        keys.iter().map(|key| key.fingerprint[0]).collect::<Vec<_>>()
    };
    assert_eq!(list(KeyFilter::default(), None, 10).await, [5, 4, 3, 2, 1]);
    assert_eq!(list(KeyFilter::default(), None, 2).await, [5, 4]);
    assert_eq!(list(KeyFilter::default(), Some(4), 2).await, [3, 2]);
    let of = |customer_number| KeyFilter { customer: Some(customer(customer_number)), ..KeyFilter::default() };
    assert_eq!(list(of(1), None, 10).await, [3, 1]);
    let lost = KeyFilter { state: Some(KeyState::Lost), ..of(0) };
    assert_eq!(list(lost, None, 10).await, [2]);
    let ending = |seconds| KeyFilter { ending_before: Some(at(seconds)), ..KeyFilter::default() };
    assert_eq!(list(ending(86_401), None, 10).await, [4, 3, 1], "bound ones only");
    assert_eq!(list(ending(86_400), None, 10).await, NONE);
    let admins = KeyFilter { role: Some(Role::Admin), ..KeyFilter::default() };
    assert_eq!(list(admins, None, 10).await, NONE);
}
