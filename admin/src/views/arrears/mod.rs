//! Customers in arrears, and electronic bills.

mod screen;

pub use screen::Arrears;
