//! What differs between a computer and a phone.

/// What this machine can do.
#[derive(Debug, Clone, Default)]
pub struct Platform {}
