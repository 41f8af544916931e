//! `stranger` and `unbind`: who has no business here is kept out, and who has none any more is put out.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::{
    CUSTOMERS, Journey,
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
    let admin_config = admin.conf.with_file_name("client.toml");
    let server = &journey.plan.server_tokens;
    // Each with the token store that it needs.
    let ways = [
        ("never-bound", server, &key.config, &key.at.pin_file),
        ("other-root", server, &key.config, &key.at.pin_file),
        ("tls", server, &key.config, &key.at.pin_file),
        ("administrator", &admin.conf, &admin_config, &admin.pin_file),
        ("replayed", &key.at.conf, &key.config, &key.at.pin_file),
    ];
    let mut told = Vec::new();
    for (way, tokens, config, pin) in ways {
        let mut helper = journey.helper("stranger");
        helper.arg(way).env("SOFTHSM2_CONF", tokens).arg("--config").arg(config).arg("--pin-file").arg(pin);
        helper.arg("--server-config").arg(&journey.plan.server.config).args(["--customer", CUSTOMERS[3]]);
        let seen = run(&mut helper)?;
        if !seen.said["cases"].is_array() {
            seen.done()?;
            anyhow::bail!("{way}: nothing was seen");
        }
        for case in list(&seen.said, "/cases")? {
            let (name, closed, expected) = (text(case, "/case")?, text(case, "/closed")?, text(case, "/expected")?);
            ensure!(closed == expected, "{name} got {closed}, not {expected}");
            told.push(format!("{name}: {closed}"));
        }
    }
    ensure!(told.len() == 7, "{} ways were tried", told.len());
    // The customer whose proofs were replayed is let in as before.
    ask(journey.gridkey(key).arg("login"))?;
    Ok(told.join("; "))
}

/// A key reported lost: its open session ends, it is not let in again, and the customer's other key still is.
pub(super) fn unbind(journey: &mut Journey) -> Result<String> {
    let customer = CUSTOMERS[3];
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
