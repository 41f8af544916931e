//! Money and quantities: thousands grouped, a true minus sign, the unit after a space.

use gridkey_domain::{Fen, Quantity};

use crate::i18n::Language;

/// The sign of a negative figure.
const MINUS: &str = "\u{2212}";

/// Between a figure and its sign or unit: a line never ends there.
const SPACE: char = '\u{a0}';

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
        format!("{}¥{SPACE}{}.{}", self.sign, self.yuan, self.fen)
    }
}

/// An amount in its parts.
pub fn money(amount: Fen) -> Money {
    parts("", amount.get())
}

/// An amount: "¥ 718,204.36"; a line does not end after the "¥".
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
        Language::English => format!("{}{SPACE}kWh", quantity(value)),
        Language::Chinese => format!("{}{SPACE}千瓦时", quantity(value)),
    }
}

/// Power: "2,240 kW".
pub fn kw(language: Language, value: Quantity) -> String {
    match language {
        Language::English => format!("{}{SPACE}kW", quantity_short(value)),
        Language::Chinese => format!("{}{SPACE}千瓦", quantity_short(value)),
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
        Language::English => format!("{text}{SPACE}%"),
        Language::Chinese => format!("{text}%"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quantity_of(units: i64) -> Quantity {
        Quantity::from_units(units)
    }

    #[test]
    fn money_stands_in_groups_with_two_digits_of_fen() {
        let shown = |fen| money_text(Fen::new(fen).unwrap());
        assert_eq!(shown(71_820_436), "¥\u{a0}718,204.36");
        assert_eq!(shown(0), "¥\u{a0}0.00");
        assert_eq!(shown(10_000_005), "¥\u{a0}100,000.05");
        assert_eq!(signed_fen(-120_436), "−¥\u{a0}1,204.36");
        assert_eq!(signed_fen(i64::MIN), "−¥\u{a0}92,233,720,368,547,758.08");
    }

    #[test]
    fn quantities_keep_what_says_something() {
        assert_eq!(quantity(quantity_of(90_641_275)), "906,412.75");
        assert_eq!(quantity_short(quantity_of(224_000)), "2,240");
        assert_eq!(quantity_short(quantity_of(90)), "0.9");
        assert_eq!(quantity_short(quantity_of(0)), "0");
        assert_eq!(factor(quantity_of(90)), "0.90");
        assert_eq!(kwh(Language::English, quantity_of(-50)), "−0.50\u{a0}kWh");
        assert_eq!(kwh(Language::Chinese, quantity_of(100)), "1.00\u{a0}千瓦时");
        assert_eq!(kw(Language::Chinese, quantity_of(224_050)), "2,240.5\u{a0}千瓦");
        assert_eq!(percent(Language::English, -30), "−0.3\u{a0}%");
        assert_eq!(percent(Language::Chinese, 250), "2.5%");
    }

    proptest! {
        #[test]
        fn money_reads_back_as_it_was(fen in 0..i64::MAX) {
            let amount = Fen::new(fen.unsigned_abs()).unwrap();
            let shown = money_text(amount);
            prop_assert_eq!(Fen::from_yuan(shown.trim_start_matches("¥\u{a0}")), Ok(amount));
        }

        #[test]
        fn groups_are_of_three(value in any::<u64>()) {
            let shown = number(value);
            prop_assert_eq!(shown.replace(',', ""), value.to_string());
            prop_assert!(shown.split(',').skip(1).all(|group| group.len() == 3));
            prop_assert!(shown.split(',').all(|group| (1..=3).contains(&group.len())));
        }

        #[test]
        fn a_short_quantity_is_the_same_number(units in any::<i32>()) {
            let value = quantity_of(units.into());
            let shown = quantity_short(value).replace(',', "").replace(MINUS, "-");
            prop_assert_eq!(shown.parse::<Quantity>().unwrap(), value);
        }
    }
}
