//! The key and its certificate.

use dioxus::prelude::*;
use gridkey_client::app::{Holder, KeyCard, Renewal};
use gridkey_domain::Timestamp;
use gridkey_kit::prelude::*;
use gridkey_token::Tries;

use super::{pin_dialog::PinDialog, renew_dialog::RenewDialog};
use crate::{
    context::{AppStateStoreExt as _, use_app},
    views::shell::open_key,
};

/// What the key is, until when it is valid, how to renew it and how to change its PIN.
#[component]
pub(super) fn Key() -> Element {
    let app = use_app();
    let support = app.company().read().support.clone();
    let online = app.connection().read().is_online();
    let renewal = app.renewal();
    let mut changing = use_signal(|| false);
    let mut renewing = use_signal(|| false);
    let Some(card) = open_key(app) else { return rsx! {} };
    let now = *app.now().read();
    let wanted = renewal.read().is_wanted();
    let under_way = matches!(&*renewal.read(), Renewal::UnderWay(_));
    rsx! {
        Card {
            title: t!("account-key"),
            testid: "key-and-certificate",
            aside: card.holder.as_ref().map(|holder| rsx! { State { holder: holder.clone(), now } }),
            Pairs {
                Pair { term: t!("account-key-label"), {card.label.clone()} }
                Pair { term: t!("account-key-serial"), {card.serial.clone()} }
                if let Some(holder) = card.holder.clone() {
                    Certificate { holder, now }
                }
                Pair { term: t!("account-key-tries"), {tries(card.tries)} }
            }
            div { class: "row card-actions",
                if wanted || under_way {
                    Button {
                        kind: ButtonKind::Primary,
                        icon: IconName::Key,
                        disabled: !online && !under_way,
                        testid: "renew",
                        onclick: move |_| renewing.set(true),
                        if under_way { {t!("renewal-show")} } else { {t!("renewal-now")} }
                    }
                }
                Button { icon: IconName::Lock, testid: "change-pin", onclick: move |_| changing.set(true),
                    {t!("account-pin-change")}
                }
            }
            if wanted && !online {
                p { class: "card-note", {t!("renewal-offline")} }
            }
            if let Some(number) = support {
                p { class: "card-note", {t!("account-key-lost", number = number)} }
            }
        }
        if renewing() {
            RenewDialog { onclose: move |()| renewing.set(false) }
        }
        if changing() {
            PinDialog { card: KeyCard { ..card }, onclose: move |()| changing.set(false) }
        }
    }
}

/// What the certificate says.
///
/// - `holder`: what it says.
/// - `now`: the time of day.
#[component]
fn Certificate(holder: Holder, now: Timestamp) -> Element {
    let language = language();
    let date = |at: Timestamp| format::date(language, at.date());
    let renewal = if now >= holder.not_after {
        t!("account-key-expired", date = date(holder.not_after))
    } else if now >= holder.renew_from {
        t!("renewal-due", date = date(holder.renew_from), until = date(holder.not_after))
    } else {
        t!("account-key-renew-later", date = date(holder.renew_from))
    };
    rsx! {
        Pair { term: t!("account-key-holder"), {holder.customer} }
        Pair { term: t!("account-key-issuer"), {holder.issuer} }
        Pair { term: t!("account-key-certificate"), {holder.serial} }
        Pair { term: t!("account-key-valid"), testid: "key-valid",
            {t!("account-key-span", from = date(holder.not_before), until = date(holder.not_after))}
        }
        Pair { term: t!("account-key-renewal"), testid: "key-renewal", {renewal} }
    }
}

/// The certificate's state in a word.
///
/// - `holder`: what it says.
/// - `now`: the time of day.
#[component]
fn State(holder: Holder, now: Timestamp) -> Element {
    let (tone, words) = if now >= holder.not_after {
        (Tone::Danger, t!("account-key-state-expired"))
    } else if now >= holder.renew_from {
        (Tone::Warning, t!("account-key-state-renew"))
    } else {
        (Tone::Good, t!("account-key-state-good"))
    };
    rsx! {
        Badge { tone, {words} }
    }
}

fn tries(tries: Tries) -> String {
    match tries {
        Tries::Exact(0) | Tries::Locked => t!("account-key-tries-locked"),
        Tries::Exact(left) => t!("account-key-tries-exact", tries = left),
        Tries::Low => t!("account-key-tries-low"),
        Tries::Final => t!("account-key-tries-final"),
        Tries::NotTold => t!("account-key-tries-not-told"),
    }
}
