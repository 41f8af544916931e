//! The dashboard's program with real tokens and a real server: an operator makes a key, reports it lost and replaces it, and two keys
//! in one go.

use std::sync::Arc;

use gridkey_desk::{
    issue::{Holder, IssueOrder},
    office::{
        Act, Command, Deed, Doing, Gate, Job, JobState, KeyQuery, MakeOrder, MakingCommand, Office, OfficeHandle,
        Outcome, Phase, Problem, Snapshot, TokenChoice, Topic,
    },
};
use gridkey_domain::key::KeyState;
use gridkey_protocol::ops::admin::keys::EndBody;
use gridkey_token::Pin;
use tokio::sync::watch;

use crate::company::{CONFIGURED, Company, NUMBER, PATIENCE, PIN, SO_PIN, client_file, in_hands};

#[test]
fn an_operator_makes_loses_and_replaces_a_key_at_the_dashboard() {
    let mut company = Company::found();
    company.serve();
    let operator = ["key", "issue", "--admin", "desk-1", "--role", "operator"];
    company.good(&company.admin("admin-1", &operator, Some("desk-1")));
    let printed = in_hands(&company, "office::the_dashboard_makes_keys", &client_file(&company, "desk-1", "admin"));
    assert!(!printed.contains(PIN) && !printed.contains(SO_PIN), "a PIN is printed");
    let last = printed.lines().find_map(|line| line.split("replaced by ").nth(1)).expect("a key").trim().to_owned();

    // The desk's own PIN is another by now; the security officer looks.
    let life = company.good(&company.admin("admin-1", &["key", "show", "--key", &last], None));
    assert_eq!((life["key"]["state"].as_str(), life["key"]["customer"].as_str()), (Some("bound"), Some(NUMBER)));
    let others = company.good(&company.admin("admin-1", &["key", "list", "--state", "lost"], None));
    assert_eq!(others["keys"].as_array().unwrap().len(), 1);
}

/// The program, and what it shows.
struct Desk {
    office: OfficeHandle,
    state: watch::Receiver<Arc<Snapshot>>,
}

impl Desk {
    async fn until(&mut self, what: &str, wanted: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
        let found = tokio::time::timeout(PATIENCE, self.state.wait_for(|shown| wanted(shown))).await;
        match found {
            Ok(shown) => Arc::clone(&shown.unwrap()),
            Err(_) => panic!("never {what}: {:#?}", self.office.state().borrow()),
        }
    }

    /// The first blank token in the reader.
    async fn blank(&mut self) -> TokenChoice {
        let shown = self.until("a blank token", |shown| shown.readers.blanks().next().is_some()).await;
        TokenChoice { token: shown.readers.blanks().next().unwrap().id.clone(), erase: false }
    }

    fn make(&self, command: MakingCommand) {
        self.office.send(Command::Making(command));
    }

    async fn finished(&mut self) -> Arc<Snapshot> {
        self.until("made", |shown| shown.making.as_ref().is_some_and(|making| making.phase == Phase::Finished)).await
    }
}

fn job(label: &str, replaces: Option<[u8; 32]>) -> Job {
    let replaces = replaces.map(|old| (old.into(), "lost".to_owned()));
    let order = IssueOrder { holder: Holder::Customer(NUMBER.parse().unwrap()), replaces, bind: true };
    Job { order, label: label.to_owned(), name: String::new() }
}

fn begin(jobs: Vec<Job>, token: Option<TokenChoice>) -> MakingCommand {
    MakingCommand::Begin(MakeOrder { jobs, so_pin: Pin::new(SO_PIN).unwrap(), token })
}

fn made(shown: &Snapshot, number: usize) -> [u8; 32] {
    match &shown.making.as_ref().unwrap().jobs[number].state {
        JobState::Made(handover) => {
            let letter = handover.letter.as_ref().unwrap();
            assert!(!letter.serial.is_empty() && handover.key.token.as_ref() == Some(&letter.serial));
            handover.key.key.0
        }
        other => panic!("{other:?}"),
    }
}

/// A part that does nothing but in a process of its own.
#[test]
fn the_dashboard_makes_keys() {
    let Some(file) = std::env::var_os(CONFIGURED) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let office = Office::from_config(Some(file.as_ref()), "test/1");
        let mut desk = Desk { state: office.state(), office };

        // The issued PIN must be changed at the first use.
        desk.until("the PIN", |shown| matches!(shown.gate, Gate::Pin { .. })).await;
        desk.office.send(Command::Unlock { pin: Pin::new(PIN).unwrap(), last_try: false });
        desk.until("an own PIN", |shown| matches!(shown.gate, Gate::FirstPin { .. })).await;
        let own = Pin::new("864209753102").unwrap();
        desk.office.send(Command::ChooseFirstPin { new: own.clone() });
        let shown = desk.until("open", |shown| matches!(shown.gate, Gate::Open { .. })).await;
        assert_eq!(shown.me.as_ref().map(|me| me.name.as_str()), Some("desk-1"));

        // The own token is not among those to write to; the other administrator's is, and is named.
        desk.office.send(Command::Want(Topic::Readers));
        let shown = desk.until("the readers", |shown| shown.readers.tokens.len() > 1).await;
        let labels: Vec<&str> = shown.readers.tokens.iter().map(|token| token.label.as_str()).collect();
        assert_eq!(labels, ["admin-1", ""]);
        assert!(shown.readers.tokens[0].holder.as_ref().is_some_and(|holder| holder.is_admin()));

        let token = desk.blank().await;
        desk.make(begin(vec![job("customer-1", None)], Some(token)));
        let shown = desk.finished().await;
        let first = made(&shown, 0);
        desk.make(MakingCommand::Forget);

        // Lost.
        let query = KeyQuery { state: Some(KeyState::Bound), admins: Some(false), ..KeyQuery::default() };
        desk.office.send(Command::Want(Topic::Keys(query.clone())));
        let bound = |shown: &Snapshot| Some(shown.keys.get(&query)?.get()?.items.len());
        desk.until("one bound key", |shown| bound(shown) == Some(1)).await;
        let body = EndBody { key: first.into(), reason: "left in a taxi".into() };
        desk.office.send(Command::Do(Act::LoseKey(body)));
        let deed = Deed::Key(first.into());
        let shown = desk.until("lost", |shown| !matches!(shown.doing(&deed), Doing::Idle | Doing::Running)).await;
        let Doing::Done(Outcome::Ended(ended)) = shown.doing(&deed) else { panic!("{:?}", shown.doing(&deed)) };
        assert_eq!(ended.key.state, KeyState::Lost);
        desk.until("the list follows", |shown| bound(shown) == Some(0)).await;

        // Two keys in one go: one in the lost one's place, one for nobody that there is.
        let token = desk.blank().await;
        let stranger = Job {
            order: IssueOrder { holder: Holder::Customer("11".parse().unwrap()), replaces: None, bind: true },
            label: "stranger".into(),
            name: String::new(),
        };
        desk.make(begin(vec![job("customer-2", Some(first)), stranger], Some(token)));
        desk.until("the first of two", |shown| {
            shown.making.as_ref().is_some_and(|making| matches!(making.phase, Phase::TakeOut { .. }))
        })
        .await;
        // A token of SoftHSM cannot be taken out.
        desk.make(MakingCommand::Next);
        desk.until("waits for the next", |shown| {
            shown.making.as_ref().is_some_and(|making| matches!(making.phase, Phase::AwaitToken { .. }))
        })
        .await;
        let token = desk.blank().await;
        desk.make(MakingCommand::Use(token));
        let shown = desk.finished().await;
        let second = made(&shown, 0);
        match &shown.making.as_ref().unwrap().jobs[1].state {
            // Without a platform nobody says whether there is such a customer.
            JobState::Failed(problem) => assert_ne!(*problem, Problem::NotAllowed),
            JobState::Made(_) => {}
            other => panic!("{other:?}"),
        }
        println!("replaced by {}", gridkey_protocol::bytes::hex(&second));

        let mut events = desk.office.events();
        desk.office.send(Command::Quit);
        let quit =
            async { while !matches!(events.recv().await, Ok(gridkey_desk::office::OfficeEvent::Quit) | Err(_)) {} };
        tokio::time::timeout(PATIENCE, quit).await.expect("it ends");
    });
}
