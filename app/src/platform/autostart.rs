//! Starting the program when the person logs in to the computer.

/// Why starting at login was not changed.
#[derive(Debug, thiserror::Error)]
pub enum AutostartError {
    /// This machine has no such thing.
    #[error("this machine does not start programs at login")]
    Unsupported,
    /// The system refused.
    #[error("starting at login cannot be changed: {0}")]
    System(String),
}

/// Starting at login.
pub trait Autostart: Send + Sync {
    /// Whether it can be chosen here.
    fn is_possible(&self) -> bool;

    /// Whether the system will start the program.
    fn is_on(&self) -> bool;

    /// Turns it on or off.
    fn set(&self, on: bool) -> Result<(), AutostartError>;
}

/// A machine without starting at login.
#[derive(Debug, Clone, Copy)]
pub struct NoAutostart;

impl Autostart for NoAutostart {
    fn is_possible(&self) -> bool {
        false
    }

    fn is_on(&self) -> bool {
        false
    }

    fn set(&self, on: bool) -> Result<(), AutostartError> {
        if on { Err(AutostartError::Unsupported) } else { Ok(()) }
    }
}
