//! `provision`: keys and certificates for everybody, demo customers and their readings, and the three daemons up.

use std::net::SocketAddr;

use anyhow::{Result, bail};

use super::Journey;
use crate::{
    demo::{http, process::output},
    workspace,
};

pub(super) fn provision(journey: &mut Journey) -> Result<String> {
    journey.plan.write()?;
    let (server, platform) = (journey.plan.server.config.clone(), journey.plan.platform.config.clone());
    output(journey.program("gridkey-server").arg("--config").arg(&server).arg("init"))?;
    let keys = journey.plan.sandbox.folder.join("keys");
    output(journey.program("unionpay-sandbox").args(["init", "--out"]).arg(keys))?;
    let data = workspace::root().join("assets/demo");
    output(journey.program("gridkey-platform").arg("--config").arg(&platform).args(["load", "--data"]).arg(data))?;

    journey.start("sandbox")?;
    journey.start("platform")?;
    journey.start("server")?;
    healthy("platform", journey.plan.platform_ops)?;
    healthy("server", journey.plan.server_ops)?;
    Ok("root, HSM keys and certificates made; customers loaded; sandbox, platform and server are up".to_owned())
}

fn healthy(name: &str, ops: SocketAddr) -> Result<()> {
    let answer = http::get(ops, "/healthz")?;
    if answer.status == 200 { Ok(()) } else { bail!("{name} is up but not healthy: {}", answer.body) }
}
