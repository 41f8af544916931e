//! The installation lacks something.

use dioxus::prelude::*;
use gridkey_desk::office::Problem;
use gridkey_kit::prelude::*;

use super::GateCard;
use crate::{route::Route, views::parts::ProblemNote};

/// What is missing, and the way to the set-up check.
///
/// - `problem`: what is wrong.
#[component]
pub fn Broken(problem: Problem) -> Element {
    rsx! {
        GateCard { title: t!("gate-broken-title"), testid: "gate-broken",
            ProblemNote { problem, detail: true }
            div { class: "gate-part",
                Link { class: "{ButtonKind::Primary.class()} button-wide", to: Route::Setup {}, {t!("gate-broken-action")} }
            }
        }
    }
}
