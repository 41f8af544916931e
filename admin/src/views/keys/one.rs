//! One key.

use dioxus::prelude::*;
use gridkey_desk::office::{KeyName, Topic};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::keys::KeyLife;

use super::{KeyStateBadge, actor::admins, acts::Acts, back::back, facts::Facts, life::Life, words};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_wants},
    route::Fingerprint,
    views::parts::shown,
};

/// A key's page: its certificate, its life, and what can be done with it.
///
/// - `fingerprint`: the key.
#[component]
pub fn KeyPage(fingerprint: Fingerprint) -> Element {
    // Another key is another page: nothing of the one before stays.
    rsx! {
        for name in [fingerprint.0] {
            Known { key: "{name}", name }
        }
    }
}

/// The page of the key of this name.
///
/// - `name`: its fingerprint.
#[component]
fn Known(name: KeyName) -> Element {
    use_wants(vec![Topic::Key(name), Topic::Sessions, admins()]);
    let section = use_desk().key().read().get(&name).cloned().unwrap_or_default();
    let life = section.get();
    let title = life.map_or_else(|| t!("keys-one"), |life| words::key_of(&life.key));
    let aside = life.map(|life| {
        rsx! {
            KeyStateBadge { state: life.key.state }
        }
    });
    rsx! {
        Page { title, back: back(), aside, testid: "key-page",
            {shown(&section, Topic::Key(name), t!("keys-one-loading"), Shape::Lines, |life| rsx! {
                Sides { life: life.clone() }
            })}
        }
    }
}

/// Both columns.
///
/// - `life`: the key and its life.
#[component]
fn Sides(life: KeyLife) -> Element {
    rsx! {
        div { class: "split",
            div { class: "split-main",
                Facts { detail: life.key.clone(), chain: life.chain.clone() }
                Life { detail: life.key.clone(), history: life.history.clone() }
            }
            div { class: "split-side",
                Acts { detail: life.key }
            }
        }
    }
}
