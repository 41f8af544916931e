//! `provision`: keys and certificates for everybody, demo customers and their readings, and the three daemons up.

use std::net::SocketAddr;

use anyhow::{Result, bail};

use super::{CUSTOMERS, Journey, keys::Key};
use crate::demo::{http, process::output};

pub(super) fn provision(journey: &mut Journey) -> Result<String> {
    journey.plan.write()?;
    // The administrator's key makes its request first: init certifies it.
    let people = journey.layout.root().join("people");
    let admin = Key::make(journey, &people.join("admin-1"), "admin-1", None)?;
    let issued = admin.folder.join("issued");
    let mut init = journey.server();
    init.arg("init").arg("--admin-csr").arg(admin.request().join("request.pem")).arg("--admin-out").arg(&issued);
    output(&mut init)?;
    admin.import(journey, &issued)?;
    journey.stack.admins.push(admin.at);

    let keys = journey.plan.sandbox.folder.join("keys");
    output(journey.program("unionpay-sandbox").args(["init", "--out"]).arg(keys))?;
    // The newest bill is left to the step that runs the bills while somebody watches.
    let data = Journey::data();
    let until = journey.calendar()?.month_before_last;
    let mut load = journey.platform();
    output(load.args(["load", "--bills-until", &until, "--data"]).arg(data))?;

    journey.start("sandbox")?;
    journey.start("platform")?;
    journey.start("server")?;
    healthy("platform", journey.plan.platform_ops)?;
    healthy("server", journey.plan.server_ops)?;

    for customer in CUSTOMERS {
        let mut key = Key::make(journey, &people.join(customer), &format!("usbkey-{customer}"), Some(customer))?;
        key.certify(journey)?;
        journey.stack.tokens.push(key.at.clone());
        journey.keys.push(key);
    }
    journey.stack.write(&journey.layout.stack())?;
    Ok(format!(
        "root, HSM and certificates made; {} customers loaded (each day's readings are those of the nearest same weekday of 2016), each with a bound \
         key on a token; sandbox, platform and server are up",
        CUSTOMERS.len()
    ))
}

fn healthy(name: &str, ops: SocketAddr) -> Result<()> {
    let answer = http::get(ops, "/healthz")?;
    if answer.status == 200 { Ok(()) } else { bail!("{name} is up but not healthy: {}", answer.body) }
}
