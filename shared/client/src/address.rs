//! The address of the security server: `wss://host:port/session`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The only path of the session listener.
const PATH: &str = "/session";
/// The port of `wss` when none is written (RFC 6455, 3).
const DEFAULT_PORT: u16 = 443;

/// Where the security server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerAddress {
    host: String,
    port: u16,
}

/// The text is not a session address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a server address has the form wss://HOST:PORT/session")]
pub struct BadAddress;

impl ServerAddress {
    /// The host name or IP address, as it stands in the TLS certificate; IPv6 without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// `host:port` as in an HTTP `Host` header.
    pub fn authority(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

impl FromStr for ServerAddress {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let rest = text.strip_prefix("wss://").ok_or(BadAddress)?;
        let authority = rest.strip_suffix(PATH).ok_or(BadAddress)?;
        let (host, port) = match authority.strip_prefix('[') {
            Some(bracketed) => {
                let (host, port) = bracketed.split_once(']').ok_or(BadAddress)?;
                host.parse::<std::net::Ipv6Addr>().map_err(|_| BadAddress)?;
                (host, port.strip_prefix(':'))
            }
            None => authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
        };
        let port = match port {
            Some(port) => port.parse().map_err(|_| BadAddress)?,
            None => DEFAULT_PORT,
        };
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte);
        if host.is_empty() || port == 0 || !host.bytes().all(is_host) {
            return Err(BadAddress);
        }
        Ok(Self { host: host.to_owned(), port })
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "wss://{}{PATH}", self.authority())
    }
}

impl Serialize for ServerAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ServerAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_and_addresses() {
        for (text, host, port) in [
            ("wss://grid.example:8443/session", "grid.example", 8443),
            ("wss://127.0.0.1:40000/session", "127.0.0.1", 40000),
            ("wss://[::1]:40000/session", "::1", 40000),
            ("wss://grid.example/session", "grid.example", 443),
        ] {
            let address: ServerAddress = text.parse().unwrap();
            assert_eq!((address.host(), address.port()), (host, port));
            assert_eq!(address.to_string().parse(), Ok(address));
        }
    }

    #[test]
    fn refuses_what_is_not_a_session_address() {
        for text in [
            "ws://grid.example:80/session",
            "wss://grid.example:8443/",
            "wss://:8443/session",
            "wss://user@grid.example:8443/session",
            "wss://grid.example:0/session",
            "wss://grid.example:99999/session",
            "wss://[::1:8443/session",
            "wss://a b:1/session",
            "",
        ] {
            assert_eq!(text.parse::<ServerAddress>(), Err(BadAddress), "{text}");
        }
    }
}
