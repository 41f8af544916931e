//! The fifth place of a phone's bar: all others.

use dioxus::prelude::*;
use gridkey_client::app::Command;
use gridkey_kit::prelude::*;

use super::places::{MorePlaces, is_under_more, waiting_under_more};
use crate::{
    context::{use_app, use_send},
    route::Route,
};

/// Opens the other places; only in the bar of a phone.
#[component]
pub fn More() -> Element {
    let send = use_send();
    let lock = send.clone();
    let mut open = use_signal(|| false);
    let here = is_under_more(&use_route::<Route>());
    let count = waiting_under_more(use_app());
    rsx! {
        button {
            class: if here { "nav-item nav-narrow active" } else { "nav-item nav-narrow" },
            r#type: "button",
            "aria-haspopup": "dialog",
            "aria-expanded": if open() { "true" } else { "false" },
            "data-testid": "more",
            onclick: move |_| open.set(true),
            NavFace { icon: IconName::ChevronUp, label: t!("shell-more"), count }
        }
        if open() {
            Dialog { title: t!("shell-more-title"), onclose: move |()| open.set(false), testid: "more-places",
                nav { class: "more-places", "aria-label": t!("shell-more-title"),
                    MorePlaces { onclick: move |()| open.set(false) }
                }
                div { class: "more-ways",
                    Button { icon: IconName::Lock, wide: true, onclick: move |_| lock.send(Command::Lock), {t!("shell-lock")} }
                    Button { wide: true, onclick: move |_| send.send(Command::LogOut), {t!("shell-log-out")} }
                }
            }
        }
    }
}
