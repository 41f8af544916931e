//! Personal data: company, contact, meters, notifications, key and certificate.

mod company;
mod contact;
mod key;
mod meters;
mod notifications;
mod pin_dialog;
mod renew_dialog;
mod screen;

pub use screen::Account;
