//! The lists of keys beside each other.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use crate::route::Route;

/// Links to the lists: all keys, and those that end soon.
#[component]
pub(super) fn Subnav() -> Element {
    let here = use_route::<Route>();
    let places = [(Route::Keys {}, t!("keys-all")), (Route::KeysEnding {}, t!("keys-ending"))];
    rsx! {
        nav { class: "subnav", "aria-label": t!("keys-lists"),
            for (index , (route , label)) in places.into_iter().enumerate() {
                Link {
                    key: "{index}",
                    class: if route == here { "subnav-item is-here" } else { "subnav-item" },
                    to: route,
                    {label}
                }
            }
        }
    }
}
