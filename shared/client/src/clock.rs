//! The time of day, handed in: tests turn it by hand, programs read the machine's.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use gridkey_domain::Timestamp;

/// Gives the time of day. Cheap to clone.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> u64 + Send + Sync>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::from_millis(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
        })
    }

    /// A clock that reads `millis` since 1970-01-01T00:00:00Z.
    pub fn from_millis(millis: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(millis))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub fn millis(&self) -> u64 {
        (self.0)()
    }

    /// Now, in whole seconds.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_seconds(i64::try_from(self.millis() / 1000).unwrap_or(i64::MAX))
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}
