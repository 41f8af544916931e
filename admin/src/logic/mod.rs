//! What screens work out before they draw: pure functions, tested without a page.

pub mod arrears;
pub mod attention;
pub mod audit;
pub mod batch;
pub mod customer;
pub mod keys;
pub mod making;
pub mod payments;
pub mod reason;
pub mod sessions;
pub mod template;
