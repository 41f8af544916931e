//! `gridkey-demo`: what the demo's journey does that neither a customer's program nor an operator's command does. Each
//! task prints one JSON object.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand, ValueEnum};
use gridkey_domain::{BillId, CustomerNo};
use gridkey_tests::{
    bank::{self, Decision},
    duplicate,
    person::Person,
    recompute::{self, Mapping},
    renew,
    stranger::{self, Way},
    tamper::{self, Deed},
};
use serde_json::{Value, json};

/// The demo's hands: a payer's browser, strangers at the door, a tamperer, a second reckoning.
#[derive(Debug, Parser)]
#[command(name = "gridkey-demo", version)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Open a payment's one-time page and decide at the bank
    BankPage {
        /// The page
        page: String,
        /// The root of its certificate
        #[arg(long, value_name = "FILE")]
        web_root: PathBuf,
        /// What to do at the bank
        #[arg(long, value_enum, default_value = "confirm")]
        decision: At,
    },
    /// Reckon bills again from the load profiles; exit status 1 if one differs
    Recompute {
        /// The folder with customers.toml and load-profiles-2016.csv.gz
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The bills, one JSON object a line
        #[arg(long, value_name = "FILE")]
        bills: PathBuf,
        /// The bills are of the demo's months, not of 2016
        #[arg(long)]
        calendar: bool,
    },
    /// Send an order twice and others for its bill, and pay it once
    Duplicate {
        #[command(flatten)]
        person: PersonArgs,
        /// The bill
        #[arg(long)]
        bill: BillId,
        /// The root of the public listener's certificate
        #[arg(long, value_name = "FILE")]
        web_root: PathBuf,
    },
    /// Come to the server in a way that must be refused
    Stranger {
        /// How
        #[arg(value_enum)]
        way: Guise,
        #[command(flatten)]
        person: PersonArgs,
        /// The server's configuration
        #[arg(long, value_name = "FILE")]
        server_config: PathBuf,
        /// Whose key it claims to be
        #[arg(long)]
        customer: CustomerNo,
    },
    /// Renew the customer's key on its token
    Renew {
        #[command(flatten)]
        person: PersonArgs,
    },
    /// Change a byte of the evidence, or cut off its end
    Tamper {
        /// The folder of the server's database; nobody else may hold it
        #[arg(long, value_name = "DIR")]
        store: PathBuf,
        #[command(flatten)]
        deed: DeedArgs,
    },
}

#[derive(Debug, Args)]
struct PersonArgs {
    /// The configuration of `gridkey`
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// The file with the PIN
    #[arg(long, value_name = "FILE")]
    pin_file: PathBuf,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct DeedArgs {
    /// Change one byte of this entry
    #[arg(long, value_name = "NUMBER")]
    change: Option<u64>,
    /// Leave so many entries
    #[arg(long, value_name = "LENGTH")]
    cut: Option<u64>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum At {
    Confirm,
    Cancel,
    Decline,
    Look,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Guise {
    /// With a certificate of the company that nobody bound; SOFTHSM2_CONF is the server's
    NeverBound,
    /// With a chain under a root of one's own
    OtherRoot,
    /// With the server's TLS certificate
    Tls,
    /// With an administrator's key; SOFTHSM2_CONF is the administrator's
    Administrator,
    /// With a bound customer's proof, again; SOFTHSM2_CONF is the customer's
    Replayed,
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .thread_stack_size(gridkey_surreal::WORKER_STACK_BYTES)
        .build();
    let outcome = runtime.context("starting the runtime").and_then(|runtime| {
        // On a worker thread: the embedded database needs its larger stack.
        runtime.block_on(async { tokio::spawn(carry_out(Cli::parse().task)).await.context("the task broke off")? })
    });
    match outcome {
        Ok((answer, held)) => {
            println!("{answer}");
            if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("gridkey-demo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn carry_out(task: Task) -> Result<(Value, bool)> {
    let answer = match task {
        Task::BankPage { page, web_root, decision } => {
            let decision = match decision {
                At::Confirm => Decision::Confirm,
                At::Cancel => Decision::Cancel,
                At::Decline => Decision::Decline,
                At::Look => Decision::Look,
            };
            serde_json::to_value(bank::visit(&page, &web_root, decision).await?)?
        }
        Task::Recompute { data, bills, calendar } => {
            let bills = std::fs::read_to_string(&bills).with_context(|| format!("cannot read {}", bills.display()))?;
            let mapping = if calendar { Mapping::Calendar } else { Mapping::ProfileYear };
            let verdict = recompute::compare(&data, &bills, mapping)?;
            let different = verdict.different.len();
            let answer = json!({ "equal": verdict.equal, "different": different, "findings": verdict.different });
            return Ok((answer, different == 0));
        }
        Task::Duplicate { person, bill, web_root } => {
            let mut client = Person::read(&person.config, &person.pin_file)?.client().await?;
            let seen = duplicate::run(&client, &bill, &web_root).await;
            client.close().await;
            serde_json::to_value(seen?)?
        }
        Task::Stranger { way, person, server_config, customer } => {
            let person = Person::read(&person.config, &person.pin_file)?;
            let door = Way::of(&person.config)?;
            let cases = match way {
                Guise::NeverBound => vec![stranger::never_bound(&door, &server_config, &customer).await?],
                Guise::OtherRoot => vec![stranger::other_root(&door, &server_config, &customer).await?],
                Guise::Tls => vec![stranger::tls_certificate(&door, &server_config).await?],
                Guise::Administrator => vec![stranger::administrator(&door, &person).await?],
                Guise::Replayed => stranger::replayed(&door, &person).await?,
            };
            let held = cases.iter().all(|case| case.closed == case.expected);
            return Ok((json!({ "cases": cases }), held));
        }
        Task::Renew { person } => {
            serde_json::to_value(renew::renew(&Person::read(&person.config, &person.pin_file)?).await?)?
        }
        Task::Tamper { store, deed } => {
            let deed = match (deed.change, deed.cut) {
                (Some(number), _) => Deed::Change(number),
                (None, length) => Deed::Cut(length.context("--change or --cut")?),
            };
            tamper::tamper(&store, deed).await?;
            json!({ "done": true })
        }
    };
    Ok((answer, true))
}
