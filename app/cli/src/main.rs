//! `gridkey`: the customer's payment software on a terminal.
//!
//! Every command opens its own session, does one thing and logs the key out again. stdout carries data only; stderr the
//! rest. `docs/cli.md` is the reference.

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
    start_log(cli.global.verbose);
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&Failure::other(error), json),
    };
    let outcome = runtime.block_on(commands::run(cli));
    // A PKCS#11 call that hangs must not keep the program from ending.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    match outcome {
        Ok(done) => ExitCode::from(done.status()),
        Err(failure) => fail(&failure, json),
    }
}

fn fail(failure: &Failure, json: bool) -> ExitCode {
    if json {
        let object = serde_json::json!({ "error": failure });
        eprintln!("{object}");
    } else {
        eprintln!("gridkey: {}", failure.message);
    }
    ExitCode::from(failure.kind.status())
}

/// Diagnostics on stderr; `RUST_LOG` decides what when it is set.
fn start_log(verbose: bool) {
    let default =
        if verbose { "gridkey_client=debug,gridkey_token=debug,cryptoki=off,info" } else { "error,cryptoki=off" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
}
