//! Alarms: what is overdue, and how it came and went.

mod arrears;
mod entry;
mod history;
mod screen;

pub use screen::Alarms;

#[cfg(test)]
mod tests;
