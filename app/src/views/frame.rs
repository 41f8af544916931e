//! What stands around every screen: the gate while no account is open, the curtain while it is hidden, else the shell.

use dioxus::{html::input_data::MouseButton, prelude::*};
use gridkey_client::app::{Command, Gate as GateState};
use gridkey_host::{use_heading, use_pointer};
use gridkey_kit::prelude::*;

use crate::{
    context::{AppStateStoreExt as _, use_app, use_send},
    news::News,
    route::Route,
    views::{
        external::{External, ExternalDialog},
        gate::{Curtain, Gate, GatePage},
        shell::Shell,
        trail::use_trail,
    },
    window::Outside,
};

/// Seconds between two signs of life that are told to the program.
const ACTIVITY: i64 = 15;

/// Which of the three may be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    Curtain,
    Account,
}

/// The layout of all routes.
#[component]
pub fn Frame() -> Element {
    let app = use_app();
    let side = use_memo(move || match *app.gate().read() {
        GateState::Open { .. } => Side::Account,
        GateState::Locked { .. } => Side::Curtain,
        _ => Side::Before,
    });
    let route = use_route::<Route>();
    let alive = use_activity(side);
    use_leaving(side, route.clone());
    // Behind the curtain the way is kept; it leads nowhere until somebody is there.
    let trail = use_trail(&route, side() != Side::Before);
    let back = use_callback(move |()| {
        if *side.peek() == Side::Account {
            trail.call(());
        }
    });
    use_heading(&route.screen(), use_callback(move |()| *side.peek() == Side::Account));
    let title = match side() {
        Side::Account => t!(route.title()),
        Side::Curtain => t!("place-locked"),
        Side::Before if route.is_open_to_all() => t!(route.title()),
        Side::Before => t!("place-gate"),
    };
    rsx! {
        document::Title { "{title} · Gridkey" }
        Outside {}
        div {
            class: "app",
            onkeydown: move |event| {
                alive.call(());
                if event.modifiers() == Modifiers::ALT && event.key() == Key::ArrowLeft {
                    event.prevent_default();
                    back.call(());
                }
            },
            onpointerdown: move |event| {
                alive.call(());
                // The button that goes back in browsers too.
                if event.trigger_button() == Some(MouseButton::Fourth) {
                    back.call(());
                }
            },
            match side() {
                Side::Account => rsx! {
                    Shell {
                        Outlet::<Route> {}
                    }
                    ExternalDialog {}
                },
                Side::Curtain => rsx! {
                    Curtain {}
                },
                Side::Before if route.is_open_to_all() => rsx! {
                    GatePage {
                        Outlet::<Route> {}
                    }
                },
                Side::Before => rsx! {
                    Gate {}
                },
            }
        }
    }
}

/// Tells the program that the person is there.
fn use_activity(side: Memo<Side>) -> Callback {
    let (app, send) = (use_app(), use_send());
    let mut last = use_hook(|| CopyValue::new(None));
    let alive = use_callback(move |()| {
        let now = *app.now().peek();
        let fresh = last.peek().is_some_and(|last| now.seconds_since(last) < ACTIVITY);
        if !fresh && *side.peek() == Side::Account {
            last.set(Some(now));
            send.send(Command::Activity);
        }
    });
    use_pointer(alive);
    alive
}

/// When an account is closed, nothing of it stays: no message, no question, no place.
fn use_leaving(side: Memo<Side>, route: Route) {
    let (mut news, mut external, navigator) = (use_context::<News>(), use_context::<External>(), use_navigator());
    let mut before = use_hook(|| CopyValue::new(*side.peek()));
    use_effect(move || {
        let now = side();
        let was = std::mem::replace(&mut *before.write(), now);
        if now == was {
            return;
        }
        // A message may have come just after its account went: the next one must not show it.
        if now != Side::Account || was == Side::Before {
            news.clear();
            external.close();
        }
        if now == Side::Before && !route.is_open_to_all() {
            navigator.replace(Route::Overview {});
        }
    });
}
