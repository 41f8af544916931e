//! The jobs of a run: begun, passed over, stopped, tried again, each waiting for its token.

use std::collections::HashSet;

use gridkey_protocol::frame::Role;

use super::{
    Gate, Job, JobState, JobView, MakeOrder, Making, MakingCommand, Phase, PinLetter, Problem, TokenChoice, TokenId,
    actor::Actor, steps, workshop::Workshop,
};
use crate::issue::Holder;

impl Actor {
    /// Does what is asked about keys being made.
    pub(super) fn making(&mut self, command: MakingCommand) {
        match command {
            MakingCommand::Begin(order) => self.begin_making(order),
            MakingCommand::Use(choice) => self.use_token(choice),
            MakingCommand::Skip => self.skip_job(),
            MakingCommand::GiveUp => self.give_token_up(),
            MakingCommand::Next => {
                if matches!(self.phase(), Some(Phase::TakeOut { .. })) {
                    self.next_job(None);
                }
            }
            MakingCommand::Stop => self.stop_making(),
            MakingCommand::Again(job) => self.job_again(job),
            MakingCommand::LetterDone(job) => self.letter_done(job),
            MakingCommand::Forget => {
                if self.phase().is_some_and(|phase| !phase.is_under_way()) {
                    (self.shown.making, self.workshop) = (None, None);
                }
            }
        }
    }

    pub(super) fn phase(&self) -> Option<&Phase> {
        self.shown.making.as_ref().map(|making| &making.phase)
    }

    /// The job under way, and its number.
    pub(super) fn job(&mut self) -> Option<(usize, &mut JobView)> {
        let making = self.shown.making.as_mut()?;
        let number = making.current?;
        Some((number, making.jobs.get_mut(number)?))
    }

    fn begin_making(&mut self, order: MakeOrder) {
        if self.phase().is_some_and(|phase| *phase != Phase::Finished) || order.jobs.is_empty() {
            return;
        }
        let Some(me) = &self.shown.me else { return };
        let judge = |job: &Job| {
            let whose = match job.order.holder {
                Holder::Customer(_) => Role::Customer,
                Holder::Admin(_) => Role::Admin,
            };
            // Judged before the token is touched; the server judges anew.
            match (me.may_make(whose), job.label.len()) {
                (false, _) => JobState::Failed(Problem::NotAllowed),
                (true, 1..=32) => JobState::Waiting,
                (true, _) => JobState::Failed(Problem::BadLabel),
            }
        };
        let jobs =
            order.jobs.into_iter().map(|job| JobView { state: judge(&job), steps: steps::of(&job), serial: None, job });
        let jobs = jobs.collect();
        self.shown.making = Some(Making { jobs, current: None, phase: Phase::Finished, stopping: false });
        self.workshop = Some(Workshop::new(order.so_pin));
        self.next_job(order.token);
    }

    /// Begins the next job that waits, on `token` if there is one.
    pub(super) fn next_job(&mut self, token: Option<TokenChoice>) {
        let (Some(making), Some(workshop)) = (&mut self.shown.making, &mut self.workshop) else { return };
        (workshop.job, workshop.there) = (None, None);
        let waiting = making.jobs.iter().position(|job| job.state == JobState::Waiting);
        let Some(number) = waiting.filter(|_| !making.stopping) else {
            let left = making.jobs.iter_mut().filter(|job| job.state == JobState::Waiting);
            left.for_each(|job| job.state = JobState::Skipped);
            (making.current, making.phase, making.stopping) = (None, Phase::Finished, false);
            return;
        };
        (making.current, making.phase) = (Some(number), Phase::AwaitToken { problem: None });
        if let Some(job) = making.jobs.get_mut(number) {
            job.state = JobState::Running;
        }
        match token {
            Some(token) => self.use_token(token),
            None => self.look_in_time(),
        }
    }

    /// The readers were looked at.
    pub(super) fn readers_seen(&mut self) {
        let (Some(making), Some(workshop)) = (&self.shown.making, &mut self.workshop) else { return };
        let readers = &self.shown.readers;
        match &making.phase {
            Phase::AwaitToken { .. } => {
                let blanks: HashSet<TokenId> = readers.blanks().map(|token| token.id.clone()).collect();
                let Some(there) = &mut workshop.there else {
                    workshop.there = Some(blanks);
                    return;
                };
                if !matches!(self.shown.gate, Gate::Open { .. }) {
                    // Behind the curtain nobody says for whom a token is.
                    *there = blanks;
                    return;
                }
                // What went may come back and is then meant.
                there.retain(|token| blanks.contains(token));
                let mut came = blanks.into_iter().filter(|token| !there.contains(token));
                if let (Some(token), None) = (came.next(), came.next()) {
                    // Whoever lays tokens in is there, without touching anything.
                    self.person_is_there();
                    self.use_token(TokenChoice { token, erase: false });
                }
            }
            Phase::TokenAway { serial } if readers.tokens.iter().any(|token| token.serial == *serial) => {
                self.find_token_again();
            }
            Phase::TakeOut { serial } if !readers.tokens.iter().any(|token| token.serial == *serial) => {
                self.next_job(None);
            }
            Phase::TokenAway { .. } | Phase::TakeOut { .. } | Phase::Working | Phase::Finished => {}
        }
    }

    fn skip_job(&mut self) {
        if !matches!(self.phase(), Some(Phase::AwaitToken { .. })) {
            return;
        }
        if let Some((_, view)) = self.job() {
            view.state = JobState::Skipped;
        }
        self.next_job(None);
    }

    fn stop_making(&mut self) {
        let Some(making) = &mut self.shown.making else { return };
        match making.phase {
            Phase::Working | Phase::TokenAway { .. } => making.stopping = true,
            Phase::AwaitToken { .. } | Phase::TakeOut { .. } => {
                making.stopping = true;
                let current = making.current.and_then(|number| making.jobs.get_mut(number));
                if let Some(job) = current.filter(|job| job.state == JobState::Running) {
                    job.state = JobState::Skipped;
                }
                self.next_job(None);
            }
            Phase::Finished => {}
        }
    }

    fn job_again(&mut self, number: usize) {
        let Some(making) = &mut self.shown.making else { return };
        let Some(view) = making.jobs.get_mut(number) else { return };
        if !matches!(view.state, JobState::Failed(_) | JobState::Skipped) {
            return;
        }
        (view.state, view.steps, view.serial) = (JobState::Waiting, steps::of(&view.job), None);
        if making.phase == Phase::Finished {
            self.next_job(None);
        }
    }

    /// The letter is in its envelope.
    fn letter_done(&mut self, number: usize) {
        let job = self.shown.making.as_mut().and_then(|making| making.jobs.get_mut(number));
        let letter: Option<&mut Option<Box<PinLetter>>> = match job.map(|job| &mut job.state) {
            Some(JobState::Made(handover)) => Some(&mut handover.letter),
            Some(JobState::Unbound { letter, .. }) => Some(letter),
            _ => None,
        };
        if let Some(letter) = letter {
            *letter = None;
        }
    }
}
