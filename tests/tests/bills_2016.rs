//! A year of bills as the platform's own program prints them, each value reckoned again by other code.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, ensure};
use gridkey_tests::{
    programs,
    recompute::{Mapping, compare},
};

fn platform(data_dir: &Path, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(programs::path("gridkey-platform")?);
    let output = command.arg("--data-dir").arg(data_dir).args(arguments).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

#[test]
fn all_96_bills_of_the_profile_year_are_what_the_rules_give() {
    let data = PathBuf::from("../assets/demo");
    let folder = tempfile::tempdir().unwrap();
    platform(folder.path(), &["load", "--data", data.to_str().unwrap(), "--year", "2016"]).unwrap();
    platform(folder.path(), &["bill-run", "--year", "2016"]).unwrap();
    let bills = platform(folder.path(), &["bills", "--year", "2016", "--json"]).unwrap();
    assert_eq!(bills.lines().count(), 96);
    let verdict = compare(&data, &bills, Mapping::ProfileYear).unwrap();
    assert_eq!(verdict.different, Vec::<String>::new());
    assert_eq!(verdict.equal, 96);

    // The comparison itself notices a single fen.
    let first = bills.lines().next().unwrap();
    let total = serde_json::from_str::<serde_json::Value>(first).unwrap()["total"].as_u64().unwrap();
    let wrong = first.replace(&format!("\"total\":{total}"), &format!("\"total\":{}", total + 1));
    assert_eq!(compare(&data, &wrong, Mapping::ProfileYear).unwrap().different.len(), 1);
}
