//! The frame of the open desk: places, who is logged in, connection, language, look and news.

mod connection;
mod me_card;
mod offline_banner;
mod places;
mod switches;
mod toasts;
mod topbar;

pub use connection::{ConnectionState, when};
use dioxus::prelude::*;
use gridkey_kit::{frame::Shell as Frame, prelude::*};
use me_card::MeCard;
use offline_banner::OfflineBanner;
use places::Places;
pub use switches::{LanguageSwitch, ThemeSwitch};
use toasts::Corner;
use topbar::Topbar;

/// The frame around the screens of the open desk.
#[component]
pub fn Shell(children: Element) -> Element {
    rsx! {
        a { class: "skip-link", href: "#content", onclick: move |event| {
                // The page has one address; the keyboard is moved instead.
                event.prevent_default();
                document::eval("document.querySelector('main')?.focus()");
            },
            {t!("shell-skip")}
        }
        Frame {
            nav: rsx! { Places {} },
            foot: rsx! { MeCard {} },
            Topbar {}
            OfflineBanner {}
            {children}
        }
        Corner {}
    }
}
