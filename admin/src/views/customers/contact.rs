//! Changing how a customer is reached.

use dioxus::prelude::*;
use gridkey_desk::office::{Act, Command, Deed, Doing};
use gridkey_domain::CustomerNo;
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::customers::UpdateBody;

use super::import_words::fault_words;
use crate::{
    context::{use_doing, use_send},
    logic::customer::text_fault,
    views::parts::ProblemNote,
};

/// Contact and address in a dialog, which stays until the change is done.
///
/// - `customer`: whose.
/// - `contact`, `address`: as they are.
/// - `onclose`: it was done, or is not wanted.
#[component]
pub(super) fn ContactDialog(
    customer: CustomerNo,
    contact: String,
    address: String,
    onclose: EventHandler<()>,
) -> Element {
    let send = use_send();
    let deed = Deed::UpdateCustomer(customer.clone());
    use_hook({
        let (send, deed) = (send.clone(), deed.clone());
        move || send.send(Command::Forget(deed))
    });
    let mut new_contact = use_signal(|| contact.clone());
    let mut new_address = use_signal(|| address.clone());
    let (mut judged, mut asked) = (use_signal(|| false), use_signal(|| false));
    let known = use_doing(&deed);
    let doing = if asked() { known } else { Doing::Idle };
    let (busy, over) = (doing.is_running(), matches!(doing, Doing::Done(_)));
    use_effect(use_reactive!(|over| {
        if over {
            onclose.call(());
        }
    }));
    // What was empty may stay empty.
    let fault = |new: &str, old: &str| text_fault(new).filter(|_| new.trim() != old);
    let faults = (fault(&new_contact.read(), &contact), fault(&new_address.read(), &address));
    let (was_contact, was_address) = (contact.clone(), address.clone());
    let submit = move |event: FormEvent| {
        event.prevent_default();
        judged.set(true);
        let changed = |new: &str, old: &str| (new.trim() != old).then(|| new.trim().to_owned());
        let body = UpdateBody {
            customer: customer.clone(),
            contact: changed(&new_contact.peek(), &was_contact),
            address: changed(&new_address.peek(), &was_address),
        };
        if busy || faults != (None, None) {
            return;
        }
        if body.contact.is_none() && body.address.is_none() {
            onclose.call(());
        } else {
            asked.set(true);
            send.act(Act::UpdateCustomer(body));
        }
    };
    rsx! {
        Dialog {
            title: t!("customers-contact-title"),
            onclose: if busy { None } else { Some(onclose) },
            testid: "contact-dialog",
            form { class: "form", onsubmit: submit,
                Field {
                    label: t!("customers-contact"),
                    value: new_contact(),
                    error: faults.0.filter(|_| judged()).map(fault_words),
                    hint: t!("customers-contact-hint"),
                    disabled: busy,
                    autofocus: true,
                    testid: "contact-field",
                    oninput: move |value| new_contact.set(value),
                }
                Field {
                    label: t!("customers-address"),
                    value: new_address(),
                    error: faults.1.filter(|_| judged()).map(fault_words),
                    disabled: busy,
                    testid: "address-field",
                    oninput: move |value| new_address.set(value),
                }
                if let Some(problem) = doing.problem().cloned() {
                    ProblemNote { problem }
                }
                div { class: "dialog-actions",
                    Button { disabled: busy, onclick: move |_| onclose.call(()), {t!("do-cancel")} }
                    Button { kind: ButtonKind::Primary, submit: true, busy, testid: "save-contact", {t!("customers-contact-save")} }
                }
            }
        }
    }
}
