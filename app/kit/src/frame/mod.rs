//! The frame of a window: places to go, and the page.

mod page;
mod shell;

pub use page::Page;
pub use shell::{NavFace, Shell};
