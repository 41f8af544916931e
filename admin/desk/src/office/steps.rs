//! The steps of a job as a person sees them.

use gridkey_domain::Timestamp;

use super::{IssuedPin, Job, MakeStep, PinLetter, StepState, StepView, Topic};
use crate::issue::{Action, Holder};

/// The steps of a job before it begins.
pub(super) fn of(job: &Job) -> Vec<StepView> {
    use MakeStep::{Bind, Challenge, Issue, Pairs, Prove, SetUp, Write};
    let all = [SetUp, Pairs, Challenge, Prove, Issue, Write, Bind];
    let needed = all.into_iter().filter(|step| *step != Bind || job.order.bind);
    needed.map(|step| StepView { step, state: StepState::Waiting }).collect()
}

/// The step that an action belongs to.
pub(super) const fn step(action: &Action) -> Option<MakeStep> {
    Some(match action {
        Action::SetUp => MakeStep::SetUp,
        Action::MakePairs { .. } => MakeStep::Pairs,
        Action::Challenge(_) => MakeStep::Challenge,
        Action::Prove(_) => MakeStep::Prove,
        Action::Issue(_) => MakeStep::Issue,
        Action::Write { .. } => MakeStep::Write,
        Action::Bind(_) | Action::Replace(_) => MakeStep::Bind,
        Action::Revoke(_) => MakeStep::Revoke,
        Action::AwaitToken { .. } | Action::Finish(_) => return None,
    })
}

/// Says where a step stands; one that was not foreseen is added.
pub(super) fn mark(steps: &mut Vec<StepView>, step: MakeStep, state: StepState) {
    match steps.iter_mut().find(|known| known.step == step) {
        Some(known) => known.state = state,
        None => steps.push(StepView { step, state }),
    }
}

/// The letter to a job's holder.
pub(super) fn letter(job: &Job, serial: &str, pin: IssuedPin, at: Timestamp) -> PinLetter {
    let number = match &job.order.holder {
        Holder::Customer(customer) => customer.to_string(),
        Holder::Admin(admin) => admin.name.clone(),
    };
    let holder = if job.name.is_empty() { number } else { format!("{number} {}", job.name) };
    PinLetter { holder, label: job.label.clone(), serial: serial.to_owned(), pin, at }
}

/// Whether a key that was made changes what `topic` shows.
pub(super) const fn changes(topic: &Topic) -> bool {
    matches!(topic, Topic::Keys(_) | Topic::Key(_) | Topic::Customer(_) | Topic::Status | Topic::Audit(_))
}
