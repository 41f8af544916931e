//! The audit chain: its entries, whether it holds, and cases for a dispute.

mod entry;
mod export;
mod filters;
mod listed;
mod screen;
mod verdict;
mod words;

#[cfg(test)]
mod tests;

pub use screen::Audit;
