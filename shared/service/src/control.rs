//! The Unix socket through which a daemon's own commands reach it while it runs, since an embedded database has one
//! holder.
//!
//! Only the daemon's user gets through: the folder has mode 0700, the socket 0600, and the peer's uid is asked of the
//! kernel on both sides. A request is one line of JSON, `{"command": text, "args": any}`; the answer is one line,
//! `{"ok": any}` or `{"error": {"code": text, "message": text}}`.

mod call;
mod place;
mod serve;

use std::io;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::{
    call::{ControlCallError, call},
    serve::{ControlListener, bind, is_running, serve},
};

/// Longest request line in bytes.
const LONGEST_REQUEST: u64 = 1024 * 1024;

/// Longest answer line in bytes.
const LONGEST_ANSWER: u64 = 64 * 1024 * 1024;

/// What a daemon does on a command.
#[async_trait::async_trait]
pub trait ControlHandler: Send + Sync + 'static {
    /// Carries out `command` and gives its result. Dropped if the daemon stops meanwhile, not if the caller goes away.
    async fn handle(&self, command: String, args: Value) -> Result<Value, ControlError>;
}

/// A command that failed, as the caller sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message} ({code})")]
pub struct ControlError {
    /// A stable word, e.g. `unknown-command`, `not-found`.
    pub code: String,
    /// For people; nothing secret.
    pub message: String,
}

impl ControlError {
    /// An error of this kind.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into() }
    }

    /// The daemon has no such command.
    pub fn unknown(command: &str) -> Self {
        Self::new("unknown-command", format!("no command {command}"))
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    command: String,
    #[serde(default)]
    args: Value,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Ok(Value),
    Error(ControlError),
}

/// The peer's uid is not this process's.
fn stranger() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "the peer on the control socket is another user")
}

fn own_uid() -> u32 {
    nix::unistd::geteuid().as_raw()
}
