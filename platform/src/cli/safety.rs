//! `backup`, `restore` and `reconcile`.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, ensure};
use clap::Args;
use gridkey_service::{
    clock::{Clock as _, SystemClock},
    control,
};
use gridkey_surreal::backup::{Summary, verify};
use jiff::civil::Date;

use super::target::Target;
use crate::{
    config::Config,
    control::{AuditRestart, Backup, GoOn, Settle},
    payments::reconcile::{Reconcile, Reconciled},
    serve,
    store::restored::{self, PROGRAM},
};

/// Something is open that a person must look at.
const OPEN: u8 = 3;

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// Write a backup to this new file. It holds personal data: keep it as you keep the database.
    #[arg(long, value_name = "FILE", required_unless_present = "verify")]
    out: Option<PathBuf>,
    /// Say whether this backup is whole, and what it holds, without restoring it.
    #[arg(long, value_name = "FILE", conflicts_with = "out")]
    verify: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl BackupArgs {
    /// The backup to verify, which needs no configuration.
    pub(super) fn to_verify(&self) -> Option<&Path> {
        self.verify.as_deref()
    }

    pub(super) fn verify(&self, path: &Path) -> anyhow::Result<ExitCode> {
        print_summary(&verify(path, PROGRAM)?, "whole", self.json)?;
        Ok(ExitCode::SUCCESS)
    }
}

#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// The backup.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct ReconcileArgs {
    /// The first settlement day; unless given, the first that is open since a restore, or yesterday.
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<Date>,
    /// The last settlement day, included.
    #[arg(long, value_name = "YYYY-MM-DD")]
    to: Option<Date>,
    /// Take payments over again that the gateway debited and this store lost.
    #[arg(long)]
    adopt: bool,
    /// Settle what is open about this order, by --note.
    #[arg(long, value_name = "ORDER", requires = "note", conflicts_with_all = ["from", "to", "adopt", "go_on"])]
    settle: Option<String>,
    /// What was done about it, kept with it.
    #[arg(long, value_name = "TEXT", requires = "settle")]
    note: Option<String>,
    /// Hand payment forms out again although days since a restore are not compared. A customer may pay a bill twice.
    #[arg(long, conflicts_with_all = ["from", "to", "adopt"])]
    go_on: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct AuditRestartArgs {
    /// Entries that the restored chain has, as `gridkey-server restore` reports it.
    #[arg(long)]
    length: u64,
}

pub(super) async fn audit_restart(config: &Config, args: &AuditRestartArgs) -> anyhow::Result<ExitCode> {
    let mut target = Target::of(config).await?;
    let done = target.call::<usize>("audit-restart", AuditRestart { length: args.length }).await;
    target.close().await?;
    println!("{} lodged heads are set aside", done?);
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn backup(config: &Config, args: BackupArgs) -> anyhow::Result<ExitCode> {
    let out = std::path::absolute(args.out.context("--out is needed")?)?;
    let mut target = Target::of(config).await?;
    let done = target.call::<Summary>("backup", Backup { out }).await;
    target.close().await?;
    print_summary(&done?, "written", args.json)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn restore(config: &Config, args: &RestoreArgs) -> anyhow::Result<ExitCode> {
    ensure!(!control::is_running(&config.control_socket()).await, "the platform runs: stop it first");
    serve::make_private(&config.data_dir)?;
    let now = SystemClock.now();
    let (store, summary) = restored::restore(config, &args.from, now, config.payments.late_seconds()).await?;
    if !args.json {
        print_summary(&summary, "restored", false)?;
    }
    let mut target = Target::over(config, store)?;
    // Without a gateway, or without its files, this says what is left to be compared.
    let done = target.call::<Reconciled>("reconcile", Reconcile::default()).await;
    target.close().await?;
    let done = done.context("restored, but not compared with the gateway: run reconcile")?;
    if args.json {
        println!("{}", serde_json::json!({ "restored": summary, "reconciled": done }));
    } else {
        print_reconciled(&done);
    }
    Ok(status(&done))
}

pub(super) async fn reconcile(config: &Config, args: ReconcileArgs) -> anyhow::Result<ExitCode> {
    let mut target = Target::of(config).await?;
    let ReconcileArgs { from, to, adopt, settle, note, go_on, json } = args;
    let done = match (settle, note) {
        (Some(order), Some(note)) => target.call::<Reconciled>("settle", Settle { order, note }).await,
        _ if go_on => target.call("go-on", GoOn {}).await,
        _ => target.call("reconcile", Reconcile { from, to, adopt }).await,
    };
    target.close().await?;
    let done = done?;
    if json {
        println!("{}", serde_json::to_string(&done)?);
    } else {
        print_reconciled(&done);
    }
    Ok(status(&done))
}

fn status(done: &Reconciled) -> ExitCode {
    if done.open.is_empty() && done.days_left.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(OPEN) }
}

fn print_summary(summary: &Summary, what: &str, json: bool) -> anyhow::Result<()> {
    if json {
        println!("{}", serde_json::to_string(summary)?);
        return Ok(());
    }
    let at = gridkey_domain::Timestamp::from_seconds(summary.header.at);
    let records: u64 = summary.records.values().sum();
    let tables: Vec<String> = summary.records.iter().map(|(table, count)| format!("{table} {count}")).collect();
    println!(
        "{what}: backup of {} at {at}, schema {}, {} bytes, {records} records ({}), sha256 {}",
        summary.header.program,
        summary.header.schema,
        summary.bytes,
        tables.join(", "),
        summary.sha256
    );
    Ok(())
}

fn print_reconciled(done: &Reconciled) {
    for day in &done.days {
        match (day.transactions, &day.why) {
            (Some(count), _) => println!("{}: compared with the gateway, {count} transactions", day.day),
            (None, why) => println!("{}: not compared: {}", day.day, why.as_deref().unwrap_or("unknown")),
        }
    }
    for order in &done.cleared {
        println!("{order}: paid at the gateway, and now here");
    }
    for order in &done.adopted {
        println!("{order}: taken over again, and paid");
    }
    for finding in &done.open {
        println!("OPEN  {}", finding.sentence());
    }
    if done.days_left.is_empty() {
        println!("{} open", done.open.len());
    } else {
        let days: Vec<String> = done.days_left.iter().map(Date::to_string).collect();
        println!(
            "{} open; still to be compared since the restore: {}. Until then no payment form is handed out for the first time \
             (reconcile --go-on does so at your own risk).",
            done.open.len(),
            days.join(", ")
        );
    }
}
