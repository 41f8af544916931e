//! A customer's bills by its number, whether it owes or not.

use dioxus::prelude::*;
use gridkey_domain::CustomerNo;
use gridkey_kit::prelude::*;

/// A field for a customer's number.
///
/// - `onfind`: the bills of this customer are wanted.
#[component]
pub(super) fn Find(onfind: EventHandler<CustomerNo>) -> Element {
    let mut typed = use_signal(String::new);
    let mut wrong = use_signal(|| false);
    let submit = move |event: FormEvent| {
        event.prevent_default();
        match typed.peek().trim().parse() {
            Ok(customer) => onfind.call(customer),
            Err(_) => wrong.set(true),
        }
    };
    rsx! {
        form { class: "find", onsubmit: submit,
            Field {
                label: t!("arrears-find"),
                label_hidden: true,
                value: typed(),
                placeholder: t!("arrears-find-hint"),
                error: wrong().then(|| t!("arrears-find-wrong")),
                testid: "find-customer",
                oninput: move |text| {
                    typed.set(text);
                    wrong.set(false);
                },
            }
            Button { submit: true, testid: "find-bills", {t!("arrears-find-do")} }
        }
    }
}
