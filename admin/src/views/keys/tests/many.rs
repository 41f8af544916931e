//! Batches.

use gridkey_desk::office::{
    Command, JobState, Language, Making, MakingCommand, Phase, Problem, Section, Snapshot, StepState,
};
use gridkey_domain::key::AdminRole;

use crate::{
    route::Route,
    testing::Face,
    views::keys::sample::{blank, customer, desk, handover, job, looks, other_customer, readers, steps, view},
};

fn at_reader() -> Snapshot {
    let mut snapshot = Snapshot { readers: readers(vec![]), ..desk(AdminRole::Operator) };
    let problem = Some(Problem::NotFound);
    snapshot.customer.insert("1100000099".parse().unwrap(), Section { problem, ..Section::default() });
    snapshot
}

fn form() -> Face {
    Face::at(at_reader(), Language::English, &Route::Batch {})
}

fn batch(phase: Phase, states: Vec<JobState>, current: Option<usize>) -> Snapshot {
    let jobs = states.into_iter().enumerate().map(|(place, state)| {
        let customer = format!("11000000{:02}", place + 1).parse().unwrap();
        let steps =
            if state == JobState::Running { steps(1, StepState::Running) } else { steps(0, StepState::Waiting) };
        view(job(&customer, &format!("Works {}", place + 1)), state, steps)
    });
    let making = Making { jobs: jobs.collect(), current, phase, stopping: false };
    Snapshot { making: Some(making), ..at_reader() }
}

fn over() -> Snapshot {
    let made = |number| JobState::Made(Box::new(handover(number)));
    let states = vec![made(2), JobState::Failed(Problem::TokenFull), made(3), JobState::Skipped];
    batch(Phase::Finished, states, None)
}

fn running(phase: Phase) -> Snapshot {
    let states = vec![JobState::Made(Box::new(handover(2))), JobState::Running, JobState::Waiting];
    batch(phase, states, Some(1))
}

fn shown(snapshot: Snapshot) -> Face {
    Face::at(snapshot, Language::English, &Route::Batch {})
}

#[test]
fn the_batch_looks_as_it_was_left() {
    looks("batch-empty", &Route::Batch {}, &at_reader(), |_| {});
    looks("batch-list", &Route::Batch {}, &at_reader(), |face| {
        face.press("found-1100000001");
        face.press("found-1100000002");
    });
    looks("batch-await", &Route::Batch {}, &running(Phase::AwaitToken { problem: None }), |_| {});
    looks("batch-take-out", &Route::Batch {}, &running(Phase::TakeOut { serial: "00c0ffee".into() }), |_| {});
    looks("batch-over", &Route::Batch {}, &over(), |_| {});
}

#[test]
fn customers_come_by_search_and_from_a_pasted_list_and_each_once() {
    let mut face = form();
    face.press("found-1100000001");
    face.press("Paste or file");
    face.type_in("batch-text", "1100000001, 1100000002\nFoundry");
    face.press("batch-take");
    let text = face.text();
    assert!(
        text.contains("Customers (2)") && text.contains("Linjiang Cold Storage") || text.contains("looking"),
        "{text}"
    );
    assert!(text.contains("Line 2: Foundry"), "what was not taken is named: {text}");
    face.press("remove-1100000001");
    assert!(face.text().contains("Customers (1)"), "{}", face.text());
}

#[test]
fn a_batch_begins_with_its_customers_in_order_and_waits_for_the_first_token() {
    let mut face = form();
    face.press("found-1100000002");
    face.press("found-1100000001");
    face.type_in("so-pin", "12345678");
    face.type_in("so-pin-again", "12345678");
    face.press("batch-begin");
    let commands = face.commands();
    let [Command::Making(MakingCommand::Begin(order))] = &commands[..] else { panic!("{commands:?}") };
    let labels: Vec<&str> = order.jobs.iter().map(|job| job.label.as_str()).collect();
    assert_eq!(labels, [other_customer().as_str(), customer().as_str()]);
    assert!(order.token.is_none());
}

#[test]
fn nobody_and_customers_that_do_not_exist_are_found_before_it_begins() {
    let mut face = form();
    face.press("batch-begin");
    assert!(face.commands().is_empty() && face.text().contains("Put customers on the list first"), "{}", face.text());
    face.press("Paste or file");
    face.type_in("batch-text", "1100000099");
    face.press("batch-take");
    face.type_in("so-pin", "12345678");
    face.type_in("so-pin-again", "12345678");
    face.press("batch-begin");
    assert!(face.commands().is_empty() && face.text().contains("1 customer does not exist"), "{}", face.text());
}

#[test]
fn one_token_after_another_with_a_word_for_each() {
    let mut face = shown(running(Phase::AwaitToken { problem: None }));
    assert!(face.text().contains("Put a blank token into the reader Works 2 (1100000002)"), "{}", face.text());
    face.press("batch-skip");
    assert!(matches!(&face.commands()[..], [Command::Making(MakingCommand::Skip)]));
    face.show(|snapshot| snapshot.readers = readers(vec![blank("t2")]));
    face.change("token-t2", "on");
    face.press("use-token");
    let commands = face.commands();
    assert!(
        matches!(&commands[..], [Command::Making(MakingCommand::Use(choice))] if choice.token.0 == "t2" && !choice.erase),
        "{commands:?}"
    );
    face.show(|snapshot| {
        if let Some(making) = &mut snapshot.making {
            making.phase = Phase::TakeOut { serial: "00c0ffee".into() };
        }
    });
    assert!(face.text().contains("Take the token out"), "{}", face.text());
    face.press("batch-next");
    face.press("batch-stop");
    let commands = face.commands();
    assert!(
        matches!(&commands[..], [Command::Making(MakingCommand::Next), Command::Making(MakingCommand::Stop)]),
        "{commands:?}"
    );
}

#[test]
fn the_end_tells_of_each_prints_all_together_and_tries_again() {
    let mut face = shown(over());
    let text = face.text();
    for words in ["2 made", "1 not made", "1 skipped", "The key is full", "PIN letter not in its envelope yet"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    face.press("print-letters");
    assert_eq!(face.html().matches("sheet-pin\"").count(), 2, "a sheet for each letter");
    face.press("again-1");
    assert!(matches!(&face.commands()[..], [Command::Making(MakingCommand::Again(1))]));
    face.press("letters-in-envelopes");
    let commands = face.commands();
    assert!(
        matches!(
            &commands[..],
            [Command::Making(MakingCommand::LetterDone(0)), Command::Making(MakingCommand::LetterDone(2))]
        ),
        "{commands:?}"
    );
    face.press("batch-leave");
    assert!(face.commands().is_empty() && face.text().contains("Leave without 2 PIN letters?"), "{}", face.text());
}
