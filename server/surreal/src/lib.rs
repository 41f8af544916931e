//! SurrealDB as the security server and the payment platform use it: opened in one way, migrated in one way, and
//! changed only by whole transactions that are tried again when they collide.
//!
//! - [`Database::open`] opens an embedded store (`surrealkv://PATH`, `mem://`) or a connection to a server (`ws://…`).
//! - [`Database::migrate`] brings the schema up to date and refuses a store written by a newer program.
//! - [`Database::transact`] runs statements as one transaction; a conflict with another one is retried here, a
//!   `THROW "word:detail"` comes back as [`DbError::Thrown`], and nothing in between is visible to anybody.
//! - [`Database::run`] is for reads.
//! - [`Database::backup`] and [`Database::restore`] move a whole database into one file and back ([`backup`]).
//!
//! What SurrealDB gives is snapshot isolation: two transactions that write different records never conflict, whatever
//! they read. A rule over several records therefore needs a record that every transaction bound by the rule *writes*
//! (a counter, a reservation, a head), or a UNIQUE index.
//!
//! The embedded engine runs queries as deeply nested futures. A program built without optimisation should give its
//! worker threads [`WORKER_STACK_BYTES`] of stack.

pub mod backup;
mod database;
mod error;
mod migrate;
pub mod retry;
mod rows;

pub use database::{Credentials, Database, Level};
pub use error::DbError;
pub use migrate::Migration;
pub use rows::Rows;
pub use surrealdb::types::{
    Array, Bytes, Object, RecordId, RecordIdKey, SurrealValue, Value, Variables, array, object, vars,
};

/// Stack of a worker thread on which queries run: the default of 2 MiB is too little for an unoptimised engine.
pub const WORKER_STACK_BYTES: usize = 8 * 1024 * 1024;
