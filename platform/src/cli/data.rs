//! Commands that load, bill and print.

use std::io::{self, Write};

use anyhow::bail;

use super::{Command, absolute, target::Target};
use crate::{
    control::{ArrearsChanged, ArrearsRun, BillRun, BillRunReport, Bills, Load, PrintedBill, Readings},
    load::{LoadReport, feed::Posted},
};

pub(super) async fn run(target: &mut Target, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Load(args) => {
            let (year, bills_until, today) = (args.year, args.bills_until, args.today);
            let load = Load { folder: absolute(&args.data)?, year, bills_until, today };
            let report: LoadReport = target.call("load", load).await?;
            print(&format!(
                "{} customers, {} meters, {} days of readings from {} to {}, {} bills\n",
                report.customers, report.meters, report.days, report.first, report.last, report.bills
            ))?;
            if !report.mapping.is_empty() {
                print(&format!("mapping: {}\n", report.mapping))?;
            }
        }
        Command::BillRun(args) => {
            let run = BillRun { year: args.year, month: args.month, today: args.today };
            let report: BillRunReport = target.call("bill-run", run).await?;
            print(&format!(
                "{} bills made, {} there already, {} meters without readings\n",
                report.made.len(),
                report.existing,
                report.without_readings
            ))?;
        }
        Command::Bills(args) => {
            let bills: Vec<PrintedBill> = target.call("bills", Bills { year: args.year }).await?;
            for bill in bills {
                if args.json {
                    print(&format!("{}\n", serde_json::to_string(&bill)?))?;
                } else {
                    print(&format!("{}  {}  {} kWh  {} yuan\n", bill.bill, bill.customer, bill.kwh.total, bill.total))?;
                }
            }
        }
        Command::Readings(args) => {
            let query = Readings { meter: args.meter, from: args.from, to: args.to };
            let days: Vec<Posted> = target.call("readings", query).await?;
            for day in days {
                print(&format!("{}\n", serde_json::to_string(&day)?))?;
            }
        }
        Command::ArrearsRun(args) => {
            let changes: Vec<ArrearsChanged> = target.call("arrears-run", ArrearsRun { today: args.today }).await?;
            for change in changes {
                print(&format!("{}\n", serde_json::to_string(&change)?))?;
            }
        }
        _ => bail!("not a data command"),
    }
    Ok(())
}

/// Prints, and ends quietly when the reader of a pipe went away.
fn print(text: &str) -> io::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        written => written,
    }
}
