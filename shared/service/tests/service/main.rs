//! The scaffolding of the daemons on real parts: files, sockets, TLS and child processes.

mod certificates;
mod config;
mod control;
mod failpoint;
mod http;
mod mutual_tls;
mod ops;
mod secrets;

use std::net::SocketAddr;

use tokio::net::TcpListener;

/// A listener on a free loopback port, and its address.
async fn loopback() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Runs the test `name` of this binary again in a process of its own, with `variables` set.
fn rerun(name: &str, variables: &[(&str, &str)]) -> std::process::Output {
    std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}
