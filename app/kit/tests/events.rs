//! What the components do when a person types, points and presses keys; without a window.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
#![expect(unused_qualifications, reason = "rsx! writes the paths of events in full")]

mod page;

use dioxus::prelude::*;
use gridkey_domain::Quantity;
use gridkey_kit::{
    focus::use_focus_provider,
    i18n::{use_i18n, use_i18n_provider},
    prelude::*,
};
use page::Page;

#[test]
fn a_pin_is_hidden_until_shown_and_never_written_into_the_page() {
    fn app() -> Element {
        let pin = use_signal(Pin::default);
        rsx! {
            PinField { label: "PIN", pin }
            p { role: "status", "{pin.read().len()} characters" }
        }
    }
    let mut page = Page::open(app);
    page.input(&page.get("password", "PIN"), "271828");
    assert!(page.has("status", "6 characters"));
    assert!(!page.html().contains("271828"));

    let show = page.get("button", "Show PIN");
    assert_eq!(show.attribute("aria-pressed"), Some("false"));
    page.click(&show);
    assert_eq!(page.get("textbox", "PIN").attribute("type"), Some("text"));
    page.click(&page.get("button", "Show PIN"));
    assert!(page.has("password", "PIN"));
}

#[test]
fn a_cleared_pin_field_is_a_new_one_and_has_the_keyboard() {
    fn app() -> Element {
        let mut pin = use_signal(Pin::default);
        rsx! {
            PinField { label: "PIN", pin, error: "Wrong PIN." }
            Button { onclick: move |_| pin.write().clear(), "Again" }
        }
    }
    let mut page = Page::open(app);
    let before = page.get("password", "PIN");
    assert!(before.attribute("aria-describedby").unwrap().ends_with("-error"));
    page.input(&before, "1");
    page.click(&page.get("button", "Again"));
    assert_eq!(page.focused().unwrap().role(), "password");
    assert_ne!(page.get("password", "PIN").id, before.id);
}

#[test]
fn a_field_is_not_written_over_while_somebody_types_and_follows_the_program() {
    fn app() -> Element {
        let mut text = use_signal(String::new);
        rsx! {
            Field { label: "Amount", value: text(), oninput: move |typed| text.set(typed) }
            Button { onclick: move |_| text.set("7.00".to_owned()), "All of it" }
            p { role: "status", "{text}" }
        }
    }
    let mut page = Page::open(app);
    let field = page.get("textbox", "Amount");
    page.input(&field, "12");
    assert!(page.has("status", "12"));
    // The page may hold "123" by now.
    let after = page.get("textbox", "Amount");
    assert_eq!((after.id, after.attribute("value")), (field.id, Some("")));

    page.click(&page.get("button", "All of it"));
    let after = page.get("textbox", "Amount");
    assert_ne!(after.id, field.id);
    assert_eq!(after.attribute("value"), Some("7.00"));
}

#[test]
fn a_dialog_takes_the_keyboard_keeps_it_and_gives_it_back() {
    fn app() -> Element {
        use_focus_provider();
        let mut open = use_signal(|| false);
        rsx! {
            Button { "Elsewhere" }
            Button { onclick: move |_| open.set(true), "Cancel payment" }
            if open() {
                Dialog { title: "Cancel this payment?", onclose: move |()| open.set(false),
                    actions: rsx! { Button { kind: ButtonKind::Danger, "Cancel it" } },
                    p { "Nothing was debited." }
                }
            }
        }
    }
    let mut page = Page::open(app);
    page.click(&page.get("button", "Cancel payment"));
    let dialog = page.focused().unwrap();
    assert_eq!((dialog.role(), dialog.attribute("aria-modal")), ("dialog", Some("true")));

    let guards: Vec<_> =
        page.nodes().into_iter().filter(|node| node.attribute("class") == Some("focus-guard")).collect();
    page.focus(&guards[0]);
    assert_eq!(page.focused().unwrap().name(), "Close");
    page.focus(&guards[1]);
    assert_eq!(page.focused().unwrap().role(), "dialog");

    page.key(&page.get("button", "Cancel it"), Key::Escape);
    assert!(page.nodes().iter().all(|node| node.role() != "dialog"));
    assert_eq!(page.focused().unwrap().name(), "Cancel payment");
}

#[test]
fn a_dialog_that_asks_for_the_pin_begins_there() {
    fn app() -> Element {
        let pin = use_signal(Pin::default);
        rsx! {
            Dialog { title: "Sign", onclose: move |()| {}, PinField { label: "PIN", pin, autofocus: true } }
        }
    }
    assert_eq!(Page::open(app).focused().unwrap().role(), "password");
}

#[test]
fn a_dialog_without_a_way_out_ignores_escape() {
    fn app() -> Element {
        rsx! {
            Dialog { title: "Choose a new PIN", actions: rsx! { Button { "Change PIN" } }, p { "The issued PIN must go." } }
        }
    }
    let mut page = Page::open(app);
    page.key(&page.get("button", "Change PIN"), Key::Escape);
    assert!(page.has("button", "Change PIN"));
    assert!(!page.has("button", "Close"));
}

#[test]
fn arrows_move_among_segments_and_choose() {
    fn app() -> Element {
        let mut step = use_signal(|| 'm');
        let choices = vec![Choice::new('y', "Year"), Choice::new('m', "Month"), Choice::new('d', "Day")];
        rsx! {
            Segmented { label: "Step", choices, value: step(), onchange: move |chosen| step.set(chosen) }
        }
    }
    let mut page = Page::open(app);
    let checked = |page: &Page| {
        let nodes = page.nodes();
        let chosen = nodes.iter().find(|node| node.attribute("aria-checked") == Some("true")).unwrap();
        assert_eq!(chosen.attribute("tabindex"), Some("0"));
        assert_eq!(nodes.iter().filter(|node| node.attribute("tabindex") == Some("0")).count(), 1);
        chosen.name().to_owned()
    };
    for (key, name) in
        [(Key::ArrowRight, "Day"), (Key::ArrowRight, "Year"), (Key::End, "Day"), (Key::ArrowLeft, "Month")]
    {
        page.key(&page.get("radio", &checked(&page)), key);
        assert_eq!(checked(&page), name);
        assert_eq!(page.focused().unwrap().name(), name);
    }
    page.click(&page.get("radio", "Year"));
    assert_eq!(checked(&page), "Year");
}

#[test]
fn tabs_name_their_panel() {
    fn app() -> Element {
        let mut tab = use_signal(|| 0);
        let choices = vec![Choice::new(0, "Lines"), Choice::new(1, "Payments")];
        rsx! {
            Tabs { label: "Bill", choices, value: tab(), onchange: move |chosen| tab.set(chosen), "panel {tab}" }
        }
    }
    let mut page = Page::open(app);
    page.key(&page.get("tab", "Lines"), Key::ArrowRight);
    let tab = page.get("tab", "Payments");
    assert_eq!(tab.attribute("aria-selected"), Some("true"));
    let panel = page.get("tabpanel", "panel 1");
    assert_eq!(panel.attribute("aria-labelledby"), tab.attribute("id"));
    assert_eq!(tab.attribute("aria-controls"), panel.attribute("id"));
}

#[test]
fn a_busy_button_keeps_its_name_and_is_pressed_once() {
    fn app() -> Element {
        let mut presses = use_signal(|| 0);
        rsx! {
            Button { busy: presses() > 0, onclick: move |_| presses += 1, "Sign and pay" }
            p { role: "status", "{presses}" }
        }
    }
    let mut page = Page::open(app);
    for _ in 0..3 {
        page.click(&page.get("button", "Sign and pay"));
    }
    assert!(page.has("status", "1"));
    let button = page.get("button", "Sign and pay");
    assert_eq!(button.attribute("aria-busy"), Some("true"));
    assert_eq!(button.attribute("disabled"), None);
}

#[test]
fn a_switch_tells_where_it_should_be() {
    fn app() -> Element {
        let mut on = use_signal(|| false);
        rsx! {
            Toggle { label: "Start at login", checked: on(), onchange: move |wanted| on.set(wanted) }
        }
    }
    let mut page = Page::open(app);
    page.click(&page.get("switch", "Start at login"));
    assert_eq!(page.get("switch", "Start at login").attribute("aria-checked"), Some("true"));
}

#[test]
fn a_menu_gives_the_value_not_the_words() {
    fn app() -> Element {
        let mut chosen = use_signal(|| Language::English);
        let choices = Language::ALL.map(|language| Choice::new(language, language.own_name())).to_vec();
        rsx! {
            Select { label: "Language", choices, value: chosen(), onchange: move |language| chosen.set(language) }
            p { role: "status", {chosen().tag()} }
        }
    }
    let mut page = Page::open(app);
    let menu = page.get("combobox", "Language");
    page.change(&menu, "1");
    assert!(page.has("status", "zh-CN"));
}

fn curve() -> Element {
    let values = [100, 224_000, 150_000].map(|units| Some(Quantity::from_units(units))).to_vec();
    let names = ["11:00", "11:15", "11:30", "11:45"].map(str::to_owned).to_vec();
    let bands =
        vec![Band { register: Register::Peak, start: 0, end: 1 }, Band { register: Register::Flat, start: 1, end: 4 }];
    rsx! {
        LineChart { label: "Load today", values, names, unit: "kW", bands }
    }
}

#[test]
fn arrow_keys_read_out_the_load_curve() {
    let mut page = Page::open(curve);
    let name = "Load today. Maximum 2,240 kW at 11:15";
    let said = |page: &Page| page.get("slider", name).attribute("aria-valuetext").unwrap().to_owned();
    page.focus(&page.get("slider", name));
    assert_eq!(said(&page), "11:30 · Flat, 1,500 kW");
    let keys = [
        (Key::ArrowLeft, "11:15 · Flat, 2,240 kW"),
        (Key::ArrowRight, "11:30 · Flat, 1,500 kW"),
        (Key::Home, "11:00 · Peak, 1 kW"),
        (Key::ArrowLeft, "11:00 · Peak, 1 kW"),
        (Key::End, "11:45 · Flat, no reading"),
    ];
    for (key, words) in keys {
        page.key(&page.get("slider", name), key);
        assert_eq!(said(&page), words);
        // Seen as well as heard.
        assert!(page.html().contains(words.split(", ").next().unwrap()));
    }
    assert_eq!(page.get("slider", name).attribute("aria-valuenow"), Some("4"));
}

#[test]
fn enter_opens_the_bar_under_the_cursor() {
    fn app() -> Element {
        let mut opened = use_signal(String::new);
        let bar = |name: &str, units| Bar {
            short: name.to_owned(),
            name: format!("{name} 2026"),
            parts: vec![(Register::Valley, Quantity::from_units(units)), (Register::Peak, Quantity::from_units(100))],
            before: Some(Quantity::from_units(200)),
            running: false,
        };
        rsx! {
            StackedBars {
                label: "Energy by month",
                bars: vec![bar("Sep", 300), bar("Oct", 400)],
                unit: "MWh",
                before_name: "a year before",
                onselect: move |slot: usize| opened.set(format!("opened {slot}")),
            }
            p { role: "status", {opened()} }
        }
    }
    let mut page = Page::open(app);
    let bars = page.get("slider", "Energy by month");
    assert_eq!(bars.attribute("aria-valuetext"), Some("Oct 2026: 5 MWh, Valley 4, Peak 1, a year before: 2"));
    page.key(&bars, Key::ArrowLeft);
    page.key(&bars, Key::Enter);
    assert!(page.has("status", "opened 0"));
}

#[test]
fn a_chart_can_be_read_as_a_table() {
    fn app() -> Element {
        rsx! {
            ChartFrame { title: "Today", table: rsx! { Table { caption: "Load", columns: vec![Column::text("Time")] } }, {curve()} }
        }
    }
    let mut page = Page::open(app);
    assert!(page.nodes().iter().all(|node| node.role() != "table"));
    page.click(&page.get("radio", "Table"));
    assert!(page.nodes().iter().any(|node| node.role() == "table"));
    assert!(page.nodes().iter().all(|node| node.role() != "slider"));
}

#[test]
fn news_closes_itself_unless_it_tells_of_harm() {
    fn app() -> Element {
        let mut toasts = use_signal(|| {
            let toast = |id, tone, title: &str| Toast { id, tone, title: title.to_owned(), text: None, action: None };
            vec![toast(1, Tone::Good, "Payment booked"), toast(2, Tone::Danger, "The key was pulled out")]
        });
        rsx! {
            Toasts { toasts: toasts(), onclose: move |id| toasts.write().retain(|toast| toast.id != id) }
        }
    }
    let mut page = Page::open(app);
    let clocks: Vec<_> = page.nodes().into_iter().filter(|node| node.listens("animationend")).collect();
    assert_eq!(clocks.len(), 1);
    page.animation_ends(&clocks[0]);
    assert!(!page.html().contains("Payment booked"));
    page.click(&page.get("button", "Close"));
    assert!(!page.html().contains("pulled out"));
}

#[test]
fn a_change_of_language_is_seen_at_once() {
    fn app() -> Element {
        use_i18n_provider(Language::English, &[]);
        rsx! {
            Speaker {}
        }
    }
    #[component]
    fn Speaker() -> Element {
        let mut i18n = use_i18n();
        rsx! {
            Legend { registers: Register::ALL.to_vec() }
            button { onclick: move |_| i18n.speak(Language::Chinese), "中文" }
        }
    }
    let mut page = Page::open(app);
    assert!(page.html().contains("Valley"));
    page.click(&page.get("button", "中文"));
    assert!(page.html().contains('谷') && !page.html().contains("Valley"));
}
