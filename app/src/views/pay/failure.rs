//! Why the order was not made.

use dioxus::prelude::*;
use gridkey_client::app::{Paying, Problem};
use gridkey_kit::prelude::*;

use crate::{
    context::{AppStateStoreExt as _, use_app},
    route::Route,
    words,
};

/// What became of the last attempt, if it failed: in words, with what to do.
///
/// - `quiet`: another attempt is under way, so the last one is history.
#[component]
pub(super) fn Failure(quiet: bool) -> Element {
    let app = use_app();
    let navigator = use_navigator();
    let paying = app.paying()();
    let Paying::Failed(problem) = paying else { return rsx! {} };
    if quiet {
        return rsx! {};
    }
    let company = app.company()();
    let told = words::problem(&problem, Some(&company));
    match problem {
        Problem::OutcomeUnknown => rsx! {
            Banner {
                tone: Tone::Warning,
                title: t!("pay-unknown"),
                testid: "pay-failed",
                action: rsx! {
                    Button {
                        onclick: move |_| {
                            navigator.push(Route::Payments {});
                        },
                        {t!("pay-see-payments")}
                    }
                },
                {t!("pay-unknown-text")}
            }
        },
        Problem::Unfinished(payment) => rsx! {
            Banner {
                tone: Tone::Warning,
                title: t!("pay-existing"),
                testid: "pay-failed",
                action: rsx! {
                    Button {
                        onclick: move |_| {
                            navigator.push(Route::Payment { id: payment });
                        },
                        {t!("pay-see-existing")}
                    }
                },
                {t!("pay-existing-text")}
            }
        },
        _ => rsx! {
            Banner { tone: Tone::Danger, title: told.headline, testid: "pay-failed",
                {told.what_to_do}
            }
        },
    }
}
