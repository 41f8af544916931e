//! SurrealDB behind [`Store`].
//!
//! One file per subject; [`write`] says how a change and its audit entry become one transaction, [`schema`] what the
//! tables are, [`vault`] how records are encrypted at rest.

mod data_key;
mod figures;
mod key_end;
mod key_list;
mod keys;
mod orders;
mod outbox;
mod pages;
mod recovery;
mod rows;
mod schema;
mod script;
mod small;
mod standings;
mod stream;
mod succession;
mod vault;
mod write;

use std::path::Path;

use gridkey_domain::{BillId, CustomerNo, PaymentId, PaymentState, Timestamp};
use gridkey_service::failpoint;
use gridkey_surreal::{
    Database,
    backup::{BackupError, Summary},
};
use tokio::sync::Mutex;

pub use self::{
    data_key::{load_wrapped_data_key, store_wrapped_data_key},
    recovery::{PROGRAM, RestoredStore, restore},
    vault::DataKey,
};
use self::{standings::Standings, vault::Vault};
use super::{
    AuditDraft, AuditEntry, AuditHead, EnvelopeRecord, Figures, FiguresOf, Fingerprint, KeyDue, KeyEnd, KeyFilter,
    KeyRecord, KeyTransition, NewOrder, NewPush, OrderChange, OrderRecord, OutboxStep, RenewalEnd, RevokedKey,
    Standing, Store, StoreError, StoredPush, StreamHead, Succession,
};

/// The places around the durable writes of the pay path at which a test can have the process killed.
pub const FAILPOINTS: &[&str] = &[
    "server.store.insert_order.before",
    "server.store.insert_order.after",
    "server.store.change_order.before",
    "server.store.change_order.after",
    "server.store.put_page.before",
    "server.store.put_page.after",
    "server.store.take_page.before",
    "server.store.take_page.after",
    "server.store.apply_outbox.before",
    "server.store.apply_outbox.after",
];

/// The store on an open database.
pub struct SurrealStore {
    database: Database,
    vault: Vault,
    /// The audit head after the last change of this process, if nothing has happened since that made it doubtful. Held
    /// by the change that has its turn.
    head: Mutex<Option<AuditHead>>,
    standings: Standings,
}

impl std::fmt::Debug for SurrealStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SurrealStore").field("database", &self.database).finish_non_exhaustive()
    }
}

impl SurrealStore {
    /// Brings the schema up to date and makes sure that `data_key` is the one the records are encrypted under.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if it is not; [`StoreError::Internal`] if a newer version wrote the database.
    pub async fn open(database: Database, data_key: DataKey) -> Result<Self, StoreError> {
        database.migrate(schema::MIGRATIONS).await?;
        let vault = Vault::new(data_key);
        data_key::check(&database, &vault).await?;
        Ok(Self { database, vault, head: Mutex::new(None), standings: Standings::default() })
    }

    /// Closes the database, so that its folder can be opened again.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the database is still in use elsewhere in this process.
    pub async fn close(self) -> Result<(), StoreError> {
        Ok(self.database.close().await?)
    }
}

#[async_trait::async_trait]
impl Store for SurrealStore {
    async fn insert_key(&self, key: KeyRecord, audit: AuditDraft) -> Result<(), StoreError> {
        keys::insert(self, key, audit).await
    }

    async fn bind_key(
        &self,
        key: Fingerprint,
        customer: Option<CustomerNo>,
        at: Timestamp,
        audit: AuditDraft,
    ) -> Result<KeyRecord, StoreError> {
        keys::bind(self, key, customer, at, audit).await
    }

    async fn end_key(&self, end: KeyEnd, audit: AuditDraft) -> Result<(KeyRecord, Vec<OrderRecord>), StoreError> {
        key_end::end(self, &end, audit).await
    }

    async fn replace_key(&self, succession: Succession, audit: Vec<AuditDraft>) -> Result<KeyRecord, StoreError> {
        succession::replace(self, &succession, &audit).await
    }

    async fn renew_key(
        &self,
        new: KeyRecord,
        old: Fingerprint,
        replace_at: Timestamp,
        audit: Vec<AuditDraft>,
    ) -> Result<KeyRecord, StoreError> {
        succession::renew(self, new, old, replace_at, &audit).await
    }
    async fn end_renewal(&self, end: RenewalEnd, audit: AuditDraft) -> Result<Option<KeyRecord>, StoreError> {
        succession::end_renewal(self, &end, audit).await
    }

    async fn key(&self, key: Fingerprint) -> Result<Option<KeyRecord>, StoreError> {
        keys::get(self, key).await
    }

    async fn standing(&self, key: Fingerprint) -> Result<Option<Standing>, StoreError> {
        keys::standing(self, key).await
    }

    async fn keys_of(&self, customer: &CustomerNo) -> Result<Vec<KeyRecord>, StoreError> {
        keys::of(self, customer).await
    }

    async fn key_history(&self, key: Fingerprint) -> Result<Vec<KeyTransition>, StoreError> {
        keys::history(self, key).await
    }

    async fn keys(
        &self,
        filter: KeyFilter,
        after: Option<Fingerprint>,
        limit: u32,
    ) -> Result<Vec<KeyRecord>, StoreError> {
        key_list::list(self, &filter, after, limit).await
    }

    async fn keys_due(&self, due: KeyDue, now: Timestamp, limit: u32) -> Result<Vec<KeyRecord>, StoreError> {
        key_list::due(self, due, now, limit).await
    }

    async fn key_told(&self, key: Fingerprint) -> Result<(), StoreError> {
        key_list::told(self, key).await
    }

    async fn revoked_keys(&self, now: Timestamp) -> Result<Vec<RevokedKey>, StoreError> {
        keys::revoked(self, now).await
    }

    async fn stream(&self, customer: &CustomerNo) -> Result<StreamHead, StoreError> {
        stream::head(self, customer).await
    }

    async fn append_push(&self, customer: &CustomerNo, push: NewPush) -> Result<Option<StoredPush>, StoreError> {
        stream::append(self, customer, &push).await
    }

    async fn pushes_after(
        &self,
        customer: &CustomerNo,
        offset: u64,
        limit: u32,
    ) -> Result<Vec<StoredPush>, StoreError> {
        stream::after(self, customer, offset, limit).await
    }

    async fn acknowledge(&self, key: Fingerprint, customer: &CustomerNo, offset: u64) -> Result<u64, StoreError> {
        stream::acknowledge(self, key, customer, offset).await
    }

    async fn order(&self, customer: &CustomerNo, id: PaymentId) -> Result<Option<OrderRecord>, StoreError> {
        orders::get(self, customer, id).await
    }

    async fn insert_order(&self, order: NewOrder, audit: AuditDraft) -> Result<OrderRecord, StoreError> {
        failpoint!("server.store.insert_order.before");
        let inserted = orders::insert(self, &order, audit).await?;
        failpoint!("server.store.insert_order.after");
        Ok(inserted)
    }

    async fn insert_refused_order(
        &self,
        order: NewOrder,
        code: &str,
        message: &str,
        audit: AuditDraft,
    ) -> Result<(), StoreError> {
        orders::insert_refused(self, &order, code, message, audit).await
    }

    async fn change_order(&self, change: OrderChange, audit: Option<AuditDraft>) -> Result<OrderRecord, StoreError> {
        failpoint!("server.store.change_order.before");
        let changed = orders::change(self, &change, audit).await?;
        failpoint!("server.store.change_order.after");
        Ok(changed)
    }

    async fn orders_of(
        &self,
        customer: &CustomerNo,
        before: Option<PaymentId>,
        limit: u32,
    ) -> Result<Vec<OrderRecord>, StoreError> {
        orders::of(self, customer, before, limit).await
    }

    async fn orders_in(&self, states: &[PaymentState], limit: u32) -> Result<Vec<OrderRecord>, StoreError> {
        orders::in_states(self, states, limit).await
    }

    async fn reserved_bills(&self, customer: &CustomerNo) -> Result<Vec<(BillId, PaymentId)>, StoreError> {
        orders::reserved(self, customer).await
    }

    async fn figures(&self, of: FiguresOf) -> Result<Figures, StoreError> {
        figures::figures(self, of).await
    }

    async fn put_page(
        &self,
        page: [u8; 32],
        customer: &CustomerNo,
        payment: PaymentId,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        failpoint!("server.store.put_page.before");
        pages::put(self, page, customer, payment, expires).await?;
        failpoint!("server.store.put_page.after");
        Ok(())
    }

    async fn take_page(&self, page: [u8; 32], now: Timestamp) -> Result<Option<OrderRecord>, StoreError> {
        failpoint!("server.store.take_page.before");
        let taken = pages::take(self, page, now).await?;
        failpoint!("server.store.take_page.after");
        Ok(taken)
    }

    async fn outbox_epoch(&self) -> Result<Option<String>, StoreError> {
        outbox::epoch(self).await
    }

    async fn rewind_outbox(&self, epoch: &str, back: u64) -> Result<(), StoreError> {
        outbox::rewind(self, epoch, back).await
    }

    async fn backup(&self, path: &Path, now: Timestamp) -> Result<Summary, BackupError> {
        self.database.backup(path, PROGRAM, env!("CARGO_PKG_VERSION"), now.seconds()).await
    }

    async fn outbox_cursor(&self) -> Result<u64, StoreError> {
        outbox::cursor(self).await
    }

    async fn apply_outbox(&self, step: OutboxStep) -> Result<Vec<(CustomerNo, StoredPush)>, StoreError> {
        failpoint!("server.store.apply_outbox.before");
        let appended = outbox::apply(self, &step).await?;
        failpoint!("server.store.apply_outbox.after");
        Ok(appended)
    }

    async fn settings(&self, customer: &CustomerNo) -> Result<Option<Vec<u8>>, StoreError> {
        small::settings(self, customer).await
    }

    async fn put_settings(&self, customer: &CustomerNo, settings: Vec<u8>) -> Result<(), StoreError> {
        small::put_settings(self, customer, &settings).await
    }

    async fn acknowledge_alarm(
        &self,
        customer: &CustomerNo,
        alarm: &str,
        at: Timestamp,
    ) -> Result<Timestamp, StoreError> {
        small::acknowledge_alarm(self, customer, alarm, at).await
    }

    async fn acknowledged_alarms(&self, customer: &CustomerNo) -> Result<Vec<(String, Timestamp)>, StoreError> {
        small::acknowledged_alarms(self, customer).await
    }

    async fn envelopes(&self) -> Result<Vec<EnvelopeRecord>, StoreError> {
        small::envelopes(self).await
    }

    async fn put_envelope(&self, envelope: EnvelopeRecord, audit: AuditDraft) -> Result<(), StoreError> {
        small::put_envelope(self, envelope, audit).await
    }

    async fn append_audit(&self, audit: AuditDraft) -> Result<AuditEntry, StoreError> {
        self.append(audit).await
    }

    async fn audit_head(&self) -> Result<AuditHead, StoreError> {
        self.audit_head_now().await
    }

    async fn audit_entries(&self, from: u64, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        self.entries(from, limit).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        Ok(self.database.check().await?)
    }
}
