//! Filling an empty database.

use std::path::Path;

use sha2::{Digest as _, Sha256};
use surrealdb::types::{Array, Object, RecordId, Value, Variables, vars};

use super::{
    BackupError, Summary,
    dump::{Step, tables},
    file::{Line, Reader, line_text},
    verify,
};
use crate::{
    Database, Migration,
    backup::value::{decode_fields, decode_key},
    migrate,
};

/// Records written in one transaction at the most …
const BATCH: usize = 200;
/// … and bytes of their lines.
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// One transaction's records, as they are: neither events nor defaults come in. A record may be there already, since the
/// schema's own steps make some.
const PUT: &str = "
    OPTION IMPORT;
    BEGIN;
    FOR $row IN $rows { UPSERT $row.id CONTENT $row.content RETURN NONE };
    COMMIT;";

/// A database that was filled and that no program may open yet.
#[must_use = "it stays closed to programs until it is finished"]
#[derive(Debug)]
pub struct Restoring<'a> {
    database: &'a Database,
    summary: Summary,
}

impl Restoring<'_> {
    /// What was restored.
    pub const fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Opens the database to programs, in one transaction with the statements that the program needs for it.
    ///
    /// # Errors
    /// As of [`Database::transact`].
    pub async fn finish(self, sql: &str, variables: Variables) -> Result<Summary, BackupError> {
        self.database.unmark_restoring(sql, variables).await?;
        Ok(self.summary)
    }
}

impl Database {
    /// Restores the backup at `path`, of `program`, under the schema that it was written with, and brings it up to date.
    ///
    /// The whole file is verified before anything is written. Until [`Restoring::finish`] is done, [`Database::migrate`]
    /// refuses the database; a later restore clears it.
    ///
    /// # Errors
    /// [`BackupError::NotEmpty`] and whatever is wrong with the file: then nothing was changed.
    pub async fn restore(
        &self,
        path: &Path,
        program: &str,
        migrations: &[Migration],
    ) -> Result<Restoring<'_>, BackupError> {
        let summary = verify(path, program)?;
        let known = migrations.last().map_or(0, |last| last.version);
        let schema = summary.header.schema;
        if schema > known || schema == 0 {
            return Err(BackupError::NewerSchema { found: schema, known });
        }
        self.empty().await?;
        self.mark_restoring(schema).await?;
        let up_to = migrations.iter().position(|step| step.version > schema).unwrap_or(migrations.len());
        self.migrate_marked(migrations.get(..up_to).unwrap_or_default()).await?;
        let digest = self.fill(path, program).await?;
        if self.digest().await? != digest {
            return Err(BackupError::Differs);
        }
        self.migrate_marked(migrations).await?;
        Ok(Restoring { database: self, summary })
    }

    /// Sees to it that there is nothing, or only what a restore that broke off left, which goes.
    async fn empty(&self) -> Result<(), BackupError> {
        let mut found = self.run("INFO FOR DB", vars! {}).await?;
        let found = tables(&found.value(0))?;
        if found.is_empty() {
            return Ok(());
        }
        if !self.is_restoring().await? {
            return Err(BackupError::NotEmpty(format!("{} tables", found.len())));
        }
        tracing::warn!("clearing what a restore that broke off left");
        // The mark goes last.
        let (marks, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|table| table == migrate::TABLE);
        for table in others.into_iter().chain(marks) {
            self.run(&format!("REMOVE TABLE `{table}`"), vars! {}).await?;
        }
        let mut info = self.run("INFO FOR DB", vars! {}).await?;
        if let Value::Object(info) = info.value(0)
            && let Some(Value::Object(functions)) = info.get("functions")
        {
            for name in functions.keys() {
                self.run(&format!("REMOVE FUNCTION fn::{name}"), vars! {}).await?;
            }
        }
        Ok(())
    }

    /// Writes the file's records. Gives the hash of their lines.
    async fn fill(&self, path: &Path, program: &str) -> Result<Vec<u8>, BackupError> {
        let mut reader = Reader::open(path, program)?;
        let (mut rows, mut bytes) = (Vec::new(), 0);
        while let Some(line) = reader.next()? {
            bytes += line_text(&line)?.len();
            rows.push(row(line)?);
            if rows.len() == BATCH || bytes > BATCH_BYTES {
                self.put(std::mem::take(&mut rows)).await?;
                bytes = 0;
            }
        }
        self.put(rows).await?;
        Ok(reader.finish()?.1)
    }

    async fn put(&self, rows: Vec<Value>) -> Result<(), BackupError> {
        if !rows.is_empty() {
            self.run(PUT, vars! { rows: Value::Array(Array::from(rows)) }).await?;
        }
        Ok(())
    }

    /// The hash of the records as a backup would write them.
    async fn digest(&self) -> Result<Vec<u8>, BackupError> {
        let mut hash = Sha256::new();
        self.each_record(&mut |step| {
            if let Step::Record(line) = step {
                hash.update(line_text(&line)?);
            }
            Ok(())
        })
        .await?;
        Ok(hash.finalize().to_vec())
    }
}

fn row(line: Line) -> Result<Value, BackupError> {
    let Line(table, key, fields) = line;
    let read = || {
        let mut row = Object::new();
        row.insert("id", RecordId::new(table, decode_key(key)?));
        row.insert("content", Value::Object(decode_fields(fields)?));
        Some(Value::Object(row))
    };
    read().ok_or(BackupError::Damaged("a record can't be read"))
}
