//! Customers in arrears, their electronic bills and what they acknowledged.

mod dialog;
mod find;
mod levels;
mod screen;

#[cfg(test)]
mod tests;

pub use screen::Arrears;
