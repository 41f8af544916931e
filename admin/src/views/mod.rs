//! The screens. One file per component; each takes what it shows from the store and sends commands.

pub mod arrears;
pub mod audit;
pub mod customers;
pub mod frame;
pub mod gate;
pub mod home;
pub mod keys;
pub mod lost;
pub mod parts;
pub mod payments;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod shell;
