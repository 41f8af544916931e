//! A PIN set anew.

use gridkey_desk::office::{Command, Deed, Doing, Language, Outcome, Problem, Snapshot, TokenId};
use gridkey_domain::key::AdminRole;

use crate::{
    route::Route,
    testing::Face,
    views::keys::sample::{blank, desk, handover, looks, readers, used},
};

fn at_reader() -> Snapshot {
    Snapshot { readers: readers(vec![used("t1"), blank("t2")]), ..desk(AdminRole::Operator) }
}

fn deed() -> Deed {
    Deed::Unblock(TokenId("t1".into()))
}

fn done() -> Doing {
    Doing::Done(Outcome::Unblocked(handover(2).letter.unwrap()))
}

fn sent() -> Face {
    let mut face = Face::at(at_reader(), Language::English, &Route::Unblock {});
    face.change("token-t1", "on");
    face.type_in("so-pin", "12345678");
    face.press("unblock-begin");
    face
}

#[test]
fn the_screen_looks_as_it_was_left() {
    looks("unblock", &Route::Unblock {}, &at_reader(), |_| {});
    looks("unblocked", &Route::Unblock {}, &at_reader(), |face| {
        face.change("token-t1", "on");
        face.type_in("so-pin", "12345678");
        face.press("unblock-begin");
        face.show(|snapshot| {
            snapshot.deeds.insert(deed(), done());
        });
    });
}

#[test]
fn a_blank_token_has_no_pin_to_set() {
    let face = Face::at(at_reader(), Language::English, &Route::Unblock {});
    assert!(face.has("token-t1") && !face.has("token-t2"));
}

#[test]
fn the_token_is_set_anew_with_the_so_pin_and_the_letter_comes_once() {
    let mut face = sent();
    let commands = face.commands();
    assert!(matches!(&commands[..], [Command::Unblock { token, .. }] if token.0 == "t1"), "{commands:?}");
    face.show(|snapshot| {
        snapshot.deeds.insert(deed(), done());
    });
    assert!(face.has("unblocked") && !face.html().contains("40718265"), "{}", face.text());
    face.press("print-letter");
    assert!(face.html().contains("40718265"));
    face.press("letter-in-envelope");
    assert!(matches!(&face.commands()[..], [Command::Forget(Deed::Unblock(_))]));
}

#[test]
fn a_wrong_so_pin_is_told() {
    let mut face = sent();
    face.show(|snapshot| {
        snapshot.deeds.insert(deed(), Doing::Failed(Problem::WrongSoPin));
    });
    assert!(face.has("problem") && face.has("unblock-begin"), "{}", face.text());
}
