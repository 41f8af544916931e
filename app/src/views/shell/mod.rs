//! The frame of the open account: places, key, connection, language, look and news.

mod connection;
mod key_card;
mod more;
mod news_panel;
mod offline_banner;
mod places;
mod switches;
mod toasts;
mod topbar;

pub use connection::{ConnectionState, when};
use dioxus::prelude::*;
use gridkey_kit::{frame::Shell as Frame, prelude::*};
use key_card::KeyStatus;
pub use key_card::{customer_name, open_key};
use more::More;
use offline_banner::OfflineBanner;
use places::Places;
pub use switches::{LanguageSwitch, ThemeSwitch};
use toasts::Corner;
use topbar::Topbar;

pub use crate::views::external::ExternalLink;

/// The frame around the screens of the open account.
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
            nav: rsx! {
                Places {}
                More {}
            },
            foot: rsx! { KeyStatus {} },
            Topbar {}
            OfflineBanner {}
            {children}
        }
        Corner {}
    }
}
