//! `unionpay-sandbox`: the UnionPay gateway on one's own machine.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use gridkey_service::{
    clock::{Clock, SystemClock},
    https::{self, HttpLimits},
    probe, runtime, shutdown, telemetry,
};
use unionpay_sandbox::{Sandbox, config::Config, init, notify, web};

/// Plays the UnionPay gateway for demos and tests. No money moves.
#[derive(Debug, Parser)]
#[command(name = "unionpay-sandbox", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make certificates, keys and a configuration file.
    Init {
        /// The folder to make them in; existing files are not overwritten.
        #[arg(long)]
        out: PathBuf,
        /// The merchant's id at the gateway.
        #[arg(long, default_value = init::MERCHANT)]
        merchant: String,
    },
    /// Tell whether the running gateway answers. Exit status 1 if not.
    Health {
        /// The configuration file.
        #[arg(long)]
        config: PathBuf,
    },
    /// Play the gateway until SIGINT or SIGTERM.
    Serve {
        /// The configuration file.
        #[arg(long)]
        config: PathBuf,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Init { out, merchant } => init::init(&out, &merchant, SystemClock.now()).map_err(anyhow::Error::from),
        Command::Health { config } => health(&config),
        Command::Serve { config } => serve(&config),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("unionpay-sandbox: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn health(path: &std::path::Path) -> anyhow::Result<()> {
    let config = Config::load(path)?;
    let answer = probe::ask(config.listen, "/").await.context("the gateway does not answer")?;
    anyhow::ensure!(answer.ok, "the gateway is not well");
    Ok(())
}

#[tokio::main]
async fn serve(path: &std::path::Path) -> anyhow::Result<()> {
    let config = Config::load(path)?;
    telemetry::init(config.log);
    let stop = shutdown::on_signals()?;
    std::fs::create_dir_all(&config.state).with_context(|| format!("cannot make {}", config.state.display()))?;
    runtime::clear(&config.state)?;
    let sandbox = Sandbox::open(config.settings()?).context("cannot read the journal")?;
    let listener = tokio::net::TcpListener::bind(config.listen).await.context("cannot listen")?;
    let address = listener.local_addr()?;
    let notifications = tokio::spawn(notify::run(Arc::clone(&sandbox), stop.clone()));
    let ready = runtime::announce(&config.state, &serde_json::json!({ "http": address }))?;
    tracing::info!(%address, "the sandbox is ready");
    https::serve(listener, None, web::router(sandbox), HttpLimits::default(), stop).await?;
    drop(ready);
    notifications.await?;
    Ok(())
}
