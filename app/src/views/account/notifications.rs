//! What the server keeps for every device: notifications and their language.

use dioxus::prelude::*;
use gridkey_client::app::{Command, Doing, Topic};
use gridkey_kit::{form::Choice, prelude::*};
use gridkey_protocol::ops::account::{Settings, SettingsUpdate};

use crate::{
    context::{AppStateStoreExt as _, use_app, use_send},
    views::parts::{ProblemNote, shown},
};

/// A switch for each kind of notification, and the language of messages.
#[component]
pub(super) fn Notifications() -> Element {
    let settings = use_app().settings().cloned();
    rsx! {
        Card { title: t!("account-notifications"), testid: "notifications",
            p { class: "card-note", {t!("account-notifications-text")} }
            {
                shown(&settings, Topic::Settings, t!("account-settings-loading"), Shape::Lines, |settings| rsx! {
                    Switches { settings: settings.clone() }
                })
            }
        }
    }
}

/// The switches; each works as soon as it is moved.
///
/// - `settings`: as the server keeps them.
#[component]
fn Switches(settings: Settings) -> Element {
    let (app, send) = (use_app(), use_send());
    let online = app.connection().read().is_online();
    let doing = app.settings_change().cloned();
    let busy = doing == Doing::Busy;
    let update = use_callback(move |update: SettingsUpdate| send.send(Command::UpdateSettings(update)));
    rsx! {
        div { class: "stack",
            if let Doing::Failed(problem) = doing {
                ProblemNote { problem }
            }
            Toggle {
                label: t!("account-notify-arrears"),
                hint: t!("account-notify-arrears-hint"),
                checked: settings.notify_arrears,
                disabled: !online || busy,
                testid: "notify-arrears",
                onchange: move |on| update.call(SettingsUpdate { notify_arrears: Some(on), ..SettingsUpdate::default() }),
            }
            Toggle {
                label: t!("account-notify-bills"),
                hint: t!("account-notify-bills-hint"),
                checked: settings.notify_bills,
                disabled: !online || busy,
                testid: "notify-bills",
                onchange: move |on| update.call(SettingsUpdate { notify_bills: Some(on), ..SettingsUpdate::default() }),
            }
            Toggle {
                label: t!("account-notify-payments"),
                hint: t!("account-notify-payments-hint"),
                checked: settings.notify_payments,
                disabled: !online || busy,
                testid: "notify-payments",
                onchange: move |on| update.call(SettingsUpdate { notify_payments: Some(on), ..SettingsUpdate::default() }),
            }
            Select {
                label: t!("account-notify-language"),
                hint: t!("account-notify-language-hint"),
                choices: Language::ALL.map(|language| Choice::new(language.tag().to_owned(), language.own_name())).to_vec(),
                value: settings.locale.clone(),
                disabled: !online || busy,
                testid: "notify-language",
                onchange: move |tag| update.call(SettingsUpdate { locale: Some(tag), ..SettingsUpdate::default() }),
            }
            if !online {
                p { class: "card-note", {t!("account-settings-offline")} }
            }
        }
    }
}
