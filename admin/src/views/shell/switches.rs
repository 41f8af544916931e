//! Language and look, one press away.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, Language as Spoken, Preferences, Theme};
use gridkey_kit::prelude::*;

use crate::context::{DeskStateStoreExt as _, use_desk, use_send};

/// Changes what this machine keeps: the callback is given the preferences as they are and answers how they should be.
pub fn use_preferences() -> Callback<fn(Preferences) -> Preferences> {
    let (app, send) = (use_desk(), use_send());
    use_callback(move |change: fn(Preferences) -> Preferences| {
        let now = app.preferences().peek().clone();
        send.send(Command::SetPreferences(change(now)));
    })
}

/// Speaks the other language. Its name stands in that language, for those who cannot read the present one.
#[component]
pub fn LanguageSwitch() -> Element {
    let change = use_preferences();
    let other = match language() {
        Language::English => Language::Chinese,
        Language::Chinese => Language::English,
    };
    let choose = move |_| {
        change.call(match other {
            Language::English => |now| Preferences { language: Some(Spoken::English), ..now },
            Language::Chinese => |now| Preferences { language: Some(Spoken::Chinese), ..now },
        });
    };
    rsx! {
        button { class: "bar-button", r#type: "button", lang: other.tag(), "data-testid": "language", onclick: choose,
            Icon { name: IconName::Language, size: 18 }
            span { {other.own_name()} }
        }
    }
}

/// Goes from the system's look to dark, to light, and back.
#[component]
pub fn ThemeSwitch() -> Element {
    let change = use_preferences();
    let theme = use_desk().preferences().read().theme;
    let (icon, now) = match theme {
        Theme::System => (IconName::Settings, t!("shell-theme-system")),
        Theme::Light => (IconName::Sun, t!("shell-theme-light")),
        Theme::Dark => (IconName::Moon, t!("shell-theme-dark")),
    };
    let label = format!("{}: {now}", t!("shell-theme"));
    let choose = move |_| {
        change.call(match theme {
            Theme::System => |now| Preferences { theme: Theme::Dark, ..now },
            Theme::Dark => |now| Preferences { theme: Theme::Light, ..now },
            Theme::Light => |now| Preferences { theme: Theme::System, ..now },
        });
    };
    rsx! {
        button {
            class: "bar-button",
            r#type: "button",
            "aria-label": label.clone(),
            title: label,
            "data-testid": "theme",
            onclick: choose,
            Icon { name: if theme == Theme::System { IconName::Sun } else { icon }, size: 18 }
            if theme == Theme::System {
                span { class: "bar-auto", "aria-hidden": "true", "A" }
            }
        }
    }
}
