//! Handing an issued key to its holder, beside its other keys or in the place of one.

use dioxus::prelude::*;
use gridkey_desk::office::{Act, Command, Deed, Doing, KeyName, KeyQuery, Topic};
use gridkey_domain::key::KeyState;
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::keys::{BindBody, KeyDetail, ReplaceBody};

use super::{end_dialog::bad_reason, words};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send, use_wants},
    logic::{
        keys::{KeyAct, customer_of, short},
        reason::{BadReason, reason},
    },
    views::parts::ProblemNote,
};

/// Asks in which place an issued key is bound, and binds it.
///
/// - `detail`: the key.
/// - `onclose`: it was answered, or is done.
#[component]
pub(super) fn BindDialog(detail: KeyDetail, onclose: EventHandler<()>) -> Element {
    let (app, send) = (use_desk(), use_send());
    let customer = customer_of(&detail);
    let query = customer.clone().map(|customer| KeyQuery { customer: Some(customer), ..KeyQuery::default() });
    use_wants(query.clone().map(Topic::Keys).into_iter().collect());
    let mut instead = use_signal(|| None::<KeyName>);
    let mut typed = use_signal(String::new);
    let mut wrong = use_signal(|| None::<BadReason>);
    let mut sent = use_signal(|| None::<Deed>);
    let me = app.me().cloned();
    let others: Vec<KeyDetail> = query
        .and_then(|query| Some(app.keys().read().get(&query)?.get()?.items.clone()))
        .unwrap_or_default()
        .into_iter()
        .filter(|key| key.key != detail.key)
        .filter(|key| me.as_ref().is_some_and(|me| KeyAct::Replace.is_offered(me, key)))
        .collect();
    let doing = sent().and_then(|deed| app.deeds().read().get(&deed).cloned()).unwrap_or_default();
    let busy = doing.is_running();
    let done = matches!(doing, Doing::Done(_));
    use_effect(use_reactive!(|done| {
        if done {
            onclose.call(());
        }
    }));
    let key = detail.key;
    let submit = move |event: FormEvent| {
        event.prevent_default();
        if busy {
            return;
        }
        let act = match instead() {
            None => Act::BindKey(BindBody { key, customer: customer.clone() }),
            Some(old) => {
                let judged = reason(&typed.peek());
                wrong.set(judged.as_ref().err().copied());
                let Ok(reason) = judged else { return };
                Act::ReplaceKey(ReplaceBody { old, new: key, reason })
            }
        };
        sent.set(Some(act.deed()));
        send.send(Command::Do(act));
    };
    rsx! {
        Dialog {
            title: t!("keys-ask-bind"),
            onclose: (!busy).then_some(onclose),
            testid: "bind-dialog",
            form { class: "stack", onsubmit: submit,
                div { class: "hit",
                    p { class: "hit-name", {words::holder(&detail)} }
                    p { class: "hit-more",
                        span { class: "mono", {short(&key)} }
                        if let Some(token) = detail.token.clone() {
                            " · "
                            {t!("keys-token-number", serial = token)}
                        }
                    }
                }
                p { {t!("keys-bind-text")} }
                if !others.is_empty() {
                    Places { others, chosen: instead(), disabled: busy, onchoose: move |place| instead.set(place) }
                }
                if instead().is_some() {
                    Field {
                        label: t!("keys-reason"),
                        value: typed(),
                        oninput: move |text| typed.set(text),
                        hint: t!("keys-reason-hint"),
                        error: wrong().map(bad_reason),
                        disabled: busy,
                        testid: "bind-reason",
                    }
                }
                if let Some(problem) = doing.problem().cloned() {
                    ProblemNote { problem }
                }
                div { class: "dialog-actions",
                    Button { disabled: busy, onclick: move |_| onclose.call(()), {t!("do-cancel")} }
                    Button { kind: ButtonKind::Primary, submit: true, busy, autofocus: true, testid: "bind-yes", {t!("keys-act-bind")} }
                }
            }
        }
    }
}

/// Where a key is bound: beside its holder's others, or in the place of one.
///
/// - `others`: those whose place can be taken.
/// - `chosen`: the one whose place is taken.
/// - `disabled`: it cannot be changed now.
/// - `onchoose`: something else was chosen.
#[component]
pub(super) fn Places(
    others: Vec<KeyDetail>,
    chosen: Option<KeyName>,
    #[props(default)] disabled: bool,
    onchoose: EventHandler<Option<KeyName>>,
) -> Element {
    let name = gridkey_kit::form::use_element_id();
    let language = language();
    rsx! {
        fieldset { class: "choices",
            legend { class: "field-label", {t!("keys-place")} }
            div { class: "way-list",
                label { class: "way",
                    input {
                        r#type: "radio",
                        name: "{name}",
                        checked: chosen.is_none(),
                        disabled,
                        "data-testid": "place-beside",
                        onchange: move |_| onchoose.call(None),
                    }
                    span { class: "way-text",
                        span { class: "way-name", {t!("keys-place-beside")} }
                        span { class: "cell-meta", {t!("keys-place-beside-for")} }
                    }
                }
                for other in others {
                    label { key: "{other.key}", class: "way",
                        input {
                            r#type: "radio",
                            name: "{name}",
                            checked: chosen == Some(other.key),
                            disabled,
                            "data-testid": "place-{short(&other.key)}",
                            onchange: move |_| onchoose.call(Some(other.key)),
                        }
                        span { class: "way-text",
                            span { class: "way-name", {t!("keys-place-of", key = short(&other.key))} }
                            span { class: "cell-meta",
                                {t!(
                                    "keys-place-of-for",
                                    state = words::state(other.state),
                                    date = format::date(language, other.since.date()),
                                )}
                                if other.state == KeyState::Bound {
                                    " "
                                    {t!("keys-place-of-bound")}
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
