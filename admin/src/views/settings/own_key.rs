//! The administrator's own key.

use dioxus::prelude::*;
use gridkey_desk::office::{AdminCard, Gate};
use gridkey_kit::prelude::*;
use gridkey_token::Tries;

use super::pin_dialog::PinDialog;
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_me},
    logic::keys::{SOON_DAYS, grouped},
    route::{Fingerprint, Route},
    words,
};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Who is inside, until when the key is good, and changing its PIN.
#[component]
pub(super) fn OwnKey() -> Element {
    let desk = use_desk();
    let mut changing = use_signal(|| false);
    let Some(me) = use_me() else { return rsx! {} };
    let card = own_card(&desk.gate().read(), &desk.cards().read());
    let now = *desk.now().read();
    let days = me.not_after.seconds_since(now).div_euclid(DAY);
    let until = format::date(language(), me.not_after.date());
    rsx! {
        Card {
            title: t!("admin-settings-key"),
            testid: "own-key",
            aside: rsx! { Badge { tone: Tone::Accent, {words::role(me.role)} } },
            Pairs { class: "pairs-dense",
                Pair { term: t!("admin-settings-post"), testid: "own-post", {me.name.clone()} }
                Pair { term: t!("admin-settings-role"),
                    {words::role(me.role)}
                    span { class: "cell-meta", {t!(&format!("keys-role-{}-may", me.role))} }
                }
                Pair { term: t!("admin-settings-until"),
                    {until}
                    if days < SOON_DAYS {
                        span { class: "cell-meta text-warning", {t!("admin-settings-key-soon", days = days.max(0))} }
                    }
                }
                Pair { term: t!("admin-settings-token"),
                    span { class: "mono", {me.token.clone()} }
                }
                Pair { term: t!("admin-settings-fingerprint"),
                    Link { class: "link mono key-groups", to: Route::Key { fingerprint: Fingerprint(me.key) },
                        {grouped(&me.key.0, 16)}
                    }
                }
                if let Some(card) = &card {
                    Pair { term: t!("admin-settings-tries"), {tries(card.tries)} }
                }
            }
            if card.is_some() {
                div { class: "row card-actions",
                    Button { icon: IconName::Lock, testid: "change-pin", onclick: move |_| changing.set(true),
                        {t!("admin-settings-pin-change")}
                    }
                }
            }
        }
        if let Some(card) = card.filter(|_| changing()) {
            PinDialog { card, onclose: move |()| changing.set(false) }
        }
    }
}

/// The card of the key that is inside.
fn own_card(gate: &Gate, cards: &[AdminCard]) -> Option<AdminCard> {
    let Gate::Open { key } = gate else { return None };
    cards.iter().find(|card| card.id == *key).cloned()
}

fn tries(tries: Tries) -> String {
    match tries {
        Tries::Exact(0) | Tries::Locked => t!("admin-settings-tries-locked"),
        Tries::Exact(left) => t!("admin-settings-tries-exact", tries = left),
        Tries::Low => t!("admin-settings-tries-low"),
        Tries::Final => t!("admin-settings-tries-final"),
        Tries::NotTold => t!("admin-settings-tries-not-told"),
    }
}
