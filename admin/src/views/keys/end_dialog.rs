//! Ending a key: one question, the reason, and what came of it.

use dioxus::prelude::*;
use gridkey_desk::office::{Act, Command, Deed, Doing, Outcome};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::keys::{EndBody, KeyDetail};

use super::{ended::EndedNote, words};
use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_send},
    logic::{
        keys::{KeyAct, short},
        reason::{BadReason, LONGEST, reason},
    },
    views::parts::ProblemNote,
};

/// Asks before a key ends: what is hit, what happens at once, and why. Stays until it is known what came of it, and leads on to
/// another key for the same holder.
///
/// - `detail`: the key.
/// - `act`: how it ends: given back, lost or withdrawn.
/// - `onclose`: it was answered.
#[component]
pub fn EndDialog(detail: KeyDetail, act: KeyAct, onclose: EventHandler<()>) -> Element {
    let (app, send) = (use_desk(), use_send());
    let mut typed = use_signal(String::new);
    let mut wrong = use_signal(|| None::<BadReason>);
    // What became of an earlier act on this key is of no interest.
    let mut sent = use_signal(|| false);
    let key = detail.key;
    let doing = app.deeds().read().get(&Deed::Key(key)).cloned().filter(|_| sent()).unwrap_or_default();
    let busy = doing.is_running();
    let close = {
        let send = send.clone();
        move |()| {
            if sent() {
                send.send(Command::Forget(Deed::Key(key)));
            }
            onclose.call(());
        }
    };
    if let Doing::Done(Outcome::Ended(ended)) = &doing {
        return rsx! {
            EndedNote { ended: (**ended).clone(), act, onclose: close }
        };
    }
    let submit = move |event: FormEvent| {
        event.prevent_default();
        if busy {
            return;
        }
        let judged = reason(&typed.peek());
        wrong.set(judged.as_ref().err().copied());
        let Ok(reason) = judged else { return };
        let body = EndBody { key, reason };
        let act = match act {
            KeyAct::Unbind => Act::UnbindKey(body),
            KeyAct::Lose => Act::LoseKey(body),
            KeyAct::Revoke => Act::RevokeKey(body),
            KeyAct::Bind | KeyAct::Replace => return,
        };
        sent.set(true);
        send.send(Command::Do(act));
    };
    let live = live_sessions(&detail);
    rsx! {
        Dialog {
            title: t!(&format!("keys-ask-{}", act.word())),
            alert: true,
            onclose: (!busy).then(|| EventHandler::new(close.clone())),
            testid: "end-dialog",
            form { class: "stack", onsubmit: submit,
                div { class: "hit", "data-testid": "hit",
                    p { class: "hit-name", {words::holder(&detail)} }
                    p { class: "hit-more",
                        span { class: "mono", {short(&key)} }
                        if let Some(token) = detail.token.clone() {
                            " · "
                            {t!("keys-token-number", serial = token)}
                        }
                    }
                }
                ul { class: "at-once",
                    li { {t!("keys-once-sessions", count = live)} }
                    if act.refuses_orders() {
                        li { {t!("keys-once-orders")} }
                    }
                    li { {t!("keys-once-crl")} }
                    li { {t!(&format!("keys-once-{}", act.word()))} }
                }
                if let Some(problem) = doing.problem().cloned() {
                    ProblemNote { problem }
                }
                Field {
                    label: t!("keys-reason"),
                    value: typed(),
                    oninput: move |text| typed.set(text),
                    hint: t!("keys-reason-hint"),
                    error: wrong().map(bad_reason),
                    placeholder: t!(&format!("keys-reason-like-{}", act.word())),
                    autofocus: true,
                    disabled: busy,
                    required: true,
                    testid: "end-reason",
                }
                div { class: "dialog-actions",
                    Button { disabled: busy, testid: "end-no", onclick: move |_| close(()), {t!("do-cancel")} }
                    Button { kind: ButtonKind::Danger, submit: true, busy, testid: "end-yes", {words::act(act)} }
                }
            }
        }
    }
}

/// How many live sessions the key has, as far as it is known.
fn live_sessions(detail: &KeyDetail) -> usize {
    let sessions = use_desk().sessions();
    let sessions = sessions.read();
    sessions.get().map(|all| all.iter().filter(|one| one.key == detail.key).count()).unwrap_or_default()
}

/// What is wrong with a reason, in a sentence.
pub(super) fn bad_reason(bad: BadReason) -> String {
    match bad {
        BadReason::Empty => t!("keys-reason-empty"),
        BadReason::Long(length) => t!("keys-reason-long", most = LONGEST, length = length),
    }
}
