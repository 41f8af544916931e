//! The result of a run: lines with their verdicts, growth with size, the machine; as Markdown and as JSON.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::measure::{
    count,
    machine::Machine,
    statistics::{Spread, exponent},
};

/// Where a document's tables begin and end.
const BEGIN: &str = "<!-- bench: begin -->";
const END: &str = "<!-- bench: end -->";

/// What a line is held to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Aim {
    /// Ours is at most so many times the peer's.
    RatioAtMost(f64),
    /// Ours is at least so many times the peer's.
    RatioAtLeast(f64),
    /// Ours is at most so much, in the line's unit.
    AtMost(f64),
}

/// Something measured at one size.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    row: &'static str,
    case: String,
    size: usize,
    unit: &'static str,
    ours: Spread,
    beside: Option<Beside>,
    aim: Option<Aim>,
    /// Whether the aim is met; none if there is no aim.
    met: Option<bool>,
    /// What all of this size cost, in any unit; growth is read from it.
    #[serde(skip)]
    costs: Option<(f64, Option<f64>)>,
    /// What else was seen.
    notes: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Beside {
    name: String,
    figure: Spread,
    ratio: Spread,
}

impl Line {
    /// What was measured of ours, round by round.
    pub(crate) fn new(row: &'static str, case: &str, size: usize, unit: &'static str, ours: &[f64]) -> Self {
        let ours = Spread::of(ours);
        let case = case.to_owned();
        Self { row, case, size, unit, ours, beside: None, aim: None, met: None, costs: None, notes: Vec::new() }
    }

    /// What was measured of a peer in the same rounds.
    pub(crate) fn beside(mut self, name: &str, ours: &[f64], peer: &[f64]) -> Self {
        let ratio = Spread::of_ratios(ours, peer);
        self.beside = Some(Beside { name: name.to_owned(), figure: Spread::of(peer), ratio });
        self
    }

    /// Holds it to an aim; a ratio only after [`Self::beside`].
    pub(crate) fn aim(mut self, aim: Aim) -> Self {
        let ratio = self.beside.as_ref().map(|beside| beside.ratio.median);
        self.met = match aim {
            Aim::RatioAtMost(most) => ratio.map(|ratio| ratio <= most),
            Aim::RatioAtLeast(least) => ratio.map(|ratio| ratio >= least),
            Aim::AtMost(most) => Some(self.ours.median <= most),
        };
        self.aim = Some(aim);
        self
    }

    /// What everything of this size cost ours and the peer.
    pub(crate) fn costs(mut self, ours: f64, peer: Option<f64>) -> Self {
        self.costs = Some((ours, peer));
        self
    }

    /// Something else that was seen.
    pub(crate) fn note(mut self, note: String) -> Self {
        self.notes.push(note);
        self
    }

    fn aim_text(&self) -> String {
        match self.aim {
            None => String::new(),
            Some(Aim::RatioAtMost(most)) => format!("≤ {most:.2} ×"),
            Some(Aim::RatioAtLeast(least)) => format!("≥ {least:.2} ×"),
            Some(Aim::AtMost(most)) => format!("≤ {} {}", figure(most), self.unit),
        }
    }

    /// `met`, or by how much it is missed.
    fn result_text(&self) -> String {
        let ratio = self.beside.as_ref().map_or(0.0, |beside| beside.ratio.median);
        let factor = match self.aim {
            None => return String::new(),
            Some(Aim::RatioAtMost(most)) => ratio / most,
            Some(Aim::RatioAtLeast(least)) => least / ratio.max(f64::MIN_POSITIVE),
            Some(Aim::AtMost(most)) => self.ours.median / most,
        };
        if self.met == Some(true) { "met".to_owned() } else { format!("**missed {factor:.2} ×**") }
    }
}

/// How the cost of a case grows with its size.
#[derive(Debug, Clone, Serialize)]
struct Growth {
    row: &'static str,
    case: String,
    sizes: Vec<usize>,
    /// 1 is growth in proportion.
    ours: f64,
    beside: Option<f64>,
}

/// A whole run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    date: String,
    machine: Machine,
    quick: bool,
    lines: Vec<Line>,
    growth: Vec<Growth>,
}

impl Report {
    /// An empty one, of today and this machine.
    pub(crate) fn new(quick: bool) -> Self {
        let date = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
        Self { date, machine: Machine::here(), quick, lines: Vec::new(), growth: Vec::new() }
    }

    /// Adds a row's lines and reads the growth from them.
    pub(crate) fn add(&mut self, lines: Vec<Line>) {
        let mut cases: Vec<(&'static str, String)> = Vec::new();
        for line in &lines {
            let case = (line.row, line.case.clone());
            if line.costs.is_some() && !cases.contains(&case) {
                cases.push(case);
            }
        }
        for (row, case) in cases {
            let of_case = || lines.iter().filter(|line| line.row == row && line.case == case);
            let points = |cost: fn(&(f64, Option<f64>)) -> Option<f64>| -> Vec<(f64, f64)> {
                of_case().filter_map(|line| Some((count(line.size), cost(line.costs.as_ref()?)?))).collect()
            };
            let Some(ours) = exponent(&points(|costs| Some(costs.0))) else { continue };
            let sizes = of_case().map(|line| line.size).collect();
            let beside = exponent(&points(|costs| costs.1));
            self.growth.push(Growth { row, case, sizes, ours, beside });
        }
        self.lines.extend(lines);
    }

    /// For people.
    pub(crate) fn markdown(&self) -> String {
        let Machine { processor, cores, memory_gib, kernel } = &self.machine;
        let mut text = format!("{}, {processor}, {cores} cores, {memory_gib} GiB, Linux {kernel}", self.date);
        if self.quick {
            text.push_str("; a quick run: it shows that the rows work, its figures mean nothing");
        }
        text.push_str(".\n\n| row | case | size | ours | beside | ratio (lowest to highest) | aim | result |\n");
        text.push_str("|---|---|---:|---:|---:|---:|---:|---|\n");
        for line in &self.lines {
            let (beside, ratio) = line.beside.as_ref().map_or_else(Default::default, |beside| {
                let Spread { median, lowest, highest } = beside.ratio;
                let shown = format!("{} {} ({})", figure(beside.figure.median), line.unit, beside.name);
                (shown, format!("{median:.2} ({lowest:.2} to {highest:.2})"))
            });
            let ours = match &line.beside {
                Some(_) => format!("{} {}", figure(line.ours.median), line.unit),
                None => {
                    let Spread { median, lowest, highest } = line.ours;
                    format!("{} {} ({} to {})", figure(median), line.unit, figure(lowest), figure(highest))
                }
            };
            let (aim, result) = (line.aim_text(), line.result_text());
            let Line { row, case, size, .. } = line;
            let _ = writeln!(text, "| {row} | {case} | {size} | {ours} | {beside} | {ratio} | {aim} | {result} |");
        }
        text.push_str("\nGrowth: the exponent e in cost = c · size^e; 1 is growth in proportion.\n\n");
        text.push_str("| row | case | sizes | ours | beside |\n|---|---|---|---:|---:|\n");
        for Growth { row, case, sizes, ours, beside } in &self.growth {
            let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
            let beside = beside.map_or_else(String::new, |beside| format!("{beside:.2}"));
            let _ = writeln!(text, "| {row} | {case} | {} | {ours:.2} | {beside} |", sizes.join(", "));
        }
        let noted: Vec<&Line> = self.lines.iter().filter(|line| !line.notes.is_empty()).collect();
        if !noted.is_empty() {
            text.push_str("\nSeen besides:\n\n");
        }
        for Line { row, case, size, notes, .. } in noted {
            let _ = writeln!(text, "- {row}, {case}, {size}: {}.", notes.join("; "));
        }
        text
    }

    /// Puts the tables into a document, in place of the last ones.
    ///
    /// # Errors
    /// If the document has no place for them.
    pub(crate) fn write_into(&self, document: &Path) -> Result<()> {
        let text = fs::read_to_string(document).with_context(|| format!("cannot read {}", document.display()))?;
        let replaced = replaced(&text, &self.markdown())
            .with_context(|| format!("{} has no {BEGIN} and {END}", document.display()))?;
        fs::write(document, replaced).with_context(|| format!("cannot write {}", document.display()))
    }
}

fn replaced(document: &str, tables: &str) -> Option<String> {
    let (before, rest) = document.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{tables}{END}{after}"))
}

/// Three significant digits, without an exponent.
fn figure(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(size: usize, ours: &[f64], peer: &[f64]) -> Line {
        Line::new("login", "all", size, "µs", ours).beside("nginx", ours, peer)
    }

    #[test]
    fn a_line_says_whether_its_aim_is_met_and_by_how_much_not() {
        let met = line(10, &[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]).aim(Aim::RatioAtMost(1.0));
        assert_eq!(met.result_text(), "met");
        let missed = line(10, &[3.0], &[2.0]).aim(Aim::RatioAtMost(1.0));
        assert_eq!(missed.result_text(), "**missed 1.50 ×**");
        let slow = line(10, &[1.0], &[4.0]).aim(Aim::RatioAtLeast(0.5));
        assert_eq!(slow.result_text(), "**missed 2.00 ×**");
        let alone = Line::new("memory", "idle", 10, "kB", &[30.0]).aim(Aim::AtMost(20.0));
        assert_eq!((alone.aim_text().as_str(), alone.result_text().as_str()), ("≤ 20.0 kB", "**missed 1.50 ×**"));
    }

    #[test]
    fn growth_is_read_from_a_cases_sizes() {
        let mut report = Report::new(true);
        let costs = |size: usize| line(size, &[1.0], &[1.0]).costs(count(size * size), Some(count(size)));
        report.add(vec![costs(10), costs(30), costs(100)]);
        assert_eq!(report.growth.len(), 1);
        assert!((report.growth[0].ours - 2.0).abs() < 1e-9);
        assert!((report.growth[0].beside.unwrap() - 1.0).abs() < 1e-9);
        let text = report.markdown();
        assert!(text.contains("| login | all | 10, 30, 100 | 2.00 | 1.00 |"), "{text}");
        assert!(!text.contains("Seen besides"), "nothing else was seen");
    }

    #[test]
    fn what_else_was_seen_stands_below_the_tables() {
        let mut report = Report::new(false);
        report.add(vec![line(10, &[1.0], &[1.0]).note("one".to_owned()).note("two".to_owned())]);
        let text = report.markdown();
        assert!(text.ends_with("Seen besides:\n\n- login, all, 10: one; two.\n"), "{text}");
    }

    #[test]
    fn a_document_keeps_what_stands_around_its_tables() {
        let document = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        assert_eq!(replaced(&document, "new\n").unwrap(), format!("before\n{BEGIN}\nnew\n{END}\nafter\n"));
        assert_eq!(replaced("nothing", "new"), None);
    }

    #[test]
    fn figures_have_three_digits() {
        assert_eq!([1234.0, 45.67, 4.567, 0.4567].map(figure), ["1234", "45.7", "4.57", "0.457"]);
    }
}
