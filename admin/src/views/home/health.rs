//! What the server leans on, the revocation list and the audit chain.

use dioxus::prelude::*;
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::status::{Part, Status as Figures};

/// How the service is.
///
/// - `status`: the figures.
#[component]
pub(super) fn Health(status: Figures) -> Element {
    let language = language();
    let at = status.at;
    rsx! {
        Card { title: t!("home-health"), class: "span-6", testid: "health",
            aside: rsx! {
                span { class: "nowrap", {t!("home-as-of", time = format::time(at))} }
            },
            ul { class: "health",
                for part in status.parts {
                    PartRow { key: "{part.name}", part }
                }
                li { class: "health-row",
                    match status.crl {
                        Some(crl) => rsx! {
                            Status { tone: if at > crl.next { Tone::Danger } else { Tone::Good }, {t!("home-crl")} }
                            span { class: "health-note",
                                {t!("home-crl-note", entries = crl.entries, age = format::ago(language, at, crl.made))}
                            }
                        },
                        None => rsx! {
                            Status { tone: Tone::Warning, {t!("home-crl-none")} }
                        },
                    }
                }
                li { class: "health-row",
                    match status.audit.lodged {
                        Some(head) => rsx! {
                            Status { tone: Tone::Good, {t!("home-audit")} }
                            span { class: "health-note",
                                {t!("home-audit-note", entries = format::number(status.audit.entries), age = format::ago(language, at, head.at))}
                            }
                        },
                        None => rsx! {
                            Status { tone: Tone::Neutral, {t!("home-audit")} }
                            span { class: "health-note",
                                {t!("home-audit-not-lodged", entries = format::number(status.audit.entries))}
                            }
                        },
                    }
                }
            }
        }
    }
}

/// Something that the server leans on.
///
/// - `part`: the part.
#[component]
fn PartRow(part: Part) -> Element {
    rsx! {
        li { class: "health-row",
            Status { tone: if part.ok { Tone::Good } else { Tone::Danger }, {part_name(&part.name)} }
            span { class: "health-note",
                if part.ok {
                    {t!("home-part-answers", milliseconds = part.milliseconds)}
                } else {
                    {t!("home-part-silent")}
                }
            }
        }
    }
}

/// What a part is called; one of a newer server keeps its own word.
pub(super) fn part_name(name: &str) -> String {
    match name {
        "hsm" => t!("home-part-hsm"),
        "store" => t!("home-part-store"),
        "platform" => t!("home-part-platform"),
        other => other.to_owned(),
    }
}
