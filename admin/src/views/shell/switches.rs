//! Language and look, one press away.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, Language as Spoken, Preference, Theme};
use gridkey_kit::prelude::*;

use crate::context::{DeskStateStoreExt as _, use_desk, use_send};

/// Speaks the other language. Its name stands in that language, for those who cannot read the present one.
#[component]
pub fn LanguageSwitch() -> Element {
    let send = use_send();
    let other = match language() {
        Language::English => Language::Chinese,
        Language::Chinese => Language::English,
    };
    let choose = move |_| {
        let spoken = match other {
            Language::English => Spoken::English,
            Language::Chinese => Spoken::Chinese,
        };
        send.send(Command::Prefer(Preference::Language(Some(spoken))));
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
    let send = use_send();
    let theme = use_desk().preferences().read().theme;
    let (icon, now) = match theme {
        Theme::System => (IconName::Settings, t!("shell-theme-system")),
        Theme::Light => (IconName::Sun, t!("shell-theme-light")),
        Theme::Dark => (IconName::Moon, t!("shell-theme-dark")),
    };
    let label = format!("{}: {now}", t!("shell-theme"));
    let choose = move |_| {
        let next = match theme {
            Theme::System => Theme::Dark,
            Theme::Dark => Theme::Light,
            Theme::Light => Theme::System,
        };
        send.send(Command::Prefer(Preference::Theme(next)));
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
