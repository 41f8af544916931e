//! What a person does on these screens, and what they look like.

use gridkey_client::app::{Command, Doing, Language};

use crate::{fixture, route::Route, testing::Face, views::parts::snapshot::both};

fn offline() -> Face {
    Face::at(fixture::offline(), Language::English, &Route::Queue {})
}

#[test]
fn the_screens_look_as_they_were_left() {
    both("queue-waiting", &Route::Queue {}, &fixture::offline(), |_| {});
    both("queue-empty", &Route::Queue {}, &fixture::open(), |_| {});
    let mut sending = fixture::offline();
    sending.connection = fixture::open().connection;
    sending.sending = Doing::Busy;
    both("queue-sending", &Route::Queue {}, &sending, |_| {});
}

#[test]
fn what_waits_is_sent_by_hand_only_while_connected() {
    let mut face = offline();
    assert_eq!(face.attribute("send-now", "disabled"), Some("true"));
    face.show(|snapshot| snapshot.connection = fixture::open().connection);
    face.press("send-now");
    assert!(matches!(&face.commands()[..], [Command::SendQueue]));
    face.show(|snapshot| snapshot.sending = Doing::Busy);
    face.press("send-now");
    assert!(face.commands().is_empty(), "it is being sent");
}

#[test]
fn an_order_that_was_not_sent_is_withdrawn_after_one_question() {
    let mut face = offline();
    let withdraw = format!("withdraw-{}", fixture::payment_id(6));
    face.press(&withdraw);
    assert!(face.commands().is_empty());
    face.press("ask-yes");
    assert!(matches!(&face.commands()[..], [Command::Cancel(payment)] if *payment == fixture::payment_id(6)));
}

#[test]
fn an_order_in_doubt_cannot_be_withdrawn_here() {
    let mut face = offline();
    face.show(|snapshot| snapshot.queue.orders[0].view.in_doubt = true);
    assert_eq!(face.attribute(&format!("withdraw-{}", fixture::payment_id(6)), "disabled"), Some("true"));
    assert!(face.text().contains("It may have arrived"), "{}", face.text());
}
