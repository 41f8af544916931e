//! Sentences for what the program tells by stable words. Every word has its text in both languages; the tests hold that.

mod catalog;
mod notice;
mod payment;
mod problem;
mod setup;

pub use catalog::SOURCES;
pub use notice::{Told as ToldNotice, done, notice, notification};
pub use payment::{is_refund_failure, payment_reason, payment_state, payment_text, payment_tone};
pub use problem::{Told, call, problem, problem_tone};
pub use setup::{check_about, check_name, check_state, renew_step, step};

/// Two sentences, one after the other: Chinese needs no space between them.
fn sentences(first: &str, second: &str) -> String {
    let space = if first.is_ascii() && !first.is_empty() && !second.is_empty() { " " } else { "" };
    format!("{first}{space}{second}")
}
