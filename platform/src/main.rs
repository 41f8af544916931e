//! The program `gridkey-platform`.

use std::process::ExitCode;

use clap::Parser as _;
use gridkey_platform::cli::Cli;
use gridkey_service::supervisor;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(gridkey_surreal::WORKER_STACK_BYTES)
        .build();
    let done = runtime.map_err(anyhow::Error::from).and_then(|runtime| runtime.block_on(cli.run()));
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("gridkey-platform: {error:#}");
            let misconfigured = supervisor::is_misconfiguration(error.chain());
            if misconfigured { ExitCode::from(supervisor::MISCONFIGURED) } else { ExitCode::FAILURE }
        }
    }
}
