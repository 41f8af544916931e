//! One line for each step of the journey, and the count at the end.

use std::{collections::BTreeSet, io::Write};

use anyhow::Result;

/// What was tried and how it went, printed as it happens.
pub(crate) struct Report<W> {
    out: W,
    passed: usize,
    failed: BTreeSet<&'static str>,
}

impl<W: Write> Report<W> {
    /// A report that is printed to `out`.
    pub(crate) fn on(out: W) -> Self {
        Self { out, passed: 0, failed: BTreeSet::new() }
    }

    /// Carries out the step `name`, unless one that it `needs` failed; then it has failed too.
    pub(crate) fn step(&mut self, name: &'static str, needs: &[&str], run: impl FnOnce() -> Result<String>) {
        if let Some(need) = needs.iter().find(|need| self.failed.contains(*need)) {
            return self.fail(name, &format!("not tried, since {need} failed"));
        }
        match run() {
            Ok(detail) => {
                self.passed += 1;
                self.line("ok", name, &detail);
            }
            Err(error) => self.fail(name, &format!("{error:#}")),
        }
    }

    /// Prints the count and tells whether every step held.
    pub(crate) fn finish(mut self) -> bool {
        let (passed, failed) = (self.passed, self.failed.len());
        self.print(&format!("{passed} passed, {failed} failed"));
        failed == 0 && passed > 0
    }

    fn fail(&mut self, name: &'static str, reason: &str) {
        self.failed.insert(name);
        self.line("FAIL", name, reason);
    }

    fn line(&mut self, verdict: &str, name: &str, text: &str) {
        // One line whatever a program printed.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.print(format!("{verdict}  {name}  {text}").trim_end());
    }

    fn print(&mut self, line: &str) {
        // A reader that went away, as in `… | head`, is no reason to leave daemons behind.
        let _ = writeln!(self.out, "{line}").and_then(|()| self.out.flush());
    }
}

#[cfg(test)]
mod tests {
    use anyhow::{Context, anyhow};

    use super::*;

    fn report(steps: impl FnOnce(&mut Report<&mut Vec<u8>>)) -> (String, bool) {
        let mut out = Vec::new();
        let mut report = Report::on(&mut out);
        steps(&mut report);
        let held = report.finish();
        (String::from_utf8(out).unwrap(), held)
    }

    #[test]
    fn each_step_is_one_line_and_the_count_comes_last() {
        let (text, held) = report(|report| {
            report.step("login", &[], || Ok("1100000001\nHuadong".to_owned()));
            report.step("bills", &["login"], || Ok(String::new()));
        });
        assert_eq!(text, "ok  login  1100000001 Huadong\nok  bills\n2 passed, 0 failed\n");
        assert!(held);
    }

    #[test]
    fn a_failure_stops_only_what_needs_it() {
        let (text, held) = report(|report| {
            report.step("login", &[], || Err(anyhow!("closed\nwith 4403")).context("session"));
            report.step("bills", &["login"], || panic!("must not be tried"));
            report.step("pay", &["bills"], || panic!("must not be tried"));
            report.step("audit", &[], || Ok("12 entries".to_owned()));
        });
        let lines = [
            "FAIL  login  session: closed with 4403",
            "FAIL  bills  not tried, since login failed",
            "FAIL  pay  not tried, since bills failed",
            "ok  audit  12 entries",
            "1 passed, 3 failed\n",
        ];
        assert_eq!(text, lines.join("\n"));
        assert!(!held);
    }

    #[test]
    fn nothing_tried_is_not_success() {
        assert!(!report(|_| {}).1);
    }
}
