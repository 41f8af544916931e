//! How the store reads, and how it changes records and chains audit entries in one transaction.
//!
//! A change is decided on in Rust from what was read, and written by a transaction that first checks that nothing it
//! rests on has moved since; if something has, it is decided on anew. Every audited change moves the audit head, so
//! within this process changes take turns and seldom collide; the check in the transaction is what keeps several
//! processes on one database right.

use std::future::Future;

use futures_util::future::BoxFuture;
use gridkey_surreal::{Bytes, DbError, RecordId, Rows, SurrealValue, Variables, retry, vars};

use super::{
    SurrealStore,
    rows::array32,
    script::{MOVED, Script, record},
};
use crate::{
    audit,
    store::{AuditDraft, AuditEntry, AuditHead, StoreError},
};

impl From<DbError> for StoreError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Busy => Self::Busy,
            DbError::Unavailable(_) => Self::Unavailable(Box::new(error)),
            DbError::Thrown(_)
            | DbError::Exists
            | DbError::NewerSchema { .. }
            | DbError::HalfRestored
            | DbError::Internal(_) => Self::Internal(Box::new(error)),
        }
    }
}

/// What a change comes to.
pub(super) enum Plan<T> {
    /// These statements, and then this result.
    Write(Script, T),
    /// Everything is as wanted already; nothing is written or audited.
    Nothing(T),
}

#[derive(Debug, SurrealValue)]
struct HeadRow {
    length: i64,
    hash: Bytes,
}

#[derive(Debug, SurrealValue)]
struct EntryRow {
    number: i64,
    previous: Bytes,
    hash: Bytes,
    sealed: Bytes,
}

impl SurrealStore {
    /// Runs reading statements.
    pub(super) async fn read(&self, sql: &str, variables: Variables) -> Result<Rows, StoreError> {
        Ok(self.database.run(sql, variables).await?)
    }

    /// The record, if it is there.
    pub(super) async fn find<T: SurrealValue>(&self, record: &RecordId) -> Result<Option<T>, StoreError> {
        let mut rows = self.read("SELECT * FROM $record", vars! { record: record.clone() }).await?;
        rows.one(0).map_err(damaged)
    }

    /// Makes a change and chains `drafts`, or does nothing. `prepare` is given the number that the first draft will have,
    /// reads, and decides; it is called again if what it read has moved before it could be written.
    pub(super) async fn write<'f, T: Send>(
        &'f self,
        drafts: &'f [AuditDraft],
        prepare: impl Fn(u64) -> BoxFuture<'f, Result<Plan<T>, StoreError>> + Send + Sync,
    ) -> Result<T, StoreError> {
        let mut known = self.head.lock().await;
        for attempt in 0..retry::ATTEMPTS {
            let head = match *known {
                Some(head) => head,
                None => self.audit_head_now().await?,
            };
            let (mut script, result) = match prepare(head.length).await? {
                Plan::Write(script, result) => (script, result),
                Plan::Nothing(result) => return Ok(result),
            };
            let next = self.chain(&mut script, head, drafts)?;
            // Not known while the transaction is under way, nor if its outcome is not.
            *known = None;
            match self.commit(script).await? {
                Committed::Yes => {
                    *known = Some(next);
                    return Ok(result);
                }
                Committed::Moved => tokio::time::sleep(retry::pause(attempt)).await,
            }
        }
        Err(StoreError::Busy)
    }

    /// Makes a change that no entry of the chain goes with and that does not need its turn.
    pub(super) async fn write_alone<T, F>(&self, prepare: impl Fn() -> F + Send + Sync) -> Result<T, StoreError>
    where
        T: Send,
        F: Future<Output = Result<Plan<T>, StoreError>> + Send,
    {
        for attempt in 0..retry::ATTEMPTS {
            match prepare().await? {
                Plan::Nothing(result) => return Ok(result),
                Plan::Write(script, result) => match self.commit(script).await? {
                    Committed::Yes => return Ok(result),
                    Committed::Moved => tokio::time::sleep(retry::pause(attempt)).await,
                },
            }
        }
        Err(StoreError::Busy)
    }

    async fn commit(&self, mut script: Script) -> Result<Committed, StoreError> {
        let changing = self.standings.change(script.take_keys());
        let (sql, variables) = script.into_parts();
        let done = self.database.transact(&sql, variables).await;
        changing.ended();
        match done {
            Ok(_) => Ok(Committed::Yes),
            Err(DbError::Thrown(word)) if word == MOVED => Ok(Committed::Moved),
            // What was not there when the change was decided on.
            Err(DbError::Exists) => Ok(Committed::Moved),
            Err(error) => Err(error.into()),
        }
    }

    /// Chains an entry of its own.
    pub(super) async fn append(&self, draft: AuditDraft) -> Result<AuditEntry, StoreError> {
        let drafts = [draft];
        let number =
            self.write(&drafts, |number| Box::pin(async move { Ok(Plan::Write(Script::default(), number)) })).await?;
        let mut entries = self.entries(number, 1).await?;
        entries.pop().ok_or_else(|| StoreError::Damaged(format!("audit entry {number} is not there")))
    }

    /// The newest entry, as stored now.
    pub(super) async fn audit_head_now(&self) -> Result<AuditHead, StoreError> {
        match self.find::<HeadRow>(&head_record()).await? {
            None => Ok(AuditHead { length: 0, hash: audit::START }),
            Some(row) => Ok(AuditHead { length: number(row.length)?, hash: array32(&row.hash)? }),
        }
    }

    /// Entries from number `from`, at most `limit`.
    pub(super) async fn entries(&self, from: u64, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let to = from.saturating_add(u64::from(limit));
        let mut rows = self.read(&format!("SELECT * FROM audit:{from}..{to}"), vars! {}).await?;
        let rows: Vec<EntryRow> = rows.all(0).map_err(damaged)?;
        rows.into_iter()
            .map(|row| {
                let number = number(row.number)?;
                // What does not open is handed on as it is: its hash can't fit, so that a verification names the entry.
                let content = match self.vault.open(&entry_name(number), &row.sealed) {
                    Ok(content) => content,
                    Err(_) => row.sealed.to_vec(),
                };
                Ok(AuditEntry { number, previous: array32(&row.previous)?, content, hash: array32(&row.hash)? })
            })
            .collect()
    }

    /// Adds to `script` what chains `drafts` after `head`, and gives the head they lead to.
    fn chain(&self, script: &mut Script, head: AuditHead, drafts: &[AuditDraft]) -> Result<AuditHead, StoreError> {
        if drafts.is_empty() {
            return Ok(head);
        }
        let record_name = script.bind(head_record());
        let (length, hash) = (script.bind(to_i64(head.length)?), script.bind(Bytes::from(head.hash.to_vec())));
        script.add(&format!(
            "IF ({record_name}.length ?? 0) != {length} OR ({record_name}.hash ?? {hash}) != {hash} {{ THROW '{MOVED}' }}"
        ));
        let mut reached = head;
        for draft in drafts {
            let content = audit::content(draft);
            let hash = audit::entry_hash(reached.length, &reached.hash, &content);
            let sealed = self.vault.seal(&entry_name(reached.length), &content)?;
            let number = to_i64(reached.length)?;
            let row = EntryRow {
                number,
                previous: reached.hash.to_vec().into(),
                hash: hash.to_vec().into(),
                sealed: sealed.into(),
            };
            script.create(&RecordId::new("audit", number), row);
            reached = AuditHead { length: reached.length + 1, hash };
        }
        script.put(&head_record(), HeadRow { length: to_i64(reached.length)?, hash: reached.hash.to_vec().into() });
        Ok(reached)
    }
}

enum Committed {
    Yes,
    Moved,
}

fn head_record() -> RecordId {
    record("audit_head", "main")
}

fn entry_name(number: u64) -> String {
    format!("audit/{number}")
}

/// A record that can't be read as what this version writes.
pub(super) fn damaged(error: DbError) -> StoreError {
    match error {
        DbError::Internal(message) => StoreError::Damaged(message),
        other => other.into(),
    }
}

/// A number that the schema keeps at or above zero.
pub(super) fn number(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| StoreError::Damaged("a number is below zero".to_owned()))
}

/// A number for the database, which knows none above 2^63 − 1.
pub(super) fn to_i64(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::Internal("a number is above 2^63 − 1".into()))
}
