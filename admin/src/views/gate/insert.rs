//! Waiting for a key.

use dioxus::prelude::*;
use gridkey_client::app::Problem as Common;
use gridkey_desk::office::Problem;
use gridkey_kit::prelude::*;

use super::GateCard;
use crate::views::parts::ProblemNote;

/// Asks to plug the key in, and says why the last one went.
///
/// - `problem`: why.
#[component]
pub fn InsertKey(problem: Option<Problem>) -> Element {
    // With no key there, that there is none needs no second sentence.
    let problem = problem.filter(|problem| *problem != Problem::Common(Common::NoKey));
    rsx! {
        GateCard { title: t!("admin-gate-insert-title"), text: t!("admin-gate-insert-text"), testid: "gate-insert",
            if let Some(problem) = problem {
                ProblemNote { problem }
            }
            div { class: "gate-key-picture", "aria-hidden": "true", Icon { name: IconName::Key, size: 56 } }
            div { class: "gate-part gate-center", Spinner { what: t!("gate-insert-waiting") } }
        }
    }
}
