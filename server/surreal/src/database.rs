//! Opening, closing, reading and transacting.

use std::{
    fmt,
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};
use surrealdb::{
    Surreal,
    engine::any::{self, Any},
    opt::auth,
    types::{Value, Variables},
};

use crate::{DbError, Rows, error::Failure, retry};

/// How long a query to a server may take before the server counts as unreachable.
const REMOTE_TIMEOUT: Duration = Duration::from_secs(20);
/// How long [`Database::close`] waits for the engine to let go of its files.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(30);

/// Where a database user is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// `DEFINE USER … ON ROOT`: may make the namespace and the database.
    Root,
    /// `DEFINE USER … ON DATABASE`: the least that suffices once the database is there.
    Database,
}

/// How to sign in to a database server.
#[derive(Clone)]
pub struct Credentials {
    /// The user's name.
    pub username: String,
    /// The user's password.
    pub password: SecretString,
    /// Where the user is defined.
    pub level: Level,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("username", &self.username)
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}

/// An open database. Clones share one connection.
#[derive(Clone)]
pub struct Database {
    inner: Arc<Inner>,
}

struct Inner {
    client: Surreal<Any>,
    place: Place,
}

/// Where the records are.
enum Place {
    /// In this process only.
    Memory,
    /// In a folder that one process holds.
    Folder(PathBuf),
    /// On a database server.
    Remote,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match &self.inner.place {
            Place::Memory => "memory".to_owned(),
            Place::Folder(path) => path.display().to_string(),
            Place::Remote => "remote".to_owned(),
        };
        f.debug_tuple("Database").field(&place).finish()
    }
}

impl Database {
    /// Opens `surrealkv://PATH` (made if absent; each commit is on the disk before it is reported), `mem://` (private to
    /// this value, for tests) or `ws://HOST:PORT` and `wss://HOST:PORT` (a SurrealDB 3 server; `credentials` needed).
    ///
    /// # Errors
    /// [`DbError::Unavailable`] if a server can't be reached, or if another process holds the folder (it says so).
    pub async fn open(
        url: &str,
        namespace: &str,
        database: &str,
        credentials: Option<Credentials>,
    ) -> Result<Self, DbError> {
        let (place, endpoint) = match url.split_once("://") {
            Some(("surrealkv", path)) if !path.is_empty() && !path.contains('?') => {
                (Place::Folder(PathBuf::from(path)), format!("surrealkv://{path}?sync=every"))
            }
            Some(("mem", "")) => (Place::Memory, "mem://".to_owned()),
            Some(("ws" | "wss", rest)) if !rest.is_empty() => (Place::Remote, url.to_owned()),
            _ => {
                return Err(DbError::Internal("the database URL is not surrealkv://PATH, mem:// or ws://…".to_owned()));
            }
        };
        let connecting = async {
            let client = any::connect(endpoint).await?;
            if let Some(credentials) = credentials {
                sign_in(&client, credentials, namespace, database).await?;
            }
            client.use_ns(namespace).use_db(database).await?;
            Ok::<_, surrealdb::Error>(client)
        };
        let client = match place {
            Place::Remote => tokio::time::timeout(REMOTE_TIMEOUT, connecting)
                .await
                .map_err(|_| DbError::Unavailable("the database server does not answer".to_owned()))?
                .map_err(|error| match DbError::from(Failure::from(error)) {
                    // Before the first statement everything else than a wrong password is the server's or the network's.
                    DbError::Internal(message) => DbError::Unavailable(message),
                    other => other,
                })?,
            _ => connecting.await.map_err(|error| DbError::from(Failure::from(error)))?,
        };
        Ok(Self { inner: Arc::new(Inner { client, place }) })
    }

    /// Closes the database and waits until an embedded engine let go of its files, so that they can be opened again.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] if a clone of this value is still in use, or the engine did not stop in time.
    pub async fn close(self) -> Result<(), DbError> {
        let inner = Arc::try_unwrap(self.inner)
            .map_err(|_| DbError::Unavailable("the database is still in use in this process".to_owned()))?;
        let Inner { client, place } = inner;
        drop(client);
        let Place::Folder(path) = place else { return Ok(()) };
        let patience = std::time::Instant::now();
        while is_held(&path) {
            if patience.elapsed() > CLOSE_TIMEOUT {
                return Err(DbError::Unavailable("the engine does not let go of its files".to_owned()));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// Runs statements that only read (or one single statement). Each statement is a transaction of its own.
    ///
    /// # Errors
    /// As of [`Database::transact`].
    pub async fn run(&self, sql: &str, variables: Variables) -> Result<Rows, DbError> {
        self.retried(sql.to_owned(), variables, false).await
    }

    /// Runs statements as one transaction: all of them or none. Tried again when another transaction was faster, so the
    /// statements must do the same however often they run: random values and times come in as variables.
    /// Goes on to its end even if the caller stops waiting.
    ///
    /// # Errors
    /// [`DbError::Thrown`] for a `THROW` in it, [`DbError::Busy`] after many collisions, [`DbError::Unavailable`] if the
    /// database is gone (the transaction may or may not have happened), [`DbError::Internal`] for a refused statement.
    pub async fn transact(&self, sql: &str, variables: Variables) -> Result<Rows, DbError> {
        let sql = format!("BEGIN;\n{};\nCOMMIT;", sql.trim_end().trim_end_matches(';'));
        self.retried(sql, variables, true).await
    }

    /// Whether nobody but this process can change the records: they are in its memory or in a folder that it holds.
    pub fn is_ours_alone(&self) -> bool {
        !matches!(self.inner.place, Place::Remote)
    }

    pub(crate) fn client(&self) -> &Surreal<Any> {
        &self.inner.client
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] if it does not.
    pub async fn check(&self) -> Result<(), DbError> {
        self.run("RETURN 1", Variables::new()).await.map(drop)
    }

    async fn retried(&self, sql: String, variables: Variables, transaction: bool) -> Result<Rows, DbError> {
        let inner = Arc::clone(&self.inner);
        // In a task of its own: a caller that stops waiting must not leave a transaction half way.
        let task = tokio::spawn(async move {
            for attempt in 0..retry::ATTEMPTS {
                match inner.attempt(&sql, variables.clone(), transaction).await {
                    Ok(rows) => return Ok(rows),
                    Err(Failure::Conflict) => tokio::time::sleep(retry::pause(attempt)).await,
                    Err(Failure::Final(error)) => return Err(error),
                }
            }
            Err(DbError::Busy)
        });
        task.await.map_err(|error| DbError::Unavailable(error.to_string()))?
    }
}

impl Inner {
    async fn attempt(&self, sql: &str, variables: Variables, transaction: bool) -> Result<Rows, Failure> {
        let query = self.client.query(sql).bind(variables);
        let mut results = match self.place {
            // No time limit inside the process: the engine always ends, and a test may have stopped the clock.
            Place::Memory | Place::Folder(_) => query.await?,
            Place::Remote => tokio::time::timeout(REMOTE_TIMEOUT, query).await.map_err(|_| {
                Failure::Final(DbError::Unavailable("the database server does not answer".to_owned()))
            })??,
        };
        if let Some(failure) = Failure::of_rows(results.take_errors().into_values()) {
            return Err(failure);
        }
        let count = results.num_statements();
        let mut values = Vec::with_capacity(count);
        let range = if transaction { 1..count.saturating_sub(1) } else { 0..count };
        for index in range {
            values.push(results.take::<Value>(index)?);
        }
        Ok(Rows::new(values))
    }
}

async fn sign_in(
    client: &Surreal<Any>,
    credentials: Credentials,
    namespace: &str,
    database: &str,
) -> Result<(), surrealdb::Error> {
    let Credentials { username, password, level } = credentials;
    let password = password.expose_secret().to_owned();
    match level {
        Level::Root => client.signin(auth::Root { username, password }).await?,
        Level::Database => {
            let (namespace, database) = (namespace.to_owned(), database.to_owned());
            client.signin(auth::Database { namespace, database, username, password }).await?
        }
    };
    Ok(())
}

/// Whether a process, this one included, holds the folder of an embedded engine.
fn is_held(path: &Path) -> bool {
    match File::open(path.join("LOCK")) {
        Ok(lock) => lock.try_lock().is_err(),
        Err(_) => false,
    }
}
