//! The customer's app: views over the program in `gridkey-client`, for a computer and a phone.
//!
//! Data flows one way. The program's task shows a snapshot; [`bridge`] copies it into the store of [`store`]; [`views`] read
//! the store through the hooks of [`context`] and send commands. [`words`] turns problems and states into sentences,
//! [`route`] is the map of screens, and [`platform`] holds what differs between a computer and a phone.
#![expect(unused_qualifications, reason = "`rsx!` writes the paths of elements and listeners in full")]

pub mod bridge;
pub mod context;
#[cfg(test)]
pub mod fixture;
pub mod logic;
pub mod news;
pub mod platform;
pub mod root;
pub mod route;
pub mod store;
#[cfg(test)]
pub mod testing;
pub mod views;
pub mod window;
pub mod words;

pub use root::App;

#[cfg(test)]
mod tests;
