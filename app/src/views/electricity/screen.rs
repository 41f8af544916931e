//! The screen of electricity.

use dioxus::prelude::*;
use gridkey_client::app::Topic;
use gridkey_domain::{
    MeterId,
    account::{Account, Meter},
    usage::{MeterUsage, UsageSummary},
};
use gridkey_kit::prelude::*;

use super::{
    cards::{FactorCard, RunningCard},
    demand::DemandCard,
    history::History,
    registers::EnergyCard,
};
use crate::{
    context::{AppStateStoreExt as _, use_app, use_want},
    route::HistoryPlace,
    views::parts,
};

/// This month and the history of one meter.
///
/// - `at`: the stretch of the history that is shown.
#[component]
pub fn Electricity(at: HistoryPlace) -> Element {
    use_want(Topic::Account);
    use_want(Topic::Usage);
    let app = use_app();
    let account = app.account()();
    let usage = app.usage()();
    let chosen = use_signal(|| None::<MeterId>);
    let meter = account.get().and_then(|account| pick(account, chosen().as_ref()));
    let subtitle = meter.as_ref().map(|meter| {
        let (voltage, capacity) =
            (format::quantity_short(meter.voltage_kv), format::quantity_short(meter.capacity_kva));
        t!("electricity-subtitle", meter = meter.meter.as_str(), voltage = voltage, capacity = capacity)
    });
    let several = account.get().is_some_and(|account| account.meters.len() > 1);
    rsx! {
        Page {
            title: t!("electricity-title"),
            subtitle,
            testid: "electricity",
            aside: several.then(|| rsx! {
                MeterChoice { account: account.get().cloned(), chosen }
            }),
            {parts::shown(&account, Topic::Account, t!("electricity-loading"), Shape::Figure, |account| {
                match pick(account, chosen().as_ref()) {
                    None => rsx! {
                        Card {
                            Empty {
                                icon: IconName::Electricity,
                                title: t!("electricity-no-meter"),
                                text: t!("electricity-no-meter-text"),
                            }
                        }
                    },
                    Some(meter) => rsx! {
                        {parts::shown(&usage, Topic::Usage, t!("electricity-loading"), Shape::Figure, |usage| {
                            rsx! { ThisMonth { usage: usage.clone(), meter: meter.clone() } }
                        })}
                        // Another meter is another history.
                        for meter in [meter.clone()] {
                            History { key: "{meter.meter}", meter: meter.meter, at }
                        }
                    },
                }
            })}
        }
    }
}

/// The chosen meter, or the first.
fn pick(account: &Account, chosen: Option<&MeterId>) -> Option<Meter> {
    let wanted = chosen.and_then(|chosen| account.meters.iter().find(|meter| meter.meter == *chosen));
    wanted.or(account.meters.first()).cloned()
}

/// Which meter, for a customer of several.
///
/// - `account`: the customer's meters.
/// - `chosen`: the choice.
#[component]
fn MeterChoice(account: Option<Account>, chosen: Signal<Option<MeterId>>) -> Element {
    let mut chosen = chosen;
    let Some(account) = account else { return rsx! {} };
    let value = pick(&account, chosen().as_ref()).map(|meter| meter.meter);
    let choices =
        account.meters.iter().map(|meter| Choice::new(Some(meter.meter.clone()), meter.meter.as_str())).collect();
    rsx! {
        Select {
            label: t!("electricity-meter"),
            label_hidden: true,
            choices,
            value,
            onchange: move |meter| chosen.set(meter),
            testid: "meter",
        }
    }
}

/// The running month of a meter.
///
/// - `usage`: of all meters.
/// - `meter`: which.
#[component]
fn ThisMonth(usage: UsageSummary, meter: Meter) -> Element {
    let language = language();
    let own: Option<MeterUsage> = usage.meters.iter().find(|own| own.meter == meter.meter).cloned();
    let Some(own) = own else {
        return rsx! {
            Card {
                Empty {
                    icon: IconName::Electricity,
                    title: t!("electricity-no-readings"),
                    text: t!("electricity-no-readings-yet"),
                }
            }
        };
    };
    rsx! {
        div { class: "section-head",
            h2 { class: "section-title", {t!("electricity-this-month")} " · " {format::month(language, usage.month)} }
            p { class: "muted small", {t!("electricity-read-until", at = format::date_time(language, usage.at))} }
        }
        div { class: "grid",
            EnergyCard { usage: own.clone() }
            RunningCard { usage: own.clone(), meter: meter.clone() }
            DemandCard { month: usage.month, usage: own.clone(), meter: meter.clone() }
            FactorCard { usage: own, meter }
        }
    }
}
