//! `gridkey-admin key issue --batch`: keys for many customers, one blank token after another.

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    time::Duration,
};

use gridkey_desk::{
    Desk,
    issue::{Holder, IssueOrder},
    maker::{Workbench, make_key},
    record::Record,
};
use gridkey_domain::CustomerNo;
use gridkey_protocol::{bytes::hex, ops::admin::keys::KeyDetail};
use gridkey_token::pkcs11::SlotChoice;
use serde::Deserialize;
use serde_json::json;

use super::{
    finish,
    making::{Terminal, made, workbench},
};
use crate::{
    args::Bench,
    exit::{Done, Failure, Kind},
    setup::Context,
};

/// How often the reader is looked at for the next blank token.
const LOOK: Duration = Duration::from_millis(500);

/// Failures one after another that show that it is not the tokens.
const ENOUGH: usize = 3;

/// A line of the file.
#[derive(Debug, Deserialize, PartialEq, Eq)]
struct Line {
    customer: CustomerNo,
    #[serde(default)]
    label: Option<String>,
}

impl Line {
    fn label(&self) -> &str {
        self.label.as_deref().unwrap_or(self.customer.as_str())
    }
}

/// Makes a key for each customer of the file. A key that fails is told and the next one begun; if the server is gone, or
/// several fail one after another, the rest is left. What was made stays made however the batch ends, and each key is told as soon as it is.
pub(super) async fn issue(
    context: &Context,
    bench: &Bench,
    file: &Path,
    records: Option<&Path>,
    bind: bool,
) -> Result<Done, Failure> {
    let mut lines = read(file)?;
    if let Some(folder) = records {
        std::fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
    }
    let bench = workbench(context, bench, "")?;
    let desk = context.desk().await?;
    let total = lines.len();
    let (mut done, mut failed, mut in_a_row) = (0_usize, 0_usize, 0_usize);
    let outcome = loop {
        let Some(line) = lines.front() else { break Ok(()) };
        let number = total - lines.len() + 1;
        if !context.output.json {
            eprintln!(
                "gridkey-admin: {number} of {total}: customer {}; put a blank token into the reader",
                line.customer
            );
        }
        if let Err(error) = next_blank(&bench).await {
            break Err(error);
        }
        let Some(line) = lines.pop_front() else { break Ok(()) };
        match one(context, &desk, &bench, &line, records, bind).await {
            Ok(key) => {
                done += 1;
                in_a_row = 0;
                context.output.print(&json!({ "customer": line.customer, "key": key }), || {
                    format!("{number} of {total}: customer {}: key {}", line.customer, hex(&key.key.0))
                })?;
            }
            Err(error) => {
                failed += 1;
                in_a_row += 1;
                context.output.print(&json!({ "customer": line.customer, "error": error }), || {
                    format!("{number} of {total}: customer {}: {}", line.customer, error.message)
                })?;
                if matches!(error.kind, Kind::Unknown | Kind::Network | Kind::NotLetIn) || in_a_row >= ENOUGH {
                    break Ok(());
                }
            }
        }
    };
    finish(desk).await;
    let left: Vec<&CustomerNo> = lines.iter().map(|line| &line.customer).collect();
    context.output.print(&json!({ "made": done, "failed": failed, "left": left }), || {
        let rest: Vec<&str> = left.iter().map(|customer| customer.as_str()).collect();
        let rest = if rest.is_empty() { String::new() } else { format!(": {}", rest.join(", ")) };
        format!("{done} keys made, {failed} failed, {} not begun{rest}", left.len())
    })?;
    outcome?;
    Ok(if done == total { Done::Ok } else { Done::Bad })
}

/// One key, with its record.
async fn one(
    context: &Context,
    desk: &Desk,
    bench: &Workbench,
    line: &Line,
    records: Option<&Path>,
    bind: bool,
) -> Result<Box<KeyDetail>, Failure> {
    let bench = Workbench { label: line.label().to_owned(), ..bench.clone() };
    let order = IssueOrder { holder: Holder::Customer(line.customer.clone()), replaces: None, bind };
    let key = made(make_key(desk, &bench, order, &mut Terminal { json: context.output.json }).await)?;
    if let Some(folder) = records {
        let by = desk.key().certificates().leaf().common_name().unwrap_or_else(|| "-".to_owned());
        let path = record_path(folder, &key);
        let text = Record { key: &key, label: &bench.label, by: &by, at: desk.now() }.text();
        // The key is made all the same: say so, and that its record is missing.
        std::fs::write(&path, text).map_err(|error| {
            let message =
                format!("the key {} is made, but not its record: {}: {error}", hex(&key.key.0), path.display());
            Failure::coded(Kind::Other, "record", message)
        })?;
    }
    Ok(key)
}

fn record_path(folder: &Path, key: &KeyDetail) -> PathBuf {
    let fingerprint = hex(&key.key.0);
    folder.join(format!("{}-{}.txt", key.name, fingerprint.get(..16).unwrap_or(&fingerprint)))
}

/// Waits until there is a blank token where one is looked for.
async fn next_blank(bench: &Workbench) -> Result<(), Failure> {
    loop {
        let tokens = tokio::task::block_in_place(|| bench.provider.tokens())?;
        let blank = tokens.iter().any(|token| match bench.slot {
            SlotChoice::FirstBlank => !token.initialised,
            SlotChoice::Blank(slot) | SlotChoice::Erase(slot) => token.slot_id == slot && !token.initialised,
        });
        if blank {
            return Ok(());
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Reads the file as a whole, so that one with a fault in its last line makes no key.
fn read(file: &Path) -> Result<VecDeque<Line>, Failure> {
    let wrong = |why: String| Failure::usage(format!("{}: {why}", file.display()));
    let mut reader = csv::Reader::from_path(file).map_err(|error| wrong(error.to_string()))?;
    let lines: Result<VecDeque<Line>, csv::Error> = reader.deserialize().collect();
    let lines = lines.map_err(|error| wrong(error.to_string()))?;
    if lines.is_empty() {
        return Err(wrong("no customers".to_owned()));
    }
    match lines.iter().find(|line| !(1..=32).contains(&line.label().len())) {
        Some(line) => Err(wrong(format!("customer {}: a label takes 1 to 32 bytes", line.customer))),
        None => Ok(lines),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<Line>, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        read(file.path()).map(Vec::from).map_err(|failure| failure.message)
    }

    #[test]
    fn a_label_is_the_customers_number_unless_given() {
        let lines = read_text("customer,label\n1100000001,mill\n1100000002,\n").unwrap();
        assert_eq!(lines.iter().map(Line::label).collect::<Vec<_>>(), ["mill", "1100000002"]);
        assert_eq!(read_text("customer\n1100000001\n").unwrap()[0].label(), "1100000001");
    }

    #[test]
    fn a_fault_anywhere_in_the_file_is_told_before_the_first_key() {
        for text in ["", "customer\n", "name\n1\n", "customer\n1100000001\nnobody at all\n"] {
            assert!(read_text(text).is_err(), "{text:?}");
        }
        let long = format!("customer,label\n1100000001,{}\n", "x".repeat(33));
        assert!(read_text(&long).unwrap_err().contains("1100000001"));
    }
}
