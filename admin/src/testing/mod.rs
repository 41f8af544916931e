//! Help for tests of the face: the whole face without a window, driven as a person would, by what is written on it.

mod face;
mod page;

pub use face::{Face, in_english, in_language};
