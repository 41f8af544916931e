//! A meter of a new customer.

use dioxus::prelude::*;
use gridkey_domain::account::Basic;
use gridkey_kit::prelude::*;

use super::{import_words::fault_words, meters::basic};
use crate::logic::customer::{CustomerDraft, MeterDraft};

/// The fields of one meter.
///
/// - `draft`: the customer that is typed.
/// - `row`: which of its meters.
/// - `judged`: what is wrong is told.
/// - `disabled`: it cannot be changed now.
#[component]
pub(super) fn MeterFields(draft: Signal<CustomerDraft>, row: u32, judged: bool, disabled: bool) -> Element {
    let mut draft = draft;
    let change = move |change: &dyn Fn(&mut MeterDraft)| {
        if let Some(meter) = draft.write().meters.iter_mut().find(|meter| meter.row == row) {
            change(meter);
        }
    };
    let (mut with_number, mut with_basic, mut with_capacity, mut with_voltage) = (change, change, change, change);
    let known = draft.read();
    let Some(meter) = known.meters.iter().find(|meter| meter.row == row).cloned() else { return rsx! {} };
    let number_fault = meter.meter_fault(&known.meters).filter(|_| judged).map(fault_words);
    let words = |fault: Option<crate::logic::customer::Fault>| fault.filter(|_| judged).map(fault_words);
    let bases = [Basic::Capacity, Basic::Demand].map(|value| Choice::new(value, basic(value))).to_vec();
    rsx! {
        div { class: "meter-fields", role: "group", "aria-label": t!("customers-meter-group", meter = meter.meter.as_str()),
            Field {
                label: t!("customers-meter"),
                value: meter.meter.clone(),
                error: number_fault,
                required: true,
                disabled,
                testid: "meter-number-{row}",
                oninput: move |value: String| with_number(&|meter| meter.meter.clone_from(&value)),
            }
            Select {
                label: t!("customers-meter-basic"),
                choices: bases,
                value: meter.basic,
                disabled,
                testid: "meter-basic-{row}",
                onchange: move |value| with_basic(&|meter| meter.basic = value),
            }
            Field {
                label: t!("customers-meter-capacity"),
                kind: InputKind::Amount,
                suffix: t!("unit-kva"),
                value: meter.capacity.clone(),
                error: words(meter.capacity_fault()),
                required: true,
                disabled,
                testid: "meter-capacity-{row}",
                oninput: move |value: String| with_capacity(&|meter| meter.capacity.clone_from(&value)),
            }
            Field {
                label: t!("customers-meter-voltage"),
                kind: InputKind::Amount,
                suffix: t!("unit-kv"),
                value: meter.voltage.clone(),
                error: words(meter.voltage_fault()),
                required: true,
                disabled,
                testid: "meter-voltage-{row}",
                oninput: move |value: String| with_voltage(&|meter| meter.voltage.clone_from(&value)),
            }
            div { class: "meter-remove",
                Button {
                    kind: ButtonKind::Quiet,
                    small: true,
                    disabled,
                    label: t!("customers-meter-remove-label", meter = meter.meter.as_str()),
                    testid: "remove-meter-{row}",
                    onclick: move |_| draft.write().meters.retain(|meter| meter.row != row),
                    {t!("customers-meter-remove")}
                }
            }
        }
    }
}
