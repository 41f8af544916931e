//! The places to go.

use dioxus::prelude::*;
use gridkey_domain::bill::BillState;
use gridkey_kit::prelude::*;

use crate::{
    context::{AppStateStoreExt as _, use_app},
    route::{BillChoice, HistoryPlace, Route},
    store::AppState,
};

/// A place, and whether it has room in the bar of a phone.
struct Place {
    route: Route,
    icon: IconName,
    narrow: bool,
}

fn places() -> [Place; 10] {
    let place = |route, icon, narrow| Place { route, icon, narrow };
    [
        place(Route::Overview {}, IconName::Overview, true),
        place(Route::Electricity { at: HistoryPlace::default() }, IconName::Electricity, true),
        place(Route::Bills {}, IconName::Bills, true),
        place(Route::Pay { bills: BillChoice::default() }, IconName::Pay, true),
        place(Route::Payments {}, IconName::History, false),
        place(Route::Queue {}, IconName::Clock, false),
        place(Route::Alarms {}, IconName::Alarms, false),
        place(Route::Account {}, IconName::Account, false),
        place(Route::Settings {}, IconName::Settings, false),
        place(Route::Help {}, IconName::Info, false),
    ]
}

/// Links to all places; on a phone those that have no room stand under "more".
#[component]
pub(super) fn Places() -> Element {
    rsx! {
        for place in places() {
            PlaceLink { key: "{place.route}", route: place.route, icon: place.icon, wide: !place.narrow }
        }
    }
}

/// Links to the places that have no room in the bar of a phone.
///
/// - `onclick`: one was chosen.
#[component]
pub(super) fn MorePlaces(onclick: EventHandler<()>) -> Element {
    rsx! {
        for place in places().into_iter().filter(|place| !place.narrow) {
            PlaceLink { key: "{place.route}", route: place.route, icon: place.icon, wide: false, onclick }
        }
    }
}

/// How many things wait under "more".
pub(super) fn waiting_under_more(app: Store<AppState>) -> u32 {
    places()
        .iter()
        .filter(|place| !place.narrow)
        .map(|place| count(app, &place.route).map_or(0, |(count, _)| count))
        .sum()
}

/// Whether the screen shown belongs to a place under "more".
pub(super) fn is_under_more(shown: &Route) -> bool {
    places().iter().any(|place| !place.narrow && belongs(shown, &place.route))
}

/// A link to a place.
///
/// - `route`, `icon`: the place.
/// - `wide`: it has no room in the bar of a phone.
/// - `onclick`: it was chosen.
#[component]
fn PlaceLink(route: Route, icon: IconName, wide: bool, #[props(default)] onclick: EventHandler<()>) -> Element {
    let app = use_app();
    let here = belongs(&use_route::<Route>(), &route);
    let (count, words) = count(app, &route).unzip();
    let class = match (wide, here) {
        (false, false) => "nav-item",
        (false, true) => "nav-item active",
        (true, false) => "nav-item nav-wide",
        (true, true) => "nav-item nav-wide active",
    };
    let label = t!(route.title());
    rsx! {
        Link { class, to: route, onclick: move |_| onclick.call(()),
            NavFace { icon, label, count: count.unwrap_or(0), count_label: words }
        }
    }
}

/// Whether a screen lies in a place: the bill in the bills, the payment in the payments.
fn belongs(shown: &Route, place: &Route) -> bool {
    match shown {
        Route::Bill { .. } => matches!(place, Route::Bills {}),
        Route::Payment { .. } => matches!(place, Route::Payments {}),
        Route::Pay { .. } => matches!(place, Route::Pay { .. }),
        Route::Electricity { .. } => matches!(place, Route::Electricity { .. }),
        Route::Setup {} => matches!(place, Route::Settings {}),
        other => other == place,
    }
}

/// How many things wait in a place, in figures and in words.
fn count(app: Store<AppState>, place: &Route) -> Option<(u32, String)> {
    let (count, id) = match place {
        Route::Alarms {} => {
            let alarms = app.alarms();
            let alarms = alarms.read();
            (alarms.get()?.iter().filter(|alarm| alarm.acknowledged.is_none()).count(), "shell-badge-alarms")
        }
        Route::Queue {} => (app.queue().read().orders.len(), "shell-badge-queue"),
        Route::Bills {} => {
            let bills = app.bills();
            let bills = bills.read();
            let due = bills.get()?.iter().filter(|bill| bill.state == BillState::Overdue).count();
            (due, "shell-badge-bills")
        }
        _ => return None,
    };
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    (count > 0).then(|| (count, t!(id, count = count)))
}
