//! Help for tests of a face: the face without a window, driven as a person would, by what is written on it.

mod driver;
mod page;
mod spoken;

pub use driver::Driver;
pub use spoken::in_language;
