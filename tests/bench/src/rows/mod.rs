//! The rows. Each says in its own file what it measures and why that is what it is held to.

mod alarm;
mod audit;
mod bill_run;
mod crl;
mod login;
mod memory;
mod orders;
mod request;

use std::{pin::Pin, time::Duration};

use anyhow::{Result, bail};

use crate::{
    bench::Bench,
    measure::{
        Batch,
        statistics::{median, percentile},
    },
    table::Line,
};

type Measuring<'a> = Pin<Box<dyn Future<Output = Result<Vec<Line>>> + 'a>>;

/// A row.
pub(crate) struct Row {
    /// Its name on the command line.
    pub(crate) name: &'static str,
    /// Measures it.
    pub(crate) measure: for<'a> fn(&'a Bench) -> Measuring<'a>,
}

/// All rows, in the order in which they are measured.
const ROWS: &[Row] = &[
    Row { name: login::ROW, measure: |bench| Box::pin(login::measure(bench)) },
    Row { name: request::ROW, measure: |bench| Box::pin(request::measure(bench)) },
    Row { name: memory::ROW, measure: |bench| Box::pin(memory::measure(bench)) },
    Row { name: alarm::ROW, measure: |bench| Box::pin(alarm::measure(bench)) },
    Row { name: orders::ROW, measure: |bench| Box::pin(orders::measure(bench)) },
    Row { name: crl::ROW, measure: |bench| Box::pin(crl::measure(bench)) },
    Row { name: audit::ROW, measure: |bench| Box::pin(audit::measure(bench)) },
    Row { name: bill_run::ROW, measure: |bench| Box::pin(bill_run::measure(bench)) },
];

/// The rows of these names, or all.
///
/// # Errors
/// With the names there are, if one is not among them.
pub(crate) fn choose(names: &[String]) -> Result<Vec<&'static Row>> {
    if let Some(unknown) = names.iter().find(|name| ROWS.iter().all(|row| row.name != **name)) {
        let known: Vec<&str> = ROWS.iter().map(|row| row.name).collect();
        bail!("there is no row {unknown}; the rows are {}", known.join(", "));
    }
    Ok(ROWS.iter().filter(|row| names.is_empty() || names.iter().any(|name| name == row.name)).collect())
}

/// Rates by the clock and latencies of some rounds, in words.
fn rates(whose: &str, batches: &[Batch]) -> String {
    let rate = median(&batches.iter().map(Batch::rate).collect::<Vec<_>>());
    let latencies: Vec<Duration> = batches.iter().flat_map(|batch| batch.latencies.iter().copied()).collect();
    if latencies.is_empty() {
        return format!("{whose} {rate:.0}/s by the clock");
    }
    let milliseconds = |percent| percentile(&latencies, percent).as_secs_f64() * 1e3;
    let (half, most) = (milliseconds(50), milliseconds(99));
    format!("{whose} {rate:.0}/s by the clock, p50 {half:.2} ms, p99 {most:.2} ms")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_chosen_by_name_and_a_wrong_name_is_told() {
        assert_eq!(choose(&[]).unwrap().len(), ROWS.len());
        let two: Vec<&str> = choose(&["crl".into(), "login".into()]).unwrap().iter().map(|row| row.name).collect();
        assert_eq!(two, ["login", "crl"]);
        assert!(choose(&["logins".into()]).err().unwrap().to_string().contains("bill-run"));
    }
}
