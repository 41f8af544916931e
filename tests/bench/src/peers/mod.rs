//! Those whom we are measured beside: on loopback, with keys of the same kind, TLS 1.3, no resumption.

pub(crate) mod echo;
pub(crate) mod nats;
pub(crate) mod nginx;
pub(crate) mod platform;
pub(crate) mod softhsm;
pub(crate) mod surreal;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
};

use anyhow::{Context as _, Result};
use tokio::net::{TcpSocket, TcpStream};

/// A port that is free now, for a program that can't choose one itself.
fn free_port() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on loopback")?;
    Ok(listener.local_addr()?)
}

/// A TCP connection from `from`.
async fn connect_from(from: IpAddr, to: SocketAddr) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    let stream = socket.connect(to).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// A program of the system, also where only root looks.
fn installed(name: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/bin".into()]);
    let found = folders.map(|folder| folder.join(name)).find(|program| program.is_file());
    found.with_context(|| format!("{name} is not installed"))
}
