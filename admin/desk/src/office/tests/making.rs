//! Keys made at the desk: one, many, and what goes wrong on the way.

use gridkey_domain::key::KeyState;
use gridkey_protocol::ops::admin::keys::AdminName;

use super::{
    reader::{Fate, blank},
    *,
};
use crate::issue::{Holder, IssueOrder};

fn job(number: &str) -> Job {
    let order = IssueOrder { holder: Holder::Customer(number.parse().unwrap()), replaces: None, bind: true };
    Job { order, label: number.to_owned(), name: "Dairy".into() }
}

fn begin(jobs: &[Job], token: Option<&str>) -> Command {
    let token = token.map(|serial| TokenChoice { token: blank(serial), erase: false });
    Command::Making(MakingCommand::Begin(MakeOrder { jobs: jobs.to_vec(), so_pin: pin("97531086"), token }))
}

async fn operator() -> Machine {
    let mut desk = Machine::new(&[&TestKey::admin()], AdminRole::Operator);
    desk.open().await;
    desk
}

fn phase(shown: &Snapshot) -> Option<&Phase> {
    shown.making.as_ref().map(|making| &making.phase)
}

fn state(shown: &Snapshot, number: usize) -> &JobState {
    &shown.making.as_ref().unwrap().jobs[number].state
}

fn handover(shown: &Snapshot, number: usize) -> &Handover {
    match state(shown, number) {
        JobState::Made(handover) => handover,
        other => panic!("{other:?}"),
    }
}

impl Machine {
    async fn phase(&mut self, what: &str, wanted: impl Fn(&Phase) -> bool) -> Arc<Snapshot> {
        self.until(what, |shown| phase(shown).is_some_and(&wanted)).await
    }

    fn make(&self, command: MakingCommand) {
        self.send(Command::Making(command));
    }
}

#[tokio::test(start_paused = true)]
async fn a_blank_token_becomes_a_bound_key_with_a_record_and_a_letter() {
    let mut desk = operator().await;
    desk.reader.lay("t-1", Fate::Well);
    desk.send(Command::Want(Topic::Readers));
    desk.until("shows the token", |shown| shown.readers.blanks().count() == 1).await;
    desk.send(begin(&[job("1100000001")], Some("t-1")));
    let shown = desk.phase("is through", |phase| *phase == Phase::Finished).await;
    let made = handover(&shown, 0);
    assert_eq!((made.key.state, made.by.as_str()), (KeyState::Bound, "desk-1"));
    let letter = made.letter.clone().expect("the PIN");
    assert_eq!((letter.serial.as_str(), letter.pin.expose().len()), ("t-1", 8));
    assert!(!format!("{shown:?}").contains(letter.pin.expose()));
    let steps = &shown.making.as_ref().unwrap().jobs[0].steps;
    assert!(steps.iter().all(|step| step.state == StepState::Done) && steps.len() == 7, "{steps:?}");
    assert!(desk.reader.is_written("t-1"));
    desk.event(|event| *event == OfficeEvent::KeyMade(0)).await;

    desk.make(MakingCommand::LetterDone(0));
    desk.until("the PIN is gone", |shown| handover(shown, 0).letter.is_none()).await;
    desk.make(MakingCommand::Forget);
    desk.until("all is gone", |shown| shown.making.is_none()).await;
}

#[tokio::test(start_paused = true)]
async fn a_batch_takes_token_after_token_and_a_failure_leaves_the_others() {
    let mut desk = operator().await;
    let jobs = ["1100000001", "1100000002", "1100000003", "1100000004"].map(job);
    desk.send(begin(&jobs, None));
    desk.phase("waits", |phase| matches!(phase, Phase::AwaitToken { problem: None })).await;
    desk.pass(Duration::from_secs(3)).await;
    desk.reader.lay("t-1", Fate::Well);
    let shown = desk.phase("is made", |phase| matches!(phase, Phase::TakeOut { .. })).await;
    assert_eq!(phase(&shown), Some(&Phase::TakeOut { serial: "t-1".into() }));
    // Nothing goes on while it is there.
    desk.reader.lay("t-2", Fate::Full);
    desk.pass(Duration::from_secs(10)).await;
    assert_eq!(desk.now().making.as_ref().unwrap().current, Some(0));
    desk.reader.take_out("t-1");
    desk.phase("waits for a choice", |phase| matches!(phase, Phase::AwaitToken { .. })).await;
    desk.make(MakingCommand::Use(TokenChoice { token: blank("t-2"), erase: false }));
    let full = |shown: &Snapshot| *state(shown, 1) == JobState::Failed(Problem::TokenFull);
    desk.until("the second fails", full).await;
    assert_eq!(desk.server.keys_in(KeyState::Revoked), 1, "what was issued for it is withdrawn");
    desk.make(MakingCommand::Skip);
    desk.until("the third is passed over", |shown| *state(shown, 2) == JobState::Skipped).await;
    desk.pass(Duration::from_secs(3)).await;
    desk.reader.lay("t-4", Fate::Well);
    let shown = desk.phase("is through", |phase| *phase == Phase::Finished).await;
    assert_eq!(handover(&shown, 3).letter.as_ref().unwrap().serial, "t-4");
    assert_eq!(shown.making.as_ref().unwrap().progress(), (4, 4));
    let pins = [handover(&shown, 0), handover(&shown, 3)].map(|made| made.letter.clone().unwrap().pin);
    assert_ne!(pins[0], pins[1], "each key has a PIN of its own");

    desk.reader.take_out("t-4");
    desk.make(MakingCommand::Again(1));
    desk.phase("tries the second again", |phase| matches!(phase, Phase::AwaitToken { .. })).await;
    desk.pass(Duration::from_secs(3)).await;
    desk.reader.lay("t-5", Fate::Well);
    let shown = desk.phase("is through", |phase| *phase == Phase::Finished).await;
    assert_eq!(handover(&shown, 1).label, "1100000002");
}

#[tokio::test(start_paused = true)]
async fn a_token_pulled_while_it_is_written_is_waited_for() {
    let mut desk = operator().await;
    desk.reader.lay("t-1", Fate::PulledAtWrite);
    desk.send(begin(&[job("1100000001")], Some("t-1")));
    desk.phase("misses it", |phase| *phase == Phase::TokenAway { serial: "t-1".into() }).await;
    desk.reader.lay("t-2", Fate::Well);
    desk.pass(Duration::from_secs(5)).await;
    assert!(matches!(phase(&desk.now()), Some(Phase::TokenAway { .. })), "another one is not written to");
    desk.reader.put_back("t-1");
    let shown = desk.phase("goes on by itself", |phase| *phase == Phase::Finished).await;
    assert_eq!(handover(&shown, 0).key.state, KeyState::Bound);
    assert!(desk.reader.is_written("t-1") && !desk.reader.is_written("t-2"));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_given_up_leaves_nothing_usable() {
    let mut desk = operator().await;
    desk.reader.lay("t-1", Fate::PulledAtWrite);
    desk.send(begin(&[job("1100000001")], Some("t-1")));
    desk.phase("misses it", |phase| matches!(phase, Phase::TokenAway { .. })).await;
    desk.make(MakingCommand::GiveUp);
    let shown = desk.phase("is through", |phase| *phase == Phase::Finished).await;
    assert_eq!(*state(&shown, 0), JobState::Failed(Problem::TokenGone));
    assert_eq!((desk.server.keys_in(KeyState::Revoked), desk.server.keys_in(KeyState::Issued)), (1, 0));
    let steps = &shown.making.as_ref().unwrap().jobs[0].steps;
    assert_eq!(steps.last().map(|step| (step.step, step.state)), Some((MakeStep::Revoke, StepState::Done)));
}

#[tokio::test(start_paused = true)]
async fn a_binding_whose_answer_is_lost_names_the_key() {
    let mut desk = operator().await;
    desk.server.be_silent_about("key.bind");
    desk.reader.lay("t-1", Fate::Well);
    desk.send(begin(&[job("1100000001")], Some("t-1")));
    let shown = desk.phase("is through", |phase| *phase == Phase::Finished).await;
    let JobState::Unbound { key, letter, .. } = state(&shown, 0).clone() else { panic!("{:?}", state(&shown, 0)) };
    assert!(letter.is_some(), "the PIN on the token is not lost");
    desk.server.talk_again();
    let body = gridkey_protocol::ops::admin::keys::BindBody { key, customer: "1100000001".parse().ok() };
    assert!(matches!(desk.act(Act::BindKey(body)).await, Doing::Done(Outcome::Bound(_))));
}

#[tokio::test(start_paused = true)]
async fn who_may_not_make_a_key_touches_no_token() {
    let mut desk = operator().await;
    desk.reader.lay("t-1", Fate::Well);
    let admin = AdminName { name: "desk-2".into(), role: AdminRole::Operator };
    let order = IssueOrder { holder: Holder::Admin(admin), replaces: None, bind: true };
    let jobs =
        [Job { order, label: "desk-2".into(), name: String::new() }, Job { label: String::new(), ..job("1100000001") }];
    desk.send(begin(&jobs, Some("t-1")));
    let shown = desk.phase("is through", |phase| *phase == Phase::Finished).await;
    assert_eq!(*state(&shown, 0), JobState::Failed(Problem::NotAllowed));
    assert_eq!(*state(&shown, 1), JobState::Failed(Problem::BadLabel));
    assert_eq!((desk.reader.pins(), desk.server.asked("key.challenge")), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_will_not_do_is_told_and_another_is_taken() {
    let mut desk = operator().await;
    desk.reader.lay("t-1", Fate::OtherSoPin);
    desk.send(begin(&[job("1100000001")], Some("t-1")));
    let problem = |phase: &Phase| matches!(phase, Phase::AwaitToken { problem: Some(Problem::WrongSoPin) });
    desk.phase("asks for another", problem).await;
    desk.make(MakingCommand::Use(TokenChoice { token: blank("t-9"), erase: false }));
    desk.phase("it is not there", |phase| matches!(phase, Phase::AwaitToken { problem: Some(Problem::TokenGone) }))
        .await;
    desk.pass(Duration::from_secs(3)).await;
    desk.reader.lay("t-2", Fate::Well);
    let shown = desk.phase("takes the new one", |phase| *phase == Phase::Finished).await;
    assert_eq!(handover(&shown, 0).letter.as_ref().unwrap().serial, "t-2");
}

#[tokio::test(start_paused = true)]
async fn stopping_a_batch_leaves_the_rest_undone_and_a_pulled_admin_key_leaves_nothing() {
    let key = TestKey::admin();
    let mut desk = Machine::new(&[&key], AdminRole::Operator);
    desk.open().await;
    desk.reader.lay("t-1", Fate::Well);
    desk.send(begin(&["1100000001", "1100000002"].map(job), Some("t-1")));
    desk.phase("one is made", |phase| matches!(phase, Phase::TakeOut { .. })).await;
    desk.make(MakingCommand::Stop);
    let shown = desk.phase("stops", |phase| *phase == Phase::Finished).await;
    assert_eq!(*state(&shown, 1), JobState::Skipped);
    assert!(handover(&shown, 0).letter.is_some());
    desk.keys.pull(&key);
    desk.until("nothing is shown", |shown| shown.making.is_none() && shown.me.is_none()).await;
}

#[tokio::test(start_paused = true)]
async fn a_forgotten_pin_is_set_anew_with_a_letter() {
    let mut desk = operator().await;
    desk.reader.lay("t-1", Fate::Well);
    desk.reader.lay("t-2", Fate::OtherSoPin);
    desk.send(Command::Want(Topic::Readers));
    desk.until("shows both", |shown| shown.readers.tokens.len() == 2).await;
    for (serial, problem) in [("t-1", None), ("t-2", Some(Problem::WrongSoPin))] {
        let deed = Deed::Unblock(blank(serial));
        desk.send(Command::Unblock { token: blank(serial), so_pin: pin("97531086") });
        let over = |shown: &Snapshot| matches!(shown.doing(&deed), Doing::Done(_) | Doing::Failed(_));
        let shown = desk.until("is over", over).await;
        match shown.doing(&deed) {
            Doing::Done(Outcome::Unblocked(letter)) => assert_eq!((letter.serial.as_str(), problem), (serial, None)),
            other => assert_eq!(other.problem(), problem.as_ref()),
        }
    }
    assert_eq!(desk.reader.pins(), 1);
}

#[tokio::test(start_paused = true)]
async fn behind_the_curtain_no_token_is_taken_by_itself() {
    let mut desk = operator().await;
    desk.send(begin(&[job("1100000001")], None));
    desk.phase("waits", |phase| matches!(phase, Phase::AwaitToken { .. })).await;
    desk.pass(Duration::from_secs(3)).await;
    desk.send(Command::Lock);
    desk.gate("is locked", |gate| matches!(gate, Gate::Locked { .. })).await;
    desk.reader.lay("t-1", Fate::Well);
    desk.pass(Duration::from_secs(5)).await;
    desk.send(Command::Reveal { pin: pin(PIN) });
    desk.gate("is open", |gate| matches!(gate, Gate::Open { .. })).await;
    desk.pass(Duration::from_secs(5)).await;
    assert!(matches!(phase(&desk.now()), Some(Phase::AwaitToken { problem: None })));
    desk.make(MakingCommand::Use(TokenChoice { token: blank("t-1"), erase: false }));
    desk.phase("is made", |phase| *phase == Phase::Finished).await;
}
