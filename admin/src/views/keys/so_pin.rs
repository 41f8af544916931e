//! The PIN of a token's security officer: set on a blank token, asked for by one that was set up.

use dioxus::prelude::*;
use gridkey_kit::{form::Pin as Typed, prelude::*};
use gridkey_token::Pin;

/// The fewest characters of one that is set here.
const SHORTEST: usize = 6;
/// The fewest that any token takes: one that was set elsewhere may have them.
const SHORTEST_EVER: usize = 4;

/// Why what was typed is no PIN to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadSoPin {
    /// Nothing was typed.
    Empty,
    /// Shorter than this.
    Short(usize),
    /// Typed differently the second time.
    Different,
    /// It holds what no keyboard types.
    Characters,
}

impl BadSoPin {
    fn text(self) -> String {
        match self {
            Self::Empty => t!("keys-so-empty"),
            Self::Short(least) => t!("keys-so-short", least = least),
            Self::Different => t!("keys-so-different"),
            Self::Characters => t!("keys-so-characters"),
        }
    }
}

/// The typed PIN, taken out of both fields, if it is good.
///
/// - `fresh`: it is being set, and was typed twice.
pub(super) fn take(mut pin: Signal<Typed>, mut again: Signal<Typed>, fresh: bool) -> Result<Pin, BadSoPin> {
    judge(&pin.peek(), &again.peek(), fresh)?;
    again.write().clear();
    Pin::new(pin.write().take().as_str()).map_err(|_| BadSoPin::Characters)
}

fn judge(pin: &Typed, again: &Typed, fresh: bool) -> Result<(), BadSoPin> {
    let least = if fresh { SHORTEST } else { SHORTEST_EVER };
    match pin.len() {
        0 => Err(BadSoPin::Empty),
        length if length < least => Err(BadSoPin::Short(least)),
        _ if fresh && pin.as_str() != again.as_str() => Err(BadSoPin::Different),
        _ => Ok(()),
    }
}

/// One field, or two where a new PIN is set: nobody can read it from the token afterwards.
///
/// - `pin`, `again`: receive what is typed.
/// - `fresh`: it is being set.
/// - `bad`: what is wrong.
/// - `hint`: what it is for, if not what `fresh` says.
#[component]
pub(super) fn SoPin(
    pin: Signal<Typed>,
    again: Signal<Typed>,
    fresh: bool,
    bad: Option<BadSoPin>,
    #[props(into)] hint: Option<String>,
) -> Element {
    let second = bad == Some(BadSoPin::Different);
    let usual = if fresh { t!("keys-so-hint-fresh") } else { t!("keys-so-hint") };
    rsx! {
        div { class: "so-pin",
            PinField {
                label: t!("keys-so"),
                pin,
                fresh,
                hint: hint.unwrap_or(usual),
                error: bad.filter(|_| !second).map(BadSoPin::text),
                testid: "so-pin",
            }
            if fresh {
                PinField {
                    label: t!("keys-so-again"),
                    pin: again,
                    fresh: true,
                    error: bad.filter(|_| second).map(BadSoPin::text),
                    testid: "so-pin-again",
                }
            }
        }
    }
}
