//! Where the face meets its window and what comes from outside of it.

use dioxus::prelude::*;
use gridkey_desk::office::Command;
use gridkey_host::Outside as Host;

use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_platform, use_send},
    route::Route,
};

/// Connects the face with its window, if it has one. Stands below the router, always; draws nothing.
#[component]
pub fn Outside() -> Element {
    let (desk, platform, send) = (use_desk(), use_platform(), use_send());
    let navigator = use_navigator();
    let (theme, language) = {
        let preferences = desk.preferences();
        let preferences = preferences.read();
        (preferences.theme, preferences.language.unwrap_or(platform.language))
    };
    rsx! {
        Host {
            theme,
            language,
            remembers: true,
            onshow: move |path: String| {
                if let Some(route) = screen(&path) {
                    navigator.push(route);
                }
            },
            onlock: move |()| send.send(Command::Lock),
            // Nothing would bring a closed window back: it ends the program, and logs the key out.
            stays: |()| false,
        }
    }
}

/// The screen with this path; none for one that does not exist.
fn screen(path: &str) -> Option<Route> {
    path.parse().ok().filter(|route| !matches!(route, Route::Lost { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_screens_that_exist_are_gone_to() {
        assert_eq!(screen("/keys"), Some(Route::Keys {}));
        for path in ["/nowhere", "https://evil.example/", "keys", ""] {
            assert!(screen(path).is_none_or(|route| route == Route::Home {}), "{path}");
        }
    }
}
