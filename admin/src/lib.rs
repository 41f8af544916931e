//! The administrators' dashboard: views over the program in `gridkey-desk`.
//!
//! Data flows one way. The program's task shows a snapshot; [`bridge`] copies it into the store of [`store`]; [`views`] read
//! the store through the hooks of [`context`] and send commands. [`words`] turns problems, deeds and states into sentences,
//! [`route`] is the map of screens, and [`window`] is where all of it meets the window.
#![expect(unused_qualifications, reason = "`rsx!` writes the paths of elements and listeners in full")]

pub mod bridge;
pub mod context;
#[cfg(test)]
pub mod fixture;
pub mod kept;
pub mod logic;
pub mod news;
pub mod platform;
pub mod root;
pub mod route;
pub mod store;
pub mod style;
#[cfg(test)]
pub mod testing;
pub mod views;
pub mod window;
pub mod words;

pub use root::Dashboard;

#[cfg(test)]
mod tests;
