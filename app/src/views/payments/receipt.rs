//! The signed receipt: what it states, what this computer verified, printing and saving.

use dioxus::prelude::*;
use gridkey_client::{
    app::{Command, Doing, PaymentStory, Problem},
    client::VerifiedReceipt,
};
use gridkey_domain::PaymentId;
use gridkey_kit::prelude::*;

use crate::{
    context::{AppStateStoreExt as _, use_app, use_send},
    views::{
        parts::print_page,
        shell::{customer_name, open_key},
    },
    words,
};

/// The receipt, or why there is none yet.
///
/// - `story`: the payment.
#[component]
pub(super) fn ReceiptCard(story: PaymentStory) -> Element {
    let payment = story.view.payment;
    match (story.receipt, story.receipt_problem) {
        (Some(verified), _) => rsx! { Verified { payment, verified } },
        (None, Some(problem @ Problem::ReceiptForged(_))) => {
            let told = words::problem(&problem, None);
            rsx! {
                Banner { tone: Tone::Danger, title: t!("payment-receipt-bad"), testid: "receipt-bad",
                    {told.headline}
                    " "
                    {told.what_to_do}
                }
            }
        }
        // It could not be fetched, which says nothing against it.
        (None, _) => rsx! {
            Card { title: t!("payment-receipt"),
                p { class: "muted", {t!("payment-receipt-waiting")} }
            }
        },
    }
}

/// A receipt that proved genuine.
///
/// - `payment`: whose receipt.
/// - `verified`: the receipt.
#[component]
fn Verified(payment: PaymentId, verified: VerifiedReceipt) -> Element {
    let app = use_app();
    let send = use_send();
    let language = language();
    let receipt = verified.receipt;
    let company = open_key(app).and_then(|card| card.holder).map(|holder| holder.issuer);
    let customer = customer_name(app);
    let busy = *app.fetching().read() == Doing::Busy;
    let checks = [
        t!("payment-receipt-signature"),
        t!("payment-receipt-payment"),
        if verified.for_own_order { t!("payment-receipt-own") } else { t!("payment-receipt-foreign") },
    ];
    rsx! {
        Card {
            title: t!("payment-receipt"),
            class: "print-sheet",
            testid: "receipt",
            aside: rsx! {
                Badge { tone: Tone::Good, icon: IconName::Check, {t!("payment-receipt-verified")} }
            },
            p { class: "print-only receipt-heading", {t!("payment-receipt-heading")} }
            Pairs {
                Pair { term: t!("payment-receipt-amount"), strong { {format::money_text(receipt.amount)} } }
                if let Some(company) = company {
                    Pair { term: t!("payment-receipt-payee"), {company} }
                }
                if let Some(customer) = customer {
                    Pair { term: t!("payment-receipt-payer"), {customer} }
                }
                Pair { term: t!("payment-receipt-customer"), {receipt.customer.to_string()} }
                Pair { term: t!("payment-receipt-booked"), {format::date_time(language, receipt.at)} }
                Pair { term: t!("payment-reference"), span { class: "code", {receipt.reference.clone()} } }
                Pair { term: t!("payment-receipt-order"), span { class: "code", {fingerprint(&receipt.order.0)} } }
            }
            ul { class: "checks",
                for (place , check) in checks.into_iter().enumerate() {
                    li { key: "{place}",
                        Icon {
                            name: if place == 2 && !verified.for_own_order { IconName::Info } else { IconName::Check },
                            size: 16,
                        }
                        span { {check} }
                    }
                }
            }
            div { class: "actions",
                Button {
                    kind: ButtonKind::Primary,
                    icon: IconName::Download,
                    busy,
                    testid: "save-receipt",
                    onclick: move |_| send.send(Command::ReceiptFile(payment)),
                    {t!("payment-receipt-save")}
                }
                Button { icon: IconName::Print, onclick: |_| print_page(), {t!("payment-receipt-print")} }
            }
        }
    }
}

/// Hex in groups of eight, so that two people can compare it by telephone.
fn fingerprint(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2 + bytes.len() / 4);
    for (place, byte) in bytes.iter().enumerate() {
        if place > 0 && place % 4 == 0 {
            text.push(' ');
        }
        // Writing to a string never fails.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
