//! The own key, and what this machine keeps: look, safety, readers; and what the program is.

mod about;
mod leave;
mod look;
mod own_key;
mod pin_dialog;
mod readers;
mod safety;
mod screen;

#[cfg(test)]
mod tests;

pub use screen::Settings;
