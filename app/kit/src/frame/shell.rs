//! Places to go at the side of a wide window and at the foot of a narrow one.

use dioxus::prelude::*;

use crate::{
    icon::{Icon, IconName},
    logo::Logo,
    t,
};

/// The frame around all screens: a sidebar from 720 pixels on, a bar at the foot below that.
///
/// - `nav`: the places: links of class `nav-item` around a [`NavFace`]; those of class `nav-wide` are left out of the bar.
/// - `foot`: at the foot of the sidebar: the key.
/// - `children`: the screen.
#[component]
pub fn Shell(nav: Element, foot: Option<Element>, children: Element) -> Element {
    rsx! {
        div { class: "shell",
            div { class: "sidebar",
                div { class: "sidebar-logo", Logo {} }
                nav { class: "nav", "aria-label": t!("kit-places"), {nav} }
                if let Some(foot) = foot {
                    div { class: "sidebar-foot", {foot} }
                }
            }
            main { class: "main", id: "content", tabindex: "-1", {children} }
        }
    }
}

/// What a link to a place shows.
///
/// - `icon`, `label`: the place.
/// - `count`: how many new things are there; nothing for none.
/// - `count_label`: the same in words: "2 new alarms".
#[component]
pub fn NavFace(
    icon: IconName,
    #[props(into)] label: String,
    #[props(default)] count: u32,
    #[props(into)] count_label: Option<String>,
) -> Element {
    rsx! {
        Icon { name: icon }
        span { class: "nav-label", {label} }
        if count > 0 {
            span { class: "nav-count", "aria-hidden": count_label.as_ref().map(|_| "true"),
                if count > 99 { "99+" } else { "{count}" }
            }
            if let Some(words) = count_label.clone() {
                span { class: "visually-hidden", " {words}" }
            }
        }
    }
}
