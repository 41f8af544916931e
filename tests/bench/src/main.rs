//! `gridkey-bench`: the server beside its peers and its limits, measured side by side in one run.
//!
//! `cargo xtask bench` builds everything optimised and starts this program; it starts the server, the platform and the peers
//! on loopback, plays their clients, and prints a table. A row is a room of its own under [`rows`]: it provisions what it
//! needs, measures, and ends all of it.
//!
//! | module | holds |
//! |---|---|
//! | [`rows`] | what is measured, one file per row |
//! | [`peers`] | those whom we are measured beside |
//! | [`stack`], [`fleet`], [`key`] | the server under test, and many customers with keys in software |
//! | [`measure`] | CPU time, memory, latencies, and what is reckoned from them |
//! | [`table`] | the result, for people and for programs |
//! | [`work`], [`worker`] | what must run in a process of its own, so that its cost can be told from ours |
#![expect(clippy::float_arithmetic, reason = "statistics of measurements; no money is reckoned here")]

mod bench;
mod children;
mod direct;
mod fleet;
mod key;
mod measure;
mod peers;
mod pki;
mod platform;
mod rows;
mod stack;
mod table;
mod work;
mod worker;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};

use crate::{bench::Bench, table::Report};

/// Measures Gridkey's server beside its peers.
#[derive(Parser)]
#[command(name = "gridkey-bench")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure rows, all of them unless some are named.
    Run(RunArgs),
    /// A plain WebSocket echo over TLS.
    #[command(hide = true)]
    Echo(peers::echo::EchoArgs),
    /// Work in a process of its own, told what to do line by line.
    #[command(hide = true)]
    Worker {
        /// Which work.
        kind: work::Kind,
        /// The folder or configuration it works on.
        place: PathBuf,
    },
}

#[derive(Args)]
struct RunArgs {
    /// The rows.
    rows: Vec<String>,
    /// The folder of the optimised programs.
    #[arg(long)]
    bin: PathBuf,
    /// Where all state lies while it runs; emptied first.
    #[arg(long)]
    dir: PathBuf,
    /// The demo's customers and load profiles.
    #[arg(long)]
    data: PathBuf,
    /// The PKCS#11 module.
    #[arg(long)]
    module: PathBuf,
    /// Small sizes and two rounds: whether it works, not how fast it is.
    #[arg(long)]
    quick: bool,
    /// Print JSON instead of tables.
    #[arg(long)]
    json: bool,
    /// Put the tables into this document, in place of those of the last run.
    #[arg(long)]
    write: Option<PathBuf>,
}

fn main() -> ExitCode {
    match carry_out(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("gridkey-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(cli: Cli) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // What opens an embedded database needs the larger stack.
        .thread_stack_size(gridkey_surreal::WORKER_STACK_BYTES)
        .build()
        .context("starting the runtime")?;
    match cli.command {
        Command::Run(args) => runtime.block_on(run(args)),
        Command::Echo(args) => runtime.block_on(peers::echo::serve(args)).map(|()| ExitCode::SUCCESS),
        Command::Worker { kind, place } => runtime.block_on(async {
            tokio::spawn(work::serve(kind, place)).await.context("the work broke off")??;
            Ok(ExitCode::SUCCESS)
        }),
    }
}

async fn run(args: RunArgs) -> Result<ExitCode> {
    let chosen = rows::choose(&args.rows)?;
    let bench = Bench::new(&args)?;
    let mut report = Report::new(args.quick);
    let measured = async {
        for row in chosen {
            eprintln!("== {}", row.name);
            report.add((row.measure)(&bench).await.with_context(|| format!("row {}", row.name))?);
        }
        Ok::<_, anyhow::Error>(())
    };
    // What was started ends with the value that holds it: an interrupted run drops the row's future, and with it all of them.
    tokio::select! {
        done = measured => done?,
        () = interrupted() => {
            eprintln!("interrupted; ending what runs");
            return Ok(ExitCode::from(130));
        }
    }
    bench.clear()?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!("{}", report.markdown());
    }
    if let Some(document) = &args.write {
        report.write_into(document)?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
