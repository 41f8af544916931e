//! The caller's side of the control socket.

use std::{io, path::Path};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::UnixStream,
};

use super::{Answer, ControlError, LONGEST_ANSWER, Request, own_uid, place::Place, stranger};

/// A command did not get its result.
#[derive(Debug, thiserror::Error)]
pub enum ControlCallError {
    /// Nobody listens: the daemon does not run, and its database may be opened directly.
    #[error("the daemon is not running")]
    NotRunning,
    /// The daemon refused the command or failed in it.
    #[error(transparent)]
    Refused(ControlError),
    /// The connection broke or what came back is no answer; whether the command was carried out is not known.
    #[error("no answer from the daemon: {0}")]
    Broken(#[from] io::Error),
}

/// Has the daemon behind the socket `path` carry out `command`. Waits as long as the command takes.
///
/// # Errors
/// [`ControlCallError`].
pub async fn call(path: &Path, command: &str, args: Value) -> Result<Value, ControlCallError> {
    let mut stream = match connect(path).await {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return Err(ControlCallError::NotRunning);
        }
        Err(error) => return Err(error.into()),
    };
    if stream.peer_cred()?.uid() != own_uid() {
        return Err(stranger().into());
    }
    let mut line = serde_json::to_vec(&Request { command: command.to_owned(), args }).map_err(io::Error::other)?;
    line.push(b'\n');
    stream.write_all(&line).await?;

    let mut answer = Vec::new();
    BufReader::new(stream).take(LONGEST_ANSWER).read_until(b'\n', &mut answer).await?;
    if answer.last() != Some(&b'\n') {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    match serde_json::from_slice(&answer).map_err(io::Error::other)? {
        Answer::Ok(value) => Ok(value),
        Answer::Error(error) => Err(ControlCallError::Refused(error)),
    }
}

pub(super) async fn connect(path: &Path) -> io::Result<UnixStream> {
    let place = Place::of(path)?;
    UnixStream::connect(place.path()).await
}
