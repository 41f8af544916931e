//! When the screens are hidden.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, Preference};
use gridkey_kit::{form::Choice, prelude::*};

use crate::context::{DeskStateStoreExt as _, use_desk, use_send};

/// The choices, minutes; 0 is never.
const MINUTES: [u32; 6] = [1, 5, 10, 15, 30, 0];

/// The idle lock.
#[component]
pub(super) fn Safety() -> Element {
    let (desk, send) = (use_desk(), use_send());
    let lock = send.clone();
    let chosen = desk.preferences().read().lock_minutes;
    let mut minutes = MINUTES.to_vec();
    if !minutes.contains(&chosen) {
        // Set by hand in the file: it is kept and shown.
        minutes.insert(0, chosen);
    }
    let name = |minutes: u32| match minutes {
        0 => t!("admin-settings-lock-never"),
        _ => t!("admin-settings-lock-minutes", minutes = minutes),
    };
    rsx! {
        Card { title: t!("admin-settings-safety"),
            div { class: "stack",
                Select {
                    label: t!("admin-settings-lock"),
                    hint: t!("admin-settings-lock-hint"),
                    choices: minutes.into_iter().map(|minutes| Choice::new(minutes, name(minutes))).collect::<Vec<_>>(),
                    value: chosen,
                    testid: "lock-minutes",
                    onchange: move |minutes| send.send(Command::Prefer(Preference::LockMinutes(minutes))),
                }
                div { class: "row",
                    Button { icon: IconName::Lock, onclick: move |_| lock.send(Command::Lock), {t!("admin-settings-lock-now")} }
                }
            }
        }
    }
}
