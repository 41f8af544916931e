//! Reading all records in one transaction.

use std::{ops::Bound, path::Path};

use surrealdb::{
    engine::any::Any,
    method::Transaction,
    types::{RecordId, RecordIdKey, RecordIdKeyRange, Value, Variables, vars},
};

use super::{
    BackupError, Header, Summary,
    file::{Line, Writer},
    value,
};
use crate::{Database, DbError, error::Failure, migrate};

/// Records read at once.
const BATCH: usize = 256;

impl Database {
    /// Writes all records as of now to a new file at `path`, for its owner only. `program` and `version` say who writes.
    ///
    /// # Errors
    /// [`BackupError`]; there is no such file then.
    pub async fn backup(&self, path: &Path, program: &str, version: &str, at: i64) -> Result<Summary, BackupError> {
        let mut writer = None;
        self.each_record(&mut |step| {
            match step {
                Step::Schema(schema) => {
                    let (program, version) = (program.to_owned(), version.to_owned());
                    writer = Some(Writer::create(path, &Header { program, version, schema, at })?);
                }
                Step::Record(line) => match &mut writer {
                    Some(writer) => writer.write(&line)?,
                    None => return Err(BackupError::Damaged("a record came before its schema")),
                },
            }
            Ok(())
        })
        .await?;
        writer.ok_or(BackupError::Damaged("there was nothing to write"))?.finish(program)
    }

    /// Calls `visit` with the schema version, then with each record, all as of one moment: by table, then by key.
    pub(super) async fn each_record(
        &self,
        visit: &mut (dyn FnMut(Step) -> Result<(), BackupError> + Send),
    ) -> Result<(), BackupError> {
        let transaction = self.client().clone().begin().await.map_err(failed)?;
        let walked = walk(&transaction, visit).await;
        // It changed nothing; ended in any case, so that the engine need not keep its moment.
        let ended = transaction.cancel().await.map_err(failed);
        walked?;
        ended.map(drop).map_err(BackupError::from)
    }
}

/// What a walk through a database meets.
pub(super) enum Step {
    Schema(u32),
    Record(Line),
}

async fn walk(
    transaction: &Transaction<Any>,
    visit: &mut (dyn FnMut(Step) -> Result<(), BackupError> + Send),
) -> Result<(), BackupError> {
    let schema = read(transaction, "RETURN schema_version:current.version ?? 0", vars! {}).await?;
    let schema = match schema {
        Value::Number(number) => number.to_int().and_then(|version| u32::try_from(version).ok()),
        _ => None,
    };
    visit(Step::Schema(schema.ok_or(BackupError::Damaged("the schema version is no number"))?))?;
    let info = read(transaction, "INFO FOR DB", vars! {}).await?;
    for table in tables(&info)? {
        if table == migrate::TABLE {
            continue;
        }
        let mut after = None;
        loop {
            let rows = batch(transaction, &table, after.take()).await?;
            let full = rows.len() == BATCH;
            for row in rows {
                let (key, line) = record(&table, row)?;
                after = Some(key);
                visit(Step::Record(line))?;
            }
            if !full {
                break;
            }
        }
    }
    Ok(())
}

/// The names of the tables in what `INFO FOR DB` gives, in their order.
pub(super) fn tables(info: &Value) -> Result<Vec<String>, BackupError> {
    let unknown = || BackupError::Database(DbError::Internal("the database does not tell its tables".to_owned()));
    let Value::Object(info) = info else { return Err(unknown()) };
    let Some(Value::Object(tables)) = info.get("tables") else { return Err(unknown()) };
    Ok(tables.keys().cloned().collect())
}

async fn batch(
    transaction: &Transaction<Any>,
    table: &str,
    after: Option<RecordIdKey>,
) -> Result<Vec<Value>, BackupError> {
    let from = match after {
        Some(key) => {
            let range = RecordIdKeyRange { start: Bound::Excluded(key), end: Bound::Unbounded };
            let range = RecordId::new(table, RecordIdKey::Range(Box::new(range)));
            read(transaction, &format!("SELECT * FROM $from LIMIT {BATCH}"), vars! { from: range }).await?
        }
        None => {
            let sql = format!("SELECT * FROM type::table($from) LIMIT {BATCH}");
            read(transaction, &sql, vars! { from: table.to_owned() }).await?
        }
    };
    match from {
        Value::Array(rows) => Ok(rows.into_iter().collect()),
        _ => Err(BackupError::Database(DbError::Internal("a table's records are no list".to_owned()))),
    }
}

fn record(table: &str, row: Value) -> Result<(RecordIdKey, Line), BackupError> {
    let unsupported = |value::Unsupported(what)| BackupError::Unsupported { table: table.to_owned(), what };
    let Value::Object(mut fields) = row else { return Err(unsupported(value::Unsupported("a record without fields"))) };
    let Some(Value::RecordId(RecordId { key, .. })) = fields.remove("id") else {
        return Err(unsupported(value::Unsupported("a record without its id")));
    };
    let line = Line(
        table.to_owned(),
        value::encode_key(&key).map_err(unsupported)?,
        value::encode_fields(&fields).map_err(unsupported)?,
    );
    Ok((key, line))
}

async fn read(transaction: &Transaction<Any>, sql: &str, variables: Variables) -> Result<Value, BackupError> {
    let mut results = transaction.query(sql).bind(variables).await.map_err(failed)?;
    if let Some(failure) = Failure::of_rows(results.take_errors().into_values()) {
        return Err(DbError::from(failure).into());
    }
    Ok(results.take::<Value>(0).map_err(failed)?)
}

pub(super) fn failed(error: surrealdb::Error) -> DbError {
    Failure::from(error).into()
}
