//! Asking a daemon on this machine whether it is well, for supervisors that can only run a command: a container's health check has
//! no other program at hand than the daemon's own.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// For the whole question.
const LIMIT: Duration = Duration::from_secs(8);
/// No answer of a health listener is longer.
const LONGEST: u64 = 64 * 1024;

/// What a daemon answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whether the status was 200.
    pub ok: bool,
    /// The body.
    pub body: String,
}

/// `GET path` of the plain listener at `address`. A listener on all addresses is asked on loopback.
///
/// # Errors
/// If nothing listens there, it does not answer in 8 seconds, or the answer is not HTTP.
pub async fn ask(address: SocketAddr, path: &str) -> io::Result<Answer> {
    let mut address = address;
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() { [127, 0, 0, 1].into() } else { [0, 0, 0, 0, 0, 0, 0, 1].into() });
    }
    let asked = async {
        let mut stream = TcpStream::connect(address).await?;
        // In HTTP/1.0 the answer ends with the connection and is never sent in chunks.
        stream.write_all(format!("GET {path} HTTP/1.0\r\nhost: {address}\r\n\r\n").as_bytes()).await?;
        let mut answer = String::new();
        stream.take(LONGEST).read_to_string(&mut answer).await?;
        Ok::<_, io::Error>(answer)
    };
    let answer = tokio::time::timeout(LIMIT, asked).await.map_err(|_| io::ErrorKind::TimedOut)??;
    parse(&answer).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the answer is not HTTP"))
}

fn parse(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?;
    Some(Answer { ok: status == "200", body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    async fn answering(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            // The whole question: a connection closed over something unread is reset, and takes the answer with it.
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                asked.push(stream.read_u8().await.unwrap());
            }
            stream.write_all(answer.as_bytes()).await.unwrap();
        });
        address
    }

    #[tokio::test]
    async fn a_daemon_is_well_when_it_says_so() {
        let well = answering("HTTP/1.0 200 OK\r\n\r\n{}").await;
        assert_eq!(ask(well, "/healthz").await.unwrap(), Answer { ok: true, body: "{}".to_owned() });
        let ill = answering("HTTP/1.1 503 Service Unavailable\r\na: b\r\n\r\nstore").await;
        assert_eq!(ask(ill, "/healthz").await.unwrap(), Answer { ok: false, body: "store".to_owned() });
        assert!(ask(answering("SSH-2.0").await, "/healthz").await.is_err());
    }

    #[tokio::test]
    async fn a_daemon_that_is_not_there_is_not_well() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        assert!(ask(address, "/healthz").await.is_err());
    }
}
