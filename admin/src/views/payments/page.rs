//! One payment.

use dioxus::prelude::*;
use gridkey_desk::office::Topic;
use gridkey_domain::{CustomerNo, PaymentId};
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_want},
    views::parts::shown,
};

/// A payment with its story.
///
/// - `customer`: whose it is.
/// - `id`: the payment.
#[component]
pub fn PaymentPage(customer: CustomerNo, id: PaymentId) -> Element {
    let topic = Topic::Payment(customer.clone(), id);
    use_want(topic.clone());
    let payment = use_desk().payment().read().get(&id).cloned().unwrap_or_default();
    rsx! {
        Page { title: t!("admin-place-payment"), subtitle: customer.to_string(), testid: "payment",
            {shown(&payment, topic, t!("admin-payment-loading"), Shape::Lines, |_| rsx! {
                Card { p { "{id}" } }
            })}
        }
    }
}
