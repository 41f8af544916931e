//! Backups of a whole database, and restoring them, on the embedded engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use gridkey_surreal::{
    Database, DbError, Migration,
    backup::{BackupError, verify},
    vars,
};

const PROGRAM: &str = "test";
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "things",
        sql: "DEFINE TABLE thing SCHEMAFULL; DEFINE FIELD bytes ON thing TYPE bytes READONLY;
              DEFINE FIELD name ON thing TYPE option<string>; DEFINE INDEX thing_name ON thing FIELDS name UNIQUE;
              DEFINE TABLE tally SCHEMAFULL; DEFINE FIELD count ON tally TYPE int; CREATE tally:all SET count = 0;
              DEFINE EVENT counted ON thing WHEN $event = 'CREATE' THEN { UPDATE tally:all SET count += 1 };
              DEFINE TABLE link SCHEMAFULL; DEFINE FIELD to ON link TYPE record<thing>;
              DEFINE FUNCTION fn::double($n: int) { RETURN $n * 2 };",
    },
    Migration {
        version: 2,
        name: "ages",
        sql: "DEFINE FIELD age ON thing TYPE int DEFAULT 7; UPDATE thing SET age = 7",
    },
];

async fn filled(steps: usize) -> Database {
    let database = Database::open("mem://", "test", "test", None).await.unwrap();
    database.migrate(&MIGRATIONS[..steps]).await.unwrap();
    database
        .transact(
            "FOR $n IN 0..700 { CREATE type::record('thing', $n) SET bytes = <bytes> 'abc', name = <string> $n };
             FOR $n IN 0..300 { CREATE type::record('thing', ['x', $n]) SET bytes = <bytes> '' };
             CREATE thing:text SET bytes = <bytes> 'x', name = '名';
             CREATE link:a SET to = thing:3",
            vars! {},
        )
        .await
        .unwrap();
    database
}

async fn empty() -> Database {
    Database::open("mem://", "test", "test", None).await.unwrap()
}

async fn count(database: &Database, table: &str) -> usize {
    let mut rows = database.run(&format!("SELECT VALUE id FROM {table}"), vars! {}).await.unwrap();
    rows.last_all::<gridkey_surreal::RecordId>().unwrap().len()
}

async fn write(database: &Database, path: &Path) {
    let summary = database.backup(path, PROGRAM, "1.0", 5).await.unwrap();
    assert_eq!(summary.records.values().sum::<u64>(), 1003);
    assert_eq!(summary.bytes, path.metadata().unwrap().len());
}

#[tokio::test]
async fn what_is_restored_is_what_was_there_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b");
    write(&filled(1).await, &path).await;
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing beside it");
    let restored = empty().await;
    let summary = restored.restore(&path, PROGRAM, MIGRATIONS).await.unwrap().finish("", vars! {}).await.unwrap();
    assert_eq!((summary.header.schema, summary.header.at), (1, 5));
    assert_eq!(restored.schema_version().await.unwrap(), 2, "an older schema is brought up to date");
    assert_eq!((count(&restored, "thing").await, count(&restored, "link").await), (1001, 1));
    let mut rows = restored
        .run("RETURN tally:all.count; RETURN thing:text.age; RETURN link:a.to.name; RETURN fn::double(4)", vars! {})
        .await
        .unwrap();
    assert_eq!(rows.one::<i64>(0).unwrap(), Some(1001), "an event did not count anew");
    assert_eq!(rows.one::<i64>(1).unwrap(), Some(7));
    assert_eq!(rows.one::<String>(2).unwrap().as_deref(), Some("3"));
    assert_eq!(rows.one::<i64>(3).unwrap(), Some(8));
    let twice = restored.run("CREATE thing:again SET bytes = <bytes> '', name = '3'", vars! {}).await;
    assert!(twice.is_err(), "a unique index holds");
}

#[tokio::test]
async fn the_file_is_one_moment_however_busy_the_database_is() {
    let folder = tempfile::tempdir().unwrap();
    let place = format!("surrealkv://{}", folder.path().join("db").display());
    let database = Database::open(&place, "test", "test", None).await.unwrap();
    let steps = [Migration {
        version: 1,
        name: "pairs",
        sql: "DEFINE TABLE a SCHEMAFULL; DEFINE FIELD n ON a TYPE int; DEFINE TABLE b SCHEMAFULL; DEFINE FIELD n ON b TYPE int",
    }];
    database.migrate(&steps).await.unwrap();
    let writer = {
        let database = database.clone();
        tokio::spawn(async move {
            // A pair belongs together: b's tables come after a's in a backup.
            for n in 0..400_i64 {
                let both = "CREATE type::record('a', $n) SET n = $n; CREATE type::record('b', $n) SET n = $n";
                database.transact(both, vars! { n: n }).await.unwrap();
            }
        })
    };
    let mut seen = Vec::new();
    for n in 0..4 {
        let summary = database.backup(&folder.path().join(n.to_string()), PROGRAM, "1.0", 0).await.unwrap();
        assert_eq!(summary.records.get("a"), summary.records.get("b"));
        seen.push(summary.records.get("a").copied().unwrap_or(0));
    }
    writer.await.unwrap();
    assert!(seen.is_sorted(), "{seen:?}");
    let last = folder.path().join("last");
    assert_eq!(database.backup(&last, PROGRAM, "1.0", 0).await.unwrap().records["a"], 400);
}

#[tokio::test]
async fn a_database_that_holds_something_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b");
    let database = filled(2).await;
    write(&database, &path).await;
    database.transact("DELETE thing:text", vars! {}).await.unwrap();
    let refused = database.restore(&path, PROGRAM, MIGRATIONS).await;
    assert!(matches!(refused, Err(BackupError::NotEmpty(_))), "{refused:?}");
    assert_eq!(count(&database, "thing").await, 1000);
}

#[tokio::test]
async fn a_changed_or_cut_file_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b");
    write(&filled(2).await, &path).await;
    let whole = fs::read(&path).unwrap();
    let database = empty().await;
    let bad = folder.path().join("bad");
    let step = whole.len() / 12;
    let cuts = (0..whole.len()).step_by(step).map(|at| whole[..at].to_vec());
    let changes = (0..whole.len()).step_by(step).map(|at| {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        changed
    });
    for bytes in cuts.chain(changes).chain([[&whole[..], b"x"].concat()]) {
        fs::write(&bad, bytes).unwrap();
        assert!(verify(&bad, PROGRAM).is_err());
        let refused = database.restore(&bad, PROGRAM, MIGRATIONS).await;
        assert!(matches!(refused, Err(BackupError::Damaged(_) | BackupError::Format(_))), "{refused:?}");
    }
    assert_eq!(database.schema_version().await.unwrap(), 0);
    database.restore(&path, PROGRAM, MIGRATIONS).await.unwrap().finish("", vars! {}).await.unwrap();
}

#[tokio::test]
async fn another_programs_or_a_newer_backup_is_refused_and_a_file_is_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b");
    write(&filled(2).await, &path).await;
    assert!(matches!(verify(&path, "other"), Err(BackupError::Program { .. })));
    let fresh = empty().await;
    let older = fresh.restore(&path, PROGRAM, &MIGRATIONS[..1]).await;
    assert!(matches!(older, Err(BackupError::NewerSchema { found: 2, known: 1 })), "{older:?}");
    let again = filled(2).await.backup(&path, PROGRAM, "1.0", 6).await;
    assert!(matches!(again, Err(BackupError::Exists(_))));
    assert_eq!(verify(&path, PROGRAM).unwrap().header.at, 5);
}

#[tokio::test]
async fn a_restore_that_broke_off_keeps_programs_out_until_it_is_done_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b");
    write(&filled(2).await, &path).await;
    let database = empty().await;
    database.migrate(&MIGRATIONS[..1]).await.unwrap();
    let mark = "UPSERT schema_version:restoring SET version = 1, name = 'being restored'; CREATE thing:1 SET bytes = <bytes> ''";
    database.transact(mark, vars! {}).await.unwrap();
    assert!(matches!(database.migrate(MIGRATIONS).await, Err(DbError::HalfRestored)));
    database.restore(&path, PROGRAM, MIGRATIONS).await.unwrap().finish("", vars! {}).await.unwrap();
    assert_eq!(database.migrate(MIGRATIONS).await.unwrap(), 2);
    assert_eq!(count(&database, "thing").await, 1001);
}

#[tokio::test]
async fn until_the_program_is_content_programs_are_kept_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b");
    write(&filled(2).await, &path).await;
    let database = empty().await;
    let restoring = database.restore(&path, PROGRAM, MIGRATIONS).await.unwrap();
    assert!(matches!(database.migrate(MIGRATIONS).await, Err(DbError::HalfRestored)));
    let refused = restoring.finish("CREATE thing:1 SET bytes = 'no bytes'", vars! {}).await;
    assert!(matches!(refused, Err(BackupError::Database(_))), "{refused:?}");
    assert!(matches!(database.migrate(MIGRATIONS).await, Err(DbError::HalfRestored)), "all or nothing");
}
