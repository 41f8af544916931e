//! What can be done about a payment in its state: one thing first, and taking it back while that is possible.

use dioxus::prelude::*;
use gridkey_client::{app::Command, client::PaymentView};
use gridkey_domain::PaymentState;
use gridkey_kit::prelude::*;

use crate::{
    context::{AppStateStoreExt as _, use_app, use_send},
    logic::payments::{may_be_cancelled, may_be_confirmed},
    platform::host_of,
    route::{BillChoice, Route},
    views::{parts::AskOnce, shell::ExternalLink},
};

/// The buttons of a payment.
///
/// - `view`: the payment.
#[component]
pub(super) fn Action(view: PaymentView) -> Element {
    let online = use_app().connection().read().is_online();
    rsx! {
        if view.state == PaymentState::Unknown || view.in_doubt {
            Spinner { what: t!("payment-unknown-waits") }
            p { class: "muted", {t!("payment-unknown-hint")} }
        }
        div { class: "actions",
            match view.state {
                PaymentState::Pending => rsx! { BankPage { view: view.clone(), online } },
                PaymentState::Queued => rsx! { ToQueue {} },
                PaymentState::Refused | PaymentState::Expired | PaymentState::Cancelled => rsx! { Again { view: view.clone() } },
                _ => rsx! {},
            }
            if may_be_confirmed(view.state) {
                AskNow { view: view.clone(), online }
            }
            if may_be_cancelled(view.state) && !view.in_doubt {
                Withdraw { view, online }
            }
        }
    }
}

/// The way to the bank's page; the address is shown before it opens.
///
/// - `view`: the payment.
/// - `online`: a fresh page can be asked for.
#[component]
fn BankPage(view: PaymentView, online: bool) -> Element {
    let send = use_send();
    let payment = view.payment;
    let page = view.page.filter(|page| host_of(page).is_some());
    rsx! {
        if let Some(page) = page {
            ExternalLink { url: page.clone(), kind: ButtonKind::Primary, testid: "open-bank", {t!("payment-open-bank")} }
            p { class: "field-hint actions-note",
                {t!("payment-bank-hint", host = host_of(&page).unwrap_or_default())}
            }
        } else {
            Button {
                kind: ButtonKind::Primary,
                disabled: !online,
                testid: "fresh-bank",
                onclick: move |_| send.send(Command::Confirm(payment)),
                {t!("payment-bank-again")}
            }
        }
    }
}

/// The way to what waits on this machine.
#[component]
fn ToQueue() -> Element {
    let navigator = use_navigator();
    rsx! {
        Button {
            kind: ButtonKind::Primary,
            onclick: move |_| {
                navigator.push(Route::Queue {});
            },
            {t!("payment-queue")}
        }
    }
}

/// Pays the same bills with another order.
///
/// - `view`: the payment that came to nothing.
#[component]
fn Again(view: PaymentView) -> Element {
    let navigator = use_navigator();
    let bills: Vec<_> = view.bills.iter().map(|share| share.bill.clone()).collect();
    rsx! {
        Button {
            kind: ButtonKind::Primary,
            testid: "pay-again",
            onclick: move |_| {
                navigator.push(Route::Pay { bills: BillChoice(bills.clone()) });
            },
            {t!("payment-again")}
        }
    }
}

/// Asks how it stands, by hand.
///
/// - `view`: the payment.
/// - `online`: there is somebody to ask.
#[component]
fn AskNow(view: PaymentView, online: bool) -> Element {
    let app = use_app();
    let send = use_send();
    let payment = view.payment;
    let busy = app.payment().read().get(&payment).is_some_and(|section| section.loading);
    rsx! {
        Button {
            icon: IconName::Refresh,
            disabled: !online,
            busy,
            testid: "ask-now",
            onclick: move |_| send.send(Command::Confirm(payment)),
            {t!("payment-check")}
        }
    }
}

/// Takes the payment back, after one question.
///
/// - `view`: the payment.
/// - `online`: the server can be told; what waits here can be taken back without it.
#[component]
fn Withdraw(view: PaymentView, online: bool) -> Element {
    let send = use_send();
    let mut asking = use_signal(|| false);
    let payment = view.payment;
    rsx! {
        Button {
            kind: ButtonKind::Quiet,
            disabled: !online && view.state != PaymentState::Queued,
            testid: "withdraw",
            onclick: move |_| asking.set(true),
            {t!("payment-cancel")}
        }
        if asking() {
            AskOnce {
                title: t!("payment-cancel-title"),
                text: t!("payment-cancel-text", amount = format::money_text(view.amount)),
                yes: t!("payment-cancel-yes"),
                no: t!("payment-cancel-no"),
                onyes: move |()| {
                    asking.set(false);
                    send.send(Command::Cancel(payment));
                },
                onclose: move |()| asking.set(false),
            }
        }
    }
}
