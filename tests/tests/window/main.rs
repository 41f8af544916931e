//! The app's real window on the real stack, driven as a person drives it: keys, pointer, and the accessibility tree in place
//! of eyes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod gate;
mod journey;
mod notices;
mod offline;
mod person;
mod screens;
mod token;
