//! Just enough HTTP to ask the stack's plain loopback listeners: one request a connection.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context, Result};

const LIMIT: Duration = Duration::from_secs(10);

/// An answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// `GET path` of the listener at `address`.
pub(crate) fn get(address: SocketAddr, path: &str) -> Result<Answer> {
    let asked = || {
        let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
        stream.set_read_timeout(Some(LIMIT))?;
        stream.set_write_timeout(Some(LIMIT))?;
        // In HTTP/1.0 the answer ends with the connection and is never sent in chunks.
        write!(stream, "GET {path} HTTP/1.0\r\nhost: {address}\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok::<_, std::io::Error>(answer)
    };
    let answer = asked().with_context(|| format!("no answer from http://{address}{path}"))?;
    parse(&answer).with_context(|| format!("http://{address}{path} answered something else than HTTP"))
}

fn parse(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_its_status_and_its_body() {
        let answer = parse("HTTP/1.0 503 Service Unavailable\r\ncontent-length: 2\r\n\r\n{}");
        assert_eq!(answer, Some(Answer { status: 503, body: "{}".to_owned() }));
        assert_eq!(parse("SSH-2.0"), None);
        assert_eq!(parse("HTTP/1.1\r\n\r\n"), None);
    }
}
