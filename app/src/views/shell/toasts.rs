//! The short messages in the corner.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use crate::{
    context::use_platform,
    news::{News, Way},
};

/// The messages, and what their buttons do.
#[component]
pub fn Corner() -> Element {
    let mut news = use_context::<News>();
    let (platform, navigator) = (use_platform(), use_navigator());
    rsx! {
        Toasts {
            toasts: news.shown(),
            onclose: move |id| {
                news.close(id);
            },
            onaction: move |id| match news.close(id) {
                Some(Way::Screen(route)) => {
                    navigator.push(route);
                }
                Some(Way::File(path)) => {
                    if let Err(error) = platform.files.open(&path) {
                        tracing::warn!(%error, "a saved file was not opened");
                    }
                }
                None => {}
            },
        }
    }
}
