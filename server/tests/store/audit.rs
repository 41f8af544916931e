//! The audit chain as stored.

use gridkey_server::{
    audit::{self, AuditFault},
    store::{AuditDraft, AuditEntry, AuditHead, Store},
};
use gridkey_surreal::{Bytes, vars};

use crate::support::{Backend, at, bill, bound, customer, draft, fingerprint, issued, order};

async fn chain(store: &dyn Store) -> Vec<AuditEntry> {
    store.audit_entries(0, 1000).await.unwrap()
}

pub(crate) async fn a_chain_written_by_many_at_once_has_no_gaps(backend: &Backend) {
    let stores = backend.stores(5).await;
    let key = bound(&*stores[0], 1, &customer(1)).await;
    let tasks: Vec<_> = (0..40_u8)
        .map(|n| {
            let store = stores[usize::from(n) % stores.len()].clone();
            tokio::spawn(async move {
                if n % 2 == 0 {
                    let entry = store.append_audit(draft("server.started")).await.unwrap();
                    assert_eq!(entry.hash, audit::entry_hash(entry.number, &entry.previous, &entry.content));
                } else {
                    let order = order(n, &customer(1), key, &[bill(u32::from(n))]);
                    store.insert_order(order, draft("order.accepted")).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let entries = chain(&*stores[0]).await;
    let report = audit::verify(&entries, []).unwrap();
    assert_eq!(report.head.length, 42);
    assert_eq!(report.head, stores[4].audit_head().await.unwrap());
    let orders =
        entries.iter().filter(|entry| audit::read_content(&entry.content).unwrap().event == "order.accepted").count();
    assert_eq!(orders, 20);
}

pub(crate) async fn what_was_refused_leaves_no_entry(backend: &Backend) {
    let store = backend.store().await;
    assert_eq!(store.audit_head().await.unwrap(), AuditHead { length: 0, hash: audit::START });
    bound(&store, 1, &customer(1)).await;
    let head = store.audit_head().await.unwrap();
    store.bind_key(fingerprint(1), Some(customer(2)), at(1), draft("key.bound")).await.unwrap_err();
    store.insert_key(issued(1), draft("key.issued")).await.unwrap_err();
    store.insert_order(order(1, &customer(2), fingerprint(1), &[]), draft("order.accepted")).await.unwrap_err();
    assert_eq!(store.audit_head().await.unwrap(), head);
    assert_eq!(chain(&store).await.len(), 2);
}

pub(crate) async fn a_changed_or_missing_entry_is_found(backend: &Backend) {
    let store = backend.store().await;
    for _ in 0..5 {
        store.append_audit(draft("server.started")).await.unwrap();
    }
    let honest = store.audit_head().await.unwrap();
    assert!(audit::verify(&chain(&store).await, [honest]).is_ok());

    // Somebody with the database in hand changes a byte …
    let mut rows = backend.database.run("SELECT VALUE sealed FROM audit:2", vars! {}).await.unwrap();
    let mut sealed = rows.one::<Bytes>(0).unwrap().unwrap().to_vec();
    *sealed.last_mut().unwrap() ^= 1;
    let change = "LET $old = (SELECT * FROM ONLY audit:2); DELETE audit:2;
        CREATE audit:2 CONTENT { number: $old.number, previous: $old.previous, hash: $old.hash, sealed: $sealed }";
    backend.database.transact(change, vars! { sealed: Bytes::from(sealed) }).await.unwrap();
    assert_eq!(audit::verify(&chain(&store).await, [honest]), Err(AuditFault::Changed(2)));

    // … removes an entry …
    backend.database.run("DELETE audit:1", vars! {}).await.unwrap();
    assert_eq!(audit::verify(&chain(&store).await, []), Err(AuditFault::Order { expected: 1, found: 2 }));

    // … and cuts off what is left, with the head put right.
    backend.database.run("DELETE audit", vars! {}).await.unwrap();
    assert_eq!(audit::verify(&chain(&store).await, [honest]), Err(AuditFault::Cut { length: 0, lodged: 5 }));
}

pub(crate) async fn entries_are_read_in_pages(backend: &Backend) {
    let store = backend.store().await;
    let facts = AuditDraft { customer: Some(customer(7)), facts: vec![0x81, 0x01], ..draft("account.updated") };
    for n in 0..12 {
        let entry = store.append_audit(facts.clone()).await.unwrap();
        assert_eq!(entry.number, n);
    }
    let numbers = |from, limit| {
        let store = &store;
        async move {
            let entries = store.audit_entries(from, limit).await.unwrap();
            entries.into_iter().map(|entry| entry.number).collect::<Vec<_>>()
        }
    };
    assert_eq!(numbers(0, 3).await, [0, 1, 2]);
    assert_eq!(numbers(9, 100).await, [9, 10, 11]);
    assert!(numbers(12, 100).await.is_empty());
    let read = audit::read_content(&chain(&store).await[0].content).unwrap();
    assert_eq!((read.customer, read.facts), (facts.customer, facts.facts));
}
