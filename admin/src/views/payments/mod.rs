//! Payments: searching, and one with its story.

mod list;
mod page;

pub use list::Payments;
pub use page::PaymentPage;
