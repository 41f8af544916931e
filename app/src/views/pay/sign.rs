//! The PIN, and the one button that signs.

use dioxus::prelude::*;
use gridkey_client::{
    app::{Command, Gate, KeyCard, Paying},
    client::PayRequest,
    queue::Intent,
};
use gridkey_domain::Timestamp;
use gridkey_kit::prelude::*;
use gridkey_token::Pin as TokenPin;

use super::failure::Failure;
use crate::{
    context::{AppStateStoreExt as _, use_app, use_send},
    logic::order::intent,
    store::AppState,
};

/// Seconds after which a press that nothing followed is taken as lost.
const PATIENCE: i64 = 5;

/// Signs the order: at once while connected; else only after the person chose to queue it.
///
/// - `request`: what to pay.
/// - `until`: until when the order may be executed.
#[component]
pub(super) fn Sign(request: PayRequest, until: Timestamp) -> Element {
    let app = use_app();
    let send = use_send();
    let mut pin = use_signal(Pin::default);
    let mut tried = use_signal(|| None::<String>);
    let mut queue_chosen = use_signal(|| false);
    let began_online = use_hook(|| app.connection().peek().is_online());
    let mut pressed = use_pressed();

    let online = app.connection().read().is_online();
    let way = intent(&app.connection().read());
    // A choice made while offline says nothing about later: whoever was online in between is asked anew.
    use_effect(move || {
        if app.connection().read().is_online() {
            queue_chosen.set(false);
        }
    });
    let signing = *app.paying().read() == Paying::Signing || pressed().is_some();
    let allowed = online || queue_chosen();
    let lengths = open_key(app).map(|key| key.pin_length);
    let until = format::date_time(language(), until);

    let sign = move |event: FormEvent| {
        event.prevent_default();
        if signing || !allowed {
            return;
        }
        let given = typed(&pin.peek(), lengths);
        match given {
            Ok(given) => {
                pin.write().clear();
                tried.set(None);
                pressed.set(Some(app.now().peek().to_owned()));
                send.send(Command::Pay { request: request.clone(), intent: way, pin: given });
            }
            Err(wrong) => tried.set(Some(wrong)),
        }
    };
    rsx! {
        if !online {
            Banner { tone: Tone::Warning, icon: IconName::Offline, title: t!("pay-offline"), testid: "pay-offline",
                if began_online {
                    {t!("pay-went-offline")}
                } else {
                    {t!("pay-offline-text", until = &until)}
                }
            }
        } else if !began_online {
            Banner { tone: Tone::Accent, icon: IconName::Online, {t!("pay-came-online")} }
        }
        Failure { quiet: signing }
        form { class: "stack", onsubmit: sign,
            Card {
                if !online {
                    Checkbox {
                        label: t!("pay-offline-choose"),
                        hint: t!("pay-offline-choose-hint", until = &until),
                        checked: queue_chosen(),
                        disabled: signing,
                        onchange: move |chosen| queue_chosen.set(chosen),
                        testid: "choose-queue",
                    }
                }
                PinField {
                    label: t!("pay-pin"),
                    pin,
                    hint: t!("pay-pin-hint"),
                    error: tried(),
                    disabled: signing,
                    autofocus: online,
                    testid: "pay-pin",
                }
                Button {
                    kind: ButtonKind::Primary,
                    submit: true,
                    wide: true,
                    busy: signing,
                    disabled: !allowed,
                    testid: "sign",
                    match way {
                        Intent::Now => t!("pay-sign"),
                        Intent::Queue => t!("pay-sign-queue"),
                    }
                }
                if signing {
                    Spinner {
                        what: match way {
                            Intent::Now => t!("pay-signing"),
                            Intent::Queue => t!("pay-signing-queue"),
                        },
                    }
                }
            }
        }
    }
}

/// When the button was pressed, until something follows: nothing is sent twice in between.
fn use_pressed() -> Signal<Option<Timestamp>> {
    let app = use_app();
    let mut pressed = use_signal(|| None::<Timestamp>);
    use_effect(move || {
        let _changed = app.paying()();
        pressed.set(None);
    });
    use_effect(move || {
        if let Some(at) = pressed()
            && app.now()().seconds_since(at) >= PATIENCE
        {
            pressed.set(None);
        }
    });
    pressed
}

/// The key of the open account.
fn open_key(app: Store<AppState>) -> Option<KeyCard> {
    let gate = app.gate();
    let gate = gate.read();
    let Gate::Open { key } = &*gate else { return None };
    app.keys().read().iter().find(|card| card.id == *key).cloned()
}

/// The PIN as typed, or why it cannot be one; the key is not asked then.
fn typed(pin: &Pin, lengths: Option<(usize, usize)>) -> Result<TokenPin, String> {
    if pin.is_empty() {
        return Err(t!("pay-pin-empty"));
    }
    if let Some((min, max)) = lengths
        && !(min..=max).contains(&pin.len())
    {
        return Err(t!("pay-pin-length", min = min, max = max));
    }
    TokenPin::new(pin.as_str()).map_err(|_| t!("pay-pin-empty"))
}
