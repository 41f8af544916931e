//! Opening, migrating and transacting, on the embedded engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use gridkey_surreal::{Database, DbError, Migration, vars};

const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "counters",
        sql: "DEFINE TABLE counter SCHEMAFULL; DEFINE FIELD value ON counter TYPE int;",
    },
    Migration { version: 2, name: "names", sql: "DEFINE FIELD name ON counter TYPE option<string>" },
];

async fn memory() -> Database {
    let database = Database::open("mem://", "test", "test", None).await.unwrap();
    database.migrate(MIGRATIONS).await.unwrap();
    database
}

#[tokio::test]
async fn rows_of_a_transaction_leave_out_begin_and_commit() {
    let database = memory().await;
    let mut rows = database
        .transact("CREATE counter:a SET value = $n; LET $x = 3; RETURN $x + 1", vars! { n: 2_i64 })
        .await
        .unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows.last::<i64>().unwrap(), Some(4));
    let mut rows = database.run("SELECT VALUE value FROM counter; SELECT * FROM counter:b", vars! {}).await.unwrap();
    assert_eq!(rows.all::<i64>(0).unwrap(), [2]);
    assert_eq!(rows.one::<i64>(1).unwrap(), None);
}

#[tokio::test]
async fn a_thrown_word_comes_back_and_nothing_was_changed() {
    let database = memory().await;
    let error = database
        .transact(
            "CREATE counter:a SET value = 1; IF true { THROW 'full:' + 'a' }; CREATE counter:b SET value = 1",
            vars! {},
        )
        .await
        .unwrap_err();
    assert!(matches!(&error, DbError::Thrown(text) if text == "full:a"), "{error:?}");
    let left: Vec<i64> = database.run("SELECT VALUE value FROM counter", vars! {}).await.unwrap().all(0).unwrap();
    assert!(left.is_empty());
}

#[tokio::test]
async fn a_record_that_is_there_already_is_told_and_nothing_was_changed() {
    let database = memory().await;
    let create = "CREATE counter:b SET value = 1; CREATE counter:a SET value = 1; CREATE counter:c SET value = 1";
    database.run("CREATE counter:a SET value = 7", vars! {}).await.unwrap();
    assert!(matches!(database.transact(create, vars! {}).await, Err(DbError::Exists)));
    let mut rows = database.run("SELECT VALUE value FROM counter", vars! {}).await.unwrap();
    assert_eq!(rows.all::<i64>(0).unwrap(), [7]);
}

#[tokio::test]
async fn a_refused_statement_is_a_defect() {
    let database = memory().await;
    let error = database.transact("CREATE counter:a SET value = 'text'", vars! {}).await.unwrap_err();
    assert!(matches!(&error, DbError::Internal(text) if text.contains("value")), "{error:?}");
    let error = database.run("SELECT FROM WHERE", vars! {}).await.unwrap_err();
    assert!(matches!(error, DbError::Internal(_)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn colliding_transactions_all_happen_once_in_memory() {
    collide(memory().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn colliding_transactions_all_happen_once_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("surrealkv://{}", folder.path().join("db").display());
    let database = Database::open(&url, "test", "test", None).await.unwrap();
    database.migrate(MIGRATIONS).await.unwrap();
    collide(database).await;
}

async fn collide(database: Database) {
    database.transact("CREATE counter:a SET value = 0", vars! {}).await.unwrap();
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let database = database.clone();
            tokio::spawn(async move { database.transact("UPDATE counter:a SET value += 1", vars! {}).await.map(drop) })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let value: Option<i64> = database.run("RETURN counter:a.value", vars! {}).await.unwrap().last().unwrap();
    assert_eq!(value, Some(50));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_committed_is_there_after_closing_and_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("surrealkv://{}", folder.path().join("db").display());
    for round in 0..3_i64 {
        let database = Database::open(&url, "test", "test", None).await.unwrap();
        assert_eq!(database.migrate(MIGRATIONS).await.unwrap(), 2);
        database.transact("UPSERT counter:a SET value = (value ?? 0) + 1", vars! {}).await.unwrap();
        let value: Option<i64> = database.run("RETURN counter:a.value", vars! {}).await.unwrap().last().unwrap();
        assert_eq!(value, Some(round + 1));
        database.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_folder_in_use_is_reported_as_held() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("surrealkv://{}", folder.path().join("db").display());
    let database = Database::open(&url, "test", "test", None).await.unwrap();
    let error = Database::open(&url, "test", "test", None).await.unwrap_err();
    assert!(matches!(&error, DbError::Unavailable(text) if text.contains("locked by another process")), "{error:?}");
    database.check().await.unwrap();
}

#[tokio::test]
async fn a_store_of_a_newer_program_is_refused() {
    let database = memory().await;
    let error = database.migrate(&MIGRATIONS[..1]).await.unwrap_err();
    assert!(matches!(error, DbError::NewerSchema { found: 2, known: 1 }), "{error:?}");
}

#[tokio::test]
async fn a_failed_migration_leaves_the_version_before_it() {
    let database = memory().await;
    let broken = Migration { version: 3, name: "broken", sql: "DEFINE TABLE extra; THROW 'no'" };
    let error = database.migrate(&[MIGRATIONS[0], MIGRATIONS[1], broken]).await.unwrap_err();
    assert!(matches!(error, DbError::Thrown(_)), "{error:?}");
    assert_eq!(database.schema_version().await.unwrap(), 2);
    assert_eq!(database.migrate(MIGRATIONS).await.unwrap(), 2);
}

#[tokio::test]
async fn an_unknown_kind_of_url_is_refused() {
    for url in ["", "surrealkv://", "file://x", "surrealkv://x?sync=never", "postgres://x"] {
        assert!(Database::open(url, "test", "test", None).await.is_err(), "{url}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = Database::open(&format!("ws://127.0.0.1:{port}"), "test", "test", None).await.unwrap_err();
    assert!(matches!(error, DbError::Unavailable(_)), "{error:?}");
}
