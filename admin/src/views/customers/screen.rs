//! Searching customers.

use std::time::Duration;

use dioxus::{core::Task, prelude::*};
use gridkey_desk::office::{Paged, Topic};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::{AdminOp, admin::customers::CustomerLine};

use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_may, use_want},
    kept::use_kept,
    route::Route,
    views::parts::{More, customer_name, customer_page, other_name, shown},
};

/// How long nothing more is typed before it is searched for. Enter searches at once.
const PAUSE: Duration = Duration::from_millis(250);

/// What is searched for.
#[derive(Clone, Default)]
struct Wanted(String);

/// Customers by number or name.
#[component]
pub fn Customers() -> Element {
    let mut wanted = use_kept(Wanted::default);
    let mut typed = use_signal(|| wanted.peek().0.clone());
    let mut waiting = use_signal(|| None::<Task>);
    use_want(Topic::Customers(wanted().0));
    let desk = use_desk();
    let found = desk.customers();
    let section = found.read().get(&wanted.read().0).cloned().unwrap_or_default();
    let mut search = move |text: String| {
        if wanted.peek().0 != text {
            wanted.set(Wanted(text));
        }
    };
    let oninput = move |text: String| {
        typed.set(text.clone());
        if let Some(task) = waiting.write().take() {
            task.cancel();
        }
        waiting.set(Some(spawn(async move {
            tokio::time::sleep(PAUSE).await;
            search(text.trim().to_owned());
        })));
    };
    let clear = move |_| {
        typed.set(String::new());
        search(String::new());
    };
    rsx! {
        Page { title: t!("customers-title"), testid: "customers",
            form {
                class: "toolbar",
                role: "search",
                onsubmit: move |event| {
                    event.prevent_default();
                    search(typed.peek().trim().to_owned());
                },
                div { class: "toolbar-search",
                    Field {
                        label: t!("customers-search"),
                        label_hidden: true,
                        kind: InputKind::Search,
                        value: typed(),
                        placeholder: t!("customers-search-hint"),
                        autofocus: true,
                        testid: "customer-search",
                        oninput,
                    }
                }
                Ways {}
            }
            Card { class: "card-flush dense",
                {shown(&section, Topic::Customers(wanted().0), t!("customers-loading"), Shape::Rows, |list| {
                    if list.items.is_empty() && !wanted.read().0.is_empty() {
                        rsx! {
                            Empty {
                                icon: IconName::Account,
                                title: t!("customers-none-found", text = wanted.read().0.as_str()),
                                text: t!("customers-none-found-text"),
                                action: rsx! { Button { testid: "clear-search", onclick: clear, {t!("customers-clear")} } },
                            }
                        }
                    } else if list.items.is_empty() {
                        rsx! {
                            Empty { icon: IconName::Account, title: t!("customers-none"), text: t!("customers-none-text") }
                        }
                    } else {
                        rsx! {
                            Listed { list: list.clone(), topic: Topic::Customers(wanted().0) }
                        }
                    }
                })}
            }
        }
    }
}

/// The ways to more customers, where the role makes them.
#[component]
fn Ways() -> Element {
    if !use_may(AdminOp::CustomerCreate) {
        return rsx! {};
    }
    rsx! {
        div { class: "row",
            Link { class: ButtonKind::Secondary.class(), to: Route::ImportCustomers {}, {t!("customers-import")} }
            Link { class: ButtonKind::Primary.class(), to: Route::NewCustomer {}, {t!("customers-new")} }
        }
    }
}

/// The customers found; each row leads to its page.
///
/// - `list`: as far as it has come.
/// - `topic`: what was asked for.
#[component]
fn Listed(list: Paged<CustomerLine>, topic: Topic) -> Element {
    let columns = vec![
        Column::text(t!("customers-column-number")),
        Column::text(t!("customers-column-name")),
        Column::text(t!("customers-column-grade")),
    ];
    let shown = list.items.len();
    rsx! {
        div { class: "table-open",
            Table { caption: t!("customers-title"), columns, testid: "customer-table",
                for line in list.items {
                    Row { key: "{line.customer}", testid: "customer-row",
                        Cell { header: true,
                            Link { class: "row-link", to: customer_page(&line.customer), {line.customer.to_string()} }
                        }
                        Cell { column: t!("customers-column-name"),
                            span { class: "cell-name", {customer_name(&line.name, &line.name_zh)} }
                            if let Some(other) = other_name(&line.name, &line.name_zh) {
                                span { class: "cell-beside", {other} }
                            }
                        }
                        Cell { column: t!("customers-column-grade"), {line.grade.clone()} }
                    }
                }
            }
        }
        More { topic, shown, more: list.more, loading: list.loading }
    }
}
