//! Buttons.

use dioxus::prelude::*;

use crate::{
    focus::use_focusable,
    icon::{Icon, IconName},
};

/// How much a button asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// The one thing this screen is for.
    Primary,
    /// Anything else.
    #[default]
    Secondary,
    /// In rows and corners: text only.
    Quiet,
    /// Takes something away.
    Danger,
}

impl ButtonKind {
    /// The classes of a button, for a link of the router that should look like one.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button button-secondary",
            Self::Quiet => "button button-quiet",
            Self::Danger => "button button-danger",
        }
    }
}

/// A button. Its children are its name, and stay it while it is busy.
///
/// - `kind`: how much it asks for attention; `Secondary` unless told.
/// - `busy`: what it started is under way; it keeps its name and the keyboard and does nothing when pressed again.
/// - `disabled`: it cannot be pressed now.
/// - `submit`: it sends the form it is in.
/// - `onclick`: it was pressed.
/// - `icon`: before its name.
/// - `label`: its full name, where the children are too short to stand alone; contains them
///   ("Pay October's bill" for "Pay"), so that one who sees and speaks it is understood.
/// - `small`: for rows of lists and tables.
/// - `wide`: as wide as what it is in.
/// - `autofocus`: takes the keyboard when it appears.
/// - `expanded`: for a button that opens something below it, whether that is open.
/// - `testid`: its name for tests.
#[component]
pub fn Button(
    #[props(default)] kind: ButtonKind,
    #[props(default)] busy: bool,
    #[props(default)] disabled: bool,
    #[props(default)] submit: bool,
    #[props(default)] onclick: EventHandler<MouseEvent>,
    icon: Option<IconName>,
    #[props(into)] label: Option<String>,
    #[props(default)] small: bool,
    #[props(default)] wide: bool,
    #[props(default)] autofocus: bool,
    expanded: Option<bool>,
    #[props(into)] testid: Option<String>,
    children: Element,
) -> Element {
    let focus = use_focusable();
    let mut class = kind.class().to_owned();
    for (more, holds) in [(" button-small", small), (" button-wide", wide), (" is-busy", busy)] {
        if holds {
            class.push_str(more);
        }
    }
    rsx! {
        button {
            class,
            r#type: if submit { "submit" } else { "button" },
            disabled,
            "aria-busy": busy.then_some("true"),
            "aria-disabled": busy.then_some("true"),
            "aria-label": label,
            "aria-expanded": expanded.map(|open| if open { "true" } else { "false" }),
            "data-testid": testid,
            onmounted: move |event| {
                focus.mounted(event.data());
                if autofocus {
                    focus.focus();
                }
            },
            onfocus: move |_| focus.focused(),
            onclick: move |event| {
                if busy {
                    event.prevent_default();
                } else {
                    onclick.call(event);
                }
            },
            if busy {
                span { class: "button-spinner", "aria-hidden": "true" }
            } else if let Some(name) = icon {
                Icon { name, size: if small { 16 } else { 18 } }
            }
            span { class: "button-text", {children} }
        }
    }
}

/// A button that reads as a link in a sentence or a corner, for what stays inside the program.
///
/// - `onclick`: it was pressed.
/// - `label`: its full name, where the children are too short to stand alone.
#[component]
pub fn LinkButton(
    onclick: EventHandler<MouseEvent>,
    #[props(into)] label: Option<String>,
    children: Element,
) -> Element {
    let focus = use_focusable();
    rsx! {
        button {
            class: "link",
            r#type: "button",
            "aria-label": label,
            onmounted: move |event| focus.mounted(event.data()),
            onfocus: move |_| focus.focused(),
            onclick: move |event| onclick.call(event),
            {children}
        }
    }
}
