//! The screens. One file per component; each takes what it shows from the store and sends commands.

pub mod account;
pub mod alarms;
pub mod bills;
pub mod electricity;
pub mod external;
pub mod frame;
pub mod gate;
pub mod help;
pub mod lost;
pub mod overview;
pub mod parts;
pub mod pay;
pub mod payments;
pub mod queue;
pub mod settings;
pub mod setup;
pub mod shell;
mod trail;
