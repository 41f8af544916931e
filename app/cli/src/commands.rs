//! The commands, one to a file.

mod account;
mod alarms;
mod bill;
mod bills;
mod confirm;
mod generate;
mod history;
mod login;
mod pay;
mod queue;
mod receipt;
mod settings;
mod show;
mod token;
mod usage;
mod watch;

use crate::{
    args::{Cli, Command},
    exit::{Done, Failure},
    setup::Context,
};

/// Carries out the command.
pub(crate) async fn run(cli: Cli) -> Result<Done, Failure> {
    let Cli { global, command } = cli;
    match &command {
        Command::Completions { shell } => return generate::completions(*shell),
        Command::Man { dir } => return generate::manual(dir),
        _ => {}
    }
    let context = Context::new(global)?;
    match command {
        Command::Login => login::run(&context).await,
        Command::Account { change } => account::run(&context, change).await,
        Command::Usage(args) => usage::run(&context, args).await,
        Command::Bills => bills::run(&context).await,
        Command::Bill(args) => bill::run(&context, args).await,
        Command::Pay(args) => pay::run(&context, args).await,
        Command::Confirm { payment, open } => confirm::run(&context, payment, open).await,
        Command::Queue { command } => queue::run(&context, command).await,
        Command::History => history::run(&context).await,
        Command::Receipt(args) => receipt::run(&context, args).await,
        Command::Alarms { command } => alarms::run(&context, command).await,
        Command::Watch(args) => watch::run(&context, args).await,
        Command::Token { command } => token::run(&context, command),
        Command::Settings(args) => settings::run(&context, args).await,
        Command::Completions { .. } | Command::Man { .. } => Ok(Done::Ok),
    }
}
