//! What goes to stdout: aligned text for people, or one JSON object.

use std::io::Write as _;

use gridkey_client::client::Fetched;
use gridkey_domain::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use crate::exit::{Done, Failure};

/// How to print.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) const fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints `value` as JSON, or `text` for a person.
    pub(crate) fn print(self, value: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
        if self.json {
            line(&serde_json::to_string(value).map_err(Failure::other)?)
        } else {
            line(text().trim_end_matches('\n'))
        }
    }

    /// Prints something fetched: `{"live", "as_of", NAME: value}`, or text with its age if it was kept.
    pub(crate) fn fetched<T: Serialize>(
        self,
        name: &str,
        fetched: &Fetched<T>,
        now: Timestamp,
        text: impl FnOnce(&T) -> String,
    ) -> Result<(), Failure> {
        let value = json!({ "live": fetched.live, "as_of": fetched.at, name: to_json(&fetched.value)? });
        self.print(&value, || {
            let mut shown = text(&fetched.value);
            if !fetched.live {
                shown = format!("{}\n\n{shown}", age(fetched.at, now));
            }
            shown
        })
    }
}

/// `value` as JSON.
pub(crate) fn to_json(value: &impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(value).map_err(Failure::other)
}

/// Writes a line to stdout; a reader that went away ends the program quietly.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    bytes(format!("{text}\n").as_bytes())
}

/// Writes bytes to stdout.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        outcome => outcome.map_err(Failure::other),
    }
}

/// The exit status of something fetched: kept data shown because there is no connection is told, unless it was asked for.
pub(crate) const fn done(live: bool, offline_asked: bool) -> Done {
    if live || offline_asked { Done::Ok } else { Done::FromStore }
}

/// How old kept data is.
pub(crate) fn age(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.seconds_since(at).max(0);
    let age = match seconds {
        0..60 => "less than a minute".to_owned(),
        60..3600 => plural(seconds / 60, "minute"),
        3600..86400 => plural(seconds / 3600, "hour"),
        _ => plural(seconds / 86400, "day"),
    };
    format!("Offline: as of {}, {age} old.", local(at))
}

fn plural(number: i64, unit: &str) -> String {
    if number == 1 { format!("1 {unit}") } else { format!("{number} {unit}s") }
}

/// A time in this machine's time zone.
pub(crate) fn local(at: Timestamp) -> String {
    at.to_jiff().to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Signed fen as yuan with separators.
pub(crate) fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let amount = gridkey_domain::Fen::new(fen.unsigned_abs()).unwrap_or_default();
    format!("{sign}{amount}")
}

/// Name and value pairs, values aligned.
pub(crate) fn pairs(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    pairs.iter().map(|(name, value)| format!("{name:width$}  {value}\n")).collect()
}

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A table with a head; columns as wide as they need.
pub(crate) fn table(head: &[(&str, Align)], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = head
        .iter()
        .enumerate()
        .map(|(column, (name, _))| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            cells.chain([name.chars().count()]).max().unwrap_or(0)
        })
        .collect();
    let write = |cells: &mut dyn Iterator<Item = &str>| {
        let row: Vec<String> = cells
            .zip(head.iter().zip(&widths))
            .map(|(cell, ((_, align), &width))| match align {
                Align::Left => format!("{cell:<width$}"),
                Align::Right => format!("{cell:>width$}"),
            })
            .collect();
        format!("{}\n", row.join("  ").trim_end())
    };
    let mut text = write(&mut head.iter().map(|(name, _)| *name));
    for row in rows {
        text.push_str(&write(&mut row.iter().map(String::as_str)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [vec!["a".to_owned(), "1".to_owned()], vec!["long".to_owned(), "1,000".to_owned()]];
        let shown = table(&[("name", Align::Left), ("yuan", Align::Right)], &rows);
        assert_eq!(shown, "name   yuan\na         1\nlong  1,000\n");
    }

    #[test]
    fn a_negative_amount_keeps_its_sign() {
        assert_eq!(yuan(-1_234_567), "-12,345.67");
        assert_eq!(yuan(-5), "-0.05");
    }

    #[test]
    fn age_is_told_in_the_largest_unit() {
        let at = Timestamp::from_seconds(0);
        assert!(age(at, Timestamp::from_seconds(7200)).ends_with("2 hours old."));
        assert!(age(at, Timestamp::from_seconds(86_400)).ends_with("1 day old."));
    }
}
