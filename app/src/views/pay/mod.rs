//! Making an order: what, how much, from what; then the review, signed with the key.

mod bills;
mod compose;
mod draft;
mod existing;
mod failure;
mod review;
mod screen;
mod sign;
mod ways;

pub use screen::Pay;

#[cfg(test)]
mod tests;
