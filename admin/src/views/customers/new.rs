//! Making a customer by hand.

use dioxus::prelude::*;
use gridkey_desk::office::{Act, Command, Deed, Doing};
use gridkey_domain::CustomerNo;
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::AdminOp;

use super::{import_words::fault_words, meter_fields::MeterFields, profile::kind};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_may, use_send},
    logic::customer::{CustomerDraft, GRADES, KINDS, METERS, text_fault},
    route::Route,
    views::parts::{Barred, ProblemNote},
};

/// A new customer with its meters.
#[component]
pub fn NewCustomer() -> Element {
    if !use_may(AdminOp::CustomerCreate) {
        return rsx! { Barred { title: t!("customers-new-title") } };
    }
    rsx! {
        Page {
            title: t!("customers-new-title"),
            subtitle: t!("customers-new-subtitle"),
            narrow: true,
            testid: "new-customer",
            back: rsx! {
                Link { class: "link", to: Route::Customers {},
                    Icon { name: IconName::ChevronLeft, size: 16 }
                    {t!("customers-back")}
                }
            },
            Form {}
        }
    }
}

/// The form. What is wrong is told when it is first sent, and from then on as it is typed.
#[component]
fn Form() -> Element {
    let (desk, send, navigator) = (use_desk(), use_send(), use_navigator());
    let mut draft = use_signal(CustomerDraft::default);
    let mut judged = use_signal(|| false);
    let mut asked = use_signal(|| None::<CustomerNo>);
    let doing = asked.read().as_ref().map_or(Doing::Idle, |customer| {
        let deed = Deed::CreateCustomer(customer.clone());
        desk.deeds().read().get(&deed).cloned().unwrap_or_default()
    });
    let busy = doing.is_running();
    let made = matches!(doing, Doing::Done(_)).then(|| asked.peek().clone()).flatten();
    use_effect(use_reactive!(|made| {
        if let Some(no) = made {
            navigator.replace(Route::Customer { no });
        }
    }));
    let submit = move |event: FormEvent| {
        event.prevent_default();
        judged.set(true);
        let Some(body) = draft.peek().read().filter(|_| !busy) else { return };
        let before = asked.replace(Some(body.customer.clone()));
        // What became of an earlier try is not what becomes of this one.
        if let Some(before) = before.filter(|before| *before != body.customer) {
            send.send(Command::Forget(Deed::CreateCustomer(before)));
        }
        send.act(Act::CreateCustomer(body));
    };
    let text = |value: &str| text_fault(value).filter(|_| judged()).map(fault_words);
    let now = draft.read().clone();
    let wrong = judged() && now.read().is_none();
    let kinds = KINDS.map(|word| Choice::new(word, kind(word))).to_vec();
    let grades = GRADES.map(|grade| Choice::new(grade, grade)).to_vec();
    rsx! {
        form { class: "stack", onsubmit: submit,
            Card { title: t!("customers-new-who"),
                div { class: "form form-two",
                    Field {
                        label: t!("customers-column-number"),
                        value: now.customer.clone(),
                        error: now.customer_fault().filter(|_| judged()).map(fault_words),
                        hint: t!("customers-new-number-hint"),
                        autofocus: true,
                        required: true,
                        disabled: busy,
                        testid: "new-number",
                        oninput: move |value| draft.write().customer = value,
                    }
                    Select {
                        label: t!("customers-kind"),
                        choices: kinds,
                        value: now.kind,
                        disabled: busy,
                        testid: "new-kind",
                        onchange: move |value| draft.write().kind = value,
                    }
                    Field {
                        label: t!("customers-new-name"),
                        value: now.name.clone(),
                        error: text(&now.name),
                        required: true,
                        disabled: busy,
                        testid: "new-name",
                        oninput: move |value| draft.write().name = value,
                    }
                    Field {
                        label: t!("customers-new-name-zh"),
                        value: now.name_zh.clone(),
                        error: text(&now.name_zh),
                        required: true,
                        disabled: busy,
                        testid: "new-name-zh",
                        oninput: move |value| draft.write().name_zh = value,
                    }
                    Field {
                        label: t!("customers-contact"),
                        value: now.contact.clone(),
                        error: text(&now.contact),
                        hint: t!("customers-contact-hint"),
                        required: true,
                        disabled: busy,
                        testid: "new-contact",
                        oninput: move |value| draft.write().contact = value,
                    }
                    Field {
                        label: t!("customers-address"),
                        value: now.address.clone(),
                        error: text(&now.address),
                        required: true,
                        disabled: busy,
                        testid: "new-address",
                        oninput: move |value| draft.write().address = value,
                    }
                    div { class: "field",
                        span { class: "field-label", {t!("customers-grade")} }
                        Segmented {
                            label: t!("customers-grade"),
                            choices: grades,
                            value: now.grade,
                            disabled: busy,
                            testid: "new-grade",
                            onchange: move |value| draft.write().grade = value,
                        }
                    }
                }
            }
            Card { title: t!("customers-meters"),
                div { class: "stack",
                    for meter in now.meters.clone() {
                        MeterFields { key: "{meter.row}", draft, row: meter.row, judged: judged(), disabled: busy }
                    }
                    if now.meters.is_empty() {
                        p { class: "muted", {t!("customers-new-no-meters")} }
                    }
                    if now.meters.len() < METERS {
                        div {
                            Button { small: true, disabled: busy, testid: "add-meter", onclick: move |_| draft.write().add_meter(),
                                {t!("customers-meter-add")}
                            }
                        }
                    }
                }
            }
            if let Some(problem) = doing.problem().cloned() {
                ProblemNote { problem }
            }
            if wrong {
                p { class: "field-error", role: "alert", "data-testid": "form-wrong", {t!("customers-new-wrong")} }
            }
            div { class: "form-actions",
                Button { kind: ButtonKind::Primary, submit: true, busy, testid: "make-customer", {t!("customers-new-make")} }
                Link { class: ButtonKind::Secondary.class(), to: Route::Customers {}, {t!("do-cancel")} }
            }
        }
    }
}
