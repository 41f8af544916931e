//! Who is logged in, live.

mod screen;

pub use screen::Sessions;
