//! The one thing to heed: what is overdue, else what is due soon.

use dioxus::prelude::*;
use gridkey_domain::arrears::Level;
use gridkey_kit::prelude::*;
use jiff::ToSpan as _;

use crate::{
    context::{AppStateStoreExt as _, use_app},
    logic::bills::can_be_paid,
    route::{BillChoice, Route},
    views::{parts::use_today, shell::open_key},
};

/// Days before a due date from which it is named above all.
const SOON: i32 = 5;

/// A banner, if there is something to heed.
#[component]
pub(super) fn Heed() -> Element {
    let app = use_app();
    let renewal = app.renewal().read().is_wanted();
    let overdue = app.arrears().read().get().is_some_and(|arrears| arrears.level != Level::None);
    rsx! {
        if overdue {
            Overdue {}
        } else {
            DueSoon {}
        }
        if renewal {
            RenewalDue {}
        }
    }
}

/// The key's certificate is to be renewed.
#[component]
fn RenewalDue() -> Element {
    let holder = open_key(use_app()).and_then(|card| card.holder);
    let Some(holder) = holder else { return rsx! {} };
    rsx! {
        Banner {
            tone: Tone::Warning,
            icon: IconName::Key,
            testid: "renewal-due",
            action: rsx! {
                Link { class: ButtonKind::Secondary.class(), to: Route::Account {}, {t!("renewal-heed-go")} }
            },
            {t!("renewal-heed", until = format::date(language(), holder.not_after.date()))}
        }
    }
}

/// What is overdue, with the way to pay it.
#[component]
fn Overdue() -> Element {
    let app = use_app();
    let online = app.connection().read().is_online();
    let arrears = app.arrears();
    let arrears = arrears.read();
    let Some(arrears) = arrears.get() else { return rsx! {} };
    let (open, late) = (format::money_text(arrears.open), format::money_text(arrears.late));
    let days = arrears.bills.iter().map(|bill| bill.days).max().unwrap_or(0);
    let (tone, text) = match arrears.level {
        Level::None | Level::Reminder => (Tone::Warning, t!("overview-arrears-reminder", open = open, late = late)),
        Level::Warning => (Tone::Danger, t!("overview-arrears-warning", open = open, late = late, days = days)),
        Level::Final => (Tone::Danger, t!("overview-arrears-final", open = open, late = late, days = days)),
    };
    let bills = BillChoice(arrears.bills.iter().map(|bill| bill.bill.clone()).collect());
    rsx! {
        Banner {
            tone,
            testid: "arrears",
            action: rsx! {
                Link { class: ButtonKind::Primary.class(), to: Route::Pay { bills },
                    if online { {t!("overview-pay-arrears")} } else { {t!("overview-arrears-pay-queue")} }
                }
            },
            {text}
        }
    }
}

/// A bill that is due in a few days.
#[component]
fn DueSoon() -> Element {
    let app = use_app();
    let today = use_today()();
    let bills = app.bills();
    let bills = bills.read();
    let soon = bills
        .get()
        .into_iter()
        .flatten()
        .filter(|bill| can_be_paid(bill) && (0..=SOON).contains(&(bill.due - today).get_days()))
        .min_by_key(|bill| bill.due);
    let Some(bill) = soon else { return rsx! {} };
    let language = language();
    let text = t!(
        "overview-due-soon",
        days = (bill.due - today).get_days(),
        month = format::month_name(language, bill.month),
        amount = format::money_text(bill.open),
        late = format::day_month(language, bill.due.checked_add(1.day()).unwrap_or(bill.due)),
    );
    rsx! {
        Banner { tone: Tone::Warning, icon: IconName::Clock, testid: "due-soon", {text} }
    }
}
