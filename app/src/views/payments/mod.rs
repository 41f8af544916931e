//! Payments: the list, and one payment with its history and receipt.

mod action;
mod details;
mod list;
mod page;
mod receipt;
mod row;
mod timeline;

pub use list::Payments;
pub use page::PaymentPage;

#[cfg(test)]
mod tests;
