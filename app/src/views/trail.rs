//! The way back: the screens of this account in the order they were seen.
//!
//! The router's own history goes on from one account to the next; nothing of an account may, so it is not used for this.

use dioxus::prelude::*;

use crate::route::Route;

/// The longest way back, screens.
const MOST: usize = 64;

/// Remembers the screens while `remembers`, forgets them otherwise; gives what goes back by one.
pub(super) fn use_trail(route: &Route, remembers: bool) -> Callback {
    let navigator = use_navigator();
    let mut seen = use_hook(|| CopyValue::new(Vec::<Route>::new()));
    let route = route.clone();
    use_effect(use_reactive!(|(route, remembers)| {
        let mut seen = seen.write();
        if !remembers {
            seen.clear();
        } else if seen.last() != Some(&route) {
            seen.push(route);
            let surplus = seen.len().saturating_sub(MOST);
            seen.drain(..surplus);
        }
    }));
    use_callback(move |()| {
        let before = {
            let mut seen = seen.write();
            if seen.len() < 2 {
                return;
            }
            seen.pop();
            seen.last().cloned()
        };
        if let Some(before) = before {
            navigator.replace(before);
        }
    })
}
