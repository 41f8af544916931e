//! The app on a computer.
use dioxus::prelude::*;
fn main() {
    dioxus::launch(|| rsx! { h1 { "Gridkey" } });
}
