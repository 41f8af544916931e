//! The program `gridkey-platform`: its arguments, and each command.

mod data;
mod feed;
mod safety;
mod target;
mod unionpay;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use clap::{Args, Parser, Subcommand};
use gridkey_domain::{MeterId, Month};
use gridkey_service::{probe, telemetry};
use jiff::civil::Date;

use self::target::Target;
use crate::{config::Config, serve};

/// The payment platform of Gridkey.
#[derive(Debug, Parser)]
#[command(name = "gridkey-platform", version, about)]
pub struct Cli {
    /// The configuration file.
    #[arg(long, env = "GRIDKEY_PLATFORM_CONFIG", global = true)]
    config: Option<PathBuf>,
    /// The data folder, in place of the configuration's; with it no configuration is needed except to serve.
    #[arg(long, value_name = "DIR", global = true)]
    data_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve.
    Serve,
    /// Tell whether the running platform is well, as its operations listener does. Exit status 1 if not.
    Health,
    /// Load customers, readings and, without --year, bills of the past from a folder.
    Load(LoadArgs),
    /// Make the bills of the month before now, of a month or of a year; what was billed already is left alone.
    BillRun(BillRunArgs),
    /// Print the bills of a year.
    Bills(BillsArgs),
    /// Print a meter's readings, one JSON object a day: quarter-hour, active and reactive power in 10⁻⁸ kW.
    Readings(ReadingsArgs),
    /// Look at everybody's arrears now, and raise or clear alarms.
    ArrearsRun(ArrearsRunArgs),
    /// Go on posting readings from now on, until interrupted.
    MeterFeed(MeterFeedArgs),
    /// Write everything that is kept to one file, while the platform runs or not, or verify such a file.
    Backup(safety::BackupArgs),
    /// Restore a backup into an empty database, then compare with the gateway. Exit status 3 if something is open.
    Restore(safety::RestoreArgs),
    /// Compare with the gateway's settlement files, and deal with what does not agree. Exit status 3 if something is open.
    Reconcile(safety::ReconcileArgs),
    /// Let the security server's audit chain go on from fewer entries than it had, because that server was restored. What was
    /// lodged of the lost ones is set aside, not deleted.
    AuditRestart(safety::AuditRestartArgs),
    /// The UnionPay gateway's messages.
    #[command(subcommand)]
    Unionpay(unionpay::UnionpayCommand),
}

#[derive(Debug, Args)]
struct LoadArgs {
    /// The folder with customers.toml and load-profiles-2016.csv.gz.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Load this year of profiles as it stands, without bills; otherwise the 25 months before today with their bills.
    #[arg(long, conflicts_with_all = ["bills_until", "today"])]
    year: Option<i16>,
    /// The last month to make bills of; by default the month before today's.
    #[arg(long, value_name = "YYYY-MM")]
    bills_until: Option<Month>,
    /// Take this date for today.
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
}

#[derive(Debug, Args)]
struct BillRunArgs {
    /// Every month of this year that has ended.
    #[arg(long, conflicts_with = "month")]
    year: Option<i16>,
    /// This month.
    #[arg(long, value_name = "YYYY-MM")]
    month: Option<Month>,
    /// Take this date for today.
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
}

#[derive(Debug, Args)]
struct BillsArgs {
    /// The year.
    #[arg(long)]
    year: i16,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct ReadingsArgs {
    /// The meter.
    #[arg(long)]
    meter: MeterId,
    /// The first day.
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Date,
    /// The last day, included.
    #[arg(long, value_name = "YYYY-MM-DD")]
    to: Date,
}

#[derive(Debug, Args)]
struct ArrearsRunArgs {
    /// Take this date for today.
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
}

#[derive(Debug, Args)]
struct MeterFeedArgs {
    /// The folder with customers.toml and load-profiles-2016.csv.gz.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// How many times faster than the clock meters run.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    speed: u32,
    /// Stop after this many quarter-hours.
    #[arg(long)]
    count: Option<u32>,
}

impl Cli {
    /// Carries out the command.
    ///
    /// # Errors
    /// What stood in the way, for people.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        if let Command::Unionpay(command) = &self.command {
            // Needs no data folder, and the configuration only for what the command line leaves out.
            unionpay::run(command, self.config.as_deref())?;
            return Ok(ExitCode::SUCCESS);
        }
        if let Command::Backup(args) = &self.command
            && let Some(path) = args.to_verify()
        {
            return args.verify(path);
        }
        let config = self.configuration()?;
        // Commands print their result; their log is for those who ask for it.
        if matches!(self.command, Command::Serve) || std::env::var_os("RUST_LOG").is_some() {
            telemetry::init(config.log.format);
        }
        match self.command {
            Command::Backup(args) => return safety::backup(&config, args).await,
            Command::Restore(args) => return safety::restore(&config, &args).await,
            Command::Reconcile(args) => return safety::reconcile(&config, args).await,
            Command::AuditRestart(args) => return safety::audit_restart(&config, &args).await,
            Command::Serve => serve::run(config).await,
            Command::Health => {
                let answer = probe::ask(config.ops.listen, "/healthz").await.context("the platform does not answer")?;
                println!("{}", answer.body);
                if answer.ok { Ok(()) } else { bail!("the platform is not well") }
            }
            Command::MeterFeed(args) => {
                let mut target = Target::of(&config).await?;
                let fed = feed::run(&mut target, &args.data, args.speed, args.count).await;
                target.close().await.and(fed)
            }
            command => {
                let mut target = Target::of(&config).await?;
                let done = data::run(&mut target, command).await;
                target.close().await.and(done)
            }
        }?;
        Ok(ExitCode::SUCCESS)
    }

    fn configuration(&self) -> anyhow::Result<Config> {
        let mut config = match (&self.config, &self.data_dir) {
            (Some(path), _) => Config::load(path)?,
            (None, Some(data_dir)) => Config::for_data_dir(data_dir),
            (None, None) => bail!("name a configuration (--config) or a data folder (--data-dir)"),
        };
        if let Some(data_dir) = &self.data_dir {
            config.data_dir.clone_from(data_dir);
        }
        Ok(config)
    }
}

/// `path` as the daemon sees it too.
fn absolute(path: &Path) -> anyhow::Result<PathBuf> {
    path.canonicalize().with_context(|| format!("cannot open {}", path.display()))
}
