//! Presence: the PC/SC watcher with or without a service, the slot watcher on SoftHSM.

use std::sync::mpsc;
use std::time::Duration;

use gridkey_token::presence::{Known, Presence, PresenceWatcher, ReaderWatcher, SlotWatcher};

use crate::support::softhsm::with_softhsm;

/// Only bounds a hang: every wait ends by an event.
const LONG: Duration = Duration::from_secs(30);

#[test]
fn the_reader_watcher_says_at_once_whether_a_service_runs_and_stops_cleanly() {
    let (sender, events) = mpsc::channel();
    let watcher = ReaderWatcher::start(move |event| drop(sender.send(event))).expect("a thread");
    match events.recv_timeout(LONG).expect("an event") {
        Presence::ServiceUnavailable { reason } => assert!(!reason.is_empty()),
        Presence::ServiceAvailable => {}
        other => panic!("{other:?} before telling whether a service runs"),
    }
    Box::new(watcher).stop();
    while events.try_recv().is_ok() {}
    assert_eq!(events.try_recv(), Err(mpsc::TryRecvError::Disconnected), "no callback is left");
}

#[test]
fn the_slot_watcher_tells_what_is_there_and_what_comes() {
    with_softhsm("presence::the_slot_watcher_tells_what_is_there_and_what_comes", |hsm| {
        let label = |event: Presence| match event {
            Presence::Inserted(place) => match place.token {
                Known::Token { label, .. } => label,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
        hsm.new_token("first");
        let (sender, events) = mpsc::channel();
        let every = Duration::from_millis(20);
        let watcher =
            SlotWatcher::start(hsm.provider(), every, move |event| drop(sender.send(event))).expect("a thread");
        assert_eq!(label(events.recv_timeout(LONG).expect("an event")), "first");
        hsm.new_token("second");
        // A look in the midst of initialising may see other states; the token itself must come.
        let mut seen = Vec::new();
        while !seen.iter().any(|known: &String| known == "second") {
            seen.push(label(events.recv_timeout(LONG).expect("an event")));
        }
        Box::new(watcher).stop();
        while events.try_recv().is_ok() {}
        assert_eq!(events.try_recv(), Err(mpsc::TryRecvError::Disconnected), "no callback is left");
    });
}
