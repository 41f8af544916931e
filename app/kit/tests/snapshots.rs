//! The markup of each component, as it is written once; a change of it is seen and meant.

use dioxus::prelude::*;
use gridkey_domain::{Fen, Quantity};
use gridkey_kit::prelude::*;

/// The markup of `app`, an element a line.
fn markup(app: fn() -> Element) -> String {
    let mut dom = VirtualDom::new(app);
    dom.rebuild_in_place();
    dioxus_ssr::render(&dom).replace("><", ">\n<")
}

#[test]
fn buttons() {
    insta::assert_snapshot!(markup(|| rsx! {
        Button { kind: ButtonKind::Primary, submit: true, wide: true, "Sign and pay" }
        Button { busy: true, "Sign and pay" }
        Button { kind: ButtonKind::Quiet, small: true, icon: IconName::Print, label: "Print receipt", "Print" }
        Button { kind: ButtonKind::Danger, disabled: true, expanded: false, testid: "cancel", "Cancel" }
        LinkButton { onclick: move |_| {}, "Check set-up" }
    }));
}

#[test]
fn fields() {
    insta::assert_snapshot!(markup(|| {
        let pin = use_signal(Pin::default);
        rsx! {
            Field { label: "E-mail", kind: InputKind::Email, value: "li@", hint: "For bills.", error: "Not complete.", required: true }
            Field { label: "Amount", kind: InputKind::Amount, value: "20.00", prefix: "¥", suffix: "of 30.00" }
            Field { label: "Address", value: "88 Foundry Road", lines: 2, disabled: true }
            PinField { label: "New PIN", pin, fresh: true, hint: "6 to 16 characters." }
            Select { label: "Language", choices: vec![Choice::new(1, "English"), Choice::new(2, "简体中文")], value: 2, onchange: move |_| {} }
        }
    }));
}

#[test]
fn choices() {
    insta::assert_snapshot!(markup(|| {
        let choices = vec![Choice::new('a', "Year"), Choice::new('b', "Month")];
        rsx! {
            Toggle { label: "Start at login", hint: "With the computer.", checked: true, onchange: move |_| {} }
            Checkbox { label: "I checked the amount", checked: false, onchange: move |_| {} }
            Segmented { label: "Step", choices: choices.clone(), value: 'b', onchange: move |_| {} }
            Tabs { label: "Views", choices, value: 'a', onchange: move |_| {}, "Panel" }
        }
    }));
}

#[test]
fn figures_and_states() {
    insta::assert_snapshot!(markup(|| rsx! {
        MoneyFigure { amount: Fen::new(71_820_436).unwrap_or_default() }
        Figure { value: "906,412.75", unit: "kWh" }
        Badge { tone: Tone::Warning, icon: IconName::Clock, "Queued offline" }
        Status { tone: Tone::Good, live: true, "Online" }
        Progress { label: "Days", value: 22, max: 30, text: "22 of 30 days" }
        Spinner { what: "Asking the bank" }
        Banner { tone: Tone::Warning, title: "Due soon.", action: rsx! { Button { "Pay" } }, "In 3 days." }
        Banner { "Data from 08:42." }
    }));
}

#[test]
fn nothing_yet_and_nothing_at_all() {
    insta::assert_snapshot!(markup(|| rsx! {
        Skeleton { what: "Loading your bills", shape: Shape::Rows, lines: 2 }
        Skeleton { what: "Loading today", shape: Shape::Chart }
        Empty { icon: IconName::Receipt, title: "No payments yet", text: "The first will appear here." }
        ErrorState { headline: "Not loaded", what_to_do: "Try again.", detail: "no-answer", action: rsx! { Button { "Try again" } } }
    }));
}

#[test]
fn cards_lists_and_tables() {
    insta::assert_snapshot!(markup(|| rsx! {
        Page { title: "Bills", subtitle: "All", narrow: true,
            Card { title: "October", aside: rsx! { "15 Nov" },
                Pairs { Pair { term: "Amount", numeric: true, "¥ 1.00" } }
                Table { caption: "Lines", columns: vec![Column::text("Line"), Column::number("Amount"), Column::hidden("Open")],
                    Row { Cell { header: true, "Peak" } Cell { column: "Amount", numeric: true, "1.00" } Cell {} }
                    Row { strong: true, Cell { header: true, "Sum" } }
                }
            }
        }
    }));
}

#[test]
fn dialog_and_news() {
    insta::assert_snapshot!(markup(|| rsx! {
        Dialog { title: "Cancel this payment?", alert: true, onclose: move |()| {}, actions: rsx! { Button { "Cancel it" } }, p { "Once." } }
        Toasts {
            toasts: vec![Toast { id: 7, tone: Tone::Good, title: "Booked".to_owned(), text: Some("¥ 1.00".to_owned()), action: Some("Open".to_owned()) }],
            onclose: move |_| {},
        }
    }));
}

#[test]
fn frame() {
    insta::assert_snapshot!(markup(|| rsx! {
        Shell { nav: rsx! { a { class: "nav-item", NavFace { icon: IconName::Alarms, label: "Alarms", count: 2, count_label: "2 new" } } },
            foot: rsx! { "Key" },
            Logo { wordmark: false }
            Icon { name: IconName::Info, label: "Explanation" }
        }
    }));
}

#[test]
fn charts() {
    insta::assert_snapshot!(markup(|| {
        let values = vec![Some(Quantity::from_units(100_000)), Some(Quantity::from_units(224_000)), None, None];
        let bands = vec![
            Band { register: Register::Valley, start: 0, end: 2 },
            Band { register: Register::Sharp, start: 2, end: 4 },
        ];
        let bar = Bar {
            short: "Oct".to_owned(),
            name: "October 2026".to_owned(),
            parts: Register::ALL.map(|register| (register, Quantity::from_units(10_000))).to_vec(),
            before: Some(Quantity::from_units(50_000)),
            running: true,
        };
        rsx! {
            ChartFrame { title: "Today", unit: "kW", legend: rsx! { Legend { registers: Register::ALL.to_vec(), before: "last year" } }, table: rsx! {},
                LineChart {
                    label: "Load today",
                    values,
                    names: ["00:00", "06:00", "12:00", "18:00"].map(str::to_owned).to_vec(),
                    unit: "kW",
                    ticks: vec![Tick::new(0, "00"), Tick::new(4, "24")],
                    bands,
                }
            }
            StackedBars { label: "Energy", bars: vec![bar], unit: "kWh", before_name: "last year" }
        }
    }));
}
