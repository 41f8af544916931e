//! Push streams.

use gridkey_server::store::{Store, StoredPush, StreamHead};

use crate::support::{Backend, at, customer, fingerprint, push};

pub(crate) async fn a_stream_is_made_once(backend: &Backend) {
    let stores = backend.stores(4).await;
    let tasks: Vec<_> = stores
        .iter()
        .cloned()
        .map(|store| tokio::spawn(async move { store.stream(&customer(1)).await.unwrap() }))
        .collect();
    let mut heads = Vec::new();
    for task in tasks {
        heads.push(task.await.unwrap());
    }
    assert!(heads.iter().all(|head| *head == heads[0] && head.offset == 0), "{heads:?}");
    let other = stores[0].stream(&customer(2)).await.unwrap();
    assert_ne!(other.epoch, heads[0].epoch);
    stores[1].append_push(&customer(1), push("a")).await.unwrap();
    assert_eq!(stores[2].stream(&customer(1)).await.unwrap(), StreamHead { offset: 1, ..heads[0] });
}

pub(crate) async fn pushes_appended_at_once_have_offsets_without_gaps(backend: &Backend) {
    let stores = backend.stores(5).await;
    let tasks: Vec<_> = (0..50_usize)
        .map(|n| {
            let store = stores[n % stores.len()].clone();
            tokio::spawn(async move { store.append_push(&customer(1), push(&format!("source {n}"))).await.unwrap() })
        })
        .collect();
    let mut appended = Vec::new();
    for task in tasks {
        appended.push(task.await.unwrap().unwrap());
    }
    appended.sort_by_key(|push| push.offset);
    let offsets: Vec<_> = appended.iter().map(|push| push.offset).collect();
    assert_eq!(offsets, (1..=50).collect::<Vec<u64>>());
    assert_eq!(stores[0].pushes_after(&customer(1), 0, 100).await.unwrap(), appended);
    assert_eq!(stores[0].stream(&customer(1)).await.unwrap().offset, 50);
}

pub(crate) async fn a_source_is_pushed_once(backend: &Backend) {
    let stores = backend.stores(4).await;
    let tasks: Vec<_> = (0..12)
        .map(|n| {
            let store = stores[n % stores.len()].clone();
            tokio::spawn(async move { store.append_push(&customer(1), push("bill B-1 issued")).await.unwrap() })
        })
        .collect();
    let mut appended = Vec::new();
    for task in tasks {
        appended.extend(task.await.unwrap());
    }
    let [first] = &appended[..] else { panic!("{appended:?}") };
    let expected =
        StoredPush { offset: 1, kind: "notice".to_owned(), body: b"body of bill B-1 issued".to_vec(), at: at(5) };
    assert_eq!(*first, expected);
    assert!(stores[0].append_push(&customer(2), push("bill B-1 issued")).await.unwrap().is_some(), "per customer");
}

pub(crate) async fn pushes_are_read_in_pages(backend: &Backend) {
    let store = backend.store().await;
    assert_eq!(store.pushes_after(&customer(1), 0, 10).await.unwrap(), []);
    for n in 1..=12 {
        store.append_push(&customer(1), push(&n.to_string())).await.unwrap();
        store.append_push(&customer(2), push(&n.to_string())).await.unwrap();
    }
    let offsets = |after, limit| {
        let store = &store;
        async move {
            let pushes = store.pushes_after(&customer(1), after, limit).await.unwrap();
            pushes.into_iter().map(|push| push.offset).collect::<Vec<_>>()
        }
    };
    assert_eq!(offsets(0, 3).await, [1, 2, 3]);
    assert_eq!(offsets(3, 100).await, (4..=12).collect::<Vec<u64>>());
    assert!(offsets(12, 100).await.is_empty());
    assert!(offsets(u64::from(u32::MAX), 100).await.is_empty());
    assert!(offsets(0, 0).await.is_empty());
}

pub(crate) async fn a_cursor_never_goes_back_nor_past_the_newest(backend: &Backend) {
    let store = backend.store().await;
    let key = fingerprint(1);
    assert_eq!(store.acknowledge(key, &customer(1), 5).await.unwrap(), 0, "nothing was pushed yet");
    for n in 1..=5 {
        store.append_push(&customer(1), push(&n.to_string())).await.unwrap();
    }
    assert_eq!(store.acknowledge(key, &customer(1), 3).await.unwrap(), 3);
    assert_eq!(store.acknowledge(key, &customer(1), 2).await.unwrap(), 3);
    assert_eq!(store.acknowledge(key, &customer(1), 9).await.unwrap(), 5);
    assert_eq!(store.acknowledge(fingerprint(2), &customer(1), 1).await.unwrap(), 1, "each key has its own");
}
