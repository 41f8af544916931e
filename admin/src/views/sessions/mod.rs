//! Who is logged in now, and ending a session.

mod cut;
mod row;
mod screen;

#[cfg(test)]
mod tests;

pub use cut::Cut;
pub use screen::Sessions;
