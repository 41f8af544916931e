//! Sentences for what the program tells by stable words. Every word has its text in both languages; the tests hold that.

mod catalog;
mod deed;
mod problem;
mod role;
mod setup;

pub use catalog::SOURCES;
pub use deed::{done, not_done};
pub use problem::{Told, call, common_problem, problem, problem_tone};
pub use role::role;
pub use setup::{check_about, check_name, check_state, step};

/// A headline with its full stop.
pub fn sentence(headline: &str) -> String {
    match headline.chars().last() {
        Some(last) if last.is_alphanumeric() => format!("{headline}{}", if headline.is_ascii() { "." } else { "。" }),
        _ => headline.to_owned(),
    }
}

/// Two sentences, one after the other: Chinese needs no space between them.
fn sentences(first: &str, second: &str) -> String {
    let space = if first.is_ascii() && !first.is_empty() && !second.is_empty() { " " } else { "" };
    format!("{first}{space}{second}")
}
