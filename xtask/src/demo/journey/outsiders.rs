//! `stranger` and `unbind`: who has no business here is kept out, and who has none any more is put out.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::{
    Journey,
    gridkey::{Running, ask, list, run, text},
    keys::Key,
};
use crate::demo::process::output;

/// How fast a lost key's session is cut.
const CUT: Duration = Duration::from_secs(1);

/// Each way of coming without a bound key is refused, with its own code.
pub(super) fn stranger(journey: &mut Journey) -> Result<String> {
    let key = journey.key(4)?;
    let admin = journey.stack.admins.first().context("there is no administrator's key")?;
    let mut helper = journey.helper("stranger");
    helper.arg("--server-config").arg(&journey.plan.server.config);
    helper.arg("--config").arg(&key.config).arg("--pin-file").arg(&key.at.pin_file);
    helper.arg("--customer-conf").arg(&key.at.conf);
    helper
        .arg("--admin-conf")
        .arg(&admin.conf)
        .args(["--admin-uri", &admin.uri])
        .arg("--admin-pin-file")
        .arg(&admin.pin_file);
    let seen = ask(&mut helper)?;
    let mut told = Vec::new();
    for case in list(&seen, "/cases")? {
        let (name, code) = (text(case, "/case")?, text(case, "/closed")?);
        ensure!(case["closed"] == case["expected"], "{name} got {code}, not {}", case["expected"]);
        told.push(format!("{name} {code}"));
    }
    ensure!(told.len() >= 5, "only {} ways were tried", told.len());
    // The customer whose proofs were replayed is let in as before.
    ask(journey.gridkey(key).arg("login"))?;
    Ok(told.join("; "))
}

/// A key reported lost: its open session ends, it is not let in again, and the customer's other key still is.
pub(super) fn unbind(journey: &mut Journey) -> Result<String> {
    let customer = "1100000004";
    let folder = journey.layout.root().join("people").join(format!("{customer}-second"));
    let mut second = Key::make(journey, &folder, "usbkey-second", Some(customer))?;
    second.certify(journey)?;
    let mut watch = Running::start(journey.gridkey(&second).arg("watch"))?;
    watch.wait_online()?;

    let said = output(journey.server().args(["key", "lost", "--fingerprint", &second.fingerprint]))?;
    let reported = Instant::now();
    watch.ended()?.refused(4, "lost").context("the open session")?;
    let after = reported.elapsed();
    ensure!(after < CUT, "the open session was cut only {} ms after the report", after.as_millis());
    run(journey.gridkey(&second).arg("login"))?.refused(4, "lost").context("the next login")?;
    ask(journey.gridkey(journey.key(4)?).arg("login")).context("the customer's other key")?;
    let said: serde_json::Value = serde_json::from_str(&said).context("what the report answered")?;
    ensure!(said["keys"][0]["sessions_cut"] == 1, "{said}");
    Ok(format!(
        "reported lost: session cut {} ms after the report, next login refused as lost; the customer's other key still works",
        after.as_millis()
    ))
}
