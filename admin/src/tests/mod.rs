//! The gate and the frame, as a person meets them.

mod gate;
mod shell;
mod words;
