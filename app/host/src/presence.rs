//! What a face asks of its page: signs that somebody is there, and where a new screen begins.

use dioxus::prelude::*;

/// Tells of the pointer's moves at most every ten seconds: a message for each would keep the page busy.
const POINTER: &str = "let last = 0; \
    const told = () => { const now = Date.now(); if (now - last > 10000) { last = now; dioxus.send(true); } }; \
    addEventListener('pointermove', told, { passive: true }); \
    addEventListener('scroll', told, { passive: true, capture: true }); \
    await new Promise(() => {});";

/// Moves the keyboard to the screen's heading and the screen to its top. A field that the screen gave the keyboard to keeps it.
const TO_HEADING: &str = "requestAnimationFrame(() => { const heading = document.querySelector('main h1'); \
    const given = document.activeElement?.matches('main input, main textarea'); \
    if (heading && !given) { heading.tabIndex = -1; heading.focus({ preventScroll: true }); } scrollTo(0, 0); });";

/// Calls `moved` now and then while somebody moves the pointer or scrolls.
pub fn use_pointer(moved: Callback) {
    use_future(move || async move {
        let mut moves = document::eval(POINTER);
        while moves.recv::<bool>().await.is_ok() {
            moved.call(());
        }
    });
}

/// A new `screen` begins at its heading, for eyes and for screen readers; the first is where the page begins anyway. `wanted` is
/// asked at each new screen.
pub fn use_heading<S: PartialEq + Clone + 'static>(screen: &S, wanted: Callback<(), bool>) {
    let screen = screen.clone();
    let mut first = use_hook(|| CopyValue::new(true));
    use_effect(use_reactive!(|screen| {
        let _ = &screen;
        let first = std::mem::replace(&mut *first.write(), false);
        if !first && wanted.call(()) {
            document::eval(TO_HEADING);
        }
    }));
}
