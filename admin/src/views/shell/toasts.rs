//! The short messages in the corner.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use crate::{context::use_platform, news::News};

/// The messages, and what their buttons do.
#[component]
pub fn Corner() -> Element {
    let mut news = use_context::<News>();
    let platform = use_platform();
    rsx! {
        Toasts {
            toasts: news.shown(),
            onclose: move |id| {
                news.close(id);
            },
            onaction: move |id| {
                if let Some(path) = news.close(id)
                    && let Err(error) = platform.files.open(&path)
                {
                    tracing::warn!(%error, "a saved file was not opened");
                }
            },
        }
    }
}
