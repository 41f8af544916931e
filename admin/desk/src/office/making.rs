//! Keys on their way from blank tokens to their holders.

use std::{fmt, sync::Arc};

use gridkey_domain::Timestamp;
use gridkey_protocol::ops::admin::keys::KeyDetail;
use zeroize::Zeroizing;

use super::{KeyName, Problem};
use crate::issue::IssueOrder;

/// A key to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// For whom, in whose place, and whether it is bound at once.
    pub order: IssueOrder,
    /// The label that the token gets, 1 to 32 bytes.
    pub label: String,
    /// The holder's name, for the person at the desk and the letter; may be empty.
    pub name: String,
}

/// Keys being made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Making {
    /// The jobs, in order.
    pub jobs: Vec<JobView>,
    /// The job under way or waiting for its token.
    pub current: Option<usize>,
    /// What happens now, or is waited for.
    pub phase: Phase,
    /// No further job is begun after this one.
    pub stopping: bool,
}

/// What happens now, or is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// The current job waits for a blank token: one that comes is taken by itself, one that is there must be chosen.
    AwaitToken {
        /// Why the token that was chosen will not do.
        problem: Option<Problem>,
    },
    /// The current job's steps are done; leave the token where it is.
    Working,
    /// The token was pulled out in the middle: the same one must come back, or be given up.
    TokenAway {
        /// Its serial number.
        serial: String,
    },
    /// The key is made and is to be taken out before the next begins.
    TakeOut {
        /// Its serial number.
        serial: String,
    },
    /// Nothing more happens.
    Finished,
}

impl Phase {
    /// Whether a token is being worked on: it stays where it is.
    pub const fn works(&self) -> bool {
        matches!(self, Self::Working)
    }

    /// Whether a key is between blank and made.
    pub const fn is_under_way(&self) -> bool {
        matches!(self, Self::Working | Self::TokenAway { .. })
    }

    /// Whether a token is awaited, or its going.
    pub const fn looks(&self) -> bool {
        matches!(self, Self::AwaitToken { .. } | Self::TokenAway { .. } | Self::TakeOut { .. })
    }
}

impl Making {
    /// How many jobs are over, in whatever way, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        let over = |job: &&JobView| !matches!(job.state, JobState::Waiting | JobState::Running);
        (self.jobs.iter().filter(over).count(), self.jobs.len())
    }
}

/// A job and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobView {
    /// The job.
    pub job: Job,
    /// Where it stands.
    pub state: JobState,
    /// Its steps; all of them waiting before it begins.
    pub steps: Vec<StepView>,
    /// The token's serial number, once it is known.
    pub serial: Option<String>,
}

/// Where a job stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobState {
    /// Its turn has not come.
    Waiting,
    /// It waits for its token, or its steps are being done.
    Running,
    /// The key is made and as bound as was ordered.
    Made(Box<Handover>),
    /// Nothing came of it, and nothing is left at the server that could be used.
    Failed(Problem),
    /// The certificates are on the token, but whether the key is bound is not known, or it is not: look at the key and bind it.
    Unbound {
        /// The key.
        key: KeyName,
        /// What happened.
        problem: Problem,
        /// The PIN on the token.
        letter: Option<Box<PinLetter>>,
    },
    /// It was passed over.
    Skipped,
}

/// What goes to the holder: the record with the key, the letter by another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// The key.
    pub key: KeyDetail,
    /// The label on the token.
    pub label: String,
    /// The administrator who made it.
    pub by: String,
    /// When it was made.
    pub at: Timestamp,
    /// The PIN; `None` once the letter is in its envelope.
    pub letter: Option<Box<PinLetter>>,
}

/// What goes to the holder in a closed envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinLetter {
    /// The holder: a customer's number or an administrator's post, and a name if it is known.
    pub holder: String,
    /// The label on the token.
    pub label: String,
    /// The token's serial number.
    pub serial: String,
    /// The issued PIN, which the holder must change at the first use.
    pub pin: IssuedPin,
    /// When it was made.
    pub at: Timestamp,
}

/// An issued PIN: wiped when its last copy goes, never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct IssuedPin(pub(super) Arc<Zeroizing<String>>);

impl IssuedPin {
    /// Takes the digits.
    pub fn new(digits: Zeroizing<String>) -> Self {
        Self(Arc::new(digits))
    }

    /// The digits, for the letter.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for IssuedPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IssuedPin(…)")
    }
}

/// The steps of a job, in order. [`MakeStep::Revoke`] is shown only if it comes to that, [`MakeStep::Bind`] only if the key is bound
/// at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MakeStep {
    /// The token is initialised: label, PINs.
    SetUp,
    /// The key pairs are made on it.
    Pairs,
    /// The server gives a challenge.
    Challenge,
    /// The pairs answer it.
    Prove,
    /// The certificates are issued.
    Issue,
    /// They are written to the token and read back.
    Write,
    /// The key is bound to its holder.
    Bind,
    /// What was issued is withdrawn.
    Revoke,
}

/// A step and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepView {
    /// The step.
    pub step: MakeStep,
    /// Where it stands.
    pub state: StepState,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Its turn has not come.
    Waiting,
    /// It is being done.
    Running,
    /// It is done.
    Done,
    /// It failed.
    Failed,
}
