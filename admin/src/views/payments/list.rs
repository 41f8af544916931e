//! Searching payments.

use dioxus::prelude::*;
use gridkey_desk::office::{PaymentQuery, Topic};
use gridkey_domain::PaymentState;
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_want},
    route::Route,
    views::parts::shown,
};

/// Payments by state.
#[component]
pub fn Payments() -> Element {
    let query = PaymentQuery { customer: None, state: Some(PaymentState::Unknown) };
    let topic = Topic::Payments(query.clone());
    use_want(topic.clone());
    let payments = use_desk().payments().read().get(&query).cloned().unwrap_or_default();
    rsx! {
        Page { title: t!("place-payments"), testid: "payments",
            {shown(&payments, topic, t!("admin-payments-loading"), Shape::Rows, |payments| rsx! {
                ul { class: "list",
                    for line in payments.items.clone() {
                        li { key: "{line.payment.payment}",
                            Link { to: Route::Payment { customer: line.customer.clone(), id: line.payment.payment },
                                "{line.customer}"
                            }
                        }
                    }
                }
            })}
        }
    }
}
