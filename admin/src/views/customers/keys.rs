//! A customer's keys.

use dioxus::prelude::*;
use gridkey_domain::CustomerNo;
use gridkey_kit::prelude::*;
use gridkey_protocol::{frame::Role, ops::admin::keys::KeyDetail};

use crate::{
    context::use_me,
    logic::keys::short,
    route::{CustomerChoice, Fingerprint, KeyChoice, Route},
    views::keys::KeyStateBadge,
};

/// The keys, the newest first.
///
/// - `customer`: whose.
/// - `keys`: them.
#[component]
pub(super) fn Keys(customer: CustomerNo, keys: Vec<KeyDetail>) -> Element {
    let language = language();
    let may_make = use_me().is_some_and(|me| me.may_make(Role::Customer));
    let make = Route::MakeKey { customer: CustomerChoice(Some(customer)), replaces: KeyChoice(None) };
    let columns = vec![
        Column::text(t!("customers-key")),
        Column::text(t!("customers-key-state")),
        Column::text(t!("customers-key-since")),
        Column::text(t!("customers-key-until")),
    ];
    rsx! {
        Card {
            title: t!("customers-keys"),
            class: "card-flush dense",
            testid: "customer-keys",
            aside: rsx! {
                if may_make {
                    Link { class: "link", to: make.clone(), {t!("customers-key-make")} }
                }
            },
            if keys.is_empty() {
                Empty {
                    icon: IconName::Key,
                    title: t!("customers-keys-none"),
                    text: t!("customers-keys-none-text"),
                    action: if may_make { Some(rsx! {
                        Link { class: ButtonKind::Primary.class(), to: make, {t!("customers-key-make")} }
                    }) } else { None },
                }
            } else {
                div { class: "table-open",
                    Table { caption: t!("customers-keys"), columns,
                        for key in keys {
                            Row { key: "{key.key}",
                                Cell { header: true,
                                    Link { class: "row-link", to: Route::Key { fingerprint: Fingerprint(key.key) },
                                        {key.token.clone().unwrap_or_else(|| short(&key.key))}
                                    }
                                    if key.token.is_some() {
                                        span { class: "cell-meta mono", {short(&key.key)} }
                                    }
                                }
                                Cell { column: t!("customers-key-state"), KeyStateBadge { state: key.state } }
                                Cell { column: t!("customers-key-since"), {format::date_time(language, key.since)} }
                                Cell { column: t!("customers-key-until"), {format::date(language, key.not_after.date())} }
                            }
                        }
                    }
                }
            }
        }
    }
}
