use std::os::unix::process::ExitStatusExt;

use gridkey_service::failpoint::{ENABLED, VARIABLE};

use crate::support::rerun;

/// Passes two failpoints, the second one twice; see the other tests.
#[test]
fn passing() {
    gridkey_service::failpoint!("test.first");
    gridkey_service::failpoint!("test.second");
    println!("between");
    gridkey_service::failpoint!("test.second");
    println!("reached the end");
}

#[test]
fn without_a_choice_nothing_happens() {
    let output = rerun("failpoint::passing", &[]);
    assert!(output.status.success());
}

#[test]
fn the_chosen_failpoint_kills_the_process_at_its_turn() {
    for (choice, between) in [("test.first", false), ("test.second", false), ("test.second:2", true)] {
        let output = rerun("failpoint::passing", &[(VARIABLE, choice)]);
        let text = String::from_utf8_lossy(&output.stdout);
        if ENABLED {
            assert_eq!(output.status.signal(), Some(9), "{choice}");
            assert_eq!((text.contains("between"), text.contains("reached the end")), (between, false), "{choice}");
        } else {
            assert!(output.status.success(), "{choice}");
        }
    }
}
