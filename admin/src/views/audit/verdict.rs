//! Whether the chain holds.

use dioxus::prelude::*;
use gridkey_desk::office::{Act, Command, Deed, Section, Topic};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::audit::Verdict;

use crate::{
    context::{DeskStateStoreExt as _, use_desk, use_doing, use_send, use_wants},
    views::parts::ProblemNote,
};

/// Verifies the chain when somebody asks, and says clearly what came of it; beside it the revocation list.
#[component]
pub(super) fn Chain() -> Element {
    let (desk, send) = (use_desk(), use_send());
    let crl = send.clone();
    let mut asked = use_signal(|| false);
    use_wants(if asked() { vec![Topic::Verdict] } else { Vec::new() });
    let section = desk.verdict().cloned();
    let saving = use_doing(&Deed::SaveCrl).is_running();
    let loading = asked() && (section.loading || section.is_first_load());
    let verify = move |_| {
        if asked() {
            send.send(Command::Refresh(Topic::Verdict));
        } else {
            asked.set(true);
        }
    };
    rsx! {
        div { class: "chain",
            Card { class: "chain-card", testid: "verdict",
                div { class: "chain-row",
                    Told { section: section.clone(), loading }
                    Button {
                        kind: ButtonKind::Primary,
                        icon: IconName::Check,
                        busy: loading,
                        testid: "verify",
                        onclick: verify,
                        if section.get().is_some() { {t!("audit-verify-again")} } else { {t!("audit-verify")} }
                    }
                }
                if let Some(problem) = section.problem.clone().filter(|_| !loading) {
                    ProblemNote { problem }
                }
            }
            Card { class: "chain-crl",
                div { class: "chain-row",
                    div {
                        p { class: "way-name", {t!("audit-crl")} }
                        p { class: "cell-meta", {t!("audit-crl-text")} }
                    }
                    Button {
                        icon: IconName::Download,
                        busy: saving,
                        testid: "save-crl",
                        onclick: move |_| crl.act(Act::SaveCrl),
                        {t!("audit-crl-save")}
                    }
                }
            }
        }
    }
}

/// The verdict in words, or that none was asked for yet.
///
/// - `section`: the verdict.
/// - `loading`: the chain is being verified.
#[component]
fn Told(section: Section<Verdict>, loading: bool) -> Element {
    let at = section.at();
    let (tone, icon, title, text) = match section.get() {
        _ if loading => (Tone::Neutral, IconName::Clock, t!("audit-verifying"), t!("audit-verifying-text")),
        None => (Tone::Neutral, IconName::Receipt, t!("audit-unverified"), t!("audit-unverified-text")),
        Some(verdict) if verdict.ok => {
            (Tone::Good, IconName::Check, t!("audit-holds", count = format::number(verdict.entries)), holds(verdict))
        }
        Some(verdict) => (
            Tone::Danger,
            IconName::Warning,
            t!("audit-broken"),
            t!(
                "audit-broken-text",
                count = format::number(verdict.entries),
                fault = verdict.fault.clone().unwrap_or_else(|| t!("audit-fault-unknown")),
            ),
        ),
    };
    let time = at.filter(|_| !loading).map(|at| format::date_time(language(), at));
    rsx! {
        div { class: "verdict {tone.class()}", role: "status",
            span { class: "verdict-sign", Icon { name: icon, size: 24 } }
            div {
                p { class: "verdict-title", "data-testid": "verdict-title", {title} }
                p { class: "cell-meta",
                    {text}
                    if let Some(time) = time {
                        " "
                        {t!("audit-verified-at", time = time)}
                    }
                }
            }
        }
    }
}

/// How far the chain reaches the head that the platform holds.
fn holds(verdict: &Verdict) -> String {
    match verdict.lodged {
        Some(lodged) => t!("audit-holds-lodged", count = format::number(lodged)),
        None => t!("audit-holds-alone"),
    }
}
