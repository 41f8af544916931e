//! The textures that tell the registers apart without colour.

use dioxus::prelude::*;

use super::Register;

/// The name of a register's texture in the drawing `id`; `None` where the plain colour is the mark.
pub(super) fn texture(id: &str, register: Register) -> Option<String> {
    match register {
        Register::Valley | Register::Total => None,
        Register::Flat => Some(format!("url(#{id}-dots)")),
        Register::Peak => Some(format!("url(#{id}-lines)")),
        Register::Sharp => Some(format!("url(#{id}-net)")),
    }
}

/// The textures of the drawing `id`.
#[component]
pub(super) fn Textures(id: String) -> Element {
    rsx! {
        defs {
            pattern { id: "{id}-dots", width: "5", height: "5", pattern_units: "userSpaceOnUse",
                circle { class: "chart-texture-dot", cx: "2.5", cy: "2.5", r: "0.9" }
            }
            pattern { id: "{id}-lines", width: "6", height: "6", pattern_units: "userSpaceOnUse",
                path { class: "chart-texture", d: "M-1 1 1 -1M0 6 6 0M5 7 7 5" }
            }
            pattern { id: "{id}-net", width: "5", height: "5", pattern_units: "userSpaceOnUse",
                path { class: "chart-texture", d: "M0 0 5 5M5 0 0 5" }
            }
        }
    }
}

/// A filled box of a register's colour and texture.
///
/// - `id`: of the drawing.
/// - `x`, `y`, `width`, `height`: where it lies, as written in SVG.
#[component]
pub(super) fn Fill(
    id: String,
    register: Register,
    class: String,
    x: String,
    y: String,
    width: String,
    height: String,
) -> Element {
    rsx! {
        g { class: "{register.class()}",
            rect { class, x: "{x}", y: "{y}", width: "{width}", height: "{height}" }
            if let Some(fill) = texture(&id, register) {
                rect { x: "{x}", y: "{y}", width: "{width}", height: "{height}", fill }
            }
        }
    }
}
