//! One program at a time, on systems where it is not built yet: each start is the first.

use std::{io, path::Path};

use crate::Calls;

/// Why it could not be told whether the program runs already. Never here.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {}

/// What became of asking.
#[derive(Debug)]
pub enum Claim {
    /// This is the first.
    First(Instance),
    /// Another runs. Never here.
    Second,
}

/// The right to be the one program.
#[derive(Debug)]
pub struct Instance;

/// Says that this is the first, and that nobody looked.
pub fn claim(_folder: &Path, _program: &str, _key: &str, _path: Option<&str>) -> Result<Claim, InstanceError> {
    tracing::info!("a second start is not noticed on this system");
    Ok(Claim::First(Instance))
}

impl Instance {
    /// Nobody speaks here.
    pub async fn listen(self, _calls: Calls) -> io::Result<()> {
        Ok(())
    }
}
