//! What this machine keeps: look, safety, window; and what the program is.

mod about;
mod leave;
mod look;
mod safety;
mod screen;
mod window;

pub use screen::Settings;
