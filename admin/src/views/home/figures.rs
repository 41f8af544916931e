//! The figures, each with what stands behind it.

use dioxus::prelude::*;
use gridkey_domain::{Timestamp, key::KeyState};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::status::{ENDING_DAYS, InArrears, Keys, Logins, Payments, Sessions};

use super::{spark::Hours, tile::Tile};
use crate::route::Route;

/// Who is logged in now.
///
/// - `sessions`: how many.
/// - `keys`: out of how many bound keys.
#[component]
pub(super) fn SessionsTile(sessions: Sessions, keys: Keys) -> Element {
    let bound = count(&keys, KeyState::Bound);
    rsx! {
        Tile { title: t!("home-sessions"), to: Route::Sessions {}, testid: "tile-sessions",
            Figure { value: format::number(sessions.customers), unit: t!("home-sessions-unit", count = sessions.customers) }
            p { class: "figure-note", {t!("home-sessions-admins", count = sessions.administrators)} }
            p { class: "figure-note", {t!("home-sessions-of", count = bound)} }
        }
    }
}

/// Logins of today, by hour, those refused on top.
///
/// - `logins`: the counts.
#[component]
pub(super) fn LoginsTile(logins: Logins) -> Element {
    let hours = logins.hours.iter().map(|hour| {
        let time = format::time(hour.from);
        let words = t!("home-logins-hour", time = time, logins = hour.logins, failed = hour.failed);
        (hour.from, hour.logins, hour.failed, words)
    });
    rsx! {
        Tile { title: t!("home-logins"), to: Route::Sessions {}, testid: "tile-logins",
            Figure { value: format::number(logins.today) }
            p { class: "figure-note",
                if logins.failed_today > 0 {
                    span { class: "text-warning", {t!("home-logins-failed", count = logins.failed_today)} }
                } else {
                    {t!("home-logins-none-failed")}
                }
            }
            Hours { label: t!("home-logins-label"), hours: hours.collect::<Vec<_>>(), testid: "spark-logins" }
        }
    }
}

/// What was paid today, by hour.
///
/// - `payments`: the counts and amounts.
#[component]
pub(super) fn PaidTile(payments: Payments) -> Element {
    let hours = payments.hours.iter().map(|hour| {
        let (time, amount) = (format::time(hour.from), format::money_text(hour.amount));
        (hour.from, hour.amount.get(), 0, t!("home-paid-hour", time = time, count = hour.count, amount = amount))
    });
    rsx! {
        Tile { title: t!("home-paid"), to: Route::Payments {}, testid: "tile-paid",
            MoneyFigure { amount: payments.amount_today }
            p { class: "figure-note", {t!("home-paid-count", count = payments.today)} }
            Hours { label: t!("home-paid-label"), hours: hours.collect::<Vec<_>>(), testid: "spark-paid" }
        }
    }
}

/// What is overdue.
///
/// - `arrears`: the sums; `None` while the platform cannot be asked.
/// - `at`: the time of the status.
#[component]
pub(super) fn ArrearsTile(arrears: Option<InArrears>, at: Timestamp) -> Element {
    rsx! {
        Tile { title: t!("home-arrears"), to: Route::Arrears {}, testid: "tile-arrears",
            match arrears {
                Some(sum) => rsx! {
                    MoneyFigure { amount: sum.open }
                    p { class: "figure-note", {t!("home-arrears-customers", count = sum.customers)} }
                    p { class: "figure-note", {t!("home-arrears-late", amount = format::money_text(sum.late))} }
                    if at.seconds_since(sum.at) >= 60 {
                        p { class: "figure-note", {t!("home-arrears-age", age = format::ago(language(), at, sum.at))} }
                    }
                },
                None => rsx! {
                    Figure { value: "–" }
                    p { class: "figure-note", {t!("home-arrears-unknown")} }
                },
            }
        }
    }
}

/// Payments without an outcome yet.
///
/// - `payments`: the counts.
#[component]
pub(super) fn OpenTile(payments: Payments) -> Element {
    rsx! {
        Tile { title: t!("home-open"), to: Route::Payments {}, testid: "tile-open",
            Figure { value: format::number(payments.open) }
            p { class: "figure-note", {t!("home-open-text")} }
            ul { class: "tile-lines",
                Line { name: t!("home-open-unknown"), value: payments.unknown, warn: true }
                Line { name: t!("home-open-refunding"), value: payments.refunding }
            }
        }
    }
}

/// Keys in customers' hands.
///
/// - `keys`: the counts.
#[component]
pub(super) fn KeysTile(keys: Keys) -> Element {
    rsx! {
        Tile { title: t!("home-keys"), to: Route::Keys {}, testid: "tile-keys",
            Figure { value: format::number(count(&keys, KeyState::Bound)), unit: t!("home-keys-bound") }
            ul { class: "tile-lines",
                Line { name: t!("home-keys-issued"), value: count(&keys, KeyState::Issued) }
                Line { name: t!("home-keys-lost"), value: count(&keys, KeyState::Lost) }
                Line { name: t!("home-keys-revoked"), value: count(&keys, KeyState::Revoked) }
                Line { name: t!("home-keys-ending", days = ENDING_DAYS), value: keys.ending, warn: true }
            }
        }
    }
}

/// A name and a count.
///
/// - `name`: of what.
/// - `value`: how many.
/// - `warn`: more than none asks for attention.
#[component]
fn Line(name: String, value: u64, #[props(default)] warn: bool) -> Element {
    rsx! {
        li { class: "tile-line", class: if warn && value > 0 { "text-warning" },
            span { {name} }
            span { class: "numeric", {format::number(value)} }
        }
    }
}

fn count(keys: &Keys, state: KeyState) -> u64 {
    keys.states.iter().filter(|known| known.state == state).map(|known| known.count).fold(0, u64::saturating_add)
}
