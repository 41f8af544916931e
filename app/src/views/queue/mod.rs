//! What waits on this machine until the server can be reached.

mod limits;
mod order;
mod screen;

pub use screen::Queue;

#[cfg(test)]
mod tests;
