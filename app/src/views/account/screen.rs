//! The account as a whole.

use dioxus::prelude::*;
use gridkey_client::app::Topic;
use gridkey_kit::prelude::*;

use super::{company::Company, contact::Contact, key::Key, meters::Meters, notifications::Notifications};
use crate::{
    context::{AppStateStoreExt as _, use_app, use_want},
    views::parts::shown,
};

/// What the power company keeps of the customer, and the key.
#[component]
pub fn Account() -> Element {
    use_want(Topic::Account);
    use_want(Topic::Settings);
    let app = use_app();
    let account = app.account().cloned();
    let subtitle = app.customer().cloned().map(|customer| t!("account-subtitle", customer = customer.as_str()));
    rsx! {
        Page { title: t!("account-title"), subtitle, testid: "account",
            div { class: "split",
                div { class: "split-main",
                    {
                        shown(&account, Topic::Account, t!("account-loading"), Shape::Lines, |account| rsx! {
                            Company { account: account.clone() }
                            Contact { account: account.clone() }
                            Meters { meters: account.meters.clone() }
                        })
                    }
                }
                div { class: "split-side",
                    Key {}
                    Notifications {}
                }
            }
        }
    }
}
