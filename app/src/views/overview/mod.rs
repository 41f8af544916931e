//! The first screen: what the month costs so far, what is due, what was paid, what is wrong.

mod alarms;
mod due;
mod factor;
mod heed;
mod month;
mod months;
mod part;
mod payments;
mod screen;
mod today;

pub use screen::Overview;
