//! The real payment platform beside a server under test, with generated customers.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::{
    bench::Bench,
    children::Child,
    stack::Stack,
    work::{Done, FillMeters, Kind},
    worker::Worker,
};

/// Where a platform is going to listen.
pub(crate) fn address() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on loopback")?;
    Ok(listener.local_addr()?)
}

/// Fills a data folder with so many meters, each a customer's, and a month of readings.
pub(crate) async fn fill(bench: &Bench, name: &str, meters: usize) -> Result<PathBuf> {
    let folder = bench.folder(name)?;
    let data = folder.join("data");
    let mut worker = Worker::start(Kind::Bills, &bench.data, &folder)?;
    worker.ask::<Done>(&FillMeters { meters, folder: data.clone() }).await?;
    Ok(data)
}

/// Serves the data folder `data` to the server `stack`, which was provisioned with `address`.
pub(crate) async fn start(bench: &Bench, stack: &Stack, address: SocketAddr, data: &Path) -> Result<Child> {
    let config = stack.folder.join("platform.toml");
    let (intranet, state) = (stack.intranet(), data.display());
    let [certificate, key, root] =
        ["platform.pem", "platform-key.pem", "root.pem"].map(|name| intranet.join(name).display().to_string());
    fs::write(
        &config,
        format!(
            "data_dir = \"{state}\"\n\n[https]\nlisten = \"{address}\"\ncertificate = \"{certificate}\"\n\
             key = \"{key}\"\nclient_root = \"{root}\"\n\n[ops]\nlisten = \"127.0.0.1:0\"\n"
        ),
    )?;
    let mut command = Command::new(bench.program("gridkey-platform"));
    command.arg("--config").arg(&config).arg("serve").env("RUST_LOG", "error");
    let mut platform = Child::spawn("platform", &mut command, &stack.folder)?;
    let (runtime, pid) = (data.join("runtime.json"), platform.pid());
    platform
        .wait_for(async || {
            let runtime: Value = serde_json::from_slice(&fs::read(&runtime).ok()?).ok()?;
            (runtime["pid"] == pid).then_some(())
        })
        .await?;
    Ok(platform)
}
