//! What the colours mean.

use dioxus::prelude::*;

use super::Register;

/// The registers and what else is drawn, each with its sample.
///
/// - `registers`: those drawn.
/// - `before`: the name of the comparison, if it is drawn.
#[component]
pub fn Legend(registers: Vec<Register>, #[props(into)] before: Option<String>) -> Element {
    rsx! {
        ul { class: "legend",
            for register in registers {
                li { key: "{register.class()}", RegisterName { register } }
            }
            if let Some(before) = before {
                li { class: "register-name register-before",
                    span { class: "register-sample", "aria-hidden": "true" }
                    {before}
                }
            }
        }
    }
}

/// A register's name with its sample of colour, for legends, tables and bills.
///
/// - `register`: which.
#[component]
pub fn RegisterName(register: Register) -> Element {
    rsx! {
        span { class: "register-name {register.class()}",
            span { class: "register-sample", "aria-hidden": "true" }
            {register.name()}
        }
    }
}
