//! What several screens are built from: sections with their age, states as badges, names of bills and payments.

mod ask_once;
mod bill_state;
mod names;
mod payment_state;
mod print;
mod problem_note;
mod saved;
mod section;
#[cfg(test)]
pub(crate) mod snapshot;
mod steps;

pub use ask_once::AskOnce;
pub use bill_state::{BillStateBadge, due_words};
pub use names::{bill_month, bill_name, paid_for};
pub use payment_state::PaymentStateBadge;
pub use print::print_page;
pub use problem_note::ProblemNote;
pub use saved::{SaveTable, Saved};
pub use section::{Age, shown};
pub use steps::{today, use_today};
