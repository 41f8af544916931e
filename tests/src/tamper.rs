//! Somebody who can write the security server's database and has no key of its HSM: changes a byte of the evidence, or
//! cuts off its end and puts the head back to match.

use std::path::Path;

use anyhow::{Context, Result};
use gridkey_surreal::{Bytes, Database, RecordId, SurrealValue, vars};

/// As `gridkey-server` calls them unless configured otherwise.
const NAMESPACE: &str = "gridkey";
const DATABASE: &str = "server";

#[derive(Debug, SurrealValue)]
struct Entry {
    number: i64,
    previous: Bytes,
    hash: Bytes,
    sealed: Bytes,
}

#[derive(Debug, SurrealValue)]
struct Head {
    length: i64,
    hash: Bytes,
}

/// What to do to the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Change one byte of this entry's content.
    Change(u64),
    /// Leave so many entries and remove the rest.
    Cut(u64),
}

/// Does it to the embedded database in `folder`, which nobody else may hold.
///
/// # Errors
/// If the database can't be opened or has no such entry.
pub async fn tamper(folder: &Path, deed: Deed) -> Result<()> {
    let database = Database::open(&format!("surrealkv://{}", folder.display()), NAMESPACE, DATABASE, None).await?;
    let done = match deed {
        Deed::Change(number) => change(&database, number).await,
        Deed::Cut(length) => cut(&database, length).await,
    };
    database.close().await?;
    done
}

async fn change(database: &Database, number: u64) -> Result<()> {
    let entry = read(database, number).await?;
    let mut sealed = entry.sealed.to_vec();
    let last = sealed.last_mut().context("an empty entry")?;
    *last ^= 1;
    let row = Entry { sealed: sealed.into(), ..entry };
    // The schema lets no statement change an entry; it can be removed and put in again.
    let statements = "DELETE $record RETURN NONE; CREATE $record CONTENT $row RETURN NONE";
    database.transact(statements, vars! { record: record(number)?, row: row }).await?;
    Ok(())
}

async fn cut(database: &Database, length: u64) -> Result<()> {
    let last = read(database, length.checked_sub(1).context("nothing would be left")?).await?;
    let head = Head { length: i64::try_from(length)?, hash: last.hash };
    let statements = format!("DELETE audit:{length}.. RETURN NONE; UPSERT audit_head:main CONTENT $head RETURN NONE");
    database.transact(&statements, vars! { head: head }).await?;
    Ok(())
}

async fn read(database: &Database, number: u64) -> Result<Entry> {
    let mut rows = database.run("SELECT * FROM $record", vars! { record: record(number)? }).await?;
    rows.one(0)?.with_context(|| format!("there is no entry {number}"))
}

fn record(number: u64) -> Result<RecordId> {
    Ok(RecordId::new("audit", i64::try_from(number)?))
}
