//! What stands around every screen: the gate while no desk is open, the curtain while it is hidden, else the shell.

use dioxus::prelude::*;
use gridkey_desk::office::{Command, Gate as GateState};
use gridkey_host::{use_heading, use_pointer};
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send},
    kept::use_kept_provider,
    news::News,
    route::Route,
    views::{
        gate::{Curtain, Gate, GatePage},
        parts::Barred,
        shell::Shell,
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
    Desk,
}

/// The layout of all routes.
#[component]
pub fn Frame() -> Element {
    let desk = use_desk();
    let side = use_memo(move || match *desk.gate().read() {
        GateState::Open { .. } => Side::Desk,
        GateState::Locked { .. } => Side::Curtain,
        _ => Side::Before,
    });
    let route = use_route::<Route>();
    use_kept_provider((side() != Side::Before).then_some(&route));
    let alive = use_activity(side);
    use_leaving(side, route.clone());
    use_heading(&route, use_callback(move |()| *side.peek() == Side::Desk));
    let title = match side() {
        Side::Desk => t!(route.title()),
        Side::Curtain => t!("place-locked"),
        Side::Before if route.is_open_to_all() => t!(route.title()),
        Side::Before => t!("place-gate"),
    };
    let barred = route.needs().filter(|op| !desk.me().read().as_ref().is_some_and(|me| me.may(*op))).is_some();
    rsx! {
        document::Title { {t!("admin-window-title", place = title.as_str())} }
        Outside {}
        div { class: "app", onkeydown: move |_| alive.call(()), onpointerdown: move |_| alive.call(()),
            match side() {
                Side::Desk => rsx! {
                    Shell {
                        if barred {
                            Barred { title }
                        } else {
                            Outlet::<Route> {}
                        }
                    }
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
    let (desk, send) = (use_desk(), use_send());
    let mut last = use_hook(|| CopyValue::new(None));
    let alive = use_callback(move |()| {
        let now = *desk.now().peek();
        let fresh = last.peek().is_some_and(|last| now.seconds_since(last) < ACTIVITY);
        if !fresh && *side.peek() == Side::Desk {
            last.set(Some(now));
            send.send(Command::Activity);
        }
    });
    use_pointer(alive);
    alive
}

/// When a desk is closed, nothing of it stays: no message, no place.
fn use_leaving(side: Memo<Side>, route: Route) {
    let (mut news, navigator) = (use_context::<News>(), use_navigator());
    let mut before = use_hook(|| CopyValue::new(*side.peek()));
    use_effect(move || {
        let now = side();
        let was = std::mem::replace(&mut *before.write(), now);
        if now == was {
            return;
        }
        if now != Side::Desk || was == Side::Before {
            news.clear();
        }
        if now == Side::Before && !route.is_open_to_all() {
            navigator.replace(Route::Home {});
        }
    });
}
