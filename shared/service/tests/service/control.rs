use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::Arc,
};

use gridkey_service::control::{self, ControlCallError, ControlError, ControlHandler};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

struct Echo;

#[async_trait::async_trait]
impl ControlHandler for Echo {
    async fn handle(&self, command: String, args: Value) -> Result<Value, ControlError> {
        match command.as_str() {
            "echo" => Ok(args),
            _ => Err(ControlError::unknown(&command)),
        }
    }
}

fn start(path: &Path) -> (JoinHandle<()>, CancellationToken) {
    let stop = CancellationToken::new();
    let listener = control::bind(path).unwrap();
    (tokio::spawn(listener.serve(Arc::new(Echo), stop.clone())), stop)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn a_command_reaches_the_daemon_and_its_answer_comes_back() {
    let state = tempfile::tempdir().unwrap();
    let path = state.path().join("control/socket");
    let (served, stop) = start(&path);
    assert_eq!(control::call(&path, "echo", json!({"n": 1})).await.unwrap(), json!({"n": 1}));
    let refused = control::call(&path, "nonsense", Value::Null).await;
    assert!(matches!(refused, Err(ControlCallError::Refused(error)) if error.code == "unknown-command"));
    stop.cancel();
    served.await.unwrap();
    assert!(!path.exists());
}

#[tokio::test]
async fn only_the_owner_can_reach_the_socket() {
    let state = tempfile::tempdir().unwrap();
    let path = state.path().join("control/socket");
    let (_served, _stop) = start(&path);
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
}

#[tokio::test]
async fn a_folder_open_to_others_is_refused() {
    let state = tempfile::tempdir().unwrap();
    fs::set_permissions(state.path(), Permissions::from_mode(0o755)).unwrap();
    let error = control::bind(&state.path().join("socket")).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
}

#[tokio::test]
async fn without_a_daemon_the_caller_learns_that_none_runs() {
    let state = tempfile::tempdir().unwrap();
    let path = state.path().join("socket");
    assert!(matches!(control::call(&path, "echo", Value::Null).await, Err(ControlCallError::NotRunning)));
    // What a killed daemon leaves behind.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(path.exists());
    assert!(matches!(control::call(&path, "echo", Value::Null).await, Err(ControlCallError::NotRunning)));
    assert!(!control::is_running(&path).await);
}

#[tokio::test]
async fn a_dead_socket_is_replaced_and_a_live_one_is_not() {
    let state = tempfile::tempdir().unwrap();
    let path = state.path().join("control/socket");
    fs::create_dir(path.parent().unwrap()).unwrap();
    fs::set_permissions(path.parent().unwrap(), Permissions::from_mode(0o700)).unwrap();
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let (_served, _stop) = start(&path);
    assert_eq!(control::bind(&path).unwrap_err().kind(), io::ErrorKind::AddrInUse);
    assert_eq!(control::call(&path, "echo", json!(1)).await.unwrap(), json!(1));
}

#[tokio::test]
async fn a_path_longer_than_a_socket_address_works() {
    let state = tempfile::tempdir().unwrap();
    let path = state.path().join("x".repeat(150)).join("socket");
    let (_served, _stop) = start(&path);
    assert_eq!(control::call(&path, "echo", json!("far")).await.unwrap(), json!("far"));
}

#[tokio::test]
async fn a_line_that_is_no_request_gets_an_error_and_others_go_on() {
    let state = tempfile::tempdir().unwrap();
    let path = state.path().join("control/socket");
    let (_served, _stop) = start(&path);
    for line in ["nonsense\n", "{}\n", "{\"command\": \"echo\", \"extra\": 1}\n"] {
        let mut stream = UnixStream::connect(&path).await.unwrap();
        stream.write_all(line.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.contains("bad-request"), "{line}: {answer}");
    }
    assert_eq!(control::call(&path, "echo", json!(2)).await.unwrap(), json!(2));
}
