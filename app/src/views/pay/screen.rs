//! The screen that makes an order.

use dioxus::prelude::*;
use gridkey_client::{
    app::{Command, Paying, Topic},
    client::PayOutcome,
};
use gridkey_kit::prelude::*;

use super::{
    compose::Compose,
    draft::{Draft, Step},
    existing::Existing,
    review::Review,
};
use crate::{
    context::{AppStateStoreExt as _, use_app, use_send, use_want},
    logic::order::unfinished,
    route::{BillChoice, Route},
    views::parts,
};

/// Making an order.
///
/// - `bills`: the bills it begins with.
#[component]
pub fn Pay(bills: ReadSignal<BillChoice>) -> Element {
    use_want(Topic::Bills);
    use_want(Topic::Payments);
    use_want(Topic::Account);
    let app = use_app();
    let draft = use_hook(|| Draft::new(&bills.peek().0));
    use_begin_anew(draft, bills);
    use_follow_outcome();

    let listed = app.bills()();
    let payments = app.payments()();
    let queue = app.queue()();
    let existing = match &*app.paying().read() {
        Paying::Ended(PayOutcome::Existing(view)) => Some(view.payment),
        _ => None,
    };
    let chosen: Vec<_> = draft.parts.read().iter().map(|(bill, _)| bill.clone()).collect();
    let items = payments.get().map(Vec::as_slice).unwrap_or_default();
    // The order being signed shows up in the lists before its outcome is told; it is no other one.
    let signing = *app.paying().read() == Paying::Signing;
    let under_way = if signing { None } else { existing.or_else(|| unfinished(&chosen, items, &queue)) };
    let title = match (draft.step)() {
        Step::Compose => t!("pay-title"),
        Step::Review => t!("pay-review-title"),
    };
    rsx! {
        Page { title, narrow: true, testid: "pay",
            if let Some(payment) = under_way {
                Existing { payment, draft }
            } else {
                {parts::shown(&listed, Topic::Bills, t!("bills-loading"), Shape::Rows, |bills| {
                    match (draft.step)() {
                        Step::Compose => rsx! { Compose { bills: bills.clone(), draft } },
                        Step::Review => rsx! { Review { bills: bills.clone(), draft } },
                    }
                })}
            }
        }
    }
}

/// Another choice in the address begins another order.
fn use_begin_anew(draft: Draft, bills: ReadSignal<BillChoice>) {
    let mut last = use_signal(|| bills.peek().clone());
    use_effect(move || {
        let choice = bills();
        if *last.peek() != choice {
            let fresh = choice.0.iter().map(|bill| (bill.clone(), None)).collect();
            let Draft { mut parts, mut step, .. } = draft;
            parts.set(fresh);
            step.set(Step::Compose);
            last.set(choice);
        }
    });
}

/// An order that came about leads to its payment. What ended before this screen was opened is left behind.
fn use_follow_outcome() {
    let app = use_app();
    let send = use_send();
    let navigator = use_navigator();
    // Whether the outcome that shows belongs to this screen.
    let mut ours = use_signal(|| *app.paying().peek() == Paying::Signing);
    use_effect(move || match &*app.paying().read() {
        Paying::Idle | Paying::Signing => ours.set(true),
        Paying::Ended(_) | Paying::Failed(_) if !*ours.peek() => send.send(Command::ForgetPaying),
        Paying::Ended(PayOutcome::Submitted(view) | PayOutcome::Queued(view)) => {
            send.send(Command::ForgetPaying);
            navigator.replace(Route::Payment { id: view.payment });
        }
        Paying::Ended(PayOutcome::Existing(_)) | Paying::Failed(_) => {}
    });
}
