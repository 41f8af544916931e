//! Keys: finding them, their lives, making and ending them.
//!
//! | screen | does |
//! |---|---|
//! | [`Keys`], [`Ending`] | lists: all, and those that end soon |
//! | [`KeyPage`] | one key: its certificate, its life, what can be done with it |
//! | [`MakeKey`] | from a blank token in the reader to a bound key in its holder's hand |
//! | [`Batch`] | the same for a list of customers, one token after another |
//! | [`Unblock`] | a forgotten or locked PIN set anew |

mod actor;
mod acts;
mod all;
mod back;
mod batch_add;
mod batch_chosen;
mod batch_form;
mod batch_over;
mod batch_progress;
mod batch_table;
mod bind_dialog;
mod end_dialog;
mod ended;
mod ending;
mod facts;
mod failed;
mod filters;
mod find;
mod handover;
mod job;
mod life;
mod make_form;
mod make_key;
mod making;
mod one;
mod paper;
mod printing;
mod row;
mod so_pin;
mod state;
mod steps;
mod subnav;
mod tokens;
mod unblock;
mod under_way;
mod ways;
mod whom;
mod words;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

pub use actor::{Actor, admins};
pub use all::Keys;
pub use batch_form::Batch;
pub use end_dialog::EndDialog;
pub use ending::Ending;
pub use make_key::MakeKey;
pub use one::KeyPage;
pub use state::KeyStateBadge;
pub use unblock::Unblock;
pub use words::reason;
