//! Telling systemd how a daemon is, as sd_notify(3) does, and telling an operator's mistake from a mishap by the exit status.
//!
//! Without `NOTIFY_SOCKET` in the environment, as in a terminal, nothing is told to anybody.

use std::{
    error::Error,
    ffi::OsStr,
    io,
    os::{
        linux::net::SocketAddrExt as _,
        unix::{
            ffi::OsStrExt as _,
            net::{SocketAddr, UnixDatagram},
        },
    },
};

use crate::{config::ConfigError, tls::TlsError};

/// `EX_CONFIG` of sysexits.h: another start would end alike until somebody mends the configuration.
pub const MISCONFIGURED: u8 = 78;

/// Every listener is bound and requests are answered.
pub fn ready() {
    tell("READY=1\nSTATUS=serving");
}

/// The start takes longer, and why; to be told again while it does.
pub fn waiting_for(what: &str) {
    // Systemd adds this to the time it gives a start, in microseconds from now.
    tell(&format!("STATUS=waiting for {what}\nEXTEND_TIMEOUT_USEC=60000000"));
}

/// The end has begun.
pub fn stopping() {
    tell("STOPPING=1\nSTATUS=stopping");
}

/// Whether what ended a daemon is the configuration's fault.
pub fn is_misconfiguration<'a>(chain: impl IntoIterator<Item = &'a (dyn Error + 'static)>) -> bool {
    chain.into_iter().any(|error| error.is::<ConfigError>() || error.is::<TlsError>())
}

fn tell(state: &str) {
    let Some(socket) = std::env::var_os("NOTIFY_SOCKET") else { return };
    if let Err(error) = send(&socket, state) {
        tracing::warn!(%error, "systemd was not told");
    }
}

fn send(socket: &OsStr, state: &str) -> io::Result<()> {
    let address = match socket.as_bytes() {
        [b'@', name @ ..] => SocketAddr::from_abstract_name(name)?,
        _ => SocketAddr::from_pathname(socket)?,
    };
    UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_arrives_as_one_datagram() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let systemd = UnixDatagram::bind(&path).unwrap();
        send(path.as_os_str(), "READY=1\nSTATUS=serving").unwrap();
        let mut bytes = [0; 64];
        let length = systemd.recv(&mut bytes).unwrap();
        assert_eq!(&bytes[..length], b"READY=1\nSTATUS=serving");
        assert!(send(folder.path().join("nobody").as_os_str(), "READY=1").is_err());
    }

    #[test]
    fn what_an_operator_must_mend_is_told_from_what_may_pass() {
        let mend = ConfigError::NotSet("PIN".to_owned());
        assert!(is_misconfiguration([&mend as &(dyn Error + 'static)]));
        let pass = io::Error::from(io::ErrorKind::AddrInUse);
        assert!(!is_misconfiguration([&pass as &(dyn Error + 'static)]));
    }
}
