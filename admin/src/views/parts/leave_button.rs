//! Leaving the desk.

use dioxus::prelude::*;
use gridkey_desk::office::Command;
use gridkey_kit::prelude::*;

use super::AskOnce;
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send},
    logic::making::letters_open,
};

/// How the desk is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// The key is logged out.
    LogOut,
    /// The program ends.
    Quit,
}

impl Leaving {
    const fn command(self) -> Command {
        match self {
            Self::LogOut => Command::LogOut,
            Self::Quit => Command::Quit,
        }
    }
}

/// A button that leaves at once, or asks first while a PIN letter is not in its envelope: its PIN would be wiped.
///
/// - `leaving`: how.
/// - `quiet`: a small one without a frame.
/// - `testid`: its name for tests.
/// - `children`: what it says.
#[component]
pub fn LeaveButton(
    leaving: Leaving,
    #[props(default)] quiet: bool,
    #[props(into)] testid: String,
    children: Element,
) -> Element {
    let (desk, send) = (use_desk(), use_send());
    let mut asking = use_signal(|| false);
    let open = desk.making().read().as_ref().map_or(0, letters_open);
    let leave = send.clone();
    rsx! {
        Button {
            kind: if quiet { ButtonKind::Quiet } else { ButtonKind::Secondary },
            small: quiet,
            testid,
            onclick: move |_| if open > 0 { asking.set(true) } else { send.send(leaving.command()) },
            {children}
        }
        if asking() {
            AskOnce {
                title: t!("keys-letter-lost-title", count = open),
                text: t!("keys-letter-lost-text"),
                yes: t!("keys-letter-lost-yes"),
                no: t!("keys-letter-lost-no"),
                onyes: move |()| leave.send(leaving.command()),
                onclose: move |()| asking.set(false),
            }
        }
    }
}
