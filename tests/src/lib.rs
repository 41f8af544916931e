//! What the end-to-end tests and the demo share: stacks of real programs, and code written apart from theirs to check them by.

pub mod stack;
