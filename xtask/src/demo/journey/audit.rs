//! `audit`: the chain of evidence verifies, and copies of it that were tampered with do not.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{
    Journey,
    gridkey::{ask, fen, run, text, until},
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

    // One process holds the database: it is copied and looked at while the server is down.
    journey.halt("server")?;
    let found = tampered(journey, lodged);
    // Back also if something failed in between.
    journey.start("server")?;
    let found = found?;
    ask(journey.server().args(["audit", "verify"])).context("after the server's return")?;
    Ok(format!("{entries} entries verify, head lodged at {lodged}; found in copies of the database: {found}"))
}

/// Tampers with copies of the database and has them verified; gives what was found.
fn tampered(journey: &Journey, lodged: u64) -> Result<String> {
    let store = journey.plan.server.state.join("store");
    let scratch = journey.layout.root().join("audit");
    let [whole, changed, cut] = ["whole", "changed", "cut"].map(|name| scratch.join(name));
    [&whole, &changed, &cut].into_iter().try_for_each(|copy| copy_folder(&store, copy))?;
    ask(&mut verify(journey, &whole)).context("the untouched copy")?;

    let place = lodged / 2;
    ask(journey.helper("tamper").arg("--store").arg(&changed).args(["--change", &place.to_string()]))?;
    let one_byte = fault(journey, &changed)?;
    ensure!(one_byte.contains(&format!("entry {place} ")), "one byte of entry {place}: {one_byte}");

    ask(journey.helper("tamper").arg("--store").arg(&cut).args(["--cut", &(lodged - 1).to_string()]))?;
    let tail = fault(journey, &cut)?;
    ensure!(tail.contains("was cut"), "the tail from {} on: {tail}", lodged - 1);
    fs::remove_dir_all(&scratch).context("the copies")?;
    Ok(format!("{one_byte}; {tail}"))
}

/// What verifying a copy that was tampered with says.
fn fault(journey: &Journey, copy: &Path) -> Result<String> {
    let found = run(&mut verify(journey, copy))?;
    ensure!(found.status == Some(1) && found.said["ok"] == false, "the copy verifies: {}", found.said);
    Ok(text(&found.said, "/fault")?.to_owned())
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
