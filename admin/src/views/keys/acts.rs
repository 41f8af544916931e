//! What can be done with a key.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::keys::KeyDetail;

use super::{bind_dialog::BindDialog, end_dialog::EndDialog, ways, words};
use crate::{
    context::{DeskStateStoreExt as _, use_desk},
    logic::keys::{KeyAct, acts, customer_of},
};

/// A line for each act that state and role allow, or why there is none.
///
/// - `detail`: the key.
#[component]
pub(super) fn Acts(detail: KeyDetail) -> Element {
    let app = use_desk();
    let navigator = use_navigator();
    let mut asking = use_signal(|| None::<KeyAct>);
    let me = app.me().cloned();
    let offered = me.as_ref().map(|me| acts(me, &detail)).unwrap_or_default();
    let own = me.as_ref().is_some_and(|me| me.key == detail.key);
    let live = app
        .sessions()
        .read()
        .get()
        .map(|sessions| sessions.iter().filter(|session| session.key == detail.key).count())
        .unwrap_or_default();
    let target = ways::make(customer_of(&detail).as_ref(), Some(&detail.key));
    let none = if own {
        t!("keys-acts-own")
    } else if detail.state.is_ended() {
        t!("keys-acts-over")
    } else {
        t!("keys-acts-none")
    };
    rsx! {
        Card {
            title: t!("keys-acts"),
            aside: (live > 0).then(|| rsx! {
                Status { tone: Tone::Good, testid: "live-sessions", {t!("keys-live", count = live)} }
            }),
            if offered.is_empty() {
                p { class: "muted", "data-testid": "no-acts", {none} }
            }
            ul { class: "acts",
                for act in offered {
                    li { key: "{act.word()}", class: "act", class: if matches!(act, KeyAct::Lose | KeyAct::Revoke) { "is-harm" },
                        Button {
                            kind: if act == KeyAct::Bind { ButtonKind::Primary } else { ButtonKind::Secondary },
                            wide: true,
                            testid: "act-{act.word()}",
                            onclick: {
                                let target = target.clone();
                                move |_| match act {
                                    KeyAct::Replace => {
                                        navigator.push(target.clone());
                                    }
                                    _ => asking.set(Some(act)),
                                }
                            },
                            {words::act(act)}
                        }
                        p { class: "act-for", {words::act_for(act)} }
                    }
                }
            }
        }
        match asking() {
            None | Some(KeyAct::Replace) => rsx! {},
            Some(KeyAct::Bind) => rsx! {
                BindDialog { detail: detail.clone(), onclose: move |()| asking.set(None) }
            },
            Some(act) => rsx! {
                EndDialog { detail: detail.clone(), act, onclose: move |()| asking.set(None) }
            },
        }
    }
}
