//! A problem inside a card or form: what happened, and what to do.

use dioxus::prelude::*;
use gridkey_desk::office::Problem;
use gridkey_kit::prelude::*;

use crate::words;

/// A problem in words.
///
/// - `problem`: what happened.
/// - `detail`: also the technical detail, for support.
#[component]
pub fn ProblemNote(problem: Problem, #[props(default)] detail: bool) -> Element {
    let tone = words::problem_tone(&problem);
    let told = words::problem(&problem);
    rsx! {
        div { class: "problem {tone.class()}", role: "alert", "data-testid": "problem",
            p { class: "problem-headline",
                Icon { name: IconName::Warning, size: 18 }
                span { {told.headline} }
            }
            p { class: "problem-text", {told.what_to_do} }
            if let Some(cause) = told.detail.filter(|_| detail) {
                p { class: "problem-detail", {cause} }
            }
        }
    }
}
