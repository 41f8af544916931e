//! What came of a key's end, and the way on.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::keys::Ended;

use super::{ways, words};
use crate::{
    context::{DeskStateStoreExt as _, use_desk},
    logic::keys::{KeyAct, customer_of},
};

/// Tells what happened at once, and offers another key in the place of the one that ended.
///
/// - `ended`: what came of it.
/// - `act`: how it ended.
/// - `onclose`: it was read.
#[component]
pub(super) fn EndedNote(ended: Ended, act: KeyAct, onclose: EventHandler<()>) -> Element {
    let navigator = use_navigator();
    let me = use_desk().me();
    let key = ended.key;
    let replace = me.read().as_ref().is_some_and(|me| KeyAct::Replace.is_offered(me, &key));
    let target = ways::make(customer_of(&key).as_ref(), Some(&key.key));
    rsx! {
        Dialog { title: t!(&format!("keys-done-{}", act.word())), onclose, testid: "ended",
            p { {words::holder(&key)} }
            ul { class: "checks",
                Line { {t!("keys-done-sessions", count = ended.sessions)} }
                if act.refuses_orders() {
                    Line { {t!("keys-done-orders", count = ended.orders)} }
                }
                Line { {t!("keys-done-crl")} }
            }
            if replace {
                p { {t!("keys-done-next")} }
            }
            div { class: "dialog-actions",
                Button { autofocus: !replace, testid: "ended-close", onclick: move |_| onclose.call(()), {t!("keys-done-close")} }
                if replace {
                    Button {
                        kind: ButtonKind::Primary,
                        icon: IconName::Key,
                        autofocus: true,
                        testid: "make-another",
                        onclick: move |_| {
                            onclose.call(());
                            navigator.push(target.clone());
                        },
                        {t!("keys-done-make")}
                    }
                }
            }
        }
    }
}

/// Something that happened.
#[component]
fn Line(children: Element) -> Element {
    rsx! {
        li {
            Icon { name: IconName::Check, size: 18 }
            span { {children} }
        }
    }
}
