//! Screens made of all components, for the tests that look at them as a browser does.

mod overview;
mod parts;

use dioxus::prelude::*;
use gridkey_kit::{focus::use_focus_provider, i18n::use_i18n_provider, prelude::*, style};

/// One picture: what it shows, in which words and light, and how wide the window is.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Scene {
    /// What it shows.
    pub show: Show,
    /// In which words.
    pub language: Language,
    /// "light" or "dark".
    pub theme: &'static str,
    /// A phone's window instead of a computer's.
    pub phone: bool,
}

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Show {
    /// The first screen.
    Overview,
    /// The card before the account.
    Gate,
    /// Forms, states and tables.
    Parts,
    /// A question over a screen.
    Dialog,
}

impl Scene {
    /// Every picture.
    pub(crate) fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for show in [Show::Overview, Show::Gate, Show::Parts, Show::Dialog] {
            for language in Language::ALL {
                for theme in ["light", "dark"] {
                    for phone in [false, true] {
                        all.push(Self { show, language, theme, phone });
                    }
                }
            }
        }
        all
    }

    /// Its file name without an ending.
    pub(crate) fn name(&self) -> String {
        let width = if self.phone { "phone" } else { "desktop" };
        format!("{:?}-{}-{}-{width}", self.show, self.language.tag(), self.theme).to_lowercase()
    }

    /// The picture as a page that stands alone; `extra` goes into its head.
    pub(crate) fn html(self, extra: &str) -> String {
        let mut dom = VirtualDom::new_with_props(Screen, ScreenProps { scene: self });
        dom.rebuild_in_place();
        let body = dioxus_ssr::render(&dom);
        format!(
            "<!doctype html><html lang=\"{}\" data-theme=\"{}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{}</title>\
             <style>{}</style>{extra}</head><body>{body}</body></html>\n",
            self.language.tag(),
            self.theme,
            self.name(),
            style::CSS,
        )
    }

    /// English or Chinese words.
    pub(crate) fn say(&self, english: &str, chinese: &str) -> String {
        match self.language {
            Language::English => english.to_owned(),
            Language::Chinese => chinese.to_owned(),
        }
    }
}

#[component]
fn Screen(scene: Scene) -> Element {
    use_i18n_provider(scene.language, &[]);
    use_focus_provider();
    match scene.show {
        Show::Overview => rsx! { overview::Overview { scene } },
        Show::Gate => rsx! { parts::Gate { scene } },
        Show::Parts => rsx! { parts::Parts { scene } },
        Show::Dialog => rsx! { parts::Question { scene } },
    }
}
