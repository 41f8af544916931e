//! The screen of alarms.

use dioxus::prelude::*;
use gridkey_client::app::Topic;
use gridkey_domain::arrears::Level;
use gridkey_kit::prelude::*;

use super::{arrears::ArrearsCard, history::History};
use crate::{
    context::{AppStateStoreExt as _, use_app, use_want},
    views::parts,
};

/// What is overdue now, and the dated history of alarms.
#[component]
pub fn Alarms() -> Element {
    use_want(Topic::Arrears);
    use_want(Topic::Alarms);
    let app = use_app();
    let arrears = app.arrears()();
    let alarms = app.alarms()();
    let subtitle = arrears.get().map(|arrears| match arrears.level {
        Level::None => t!("alarms-subtitle-none"),
        _ => t!("alarms-subtitle", open = format::money_text(arrears.open)),
    });
    rsx! {
        Page { title: t!("alarms-title"), subtitle, testid: "alarms",
            {parts::shown(&arrears, Topic::Arrears, t!("alarms-loading"), Shape::Figure, |arrears| {
                rsx! { ArrearsCard { arrears: arrears.clone() } }
            })}
            {parts::shown(&alarms, Topic::Alarms, t!("alarms-loading-history"), Shape::Rows, |alarms| {
                rsx! { History { alarms: alarms.clone() } }
            })}
        }
    }
}
