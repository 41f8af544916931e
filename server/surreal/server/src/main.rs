//! SurrealDB's own server, as its project ships it but with the memory and SurrealKV engines only. crates.io holds the
//! server as a library without a program, and the store's conformance suite needs one that speaks `ws://`:
//! `surreal start --bind 127.0.0.1:PORT --user root --pass … memory`.

use std::process::ExitCode;

fn main() -> ExitCode {
    surrealdb_server::init(surrealdb_server::core::CommunityComposer())
}
