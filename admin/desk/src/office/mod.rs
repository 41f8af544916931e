//! The administrators' dashboard without a face: what every screen shows, as one value, and what a person may ask for.
//!
//! A task owns the administrator's key, the session, and the reader in which keys are made. A face holds an [`OfficeHandle`]: it
//! reads [`Snapshot`]s (the latest wins), sends [`Command`]s, and hears [`OfficeEvent`]s, which happen once. It decides nothing
//! itself, so the same behaviour stands behind a window and a test. It is the customers' program
//! ([`gridkey_client::app`]) over again, and shares its parts.
//!
//! | part | holds |
//! |---|---|
//! | [`Gate`], [`AdminCard`], [`Me`] | from the key in the reader to the administrator inside |
//! | [`Topic`], [`Section`], [`Paged`] | what screens show of the server's, with its age |
//! | [`Act`], [`Deed`], [`Doing`] | what is done, once, and what came of it |
//! | [`Making`], [`Readers`], [`Job`] | keys on their way from a blank token to their holders |
//! | [`Import`] | customers from a file |

mod act;
mod actor;
mod audit;
mod bench;
mod check;
mod command;
mod config;
mod curtain;
mod deeds;
mod event;
mod gate;
mod handle;
mod import;
mod importing;
mod inside;
mod installation;
mod jobs;
mod lists;
mod loads;
mod look;
mod making;
mod presence;
mod problem;
mod problem_from;
mod readers;
mod sheet;
mod start;
mod state;
mod steps;
mod topic;
mod topics;
mod unlock;
mod workshop;

pub use act::{Act, Case, Deed, Doing, Outcome};
pub use bench::{Bench, BenchWork};
pub use command::{Command, ImportCommand, MakeOrder, MakingCommand, TokenChoice};
pub use config::OfficeConfig;
pub use event::OfficeEvent;
pub use gridkey_client::{
    app::{
        Check, CheckItem, CheckState, Company, Connection, KeyId, Language, OutgoingFile, Preference, Preferences,
        Theme, WindowSize,
    },
    client::Fetched,
};
pub use handle::{OfficeEnds, OfficeHandle};
pub use import::{Import, ImportFault, ImportRow, ImportState, RowResult};
pub use installation::Installation;
pub use making::{
    Handover, IssuedPin, Job, JobState, JobView, MakeStep, Making, Phase, PinLetter, StepState, StepView,
};
pub use problem::Problem;
pub use readers::{ReaderToken, Readers, TokenId};
pub use start::{Office, OfficeParts};
pub use state::{AdminCard, CardHolder, Gate, Me, Snapshot, UnlockStep};
pub use topic::{AuditLine, AuditQuery, KeyName, KeyQuery, Paged, PaymentQuery, Topic};

/// One thing a screen shows, with its age and what went wrong with the last attempt.
pub type Section<T> = gridkey_client::app::Section<T, Problem>;

#[cfg(test)]
mod tests;
