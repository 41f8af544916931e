//! The schema version kept in the database itself.

use surrealdb::types::{Variables, vars};

use crate::{Database, DbError};

/// One step of the schema. Once released, a step is never changed; a change is a new step.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// 1, 2, 3 … without gaps.
    pub version: u32,
    /// A word for logs.
    pub name: &'static str,
    /// The statements, run in one transaction with the new version number.
    pub sql: &'static str,
}

/// The table of the schema version.
pub(crate) const TABLE: &str = "schema_version";

const DEFINE: &str = "
    DEFINE TABLE IF NOT EXISTS schema_version SCHEMAFULL;
    DEFINE FIELD IF NOT EXISTS version ON schema_version TYPE int;
    DEFINE FIELD IF NOT EXISTS name ON schema_version TYPE string;";

impl Database {
    /// Runs the migrations that this database has not seen, in order, each in a transaction of its own. Several programs
    /// may do so at once. Gives the version reached; [`DbError::NewerSchema`] if the store is ahead of `migrations`,
    /// [`DbError::HalfRestored`] if a restore into it broke off.
    pub async fn migrate(&self, migrations: &[Migration]) -> Result<u32, DbError> {
        if self.is_restoring().await? {
            return Err(DbError::HalfRestored);
        }
        self.migrate_marked(migrations).await
    }

    /// Marks the database as one that is being filled, under this schema.
    pub(crate) async fn mark_restoring(&self, schema: u32) -> Result<(), DbError> {
        let sql = format!("{DEFINE} UPSERT schema_version:restoring SET version = $schema, name = 'being restored'");
        self.transact(&sql, vars! { schema: i64::from(schema) }).await.map(drop)
    }

    /// Takes the mark away, together with other statements.
    pub(crate) async fn unmark_restoring(&self, sql: &str, variables: Variables) -> Result<(), DbError> {
        self.transact(&format!("DELETE schema_version:restoring; {sql}"), variables).await.map(drop)
    }

    /// Whether the mark is there.
    pub(crate) async fn is_restoring(&self) -> Result<bool, DbError> {
        let found: Option<i64> = self.run("RETURN schema_version:restoring.version", vars! {}).await?.last()?;
        Ok(found.is_some())
    }

    pub(crate) async fn migrate_marked(&self, migrations: &[Migration]) -> Result<u32, DbError> {
        let known = migrations.last().map_or(0, |last| last.version);
        self.transact(DEFINE, vars! {}).await?;
        loop {
            let found = self.schema_version().await?;
            if found > known {
                return Err(DbError::NewerSchema { found, known });
            }
            let Some(next) = migrations.iter().find(|step| step.version > found) else { return Ok(found) };
            let sql = format!(
                "IF (schema_version:current.version ?? 0) != $schema_found {{ THROW 'migrated' }};
                 {};
                 UPSERT schema_version:current SET version = $schema_next, name = $schema_name;",
                next.sql.trim_end().trim_end_matches(';')
            );
            let variables = vars! {
                schema_found: i64::from(found),
                schema_next: i64::from(next.version),
                schema_name: next.name.to_owned(),
            };
            match self.transact(&sql, variables).await {
                Ok(_) => tracing::info!(version = next.version, name = next.name, "schema migrated"),
                // Another program made this step in the meantime.
                Err(DbError::Thrown(word)) if word == "migrated" => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The schema version of the store; 0 before the first migration.
    pub async fn schema_version(&self) -> Result<u32, DbError> {
        let found: Option<i64> = self.run("RETURN schema_version:current.version", vars! {}).await?.last()?;
        u32::try_from(found.unwrap_or(0)).map_err(|_| DbError::Internal("schema version out of range".to_owned()))
    }
}
