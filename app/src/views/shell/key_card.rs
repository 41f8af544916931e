//! The key at the foot of the places.

use dioxus::prelude::*;
use gridkey_client::app::{Command, Gate, KeyCard};
use gridkey_kit::prelude::*;

use crate::{
    context::{AppStateStoreExt as _, use_app, use_send},
    route::Route,
    store::AppState,
};

/// The key that the account was opened with, if it is still there.
pub fn open_key(app: Store<AppState>) -> Option<KeyCard> {
    let gate = app.gate();
    let gate = gate.read();
    let (Gate::Open { key } | Gate::Locked { key, .. }) = &*gate else { return None };
    app.keys().read().iter().find(|card| card.id == *key).cloned()
}

/// The customer's name in the language chosen now, if it is known.
pub fn customer_name(app: Store<AppState>) -> Option<String> {
    let account = app.account();
    let account = account.read();
    let account = account.get()?;
    let name = match language() {
        Language::Chinese if !account.name_zh.is_empty() => &account.name_zh,
        _ => &account.name,
    };
    Some(name.clone())
}

/// Whose key it is and until when it is valid; ways to lock and to leave.
#[component]
pub fn KeyStatus() -> Element {
    let (app, send) = (use_app(), use_send());
    let lock = send.clone();
    let card = open_key(app);
    let customer = app.customer().cloned();
    let name =
        customer_name(app).or_else(|| customer.map(|customer| t!("shell-key-customer", customer = customer.as_str())));
    let now = app.now().read().date();
    rsx! {
        Link { class: "sidebar-card", to: Route::Account {},
            if let Some(card) = card {
                Status { tone: Tone::Good, testid: "key", {t!("shell-key-present")} }
                if let Some(name) = name {
                    span { class: "sidebar-line", {name} }
                }
                if let Some(holder) = card.holder {
                    span { class: "sidebar-line",
                        if now >= holder.renew_from.date() {
                            {t!("shell-key-renew", date = format::date(language(), holder.not_after.date()))}
                        } else {
                            {t!("shell-key-until", date = format::date(language(), holder.not_after.date()))}
                        }
                    }
                }
            }
        }
        div { class: "sidebar-ways",
            Button { kind: ButtonKind::Quiet, small: true, icon: IconName::Lock, testid: "lock",
                onclick: move |_| lock.send(Command::Lock),
                {t!("shell-lock")}
            }
            Button { kind: ButtonKind::Quiet, small: true, testid: "log-out", onclick: move |_| send.send(Command::LogOut),
                {t!("shell-log-out")}
            }
        }
    }
}
