//! All keys.

use dioxus::prelude::*;
use gridkey_desk::office::{Act, Deed, KeyQuery, Paged, Topic};
use gridkey_kit::prelude::*;
use gridkey_protocol::{frame::Role, ops::admin::keys::KeyDetail};

use super::{
    filters::{Chosen, Filters},
    row::KeyRow,
    subnav::Subnav,
    under_way::UnderWay,
    ways,
};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_doing, use_send, use_wants},
    kept::use_kept,
    logic::keys::is_found,
    route::Route,
    views::parts::{More, shown},
};

/// The keys there are: filters, search, and the ways to make more.
#[component]
pub fn Keys() -> Element {
    let chosen = use_kept(Chosen::default);
    let query = chosen.read().query();
    let of_customer = chosen.read().of_customer();
    let topics = [Some(query.clone()), of_customer.clone()].into_iter().flatten().map(Topic::Keys).collect();
    use_wants(topics);
    let keys = use_desk().keys();
    let section = keys.read().get(&query).cloned().unwrap_or_default();
    // Who typed a whole number means that customer, however far down the list the keys are.
    let theirs = of_customer.and_then(|query| {
        let items = keys.read().get(&query)?.get()?.items.clone();
        (!items.is_empty()).then_some(items)
    });
    rsx! {
        Page { title: t!("keys-title"), testid: "keys", aside: rsx! { Ways {} },
            Subnav {}
            UnderWay {}
            Filters { chosen }
            Card { class: "card-flush dense",
                {shown(&section, Topic::Keys(query.clone()), t!("keys-loading"), Shape::Rows, |paged| rsx! {
                    Listed { paged: paged.clone(), theirs, query: query.clone(), chosen }
                })}
            }
            Crl {}
        }
    }
}

/// The buttons beside the title, as far as the role makes keys.
#[component]
fn Ways() -> Element {
    let navigator = use_navigator();
    let me = use_desk().me();
    let may = |whose| me.read().as_ref().is_some_and(|me| me.may_make(whose));
    let (customers, admins) = (may(Role::Customer), may(Role::Admin));
    if !customers && !admins {
        return rsx! {};
    }
    rsx! {
        Link { class: ButtonKind::Quiet.class(), to: Route::Unblock {}, {t!("keys-unblock")} }
        if customers {
            Link { class: ButtonKind::Secondary.class(), to: Route::Batch {}, {t!("keys-batch")} }
        }
        Button {
            kind: ButtonKind::Primary,
            icon: IconName::Key,
            testid: "make-key",
            onclick: move |_| {
                navigator.push(ways::make(None, None));
            },
            {t!("keys-make")}
        }
    }
}

/// The table, and what stands where it would be empty.
///
/// - `paged`: the keys that came.
/// - `theirs`: those of the customer whose number was typed.
/// - `query`: what was asked for.
/// - `chosen`: what is searched for.
#[component]
fn Listed(paged: Paged<KeyDetail>, theirs: Option<Vec<KeyDetail>>, query: KeyQuery, chosen: Signal<Chosen>) -> Element {
    let mut chosen = chosen;
    let now = *use_desk().now().read();
    let text = chosen.read().text.clone();
    let (known, more, loading) = (paged.items.len(), paged.more, paged.loading);
    let found: Vec<KeyDetail> = match theirs {
        Some(items) => items,
        None => paged.items.into_iter().filter(|key| is_found(key, &text)).collect(),
    };
    let columns = vec![
        Column::text(t!("keys-column-holder")),
        Column::text(t!("keys-column-state")),
        Column::text(t!("keys-column-since")),
        Column::text(t!("keys-column-key")),
        Column::text(t!("keys-column-token")),
        Column::text(t!("keys-column-until")),
    ];
    let count = found.len();
    rsx! {
        if found.is_empty() && chosen.read().is_narrow() {
            Empty {
                icon: IconName::Key,
                title: t!("keys-none-found"),
                text: if more { t!("keys-none-found-more", count = known) } else { t!("keys-none-found-text") },
                action: rsx! {
                    Button { testid: "clear-filters", onclick: move |_| chosen.set(Chosen::default()), {t!("keys-clear")} }
                },
            }
        } else if found.is_empty() {
            Empty { icon: IconName::Key, title: t!("keys-none"), text: t!("keys-none-text") }
        } else {
            div { class: "table-open",
                Table { caption: t!("keys-title"), columns, testid: "key-table",
                    for key in found {
                        KeyRow { key: "{key.key}", detail: key, now }
                    }
                }
            }
        }
        if count > 0 || more {
            More { topic: Topic::Keys(query), shown: count, more, loading }
        }
    }
}

/// The newest revocation list, for whoever checks certificates elsewhere.
#[component]
fn Crl() -> Element {
    let send = use_send();
    let busy = use_doing(&Deed::SaveCrl).is_running();
    rsx! {
        p { class: "card-note list-note",
            {t!("keys-crl-text")}
            " "
            LinkButton {
                onclick: move |_| {
                    if !busy {
                        send.act(Act::SaveCrl);
                    }
                },
                {t!("keys-crl-save")}
            }
        }
    }
}
