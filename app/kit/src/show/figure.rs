//! The figure a person came for.

use dioxus::prelude::*;
use gridkey_domain::Fen;

use crate::format;

/// An amount, large, with its fen small.
///
/// - `amount`: in fen.
/// - `testid`: its name for tests.
#[component]
pub fn MoneyFigure(amount: Fen, #[props(into)] testid: Option<String>) -> Element {
    let money = format::money(amount);
    rsx! {
        Figure { prefix: "{money.sign}¥", value: money.yuan, small: ".{money.fen}", testid }
    }
}

/// A large figure.
///
/// - `value`: its main digits.
/// - `prefix`: before them, as large: "¥".
/// - `small`: right behind them, small: the fen.
/// - `unit`: after a space, small: "kWh".
/// - `testid`: its name for tests.
#[component]
pub fn Figure(
    #[props(into)] value: String,
    #[props(into)] prefix: Option<String>,
    #[props(into)] small: Option<String>,
    #[props(into)] unit: Option<String>,
    #[props(into)] testid: Option<String>,
) -> Element {
    rsx! {
        p { class: "figure", "data-testid": testid,
            if let Some(prefix) = prefix {
                span { class: "figure-prefix", "{prefix} " }
            }
            span { class: "figure-value", {value} }
            if let Some(small) = small {
                span { class: "figure-small", {small} }
            }
            if let Some(unit) = unit {
                span { class: "figure-unit", " {unit}" }
            }
        }
    }
}
