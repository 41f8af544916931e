//! The whole program without a face: what every screen shows, as one value, and what a person may ask for.
//!
//! A task owns key, store and session. A face holds an [`AppHandle`]: it reads [`Snapshot`]s (the latest wins), sends
//! [`Command`]s, and hears [`AppEvent`]s, which happen once. It decides nothing itself, so the same behaviour stands behind a
//! window, a phone and a test. [`App::start`] makes it; [`Snapshot`] is all of it that can be seen.

mod account;
mod actor;
mod check;
pub mod checklist;
mod command;
mod deeds;
mod event;
mod follow;
mod gate;
mod handle;
mod inbox;
mod installation;
mod loads;
mod pay;
mod preferences;
mod presence;
mod problem;
mod problem_from;
mod renewal;
mod section;
mod start;
mod state;
mod stories;
mod topics;
mod unlock;

pub use command::{Command, SeriesQuery, Step, Topic};
pub use event::{AppEvent, Notice, NoticeKind, OutgoingFile};
pub use handle::{AppEnds, AppHandle};
pub use installation::Installation;
pub use preferences::{Language, Preference, Preferences, Theme, WindowSize};
pub use problem::Problem;
pub use section::Section;
pub use start::{App, AppParts};
pub use state::{
    BillView, Check, CheckItem, CheckState, Company, Connection, Doing, Gate, Holder, KeyCard, KeyId, Paying,
    PaymentItem, PaymentStory, QueueView, Renewal, Snapshot, UnlockStep,
};

pub use crate::client::RenewStep;

#[cfg(test)]
mod tests;
