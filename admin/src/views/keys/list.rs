//! All keys.

use dioxus::prelude::*;
use gridkey_desk::office::{KeyQuery, Topic};
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_want},
    route::Route,
    views::parts::shown,
};

/// Keys of every state.
#[component]
pub fn Keys() -> Element {
    let query = KeyQuery::default();
    let topic = Topic::Keys(query.clone());
    use_want(topic.clone());
    let keys = use_desk().keys().read().get(&query).cloned().unwrap_or_default();
    rsx! {
        Page { title: t!("admin-place-keys"), testid: "keys",
            {shown(&keys, topic, t!("admin-keys-loading"), Shape::Rows, |keys| rsx! {
                ul { class: "list",
                    for key in keys.items.clone() {
                        li { key: "{key.key}",
                            Link { to: Route::Key { fingerprint: key.key.into() }, {key.name.clone()} }
                        }
                    }
                }
            })}
        }
    }
}

/// Keys that end soon.
#[component]
pub fn Ending() -> Element {
    rsx! {
        Page { title: t!("admin-place-keys-ending"), testid: "keys-ending" }
    }
}
