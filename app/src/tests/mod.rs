//! The face as a person uses it, without a window.

mod gate;
mod pages;
mod shell;
