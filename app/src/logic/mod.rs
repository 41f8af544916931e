//! What screens reckon and sort before they show it: plain functions without a window, in whole numbers.

pub mod alarms;
pub mod bills;
pub mod csv;
pub mod energy;
pub mod forms;
pub mod order;
pub mod payments;
pub mod span;
pub mod tariff;
pub mod tou;
