//! Customers in arrears.

use dioxus::prelude::*;
use gridkey_desk::office::Topic;
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_want},
    views::parts::shown,
};

/// Who owes, and what was sent.
#[component]
pub fn Arrears() -> Element {
    use_want(Topic::Arrears);
    let arrears = use_desk().arrears().cloned();
    rsx! {
        Page { title: t!("admin-place-arrears"), testid: "arrears",
            {shown(&arrears, Topic::Arrears, t!("admin-arrears-loading"), Shape::Rows, |arrears| rsx! {
                ul { class: "list",
                    for line in arrears.items.clone() {
                        li { key: "{line.customer}", "{line.customer}" }
                    }
                }
            })}
        }
    }
}
