//! The own key, and what this machine keeps.

mod screen;

pub use screen::Settings;
