//! Keys on their way: how far they are, and what was done of one that failed.

use gridkey_desk::office::{JobState, JobView, MakeStep, Making, PinLetter, StepState};

/// The most bytes of a token's label.
pub const LABEL: usize = 32;

/// How many jobs stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Made.
    pub made: usize,
    /// Nothing came of them.
    pub failed: usize,
    /// Made, but whether they are bound must be looked at.
    pub unbound: usize,
    /// Passed over.
    pub skipped: usize,
    /// Not begun, or under way.
    pub left: usize,
}

impl Tally {
    /// The tally of `making`.
    pub fn of(making: &Making) -> Self {
        let mut tally = Self::default();
        for job in &making.jobs {
            let count = match job.state {
                JobState::Made(_) => &mut tally.made,
                JobState::Failed(_) => &mut tally.failed,
                JobState::Unbound { .. } => &mut tally.unbound,
                JobState::Skipped => &mut tally.skipped,
                JobState::Waiting | JobState::Running => &mut tally.left,
            };
            *count += 1;
        }
        tally
    }

    /// How many were gone through.
    pub const fn done(self) -> usize {
        self.made + self.failed + self.unbound + self.skipped
    }

    /// Whether every job gave a key that is as bound as was ordered.
    pub const fn is_clean(self) -> bool {
        self.failed == 0 && self.unbound == 0 && self.skipped == 0 && self.left == 0
    }
}

/// What of a job that ended was done, for whoever asks what is left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// The token was not touched.
    Nothing,
    /// The token was set up; whatever was on it is gone. Nothing is at the server.
    Token,
    /// Certificates were issued and withdrawn again.
    Withdrawn,
    /// Certificates were issued; it is not known whether they are withdrawn.
    Issued,
}

impl Reached {
    /// How far the steps of a job that gave nothing came.
    pub fn of(job: &JobView) -> Self {
        let state = |step| job.steps.iter().find(|view| view.step == step).map(|view| view.state);
        let began = |step| !matches!(state(step), None | Some(StepState::Waiting));
        if state(MakeStep::Revoke) == Some(StepState::Done) {
            Self::Withdrawn
        } else if state(MakeStep::Issue) == Some(StepState::Done) {
            Self::Issued
        } else if state(MakeStep::SetUp) == Some(StepState::Done) || began(MakeStep::Pairs) {
            Self::Token
        } else {
            Self::Nothing
        }
    }

    /// The word in the names of messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Token => "token",
            Self::Withdrawn => "withdrawn",
            Self::Issued => "issued",
        }
    }
}

/// The word of a step in the names of messages.
pub const fn step_word(step: MakeStep) -> &'static str {
    match step {
        MakeStep::SetUp => "set-up",
        MakeStep::Pairs => "pairs",
        MakeStep::Challenge => "challenge",
        MakeStep::Prove => "prove",
        MakeStep::Issue => "issue",
        MakeStep::Write => "write",
        MakeStep::Bind => "bind",
        MakeStep::Revoke => "revoke",
    }
}

/// Whether nothing is left to do or under way: everything may be left behind.
pub fn is_over(making: &Making) -> bool {
    Tally::of(making).left == 0
}

/// How many PIN letters are not in their envelopes yet: their PINs are lost when everything is left behind.
pub fn letters_open(making: &Making) -> usize {
    making.jobs.iter().filter(|job| letter(job).is_some()).count()
}

/// The PIN letter of a job, while there is one.
pub fn letter(job: &JobView) -> Option<&PinLetter> {
    match &job.state {
        JobState::Made(handover) => handover.letter.as_deref(),
        JobState::Unbound { letter, .. } => letter.as_deref(),
        _ => None,
    }
}

/// A label for a token: `wanted` cut to what a token takes, never within a character.
pub fn label(wanted: &str) -> String {
    let mut label = String::new();
    for c in wanted.trim().chars().filter(|c| !c.is_control()) {
        if label.len() + c.len_utf8() > LABEL {
            break;
        }
        label.push(c);
    }
    label
}

/// Whether a token takes `label`.
pub fn is_label(label: &str) -> bool {
    (1..=LABEL).contains(&label.trim().len()) && !label.chars().any(char::is_control)
}

/// Whether the server takes `name` as an administrator's post: 1 to 40 letters, digits, dashes or dots.
pub fn is_post(name: &str) -> bool {
    (1..=40).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))
}

#[cfg(test)]
mod tests {
    use gridkey_desk::{
        issue::{Holder, IssueOrder},
        office::{Job, Phase, Problem, StepView},
    };

    use super::*;

    fn job(state: JobState, steps: &[(MakeStep, StepState)]) -> JobView {
        let holder = Holder::Customer("1100000001".parse().unwrap());
        let order = IssueOrder { holder, replaces: None, bind: true };
        JobView {
            job: Job { order, label: "x".into(), name: String::new() },
            state,
            steps: steps.iter().map(|(step, state)| StepView { step: *step, state: *state }).collect(),
            serial: None,
        }
    }

    #[test]
    fn a_tally_counts_each_job_once() {
        let jobs = vec![
            job(JobState::Waiting, &[]),
            job(JobState::Running, &[]),
            job(JobState::Skipped, &[]),
            job(JobState::Failed(Problem::TokenFull), &[]),
        ];
        let making = Making { jobs, current: Some(1), phase: Phase::Working, stopping: false };
        let tally = Tally::of(&making);
        assert_eq!((tally.left, tally.skipped, tally.failed, tally.done()), (2, 1, 1, 2));
        assert!(!tally.is_clean() && !is_over(&making));
    }

    #[test]
    fn what_is_left_behind_follows_from_the_steps() {
        use MakeStep::{Issue, Pairs, Revoke, SetUp};
        use StepState::{Done, Failed, Waiting};
        let reached = |steps: &[_]| Reached::of(&job(JobState::Failed(Problem::TokenGone), steps));
        assert_eq!(reached(&[(SetUp, Failed), (Pairs, Waiting)]), Reached::Nothing);
        assert_eq!(reached(&[(SetUp, Done), (Pairs, Failed)]), Reached::Token);
        assert_eq!(reached(&[(SetUp, Done), (Pairs, Done), (Issue, Done), (Revoke, Done)]), Reached::Withdrawn);
        assert_eq!(reached(&[(SetUp, Done), (Pairs, Done), (Issue, Done), (Revoke, Failed)]), Reached::Issued);
    }

    #[test]
    fn labels_fit_a_token_and_posts_fit_a_certificate() {
        assert_eq!(label(" 华东精密铸造有限公司第一车间 "), "华东精密铸造有限公司");
        assert!(is_label(&label(&"x".repeat(50))) && !is_label("  ") && !is_label(&"x".repeat(33)));
        assert!(is_post("desk-3.east") && !is_post("") && !is_post("desk 3") && !is_post("柜台"));
    }
}
