//! The root of the face.

use dioxus::prelude::*;
use gridkey_client::app::AppHandle;
use gridkey_domain::Timestamp;

use crate::{bridge::use_bridge, route::Route, store::AppState};

/// The whole face. Takes [`AppHandle`] and [`crate::platform::Platform`] from the context.
#[component]
pub fn App() -> Element {
    let handle = use_hook(consume_context::<AppHandle>);
    let state = use_store({
        let handle = handle.clone();
        move || AppState::new((**handle.state().borrow()).clone(), Timestamp::from_seconds(0))
    });
    use_context_provider(|| state);
    use_bridge(&handle, state);
    rsx! {
        Router::<Route> {}
    }
}
