//! Who did something: a name where it is known.

use dioxus::prelude::*;
use gridkey_desk::office::{KeyQuery, Topic};
use gridkey_kit::prelude::*;

use super::ways;
use crate::{
    context::{DeskStateStoreExt as _, use_desk},
    logic::keys::{key_name, short},
};

/// The list by which administrators' keys get their names.
pub fn admins() -> Topic {
    Topic::Keys(KeyQuery { admins: Some(true), ..KeyQuery::default() })
}

/// Who did something, as the server names it: a key's fingerprint becomes its post's name and leads to its page. The screen
/// wants [`admins`].
///
/// - `actor`: a fingerprint in hex, `server`, `platform` or `operator`.
#[component]
pub fn Actor(#[props(into)] actor: String) -> Element {
    let app = use_desk();
    let Some(key) = key_name(&actor) else {
        let words = match actor.as_str() {
            "server" | "platform" | "operator" => t!(&format!("keys-actor-{actor}")),
            _ => actor,
        };
        return rsx! {
            span { {words} }
        };
    };
    if app.me().read().as_ref().is_some_and(|me| me.key == key) {
        return rsx! {
            span { {t!("keys-actor-you")} }
        };
    }
    let Topic::Keys(query) = admins() else { return rsx! {} };
    let name = app.keys().read().get(&query).and_then(|section| {
        let known = section.get()?.items.iter().find(|known| known.key == key)?;
        Some(known.name.clone())
    });
    rsx! {
        Link { class: "link", to: ways::key(&key), title: "{actor}",
            if let Some(name) = name {
                {name}
            } else {
                span { class: "mono", {short(&key)} }
            }
        }
    }
}
