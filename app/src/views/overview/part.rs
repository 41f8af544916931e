//! A part of the overview: an outline at first, a sentence and a way on when it failed, else its content. The age of all parts
//! stands above them, once.

use dioxus::prelude::*;
use gridkey_client::app::{Command, Problem, Section, Topic};
use gridkey_kit::prelude::*;

use crate::{context::use_send, views::parts::ProblemNote};

/// The part as it stands; `show` draws its value.
pub(super) fn part<T>(
    section: &Section<T>,
    topic: Topic,
    what: String,
    shape: Shape,
    show: impl FnOnce(&T) -> Element,
) -> Element {
    match (section.get(), &section.problem) {
        (Some(value), _) => show(value),
        (None, Some(problem)) => rsx! { Failed { problem: problem.clone(), topic, busy: section.loading } },
        (None, None) => rsx! { Skeleton { what, shape, lines: 3 } },
    }
}

/// Why there is nothing, and a way to ask again.
///
/// - `problem`: why.
/// - `topic`: what to ask for.
/// - `busy`: it is being asked for.
#[component]
fn Failed(problem: Problem, topic: Topic, busy: bool) -> Element {
    let send = use_send();
    rsx! {
        ProblemNote { problem }
        Button {
            small: true,
            icon: IconName::Refresh,
            busy,
            onclick: move |_| send.send(Command::Refresh(topic.clone())),
            {t!("do-retry")}
        }
    }
}
