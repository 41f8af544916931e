//! The audit chain.

mod screen;

pub use screen::Audit;
