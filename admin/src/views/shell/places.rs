//! The places to go.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk},
    route::Route,
};

fn places() -> [(Route, IconName); 8] {
    [
        (Route::Home {}, IconName::Overview),
        (Route::Customers {}, IconName::Account),
        (Route::Keys {}, IconName::Key),
        (Route::Sessions {}, IconName::Online),
        (Route::Arrears {}, IconName::Bills),
        (Route::Payments {}, IconName::Pay),
        (Route::Audit {}, IconName::Receipt),
        (Route::Settings {}, IconName::Settings),
    ]
}

/// Links to the places that the role has a use for.
#[component]
pub(super) fn Places() -> Element {
    let desk = use_desk();
    let me = desk.me().cloned();
    let shown = use_route::<Route>();
    let open = places()
        .into_iter()
        .filter(|(route, _)| route.needs().is_none_or(|op| me.as_ref().is_some_and(|me| me.may(op))));
    rsx! {
        for (route , icon) in open {
            Link {
                key: "{route}",
                class: if shown.place() == route { "nav-item active" } else { "nav-item" },
                to: route.clone(),
                NavFace { icon, label: t!(route.title()) }
            }
        }
    }
}
