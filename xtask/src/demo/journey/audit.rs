//! `audit`: the chain of evidence verifies, and copies of it that were tampered with do not.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{
    Journey,
    gridkey::{ask, fen, run, until},
};

/// The chain verifies against a lodged head; a changed byte and a tail cut below that head are found.
pub(super) fn audit(journey: &mut Journey) -> Result<String> {
    // The head that was lodged last must cover what the journey did; a new one comes every few seconds.
    let entries = fen(&ask(journey.server().args(["audit", "verify"]))?, "/entries")?;
    let mut verdict = Value::Null;
    until("a lodged head", || {
        verdict = ask(journey.server().args(["audit", "verify"]))?;
        Ok(verdict["lodged"]["length"].as_u64() >= Some(entries))
    })?;
    let lodged = fen(&verdict, "/lodged/length")?;

    // One process holds the database: it is copied while the server is down, and the copies are looked at beside it.
    let store = journey.plan.server.state.join("store");
    let scratch = journey.layout.root().join("audit");
    let copies = ["whole", "changed", "cut"].map(|name| scratch.join(name));
    journey.halt("server")?;
    let copied = copies.iter().try_for_each(|copy| copy_folder(&store, copy));
    journey.start("server")?;
    copied?;
    let [whole, changed, cut] = &copies;

    let honest = run(&mut verify(journey, whole))?.done().context("the untouched copy")?;
    let place = lodged / 2;
    ask(journey.helper("tamper").arg("--store").arg(changed).args(["--change", &place.to_string()]))?;
    let found = run(&mut verify(journey, changed))?;
    let fault = found.said["fault"].as_str().unwrap_or_default().to_owned();
    ensure!(found.status == Some(1) && fault.contains(&place.to_string()), "one byte of entry {place}: {}", found.said);
    let left = lodged - 1;
    ask(journey.helper("tamper").arg("--store").arg(cut).args(["--cut", &left.to_string()]))?;
    let found = run(&mut verify(journey, cut))?;
    let cut_fault = found.said["fault"].as_str().unwrap_or_default().to_owned();
    ensure!(found.status == Some(1) && cut_fault.contains("cut"), "the tail from {left} on: {}", found.said);
    fs::remove_dir_all(&scratch).context("the copies")?;
    Ok(format!(
        "{} entries verify, head lodged at {lodged}; found in copies: {fault}; {cut_fault}",
        fen(&honest, "/entries")?
    ))
}

/// `audit verify` on a copy of the database. No server answers on its socket, so the command opens the copy itself.
fn verify(journey: &Journey, copy: &Path) -> Command {
    let mut command = journey.server();
    command
        .args(["audit", "verify"])
        .env("GRIDKEY_SERVER_STORE__URL", format!("surrealkv://{}", copy.display()))
        .env("GRIDKEY_SERVER_CONTROL__SOCKET", copy.with_extension("sock"));
    command
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy_folder(&source, &target)?;
        } else {
            fs::copy(&source, &target).with_context(|| format!("cannot copy {}", source.display()))?;
        }
    }
    Ok(())
}
