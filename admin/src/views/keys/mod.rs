//! Keys: all of them, one with its life, and making them.

mod batch;
mod list;
mod make;
mod page;

pub use batch::Batch;
pub use list::{Ending, Keys};
pub use make::{MakeKey, Unblock};
pub use page::KeyPage;
