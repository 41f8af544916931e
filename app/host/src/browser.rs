//! Opening a page in the system's browser. The window itself never goes anywhere.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

/// Why a page was not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrowserError {
    /// Not an address that this program opens.
    #[error("only https addresses are opened")]
    Refused,
    /// No browser took it.
    #[error("no browser could be started: {0}")]
    System(String),
}

/// The system's browser.
pub trait Browser: Send + Sync {
    /// Opens `url`: `https`, or `http` on this very machine.
    fn open(&self, url: &str) -> Result<(), BrowserError>;
}

/// The host of an address that may be opened, to be shown to the person before. `None` for an address that is never opened:
/// another scheme, no host, a user name in front of the host (which makes one host look like another), a host that a browser
/// may read otherwise than a person, blanks or control characters.
pub fn host_of(url: &str) -> Option<&str> {
    // An address is ASCII; what else looks like a letter or a dot would make one host look like another.
    if !url.chars().all(|character| character.is_ascii_graphic() && character != '\\') {
        return None;
    }
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    if authority.contains('@') {
        return None;
    }
    let (host, port) = match authority.strip_prefix('[') {
        Some(v6) => {
            let (host, port) = v6.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, port)
        }
        None => {
            let (host, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
            // Browsers read `%2e` as a dot.
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
            host.bytes().all(plain).then_some(())?;
            (host, port)
        }
    };
    let port_is_right = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    if !port_is_right {
        return None;
    }
    let here = || host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    match scheme.to_ascii_lowercase().as_str() {
        "https" => (!host.is_empty()).then_some(host),
        "http" => here().then_some(host),
        _ => None,
    }
}

/// Whatever the person's system opens pages with.
#[derive(Debug, Clone, Copy)]
pub struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open(&self, url: &str) -> Result<(), BrowserError> {
        let Some(host) = host_of(url) else { return Err(BrowserError::Refused) };
        // The path may hold a one-time secret: it is not logged.
        tracing::info!(host, "opening a page in the browser");
        webbrowser::open(url).map_err(|error| BrowserError::System(error.to_string()))
    }
}

/// Keeps addresses instead of opening them.
#[derive(Debug, Clone, Default)]
pub struct PageRecorder(Arc<Mutex<Vec<String>>>);

impl PageRecorder {
    /// What was opened, oldest first.
    pub fn opened(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Browser for PageRecorder {
    fn open(&self, url: &str) -> Result<(), BrowserError> {
        host_of(url).ok_or(BrowserError::Refused)?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(url.to_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_this_machine_are_opened() {
        for (url, host) in [
            ("https://pay.example.com/pay/abc?x=1", "pay.example.com"),
            ("HTTPS://pay.example.com", "pay.example.com"),
            ("https://localhost:4443/pay", "localhost"),
            ("http://127.0.0.1:8080/gateway", "127.0.0.1"),
            ("http://[::1]:8080/", "::1"),
        ] {
            assert_eq!(host_of(url), Some(host), "{url}");
        }
        for url in [
            "http://pay.example.com/",
            "http://127.0.0.1.example.com/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "mailto:a@example.com",
            "https://bank.example.com@evil.example/",
            "https://",
            "https:///pay",
            "https://bank.example.com/ --flag",
            "https://bank.example.com\\@evil.example/",
            "https://bank.example%2eevil.example/",
            "https://bank.ex\u{430}mple/",
            "https://bank.example\u{ff0f}.evil.example/",
            "https://[::1]evil.example/",
            "https://bank.example:443:1/",
            "https://bank.example:x/",
            "--incognito",
            "",
        ] {
            assert_eq!(host_of(url), None, "{url}");
            assert_eq!(SystemBrowser.open(url), Err(BrowserError::Refused), "{url}");
        }
    }
}
