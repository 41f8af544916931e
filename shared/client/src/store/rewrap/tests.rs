use gridkey_domain::{Fen, PaymentId, PaymentState, payment::Method};
use gridkey_protocol::{
    ByteArray, ByteString, cbor,
    order::{CURRENCY, Order, SignedOrder},
    testpki::{self, TestPki},
};
use redb::Builder;

use super::*;
use crate::{
    queue::Intent,
    session::StreamKeeper as _,
    testing::{EPOCH, MemoryToken, push},
};

/// A key and its successor, of one customer.
struct Keys {
    old: UsbKey,
    new: UsbKey,
}

impl Keys {
    fn new() -> Self {
        let pki = TestPki::new();
        let old = MemoryToken::new(&pki).usb_key(&pki.anchor());
        let new = MemoryToken::new(&pki).with_agreement_seed(&pki, 9).usb_key(&pki.anchor());
        Self { old, new }
    }

    fn new_path(&self, folder: &Path) -> std::path::PathBuf {
        path(folder, &agreement(&self.new).unwrap())
    }
}

fn order(number: u8) -> OrderRecord {
    let order = Order {
        v: 1,
        id: PaymentId::from_parts(1_795_334_400_000, [number; 10]),
        customer: "1100000001".parse().unwrap(),
        bills: Vec::new(),
        amount: Fen::new(100).unwrap(),
        currency: CURRENCY.into(),
        method: Method::Gateway,
        created: testpki::now(),
        not_after: testpki::now().plus_seconds(3600),
        key: ByteArray([1; 32]),
    };
    let signed =
        SignedOrder { order: ByteString(cbor::encode(&order)), signature: ByteArray([2; 64]), chain: Vec::new() };
    OrderRecord::new(signed, &order, Intent::Queue)
}

fn put(store: &Store, order: &OrderRecord) {
    store.put(Table::Orders, &order.id.to_string(), order).unwrap();
}

fn orders(store: &Store) -> Vec<OrderRecord> {
    let mut all: Vec<OrderRecord> = store.list(Table::Orders).unwrap();
    all.sort_by_key(|order| order.id.to_string());
    all
}

/// The old key's store with one record of each kind.
async fn filled(folder: &Path, keys: &Keys) -> Store {
    let store = Store::open(folder, &keys.old).await.unwrap();
    put(&store, &order(1));
    store.remember("account", testpki::now(), &"value".to_owned()).unwrap();
    store.put(Table::State, IDENTITY, &"whose".to_owned()).unwrap();
    assert!(store.apply(EPOCH, &push(5)).unwrap());
    store
}

fn assert_whole(store: &Store) {
    assert_eq!(orders(store), [order(1)]);
    assert_eq!(store.recall::<String>("account").unwrap().unwrap().value, "value");
    assert_eq!(store.get::<String>(Table::State, IDENTITY).unwrap().as_deref(), Some("whose"));
    assert_eq!(store.position().unwrap().map(|at| at.offset), Some(5));
    assert_eq!(store.unseen().unwrap().len(), 1);
}

fn assert_empty(store: &Store) {
    assert_eq!((orders(store), store.inbox().unwrap(), store.place().unwrap()), (vec![], vec![], None));
    assert_eq!(store.recall::<String>("account").unwrap(), None);
}

#[tokio::test]
async fn a_renewed_key_opens_what_its_predecessor_kept() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::new();
    drop(filled(folder.path(), &keys).await);
    assert_whole(&Store::rewrap(folder.path(), &keys.old, &keys.new).await.unwrap());
    // From now on without the old key; and the old key finds nothing any more.
    assert_whole(&Store::open(folder.path(), &keys.new).await.unwrap());
    assert_empty(&Store::open(folder.path(), &keys.old).await.unwrap());
    assert_whole(&Store::rewrap(folder.path(), &keys.old, &keys.new).await.unwrap());
}

#[tokio::test]
async fn without_an_old_store_the_new_one_is_simply_opened() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::new();
    assert_empty(&Store::rewrap(folder.path(), &keys.old, &keys.new).await.unwrap());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "none is made for the old key");
    let same = Store::rewrap(folder.path(), &keys.new, &keys.new).await.unwrap();
    put(&same, &order(1));
    assert_eq!(orders(&Store::open(folder.path(), &keys.new).await.unwrap()).len(), 1);
}

#[tokio::test]
async fn a_new_key_in_use_already_keeps_its_own_and_gets_the_orders() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::new();
    drop(filled(folder.path(), &keys).await);
    let own = Store::open(folder.path(), &keys.new).await.unwrap();
    put(&own, &order(2));
    own.remember("account", testpki::now(), &"newer".to_owned()).unwrap();
    assert!(own.apply(EPOCH, &push(7)).unwrap());
    let store = Store::rewrap(folder.path(), &keys.old, &keys.new).await.unwrap();
    assert_eq!(orders(&store), [order(1), order(2)]);
    assert_eq!(store.recall::<String>("account").unwrap().unwrap().value, "newer");
    assert_eq!(store.position().unwrap().map(|at| at.offset), Some(7), "its own place in the stream");
    assert_eq!(store.unseen().unwrap().len(), 2);
    assert_eq!(orders(&own).len(), 2, "who has it open sees the same");
    assert_empty(&Store::open(folder.path(), &keys.old).await.unwrap());
}

#[tokio::test]
async fn broken_off_before_the_new_store_was_made_the_old_one_works_and_it_is_made_later() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::new();
    drop(filled(folder.path(), &keys).await);
    // What a crash leaves that comes before the new file's first transaction is on disk.
    drop(Builder::new().create(keys.new_path(folder.path())).unwrap());
    assert_whole(&Store::open(folder.path(), &keys.old).await.unwrap());
    assert_whole(&Store::rewrap(folder.path(), &keys.old, &keys.new).await.unwrap());
}

#[tokio::test]
async fn broken_off_before_the_old_store_was_emptied_both_work_and_the_later_word_counts() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::new();
    let old = filled(folder.path(), &keys).await;
    // As the crash leaves it: the new store is made, the old one still full.
    let source = path(folder.path(), &agreement(&keys.old).unwrap());
    let unopened = Unopened::prepare(folder.path(), &source, &agreement(&keys.old).unwrap(), None).unwrap();
    let shared = keys.old.agree(unopened.ephemeral().unwrap()).await.unwrap();
    let (_, seed) = unopened.open_for_another(shared).unwrap();
    assert_whole(&Store::open_or_begin(folder.path(), &keys.new, Some(seed)).await.unwrap());
    assert_whole(&old);

    // The old key is used once more: it withdraws the order and signs another.
    let mut withdrawn = order(1);
    withdrawn.cancel(testpki::now()).unwrap();
    put(&old, &withdrawn);
    put(&old, &order(3));
    let store = Store::rewrap(folder.path(), &keys.old, &keys.new).await.unwrap();
    assert_eq!(orders(&store), [withdrawn.clone(), order(3)]);
    assert_eq!(orders(&store)[0].state, PaymentState::Cancelled, "a withdrawn order does not come back");
    assert_empty(&old);

    // The other way round: what the new key did after the crash is not undone.
    put(&old, &order(1));
    let store = Store::rewrap(folder.path(), &keys.old, &keys.new).await.unwrap();
    assert_eq!(orders(&store)[0], withdrawn);
}

#[tokio::test]
async fn nothing_passes_between_customers() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::new();
    drop(filled(folder.path(), &keys).await);
    let pki = TestPki::new();
    let stranger = MemoryToken::new(&pki).of_customer(&pki, "1100000002").usb_key(&pki.anchor());
    let refused = Store::rewrap(folder.path(), &keys.old, &stranger).await;
    assert!(matches!(refused, Err(StoreError::OtherCustomer)));
    assert_whole(&Store::open(folder.path(), &keys.old).await.unwrap());
}

#[tokio::test]
async fn a_file_that_belongs_to_neither_key_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::new();
    drop(filled(folder.path(), &keys).await);
    let source = path(folder.path(), &agreement(&keys.old).unwrap());
    std::fs::copy(&source, keys.new_path(folder.path())).unwrap();
    let refused = Store::rewrap(folder.path(), &keys.old, &keys.new).await;
    assert!(matches!(refused, Err(StoreError::OtherKey(_))));
    assert_whole(&Store::open(folder.path(), &keys.old).await.unwrap());
}
