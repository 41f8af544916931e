//! Keys that end soon, and what to do about each.

use dioxus::prelude::*;
use gridkey_desk::office::{KeyQuery, Paged, Topic};
use gridkey_domain::Timestamp;
use gridkey_kit::{form::Choice, prelude::*};
use gridkey_protocol::ops::admin::keys::KeyDetail;

use super::{row::left, subnav::Subnav, ways, words};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_want},
    logic::keys::{Advice, KeyAct, SOON_DAYS, URGENT_DAYS, advice, customer_of, days_left},
    views::parts::{More, shown},
};

/// The choices, days.
const DAYS: [u32; 4] = [7, 30, 90, 180];

/// Bound keys whose time is nearly over, the most urgent first.
#[component]
pub fn Ending() -> Element {
    let mut days = use_signal(|| 30_u32);
    let query = KeyQuery { ending_days: Some(days()), ..KeyQuery::default() };
    use_want(Topic::Keys(query.clone()));
    let section = use_desk().keys().read().get(&query).cloned().unwrap_or_default();
    rsx! {
        Page { title: t!("keys-title"), testid: "keys-ending",
            Subnav {}
            div { class: "toolbar",
                p { class: "toolbar-note", {t!("keys-ending-text")} }
                Segmented {
                    label: t!("keys-ending-within"),
                    choices: DAYS.map(|days| Choice::new(days, t!("keys-days", days = days))).to_vec(),
                    value: days(),
                    testid: "ending-days",
                    onchange: move |chosen| days.set(chosen),
                }
            }
            Card { class: "card-flush dense",
                {shown(&section, Topic::Keys(query.clone()), t!("keys-loading"), Shape::Rows, |paged| rsx! {
                    Listed { paged: paged.clone(), query, days: days() }
                })}
            }
        }
    }
}

/// The table.
///
/// - `paged`: the keys that came.
/// - `query`: what was asked for.
/// - `days`: within how many days they end.
#[component]
fn Listed(paged: Paged<KeyDetail>, query: KeyQuery, days: u32) -> Element {
    let now = *use_desk().now().read();
    let (more, loading) = (paged.more, paged.loading);
    let mut keys = paged.items;
    let count = keys.len();
    keys.sort_by_key(|key| (key.successor.is_some(), key.not_after));
    let columns = vec![
        Column::text(t!("keys-column-holder")),
        Column::text(t!("keys-column-until")),
        Column::text(t!("keys-column-advice")),
        Column::hidden(t!("keys-column-action")),
    ];
    rsx! {
        if keys.is_empty() {
            Empty { icon: IconName::Check, title: t!("keys-ending-none", days = days), text: t!("keys-ending-none-text") }
        } else {
            div { class: "table-open",
                Table { caption: t!("keys-ending"), columns, testid: "ending-table",
                    for key in keys {
                        EndingRow { key: "{key.key}", detail: key, now }
                    }
                }
            }
        }
        if more {
            More { topic: Topic::Keys(query), shown: count, more, loading }
        }
    }
}

/// A row: whose, until when, what to do, and the way to do it.
///
/// - `detail`: the key.
/// - `now`: the time of day.
#[component]
fn EndingRow(detail: KeyDetail, now: Timestamp) -> Element {
    let navigator = use_navigator();
    let me = use_desk().me();
    let days = days_left(&detail, now);
    let what = advice(&detail, now);
    let offered = me.read().as_ref().is_some_and(|me| KeyAct::Replace.is_offered(me, &detail));
    let tone = match days {
        _ if what == Advice::Succeeded => Tone::Neutral,
        ..URGENT_DAYS => Tone::Danger,
        URGENT_DAYS..SOON_DAYS => Tone::Warning,
        _ => Tone::Neutral,
    };
    let replace = matches!(what, Advice::CallHolder | Advice::Over) && offered;
    let target = ways::make(customer_of(&detail).as_ref(), Some(&detail.key));
    rsx! {
        Row { testid: "ending-row",
            Cell { header: true,
                Link { class: "row-link", to: ways::key(&detail.key), {detail.name.clone()} }
                span { class: "cell-meta", {words::whose(&detail)} }
            }
            Cell { column: t!("keys-column-until"),
                Status { tone, {left(days)} }
                span { class: "cell-meta", {format::date(language(), detail.not_after.date())} }
            }
            Cell { column: t!("keys-column-advice"),
                span { class: "cell-wide", {t!(&format!("keys-advice-{}", what.word()))} }
            }
            Cell {
                if replace {
                    span { class: "over-row",
                    Button {
                        small: true,
                        label: t!("keys-replace-one", name = &detail.name),
                        onclick: move |_| {
                            navigator.push(target.clone());
                        },
                        {t!("keys-act-replace")}
                    }
                    }
                }
            }
        }
    }
}
