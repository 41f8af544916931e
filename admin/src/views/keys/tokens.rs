//! The tokens in the readers, live.

use dioxus::prelude::*;
use gridkey_desk::office::{ReaderToken, TokenId};
use gridkey_kit::{form::use_element_id, prelude::*};

use crate::{
    context::{DeskStateStoreExt as _, use_desk},
    views::parts::ProblemNote,
};

/// Which tokens are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looked {
    /// One to make a key on: blank ones first, others to be erased.
    ToMake,
    /// One that was set up, to set its PIN anew.
    SetUp,
}

/// The tokens in the readers, of which one is chosen. A token that is not blank is erased only when that is ticked, by its label
/// and serial number. The screen wants the readers.
///
/// - `looked`: which are looked for.
/// - `chosen`: the one chosen.
/// - `erase`: it may be erased.
/// - `error`: what is wrong with the choice.
/// - `onchoose`: one was chosen.
/// - `onerase`: the box was ticked or cleared.
#[component]
pub(super) fn Tokens(
    looked: Looked,
    chosen: Option<TokenId>,
    #[props(default)] erase: bool,
    error: Option<String>,
    onchoose: EventHandler<TokenId>,
    #[props(default)] onerase: EventHandler<bool>,
) -> Element {
    let readers = use_desk().readers().cloned();
    let name = use_element_id();
    let mut tokens: Vec<ReaderToken> =
        readers.tokens.into_iter().filter(|token| looked == Looked::ToMake || !token.blank).collect();
    tokens.sort_by_key(|token| !token.blank);
    // Where a blank one is at hand nobody erases another by a slip.
    let mut all = use_signal(|| false);
    let folded = tokens.iter().filter(|token| !token.blank && chosen.as_ref() != Some(&token.id)).count();
    let fold = looked == Looked::ToMake && !all() && folded > 0 && tokens.iter().any(|token| token.blank);
    if fold {
        tokens.retain(|token| token.blank || chosen.as_ref() == Some(&token.id));
    }
    let (none, none_text) = match looked {
        Looked::ToMake => (t!("keys-tokens-none"), t!("keys-tokens-none-text")),
        Looked::SetUp => (t!("keys-tokens-none-set-up"), t!("keys-tokens-none-set-up-text")),
    };
    rsx! {
        if let Some(problem) = readers.problem {
            ProblemNote { problem }
        } else if !readers.known {
            Skeleton { what: t!("keys-tokens-loading"), shape: Shape::Rows, lines: 2 }
        } else if tokens.is_empty() {
            div { class: "token-none", role: "status", "data-testid": "no-tokens",
                span { class: "spinner-wheel", "aria-hidden": "true" }
                div {
                    p { class: "way-name", {none} }
                    p { class: "cell-meta", {none_text} }
                }
            }
        } else {
            div { class: "way-list", role: "radiogroup", "aria-label": t!("keys-token"),
                for token in tokens {
                    Way {
                        key: "{token.id.0}",
                        chosen: chosen.as_ref() == Some(&token.id),
                        group: name.clone(),
                        asks: looked == Looked::ToMake,
                        erase,
                        onchoose,
                        onerase,
                        token,
                    }
                }
            }
            if fold {
                div { class: "tokens-more",
                    Button {
                        kind: ButtonKind::Quiet,
                        small: true,
                        icon: IconName::ChevronDown,
                        testid: "show-used",
                        onclick: move |_| all.set(true),
                        {t!("keys-tokens-used", count = folded)}
                    }
                }
            }
        }
        div { role: "alert",
            if let Some(error) = error {
                p { class: "field-error", {error} }
            }
        }
    }
}

/// A token in a reader.
///
/// - `token`: the token.
/// - `chosen`: it is the one chosen.
/// - `group`: the name of the choice.
/// - `asks`: it would be erased, if it is not blank.
/// - `erase`: that is ticked.
/// - `onchoose`, `onerase`: what was done.
#[component]
fn Way(
    token: ReaderToken,
    chosen: bool,
    group: String,
    asks: bool,
    erase: bool,
    onchoose: EventHandler<TokenId>,
    onerase: EventHandler<bool>,
) -> Element {
    let id = token.id.clone();
    let title = if token.blank { t!("keys-token-blank") } else { token.label.clone() };
    let serial = Some(token.serial.clone()).filter(|serial| !serial.is_empty());
    let holder = token.holder.as_ref().map(|holder| {
        if holder.is_admin() {
            t!("keys-token-of-admin", name = &holder.name)
        } else {
            t!("keys-token-of-customer", customer = &holder.name)
        }
    });
    rsx! {
        div { class: "token", class: if chosen && asks && !token.blank { "is-harm" },
            label { class: "way",
                input {
                    r#type: "radio",
                    name: "{group}",
                    checked: chosen,
                    "data-testid": "token-{token.id.0}",
                    onchange: move |_| onchoose.call(id.clone()),
                }
                span { class: "way-text",
                    span { class: "way-name", {title} }
                    span { class: "cell-meta",
                        if let Some(serial) = serial.clone() {
                            {t!("keys-token-number", serial = serial)}
                            " · "
                        }
                        {token.reader.clone()}
                    }
                    if let Some(holder) = holder {
                        span { class: "cell-meta", {holder} }
                    }
                }
                span { class: "way-end",
                    if token.locked {
                        Badge { tone: Tone::Warning, icon: IconName::Lock, {t!("keys-token-locked")} }
                    }
                    if token.blank {
                        Badge { tone: Tone::Good, icon: IconName::Check, {t!("keys-token-ready")} }
                    } else if asks {
                        Badge { tone: Tone::Warning, {t!("keys-token-used")} }
                    }
                }
            }
            if chosen && asks && !token.blank {
                div { class: "token-harm", role: "alert",
                    p { {t!("keys-erase-text")} }
                    Checkbox {
                        label: match serial {
                            Some(serial) => t!("keys-erase", label = &token.label, serial = serial),
                            None => t!("keys-erase-label", label = &token.label),
                        },
                        checked: erase,
                        testid: "erase",
                        onchange: move |on| onerase.call(on),
                    }
                }
            }
        }
    }
}
