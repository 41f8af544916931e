//! Money and quantities: thousands grouped, a true minus sign, the unit after a space.

use gridkey_domain::{Fen, Quantity};

use crate::i18n::Language;

/// The sign of a negative figure.
const MINUS: &str = "\u{2212}";

/// A figure of money in its parts, so that the fen can stand small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// "−" or nothing.
    pub sign: &'static str,
    /// Whole yuan, thousands grouped: "718,204".
    pub yuan: String,
    /// Two digits: "36".
    pub fen: String,
}

impl Money {
    /// The whole figure: "¥ 718,204.36".
    pub fn text(&self) -> String {
        format!("{}¥ {}.{}", self.sign, self.yuan, self.fen)
    }
}

/// An amount in its parts.
pub fn money(amount: Fen) -> Money {
    parts("", amount.get())
}

/// An amount: "¥ 718,204.36".
pub fn money_text(amount: Fen) -> String {
    money(amount).text()
}

/// A signed amount in fen: "−¥ 1,204.36", "¥ 0.00".
pub fn signed_fen(fen: i64) -> String {
    parts(if fen < 0 { MINUS } else { "" }, fen.unsigned_abs()).text()
}

fn parts(sign: &'static str, fen: u64) -> Money {
    Money { sign, yuan: number(fen / 100), fen: format!("{:02}", fen % 100) }
}

/// A whole number, thousands grouped: "906,412".
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A quantity with its two decimals: "906,412.75".
pub fn quantity(value: Quantity) -> String {
    let units = value.units().unsigned_abs();
    let sign = if value.units() < 0 { MINUS } else { "" };
    format!("{sign}{}.{:02}", number(units / 100), units % 100)
}

/// A quantity without decimals that say nothing: "2,240", "0.9", "0.92".
pub fn quantity_short(value: Quantity) -> String {
    let text = quantity(value);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Energy: "906,412.75 kWh".
pub fn kwh(language: Language, value: Quantity) -> String {
    match language {
        Language::English => format!("{} kWh", quantity(value)),
        Language::Chinese => format!("{} 千瓦时", quantity(value)),
    }
}

/// Power: "2,240 kW".
pub fn kw(language: Language, value: Quantity) -> String {
    match language {
        Language::English => format!("{} kW", quantity_short(value)),
        Language::Chinese => format!("{} 千瓦", quantity_short(value)),
    }
}

/// A factor with two decimals: "0.92".
pub fn factor(value: Quantity) -> String {
    quantity(value)
}

/// Hundredths of a per cent: 250 is "2.5 %" in English, "2.5%" in Chinese.
pub fn percent(language: Language, hundredths: i64) -> String {
    let text = quantity_short(Quantity::from_units(hundredths));
    match language {
        Language::English => format!("{text} %"),
        Language::Chinese => format!("{text}%"),
    }
}
