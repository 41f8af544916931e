//! What is overdue at each level; choosing one shows it alone.

use dioxus::prelude::*;
use gridkey_domain::arrears::Level;
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::bills::ArrearsLine;

use crate::logic::arrears::{LEVELS, level_word, sum};

/// A row of figures, each a choice.
///
/// - `lines`: the customers as far as they have come.
/// - `chosen`: the level shown alone; `None` for all.
#[component]
pub(super) fn Levels(lines: Vec<ArrearsLine>, chosen: Signal<Option<Level>>) -> Element {
    let mut chosen = chosen;
    let mut choices = vec![(None, t!("arrears-all"))];
    choices.extend(LEVELS.map(|level| (Some(level), t!(&format!("level-{}", level_word(level))))));
    let choices = choices.into_iter().enumerate().map(|(place, (level, name))| {
        let figures = sum(&lines, level);
        let tone = match level {
            Some(Level::Final) if figures.customers > 0 => Tone::Danger,
            Some(Level::Warning) if figures.customers > 0 => Tone::Warning,
            _ => Tone::Neutral,
        };
        rsx! {
            button {
                key: "{place}",
                class: "level-tile {tone.class()}",
                r#type: "button",
                "aria-pressed": if chosen() == level { "true" } else { "false" },
                "data-testid": "level-{place}",
                onclick: move |_| chosen.set(level),
                span { class: "level-name", {name} }
                span { class: "level-count", {format::number(u64::try_from(figures.customers).unwrap_or(u64::MAX))} }
                span { class: "level-sum", {format::money_text(figures.open)} }
            }
        }
    });
    let choices: Vec<Element> = choices.collect();
    rsx! {
        div { class: "level-tiles", role: "group", "aria-label": t!("arrears-levels"),
            for choice in choices {
                {choice}
            }
        }
    }
}
