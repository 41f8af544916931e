//! Electricity: the running month of a meter, and its history from years down to quarter-hours.

mod cards;
mod chart;
mod demand;
mod history;
mod parts;
mod path;
mod registers;
mod screen;
mod table;
mod title;
mod wants;

pub use screen::Electricity;

#[cfg(test)]
mod tests;
