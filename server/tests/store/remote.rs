//! The suite on a SurrealDB server over `ws://`.
//!
//! The server is the one at `GRIDKEY_TEST_SURREAL_URL` (as `root`, with the password in
//! `GRIDKEY_TEST_SURREAL_PASSWORD`), or a program `surreal` in `GRIDKEY_BIN_DIR` or beside the folder of this test. With
//! none of them there is nothing to test against; `GRIDKEY_BIN_DIR` without the program is a failure.

use std::{
    env,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use gridkey_server::{
    audit,
    store::{Store, StoreError, surreal::SurrealStore},
};
use gridkey_surreal::{Credentials, Database, DbError, Level};
use tempfile::TempDir;

use crate::support::{Backend, customer, data_key, draft, push};

const PASSWORD: &str = "only-for-this-test";
/// How long a server may take from its start to its first answer.
const START: Duration = Duration::from_secs(60);

/// A database server, stopped when this is dropped.
struct Server {
    url: String,
    password: String,
    process: Option<Child>,
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

impl Server {
    /// The server to test against; `None` if there is none.
    async fn find() -> Option<Self> {
        if let Ok(url) = env::var("GRIDKEY_TEST_SURREAL_URL") {
            let password = env::var("GRIDKEY_TEST_SURREAL_PASSWORD").unwrap();
            return Some(Self { url, password, process: None });
        }
        let Some(program) = program() else {
            eprintln!("skipped: no `surreal` program; `cargo build -p gridkey-surreal-server` makes one");
            return None;
        };
        // Another process may take the port between the search and the start.
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            if let Some(server) = Self::start(&program, port, "memory").await {
                return Some(server);
            }
        }
        panic!("{} does not start", program.display());
    }

    /// Starts a server and waits until it answers; `None` if it ends before.
    async fn start(program: &PathBuf, port: u16, storage: &str) -> Option<Self> {
        let process = Command::new(program)
            .args(["start", "--no-banner", "--log", "none", "--user", "root", "--pass", PASSWORD])
            .args(["--bind", &format!("127.0.0.1:{port}"), storage])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut server =
            Self { url: format!("ws://127.0.0.1:{port}"), password: PASSWORD.to_owned(), process: Some(process) };
        let started = Instant::now();
        loop {
            if server.process.as_mut().unwrap().try_wait().unwrap().is_some() {
                return None;
            }
            match server.connect("ready").await {
                Ok(_) => return Some(server),
                Err(error) => assert!(started.elapsed() < START, "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn connect(&self, database: &str) -> Result<Database, DbError> {
        let credentials =
            Credentials { username: "root".to_owned(), password: self.password.clone().into(), level: Level::Root };
        Database::open(&self.url, "gridkey", database, Some(credentials)).await
    }

    /// A connection to a database that no other test uses.
    async fn fresh(&self) -> Database {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        self.connect(&name).await.unwrap()
    }
}

fn program() -> Option<PathBuf> {
    let name = format!("surreal{}", env::consts::EXE_SUFFIX);
    if let Some(folder) = env::var_os("GRIDKEY_BIN_DIR") {
        let program = PathBuf::from(folder).join(name);
        assert!(program.is_file(), "there is no {}", program.display());
        return Some(program);
    }
    let test = env::current_exe().unwrap();
    let program = test.parent()?.parent()?.join(name);
    program.is_file().then_some(program)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_server_holds_the_whole_contract() {
    let Some(server) = Server::find().await else { return };
    crate::run_all(|| async { Backend::on(server.fresh().await) }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_is_refused() {
    let Some(mut server) = Server::find().await else { return };
    "wrong".clone_into(&mut server.password);
    assert!(server.connect("refused").await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_of_the_server_loses_nothing() {
    if env::var_os("GRIDKEY_TEST_SURREAL_URL").is_some() {
        return;
    }
    let Some(program) = program() else { return };
    let folder: TempDir = tempfile::tempdir().unwrap();
    let storage = format!("surrealkv://{}", folder.path().join("db").display());
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = Server::start(&program, port, &storage).await.unwrap();
    let store = SurrealStore::open(server.connect("kept").await.unwrap(), data_key()).await.unwrap();
    store.append_push(&customer(1), push("a")).await.unwrap();
    store.append_audit(draft("server.started")).await.unwrap();

    drop(server);
    let gone = store.append_audit(draft("server.started")).await;
    assert!(matches!(gone, Err(StoreError::Unavailable(_))), "{gone:?}");

    let server = Server::start(&program, port, &storage).await.unwrap();
    // The old connection finds its way back …
    let started = Instant::now();
    while let Err(error) = store.check().await {
        assert!(started.elapsed() < START, "{error}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    store.append_push(&customer(1), push("b")).await.unwrap();
    // … and a new one finds everything.
    let store = SurrealStore::open(server.connect("kept").await.unwrap(), data_key()).await.unwrap();
    assert_eq!(store.pushes_after(&customer(1), 0, 10).await.unwrap().len(), 2);
    // Whether what failed in between came through late is open, as the error says; half of it never does.
    let entries = store.audit_entries(0, 10).await.unwrap();
    let report = audit::verify(&entries, [store.audit_head().await.unwrap()]).unwrap();
    assert!((1..=2).contains(&report.head.length));
}
