//! What the lines of a set-up check say: the judgements that every program with a key shares. Reading and asking apart, nothing here
//! does anything, and nothing knows a program's state.

use gridkey_domain::Timestamp;
use gridkey_protocol::CloseCode;
use gridkey_token::{KeySource, ReaderService, SourceInfo, SourceKind};

use super::{Check, CheckItem, CheckState, Problem};
use crate::transport::Connector;

const ITEMS: [CheckItem; 6] = [
    CheckItem::Installation,
    CheckItem::Driver,
    CheckItem::Reader,
    CheckItem::Key,
    CheckItem::Clock,
    CheckItem::Server,
];
/// A clock this far from the server's, seconds, makes certificates and orders look out of their time.
const CLOCK_OFF: u64 = 300;
/// 2024-01-01T00:00:00Z: a machine whose clock is before this has lost it.
const NOT_BEFORE: i64 = 1_704_067_200;

/// All lines, none looked at yet.
pub fn waiting() -> Vec<Check> {
    ITEMS.map(|item| Check { item, state: CheckState::Waiting }).to_vec()
}

/// The line of `item` says `state` from now on.
pub fn found(lines: &mut [Check], item: CheckItem, state: CheckState) {
    if let Some(check) = lines.iter_mut().find(|check| check.item == item) {
        check.state = state;
    }
}

/// Whether the keys were looked at: the key's line follows what is plugged in from then on.
pub fn is_key_seen(lines: &[Check]) -> bool {
    lines.iter().any(|check| check.item == CheckItem::Key && check.state != CheckState::Waiting)
}

/// What a driver says of itself and how many keys it sees.
#[derive(Debug, Clone)]
pub struct DriverSeen {
    info: SourceInfo,
    present: Result<usize, Problem>,
}

impl DriverSeen {
    /// Asks the driver. Blocks.
    pub fn ask(keys: &dyn KeySource) -> Self {
        let present = keys.present().map(|keys| keys.len()).map_err(|error| Problem::from(&error));
        Self { info: keys.describe(), present }
    }

    /// The driver's line.
    pub fn driver(&self) -> CheckState {
        match (&self.present, self.info.kind) {
            (Err(problem), _) => CheckState::Failed(problem.clone()),
            (Ok(_), SourceKind::Software) => CheckState::NotNeeded,
            (Ok(_), SourceKind::Pkcs11) => CheckState::Ok(self.info.path.display().to_string()),
        }
    }

    /// The reader's line.
    pub fn reader(&self) -> CheckState {
        match &self.info.readers {
            ReaderService::NotUsed => CheckState::NotNeeded,
            ReaderService::Running(readers) => CheckState::Ok(readers.join(", ")),
            // The module reaches its tokens in another way.
            ReaderService::Missing(_) if self.present.as_ref().is_ok_and(|count| *count > 0) => CheckState::NotNeeded,
            ReaderService::Missing(reason) => {
                tracing::info!(reason, "no service for readers");
                CheckState::Failed(Problem::ReaderService)
            }
        }
    }
}

/// What can be said of the time `now` without anybody to compare it with.
pub fn clock_alone(now: Timestamp) -> CheckState {
    if now < Timestamp::from_seconds(NOT_BEFORE) {
        CheckState::Failed(Problem::Clock)
    } else {
        CheckState::Ok(String::new())
    }
}

/// The clock's line: by the session's server, which is `behind` seconds behind if there is a session; else by whether anything
/// was `refused` that looked out of its time.
pub fn clock(now: Timestamp, behind: Option<i64>, refused: bool) -> CheckState {
    let off = behind.map_or(refused, |behind| behind.unsigned_abs() > CLOCK_OFF);
    if off { CheckState::Failed(Problem::Clock) } else { clock_alone(now) }
}

/// Makes a channel to the server and leaves again: no login.
///
/// # Errors
/// Why it cannot be reached.
pub async fn reach(connector: &dyn Connector) -> Result<(), Problem> {
    let mut channel = connector.connect().await.map_err(|error| {
        tracing::info!(%error, "the server cannot be reached");
        Problem::from(&error)
    })?;
    channel.close(CloseCode::SessionEnd).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_seconds(1_800_000_000)
    }

    #[test]
    fn the_session_knows_the_clock_better_than_a_refusal() {
        assert_eq!(clock(now(), Some(-300), true), CheckState::Ok(String::new()));
        assert_eq!(clock(now(), Some(-301), false), CheckState::Failed(Problem::Clock));
        assert_eq!(clock(now(), None, true), CheckState::Failed(Problem::Clock));
        assert_eq!(clock(now(), None, false), CheckState::Ok(String::new()));
    }

    #[test]
    fn a_clock_that_was_lost_is_told_without_a_server() {
        assert_eq!(clock_alone(Timestamp::from_seconds(NOT_BEFORE - 1)), CheckState::Failed(Problem::Clock));
    }
}
