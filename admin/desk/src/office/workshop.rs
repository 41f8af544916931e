//! Keys being made, one job after the other: the flow of each is [`IssueFlow`]'s, the hands are the reader's, the server's part is
//! the desk's. Each step is a task; between two steps everything is in the snapshot.

use std::{collections::HashSet, time::Duration};

use gridkey_token::Pin;

use super::{
    Handover, IssuedPin, JobState, MakeStep, OfficeEvent, Phase, Problem, StepState, TokenChoice, TokenId,
    actor::{Actor, Then, then},
    bench::BenchWork,
    look::issued_pin,
    steps,
};
use crate::{
    issue::{Action, Event, IssueFlow, Outcome, Trouble},
    maker::{Hands, ask},
};

/// How long a step of the server's waits for a line that was lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the snapshot does not show of keys being made.
pub(super) struct Workshop {
    so_pin: Pin,
    pub(super) job: Option<JobAtWork>,
    /// The blank tokens that were there when a job began to wait: what comes later is meant for it.
    pub(super) there: Option<HashSet<TokenId>>,
}

impl Workshop {
    /// Nothing is begun yet.
    pub(super) const fn new(so_pin: Pin) -> Self {
        Self { so_pin, job: None, there: None }
    }
}

/// A job whose token is set up.
pub(super) struct JobAtWork {
    flow: IssueFlow,
    hands: Option<Box<dyn Hands>>,
    pin: IssuedPin,
}

impl Actor {
    /// Sets `choice` up for the waiting job, and goes on from there.
    pub(super) fn use_token(&mut self, choice: TokenChoice) {
        if !matches!(self.phase(), Some(Phase::AwaitToken { .. })) {
            return;
        }
        let found = self.shown.readers.tokens.iter().find(|token| token.id == choice.token).cloned();
        let Ok(installation) = &self.installation else { return };
        let problem = match (&installation.bench, &found) {
            (None, _) => Some(Problem::NoReaderModule),
            (_, None) if self.shown.readers.known => Some(Problem::TokenGone),
            (_, Some(token)) if !token.blank && !choice.erase => Some(Problem::TokenNotBlank),
            _ => None,
        };
        if let Some(problem) = problem {
            return self.await_token(problem);
        }
        let (Some(bench), digits) = (installation.bench.clone(), installation.pin_digits) else { return };
        let (pin, user_pin) = match issued_pin(digits, found.map_or((digits, digits), |token| token.pin_length)) {
            Ok(made) => made,
            Err(problem) => return self.await_token(problem),
        };
        let Some((_, view)) = self.job() else { return };
        let job = view.job.clone();
        view.steps = steps::of(&job);
        let Some(workshop) = &mut self.workshop else { return };
        let flow = IssueFlow::new(job.order);
        // It is another token from now on: under this name nobody finds it again.
        self.shown.readers.tokens.retain(|token| token.id != choice.token);
        let work = BenchWork { token: choice, label: job.label, so_pin: workshop.so_pin.clone(), user_pin };
        workshop.job = Some(JobAtWork { flow, hands: None, pin });
        self.mark(MakeStep::SetUp, StepState::Running);
        self.set_phase(Phase::Working);
        let turn = self.tokens.clone();
        self.work.spawn_blocking(move || -> Then {
            let done = turn.hold(|| {
                let mut hands = bench.hands(work)?;
                let event = hands.carry_out(&Action::SetUp);
                Ok((hands, event))
            });
            then(move |actor| match done {
                Ok((hands, Ok(event))) => actor.stepped(Some(hands), Ok(event)),
                // Nothing was begun: another token will do.
                Ok((_, Err(trouble))) => actor.set_up_failed(Problem::from(&trouble)),
                Err(problem) => actor.set_up_failed(problem),
            })
        });
    }

    fn set_up_failed(&mut self, problem: Problem) {
        self.mark(MakeStep::SetUp, StepState::Failed);
        self.looking.read_anew();
        self.await_token(problem);
    }

    fn await_token(&mut self, problem: Problem) {
        if let Some(workshop) = &mut self.workshop {
            (workshop.job, workshop.there) = (None, None);
        }
        self.set_phase(Phase::AwaitToken { problem: Some(problem) });
    }

    pub(super) fn set_phase(&mut self, phase: Phase) {
        if let Some(making) = &mut self.shown.making {
            making.phase = phase;
        }
    }

    pub(super) fn mark(&mut self, step: MakeStep, state: StepState) {
        if let Some((_, view)) = self.job() {
            steps::mark(&mut view.steps, step, state);
        }
    }

    /// A step ended: on to the next.
    fn stepped(&mut self, hands: Option<Box<dyn Hands>>, event: Result<Event, Trouble>) {
        let Some(job) = self.workshop.as_mut().and_then(|workshop| workshop.job.as_mut()) else { return };
        job.hands = hands.or(job.hands.take());
        let step = steps::step(&job.flow.action());
        let serial = match &event {
            Ok(Event::SetUp { serial }) => Some(serial.clone()),
            _ => None,
        };
        let (event, state) = match event {
            Ok(event) => (event, StepState::Done),
            Err(trouble) => {
                tracing::warn!(%trouble, "a step of making a key failed");
                (Event::Failed(trouble), StepState::Failed)
            }
        };
        if job.flow.on(event).is_err() {
            tracing::error!("the making of a key lost its thread");
            return self.job_ended(Outcome::Nothing(Trouble::Token("the program lost its thread".to_owned())));
        }
        if let Some((_, view)) = self.job() {
            view.serial = serial.or(view.serial.take());
        }
        if let Some(step) = step {
            self.mark(step, state);
        }
        self.advance();
    }

    fn advance(&mut self) {
        let Some(job) = self.workshop.as_mut().and_then(|workshop| workshop.job.as_mut()) else { return };
        let action = job.flow.action();
        if let Some(step) = steps::step(&action) {
            self.mark(step, StepState::Running);
        }
        match action {
            Action::SetUp | Action::MakePairs { .. } | Action::Prove(_) | Action::Write { .. } => {
                self.by_hand(move |hands| hands.carry_out(&action));
            }
            Action::AwaitToken { serial, .. } => {
                self.mark(MakeStep::Write, StepState::Running);
                self.set_phase(Phase::TokenAway { serial });
            }
            Action::Finish(outcome) => self.job_ended(outcome),
            action => {
                let Some(inside) = &self.inside else { return };
                let mut desks = inside.desk.subscribe();
                self.set_phase(Phase::Working);
                self.work.spawn(async move {
                    let desk = tokio::time::timeout(PATIENCE, desks.wait_for(Option::is_some)).await;
                    let desk = desk.ok().and_then(Result::ok).and_then(|desk| desk.clone());
                    let event = match desk {
                        Some(desk) => ask(&desk, &action).await,
                        None => Err(Trouble::Lost("there is no connection".to_owned())),
                    };
                    then(move |actor| actor.stepped(None, event))
                });
            }
        }
    }

    fn by_hand(&mut self, work: impl FnOnce(&mut dyn Hands) -> Result<Event, Trouble> + Send + 'static) {
        let Some(job) = self.workshop.as_mut().and_then(|workshop| workshop.job.as_mut()) else { return };
        let Some(mut hands) = job.hands.take() else { return };
        self.set_phase(Phase::Working);
        self.work.spawn_blocking(move || -> Then {
            let event = work(hands.as_mut());
            then(move |actor| actor.stepped(Some(hands), event))
        });
    }

    pub(super) fn find_token_again(&mut self) {
        self.by_hand(|hands| hands.find_again());
    }

    pub(super) fn give_token_up(&mut self) {
        if matches!(self.phase(), Some(Phase::TokenAway { .. })) {
            self.mark(MakeStep::Write, StepState::Failed);
            self.set_phase(Phase::Working);
            self.stepped(None, Ok(Event::GivenUp));
        }
    }

    /// A job is over: what came of it is shown, and the next one follows.
    fn job_ended(&mut self, outcome: Outcome) {
        let at = self.inside.as_ref().and_then(|inside| inside.desk()).map_or_else(|| self.now(), |desk| desk.now());
        let by = self.shown.me.as_ref().map(|me| me.name.clone()).unwrap_or_default();
        let pin = self.workshop.as_mut().and_then(|workshop| workshop.job.take()).map(|job| job.pin);
        let Some((number, view)) = self.job() else { return };
        let serial = view.serial.clone().unwrap_or_default();
        let letter = pin.map(|pin| Box::new(steps::letter(&view.job, &serial, pin, at)));
        let state = match outcome {
            Outcome::Ready(key) => {
                JobState::Made(Box::new(Handover { key: *key, label: view.job.label.clone(), by, at, letter }))
            }
            Outcome::Nothing(trouble) => JobState::Failed(Problem::from(&trouble)),
            Outcome::Unbound { key, trouble } => JobState::Unbound { key, problem: Problem::from(&trouble), letter },
        };
        view.state = state.clone();
        let is_made = matches!(state, JobState::Made(_));
        self.looking.read_anew();
        let more = self
            .shown
            .making
            .as_ref()
            .is_some_and(|making| !making.stopping && making.jobs.iter().any(|job| job.state == JobState::Waiting));
        match state {
            JobState::Failed(problem) => {
                if self.mind_key(&problem) {
                    return;
                }
                self.next_job(None);
            }
            _ if more => self.set_phase(Phase::TakeOut { serial }),
            _ => self.next_job(None),
        }
        if is_made {
            self.tell(OfficeEvent::KeyMade(number));
        }
        self.look_in_time();
        self.reload_concerned(steps::changes);
    }
}
