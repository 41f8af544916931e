//! Who is logged in, at the foot of the places.

use dioxus::prelude::*;
use gridkey_desk::office::Command;
use gridkey_kit::prelude::*;

use crate::{
    context::{use_me, use_send},
    route::Route,
    views::parts::{LeaveButton, Leaving},
    words,
};

/// The administrator's name and role, until when the key is valid; ways to lock and to leave.
#[component]
pub fn MeCard() -> Element {
    let lock = use_send();
    let me = use_me();
    rsx! {
        Link { class: "sidebar-card", to: Route::Settings {},
            if let Some(me) = me {
                Status { tone: Tone::Good, testid: "me", {me.name.clone()} }
                span { class: "sidebar-line", "data-testid": "role", {words::role(me.role)} }
                span { class: "sidebar-line",
                    {t!("admin-shell-key-until", date = format::date(language(), me.not_after.date()))}
                }
            }
        }
        div { class: "sidebar-ways",
            Button { kind: ButtonKind::Quiet, small: true, icon: IconName::Lock, testid: "lock",
                onclick: move |_| lock.send(Command::Lock),
                {t!("shell-lock")}
            }
            LeaveButton { leaving: Leaving::LogOut, quiet: true, testid: "log-out", {t!("shell-log-out")} }
        }
    }
}
