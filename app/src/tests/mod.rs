//! The face as a person uses it, without a window.

mod account;
mod gate;
mod pages;
mod shell;
