//! One key.

use dioxus::prelude::*;
use gridkey_desk::office::Topic;
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_want},
    route::Fingerprint,
    views::parts::shown,
};

/// A key with every state it was in, and what can be done with it.
///
/// - `fingerprint`: its name.
#[component]
pub fn KeyPage(fingerprint: Fingerprint) -> Element {
    let topic = Topic::Key(fingerprint.0);
    use_want(topic.clone());
    let key = use_desk().key().read().get(&fingerprint.0).cloned().unwrap_or_default();
    rsx! {
        Page { title: t!("admin-place-key"), testid: "key-page",
            {shown(&key, topic, t!("admin-key-loading"), Shape::Lines, |life| rsx! {
                Card { p { {life.key.name.clone()} } }
            })}
        }
    }
}
