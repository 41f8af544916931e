//! Bills: the list, and one bill with its lines.

mod check;
mod documents;
pub(crate) mod how;
mod lines;
mod list;
mod page;
mod row;
mod selection;

pub use list::Bills;
pub use page::BillPage;

#[cfg(test)]
mod tests;
