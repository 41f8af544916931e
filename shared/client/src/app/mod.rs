//! The whole program without a face: what every screen shows, as one value, and what a person may ask for.
//!
//! A task owns key, store and session. A face holds an [`AppHandle`]: it reads [`Snapshot`]s (the latest wins), sends
//! [`Command`]s, and hears [`AppEvent`]s, which happen once. It decides nothing itself, so the same behaviour stands behind a
//! window, a phone and a test.

mod command;
mod event;
mod handle;
mod preferences;
mod problem;
mod section;
mod state;

pub use command::{Command, SeriesQuery, Step, Topic};
pub use event::{AppEvent, Notice, NoticeKind, OutgoingFile};
pub use handle::{AppEnds, AppHandle};
pub use preferences::{Language, Preferences, Theme, WindowSize};
pub use problem::Problem;
pub use section::Section;
pub use state::{
    BillView, Check, CheckItem, CheckState, Company, Connection, Doing, Gate, Holder, KeyCard, KeyId, Paying, PaymentItem,
    PaymentStory, QueueView, Snapshot, UnlockStep,
};
