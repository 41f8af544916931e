//! Payments: searching them, one with its story, giving one back.

mod details;
mod page;
mod reason;
mod refund;
mod screen;
mod story;
mod table;

#[cfg(test)]
mod tests;

pub use page::PaymentPage;
pub use reason::known_reason;
pub use screen::Payments;
pub use table::PaymentTable;
