//! What a key's certificate says.

use dioxus::prelude::*;
use gridkey_domain::key::KeyState;
use gridkey_kit::prelude::*;
use gridkey_protocol::{
    ByteString,
    certificate::{Certificate, PublicKey},
    frame::Role,
    ops::admin::keys::KeyDetail,
};

use super::{row::left, ways, words};
use crate::{
    context::{DeskStateStoreExt as _, use_desk},
    logic::keys::{SOON_DAYS, customer_of, days_left, grouped, life_spent, renew_from, short},
};

/// Whose the key is, its names, its time, who issued it, and which key came before and after.
///
/// - `detail`: the key.
/// - `chain`: its authentication certificate's chain, leaf first, DER.
#[component]
pub(super) fn Facts(detail: KeyDetail, chain: Vec<ByteString>) -> Element {
    let now = *use_desk().now().read();
    let language = language();
    let date = |at: gridkey_domain::Timestamp| format::date(language, at.date());
    let issuer = chain.get(1).and_then(|der| Certificate::from_der(der.as_ref()).ok()).and_then(|ca| ca.common_name());
    let leaf = chain.first().and_then(|der| Certificate::from_der(der.as_ref()).ok());
    let days = days_left(&detail, now);
    let lives = matches!(detail.state, KeyState::Bound | KeyState::Issued);
    let use_of = match (leaf.map(|leaf| leaf.public_key()), detail.role) {
        (Some(PublicKey::Ed25519(_)), Role::Customer) => Some(t!("keys-use-customer")),
        (Some(PublicKey::Ed25519(_)), _) => Some(t!("keys-use-admin")),
        _ => None,
    };
    rsx! {
        Card { title: t!("keys-certificate"), testid: "key-facts",
            Pairs { class: "pairs-dense",
                Pair { term: t!("keys-holder"),
                    if let Some(customer) = customer_of(&detail) {
                        Link { class: "link", to: ways::customer(&customer), {words::holder(&detail)} }
                    } else {
                        {words::holder(&detail)}
                    }
                }
                Pair { term: t!("keys-valid"), testid: "key-valid",
                    {t!("keys-valid-span", from = date(detail.not_before), until = date(detail.not_after))}
                    if lives {
                        div { class: "key-life",
                            Progress {
                                label: t!("keys-valid"),
                                value: life_spent(&detail, now),
                                max: 1000,
                                text: left(days),
                                tone: if days < SOON_DAYS { Tone::Warning } else { Tone::Accent },
                            }
                            span { class: "cell-meta", {left(days)} }
                        }
                    }
                }
                if lives && detail.role == Role::Customer {
                    Pair { term: t!("keys-renewal"), {t!("keys-renewal-from", date = date(renew_from(&detail)))} }
                }
                Pair { term: t!("keys-token"), testid: "key-token",
                    if let Some(token) = detail.token.clone() {
                        span { class: "mono", {token} }
                    } else {
                        span { class: "muted", {t!("keys-token-not-told")} }
                    }
                }
                Pair { term: t!("keys-fingerprint"), testid: "key-fingerprint",
                    span { class: "mono key-groups", {grouped(&detail.key.0, 16)} }
                }
                Pair { term: t!("keys-serial"),
                    span { class: "mono key-groups", {grouped(&detail.serial.0, 10)} }
                }
                if let Some(issuer) = issuer {
                    Pair { term: t!("keys-issuer"), {issuer} }
                }
                if let Some(words) = use_of {
                    Pair { term: t!("keys-use"), {words} }
                }
                if let Some(before) = detail.succeeds {
                    Pair { term: t!("keys-succeeds"),
                        Link { class: "link mono", to: ways::key(&before), {short(&before)} }
                    }
                }
                if let Some(after) = detail.successor {
                    Pair { term: t!("keys-successor"), testid: "key-successor",
                        Link { class: "link mono", to: ways::key(&after), {short(&after)} }
                    }
                }
            }
        }
    }
}
