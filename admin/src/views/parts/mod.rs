//! Parts that several screens share.

mod ask_once;
mod ask_reason;
mod barred;
mod bill_state;
mod evidence;
mod leave_button;
mod level;
mod more;
mod names;
mod payment_state;
mod problem_note;
mod push_bill;
mod section;
#[cfg(test)]
mod snapshot;

pub use ask_once::AskOnce;
pub use ask_reason::AskReason;
pub use barred::Barred;
pub use bill_state::BillStateBadge;
pub use evidence::Evidence;
pub use leave_button::{LeaveButton, Leaving};
pub use level::LevelBadge;
pub use more::More;
pub use names::{bill_month, customer_name, customer_page, other_name, paid_for};
pub use payment_state::{PaymentStateBadge, state_words, tone};
pub use problem_note::ProblemNote;
pub use push_bill::PushBill;
pub use section::{Age, shown};
#[cfg(test)]
pub(crate) use snapshot::both;
