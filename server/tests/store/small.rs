//! Settings, alarms, envelopes, the data key.

use gridkey_server::store::{
    Conflict, EnvelopeRecord, Store, StoreError,
    surreal::{SurrealStore, load_wrapped_data_key, store_wrapped_data_key},
};

use crate::support::{Backend, at, customer, draft, fingerprint};

pub(crate) async fn settings_are_replaced_as_a_whole(backend: &Backend) {
    let store = backend.store().await;
    assert_eq!(store.settings(&customer(1)).await.unwrap(), None);
    for settings in [vec![1, 2, 3], vec![4], Vec::new()] {
        store.put_settings(&customer(1), settings.clone()).await.unwrap();
        assert_eq!(store.settings(&customer(1)).await.unwrap(), Some(settings));
    }
    assert_eq!(store.settings(&customer(2)).await.unwrap(), None);
}

pub(crate) async fn the_first_acknowledgement_of_an_alarm_stays(backend: &Backend) {
    let store = backend.store().await;
    assert_eq!(store.acknowledge_alarm(&customer(1), "A-2", at(10)).await.unwrap(), at(10));
    assert_eq!(store.acknowledge_alarm(&customer(1), "A-2", at(20)).await.unwrap(), at(10));
    assert_eq!(store.acknowledge_alarm(&customer(1), "A-1", at(30)).await.unwrap(), at(30));
    assert_eq!(store.acknowledge_alarm(&customer(2), "A-2", at(40)).await.unwrap(), at(40));
    let expected = [("A-2".to_owned(), at(10)), ("A-1".to_owned(), at(30))];
    assert_eq!(store.acknowledged_alarms(&customer(1)).await.unwrap(), expected);
}

pub(crate) async fn envelopes_come_newest_first(backend: &Backend) {
    let store = backend.store().await;
    let envelope = |n: u8, from| EnvelopeRecord {
        fingerprint: fingerprint(n),
        key_id: vec![n],
        chain: vec![vec![n; 20], vec![0; 20]],
        not_before: at(from),
        not_after: at(from + 100),
    };
    for (n, from) in [(1, 10), (2, 30), (3, 20)] {
        store.put_envelope(envelope(n, from), draft("envelope.made")).await.unwrap();
    }
    let expected = [envelope(2, 30), envelope(3, 20), envelope(1, 10)];
    assert_eq!(store.envelopes().await.unwrap(), expected);
}

pub(crate) async fn a_wrapped_data_key_is_never_replaced(backend: &Backend) {
    assert_eq!(load_wrapped_data_key(&backend.database).await.unwrap(), None);
    store_wrapped_data_key(&backend.database, b"wrapped").await.unwrap();
    let again = store_wrapped_data_key(&backend.database, b"other").await;
    assert!(matches!(again, Err(StoreError::Conflict(Conflict::DataKeyExists))), "{again:?}");
    assert_eq!(load_wrapped_data_key(&backend.database).await.unwrap().as_deref(), Some(b"wrapped".as_slice()));
}

pub(crate) async fn another_data_key_is_refused(backend: &Backend) {
    backend.store().await;
    let other = SurrealStore::open(backend.database.clone(), [1; 32].into()).await;
    assert!(matches!(other, Err(StoreError::Damaged(_))), "{other:?}");
    backend.store().await;
}

pub(crate) async fn the_database_answers(backend: &Backend) {
    backend.store().await.check().await.unwrap();
}
