//! What stands around every screen: the gate while no account is open, the curtain while it is hidden, else the shell.

use dioxus::prelude::*;

use crate::{route::Route, window::Outside};

/// The layout of all routes.
#[component]
pub fn Frame() -> Element {
    rsx! {
        Outside {}
        Outlet::<Route> {}
    }
}
