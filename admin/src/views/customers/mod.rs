//! Customers: finding them, one customer with all that is known, making them by hand or from a file.
//!
//! | screen | does |
//! |---|---|
//! | [`Customers`] | search by number or name |
//! | [`CustomerPage`] | profile, meters, keys, bills, payments, alarms, sessions |
//! | [`NewCustomer`] | one customer, typed |
//! | [`ImportCustomers`] | many customers from a CSV file, checked whole before anything is sent |

mod alarms;
mod bills;
mod contact;
mod import;
mod import_file;
mod import_rows;
mod import_run;
mod import_words;
mod keys;
mod meter_fields;
mod meters;
mod new;
mod page;
mod payments;
mod profile;
mod screen;
mod sessions;

#[cfg(test)]
mod tests;

pub use alarms::AlarmList;
pub use bills::BillTable;
pub use import::ImportCustomers;
pub use new::NewCustomer;
pub use page::CustomerPage;
pub use screen::Customers;
