//! `gridkey-admin`: the management side on a terminal.
//!
//! Every command opens its own session on the administrators' listener, does one thing and logs the key out again. stdout carries data
//! only; stderr the rest. `docs/admin.md` is the reference.

mod args;
mod commands;
mod exit;
mod output;
mod setup;

use std::process::ExitCode;

use clap::Parser as _;
use tracing_subscriber::{EnvFilter, fmt};

use crate::{args::Cli, exit::Failure};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let json = cli.global.json;
    let default = if cli.global.verbose { "gridkey_client=debug,cryptoki=off,info" } else { "error,cryptoki=off" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&Failure::other(error), json),
    };
    // On a worker thread, where a token may be waited for.
    let outcome = runtime.block_on(async { tokio::spawn(commands::run(cli)).await });
    // A PKCS#11 call that hangs must not keep the program from ending.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    match outcome {
        Ok(Ok(done)) => ExitCode::from(done.status()),
        Ok(Err(failure)) => fail(&failure, json),
        Err(error) => fail(&Failure::other(error), json),
    }
}

fn fail(failure: &Failure, json: bool) -> ExitCode {
    if json {
        eprintln!("{}", serde_json::json!({ "error": failure }));
    } else {
        eprintln!("gridkey-admin: {}", failure.message);
    }
    ExitCode::from(failure.kind.status())
}
