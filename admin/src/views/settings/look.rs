//! Language and theme.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, Language as Spoken, Preference, Theme};
use gridkey_kit::{form::Choice, prelude::*};

use crate::context::{DeskStateStoreExt as _, use_desk, use_send};

/// Language and theme of this machine.
#[component]
pub(super) fn Look() -> Element {
    let (desk, send) = (use_desk(), use_send());
    let set = use_callback(move |change: Preference| send.send(Command::Prefer(change)));
    let (language, theme) = {
        let preferences = desk.preferences();
        let now = preferences.read();
        (now.language, now.theme)
    };
    rsx! {
        Card { title: t!("admin-settings-look"),
            div { class: "stack",
                Select {
                    label: t!("admin-settings-language"),
                    choices: vec![
                        Choice::new(None, t!("admin-settings-language-system")),
                        Choice::new(Some(Spoken::English), Language::English.own_name()),
                        Choice::new(Some(Spoken::Chinese), Language::Chinese.own_name()),
                    ],
                    value: language,
                    testid: "settings-language",
                    onchange: move |language| set.call(Preference::Language(language)),
                }
                div { class: "field",
                    span { class: "field-label", "aria-hidden": "true", {t!("admin-settings-theme")} }
                    Segmented {
                        label: t!("admin-settings-theme"),
                        choices: vec![
                            Choice::new(Theme::System, t!("shell-theme-system")),
                            Choice::new(Theme::Light, t!("shell-theme-light")),
                            Choice::new(Theme::Dark, t!("shell-theme-dark")),
                        ],
                        value: theme,
                        testid: "settings-theme",
                        onchange: move |theme| set.call(Preference::Theme(theme)),
                    }
                }
            }
        }
    }
}
