//! What a folder on disk holds: everything after a reopening, and nothing readable that is to be kept secret.

use std::path::Path;

use gridkey_domain::PaymentState::{Paid, Pending};
use gridkey_server::{
    audit,
    store::{NewOrder, NewPush, OrderChange, OutboxStep, Store},
};

use crate::support::{Backend, at, bill, bound, change, customer, draft, fingerprint, issued, order, payment, push};

const SECRET: &[u8] = b"Baosteel, 885 Fujin Road";

async fn fill(store: &dyn Store) {
    let key = bound(store, 1, &customer(1)).await;
    store.insert_key(issued(2), draft("key.issued")).await.unwrap();
    for n in [1, 2] {
        let order = NewOrder { order: SECRET.to_vec(), ..order(n, &customer(1), key, &[bill(u32::from(n))]) };
        store.insert_order(order, draft("order.accepted")).await.unwrap();
        store.change_order(change(n, &customer(1), Pending), None).await.unwrap();
    }
    store.put_page([1; 32], &customer(1), payment(1), at(100)).await.unwrap();
    store.put_page([2; 32], &customer(1), payment(2), at(100)).await.unwrap();
    store.take_page([2; 32], at(40)).await.unwrap().unwrap();
    let paid = OrderChange { receipt: Some(SECRET.to_vec()), ..change(2, &customer(1), Paid) };
    let pushes = vec![(customer(1), NewPush { body: SECRET.to_vec(), ..push("bill") })];
    let audit = vec![gridkey_server::store::AuditDraft { facts: SECRET.to_vec(), ..draft("order.paid") }];
    store.apply_outbox(OutboxStep { number: 8, pushes, orders: vec![paid], audit }).await.unwrap();
    store.acknowledge(key, &customer(1), 1).await.unwrap();
    store.put_settings(&customer(1), SECRET.to_vec()).await.unwrap();
    store.acknowledge_alarm(&customer(1), "A-1", at(3)).await.unwrap();
}

/// Everything that can be read, as text.
async fn all(store: &dyn Store) -> String {
    let customer = customer(1);
    let entries = store.audit_entries(0, 100).await.unwrap();
    audit::verify(&entries, [store.audit_head().await.unwrap()]).unwrap();
    format!(
        "{:?}",
        (
            (store.keys_of(&customer).await.unwrap(), store.key(fingerprint(2)).await.unwrap()),
            store.orders_of(&customer, None, 100).await.unwrap(),
            store.reserved_bills(&customer).await.unwrap(),
            (store.stream(&customer).await.unwrap(), store.pushes_after(&customer, 0, 100).await.unwrap()),
            store.acknowledge(fingerprint(1), &customer, 0).await.unwrap(),
            store.outbox_cursor().await.unwrap(),
            store.settings(&customer).await.unwrap(),
            store.acknowledged_alarms(&customer).await.unwrap(),
            entries,
        )
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_by_closing_and_opening_again() {
    let backend = Backend::folder().await;
    let store = backend.store().await;
    fill(&store).await;
    let before = all(&store).await;
    drop(store);
    let backend = Backend::reopen(backend.close().await).await;
    let store = backend.store().await;
    assert_eq!(all(&store).await, before);
    // One-time addresses too.
    assert!(store.take_page([2; 32], at(50)).await.unwrap().is_none());
    assert_eq!(store.take_page([1; 32], at(50)).await.unwrap().unwrap().order.id, payment(1));
    let entry = store.append_audit(draft("server.started")).await.unwrap();
    assert_eq!(entry.number, 6, "the chain goes on where it ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sealed_is_not_readable_in_the_files() {
    let backend = Backend::folder().await;
    let store = backend.store().await;
    fill(&store).await;
    drop(store);
    let folder = backend.close().await;
    let files = read_all(folder.path());
    let contains = |needle: &[u8]| files.windows(needle.len()).any(|window| window == needle);
    assert!(contains(b"test-pending"), "the search finds what is written plainly");
    assert!(!contains(SECRET));
    assert!(!contains(&SECRET[..12]));
}

fn read_all(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        bytes.extend(if path.is_dir() { read_all(&path) } else { std::fs::read(&path).unwrap() });
    }
    bytes
}
