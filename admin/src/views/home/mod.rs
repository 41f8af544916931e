//! Home: what needs somebody, and the live figures.

mod figures;
mod health;
mod heed;
mod screen;
mod spark;
mod tile;

#[cfg(test)]
mod tests;

pub use screen::Home;
