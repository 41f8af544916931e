//! Backends, and records to fill them with.

use gridkey_domain::{
    BillId, CustomerNo, Fen, PaymentId, PaymentState, Timestamp,
    payment::{BillShare, Method},
};
use gridkey_server::store::{
    AuditDraft, Fingerprint, KeyEnd, KeyRecord, KeyState, KeyStep, NewOrder, NewPush, OrderChange, Role, Store,
    surreal::{DataKey, SurrealStore},
};
use gridkey_surreal::Database;
use tempfile::TempDir;

/// A database for one case.
pub(crate) struct Backend {
    pub(crate) database: Database,
    folder: Option<TempDir>,
}

impl Backend {
    pub(crate) async fn memory() -> Self {
        let database = Database::open("mem://", "gridkey", "server", None).await.unwrap();
        Self { database, folder: None }
    }

    pub(crate) async fn folder() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = open_folder(folder.path()).await;
        Self { database, folder: Some(folder) }
    }

    pub(crate) fn on(database: Database) -> Self {
        Self { database, folder: None }
    }

    /// A store with its own view of the database, as another process would have it.
    pub(crate) async fn store(&self) -> SurrealStore {
        SurrealStore::open(self.database.clone(), data_key()).await.unwrap()
    }

    /// Several stores on the one database.
    pub(crate) async fn stores(&self, count: usize) -> Vec<std::sync::Arc<SurrealStore>> {
        let mut stores = Vec::new();
        for _ in 0..count {
            stores.push(std::sync::Arc::new(self.store().await));
        }
        stores
    }

    /// Closes the database and gives the folder it was in.
    pub(crate) async fn close(self) -> TempDir {
        self.database.close().await.unwrap();
        self.folder.unwrap()
    }

    /// Opens a folder again.
    pub(crate) async fn reopen(folder: TempDir) -> Self {
        let database = open_folder(folder.path()).await;
        Self { database, folder: Some(folder) }
    }
}

async fn open_folder(path: &std::path::Path) -> Database {
    Database::open(&format!("surrealkv://{}", path.join("db").display()), "gridkey", "server", None).await.unwrap()
}

pub(crate) fn data_key() -> DataKey {
    [0x5a; 32].into()
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_795_334_400 + seconds)
}

pub(crate) fn customer(n: u32) -> CustomerNo {
    format!("11000000{n:02}").parse().unwrap()
}

pub(crate) fn bill(n: u32) -> BillId {
    format!("B-2026-10-M10000000{n:02}").parse().unwrap()
}

pub(crate) fn fingerprint(n: u8) -> Fingerprint {
    [n; 32]
}

pub(crate) fn payment(n: u8) -> PaymentId {
    PaymentId::from_parts(1_795_334_400_000, [n; 10])
}

pub(crate) fn draft(event: &'static str) -> AuditDraft {
    AuditDraft { at: at(0), event, actor: "operator".to_owned(), customer: None, facts: vec![0xa0] }
}

pub(crate) fn issued(n: u8) -> KeyRecord {
    KeyRecord {
        fingerprint: fingerprint(n),
        serial: vec![n, 1],
        role: Role::Customer,
        customer: None,
        state: KeyState::Issued,
        chain: vec![vec![n; 40], vec![0xcc; 30]],
        agreement: None,
        not_before: at(-3600),
        not_after: at(86_400),
        since: at(0),
        reason: "issued".to_owned(),
        admin: None,
        name: format!("key {n}"),
        token: None,
        succeeds: None,
        successor: None,
    }
}

/// The end of key number `n`.
pub(crate) fn end(n: u8, step: KeyStep, seconds: i64) -> KeyEnd {
    KeyEnd { key: fingerprint(n), step, reason: "test".to_owned(), at: at(seconds) }
}

/// A key number `n`, bound to the customer.
pub(crate) async fn bound(store: &dyn Store, n: u8, customer: &CustomerNo) -> Fingerprint {
    store.insert_key(issued(n), draft("key.issued")).await.unwrap();
    store.bind_key(fingerprint(n), Some(customer.clone()), at(1), draft("key.bound")).await.unwrap();
    fingerprint(n)
}

/// Order number `n` under a key, for these bills, 1000 fen each; on account if there are none.
pub(crate) fn order(n: u8, customer: &CustomerNo, key: Fingerprint, bills: &[BillId]) -> NewOrder {
    let share = |bill: &BillId| BillShare { bill: bill.clone(), amount: Fen::new(1000).unwrap() };
    NewOrder {
        id: payment(n),
        customer: customer.clone(),
        key,
        hash: [n ^ 0xff; 32],
        order: format!("the order bytes of number {n}").into_bytes(),
        signature: [n; 64],
        chain: vec![vec![n; 50]],
        method: Method::Gateway,
        amount: Fen::new(1000 * u64::try_from(bills.len().max(1)).unwrap()).unwrap(),
        bills: bills.iter().map(share).collect(),
        created: at(10),
        not_after: at(3600),
        received: at(20),
    }
}

pub(crate) fn change(n: u8, customer: &CustomerNo, to: PaymentState) -> OrderChange {
    OrderChange {
        id: payment(n),
        customer: customer.clone(),
        to,
        reason: format!("test-{to}"),
        reference: None,
        receipt: None,
        refund: None,
        at: at(30),
    }
}

/// Takes order `n` through states.
pub(crate) async fn through(store: &dyn Store, n: u8, customer: &CustomerNo, states: &[PaymentState]) {
    for state in states {
        store.change_order(change(n, customer, *state), None).await.unwrap();
    }
}

pub(crate) fn push(source: &str) -> NewPush {
    NewPush {
        kind: "notice".to_owned(),
        body: format!("body of {source}").into_bytes(),
        at: at(5),
        source: source.to_owned(),
    }
}
