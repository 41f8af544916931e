//! Money, quantities and times as a person reads them. Pure functions of value and language.

mod amount;
mod moment;

pub use amount::{Money, factor, kw, kwh, money, money_text, number, percent, quantity, quantity_short, signed_fen};
pub use moment::{ago, date, date_time, day_month, duration, month, month_name, month_short, time};
