//! A case for a dispute: the entries of a customer or a payment as a file.

use dioxus::prelude::*;
use gridkey_desk::office::{Act, Case, Command, Deed, Doing, Outcome};
use gridkey_kit::prelude::*;

use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send},
    logic::audit::{BadCase, case},
    views::parts::ProblemNote,
};

/// Asks for a customer's or a payment's number, and stays until the file is there.
///
/// - `onclose`: it is done, or not wanted.
#[component]
pub(super) fn Export(onclose: EventHandler<()>) -> Element {
    let (desk, send) = (use_desk(), use_send());
    let mut customer = use_signal(String::new);
    let mut payment = use_signal(String::new);
    let mut bad = use_signal(|| None::<BadCase>);
    let mut sent = use_signal(|| None::<Case>);
    let doing = sent().and_then(|case| desk.deeds().read().get(&Deed::Export(case)).cloned()).unwrap_or_default();
    let busy = doing.is_running();
    let done = match &doing {
        Doing::Done(Outcome::File { name, count }) => Some((name.clone(), *count)),
        _ => None,
    };
    let forget = send.clone();
    let close = move |()| {
        if let Some(case) = sent() {
            forget.send(Command::Forget(Deed::Export(case)));
        }
        onclose.call(());
    };
    let submit = move |event: FormEvent| {
        event.prevent_default();
        if busy {
            return;
        }
        match case(&customer.peek(), &payment.peek()) {
            Err(error) => bad.set(Some(error)),
            Ok(case) => {
                bad.set(None);
                sent.set(Some(case.clone()));
                send.act(Act::Export(case));
            }
        }
    };
    let last = close.clone();
    rsx! {
        Dialog {
            title: t!("audit-export-title"),
            onclose: (!busy).then(|| EventHandler::new(close.clone())),
            testid: "export-dialog",
            if let Some((name, count)) = done {
                p { class: "row", "data-testid": "exported",
                    Icon { name: IconName::Check, size: 18 }
                    span { {t!("audit-exported", name = name, count = count)} }
                }
                p { {t!("audit-exported-text")} }
                div { class: "dialog-actions",
                    Button { kind: ButtonKind::Primary, autofocus: true, testid: "export-close", onclick: move |_| last(()),
                        {t!("audit-export-close")}
                    }
                }
            } else {
                form { class: "stack", onsubmit: submit,
                    p { class: "muted", {t!("audit-export-text")} }
                    Field {
                        label: t!("audit-export-customer"),
                        value: customer(),
                        error: (bad() == Some(BadCase::Customer)).then(|| t!("audit-export-customer-bad")),
                        autofocus: true,
                        disabled: busy,
                        testid: "export-customer",
                        oninput: move |text| customer.set(text),
                    }
                    Field {
                        label: t!("audit-export-payment"),
                        value: payment(),
                        hint: t!("audit-export-both"),
                        error: match bad() {
                            Some(BadCase::Payment) => Some(t!("audit-export-payment-bad")),
                            Some(BadCase::Neither) => Some(t!("audit-export-neither")),
                            _ => None,
                        },
                        disabled: busy,
                        testid: "export-payment",
                        oninput: move |text| payment.set(text),
                    }
                    if let Some(problem) = doing.problem().cloned() {
                        ProblemNote { problem }
                    }
                    div { class: "dialog-actions",
                        Button { disabled: busy, onclick: move |_| close(()), {t!("do-cancel")} }
                        Button { kind: ButtonKind::Primary, icon: IconName::Download, submit: true, busy, testid: "export-go",
                            {t!("audit-export-go")}
                        }
                    }
                }
            }
        }
    }
}
