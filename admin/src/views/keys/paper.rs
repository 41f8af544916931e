//! What goes out on paper: the record with the key, the PIN letter in its own envelope.

use dioxus::prelude::*;
use gridkey_desk::office::{Handover, PinLetter};
use gridkey_kit::prelude::*;
use gridkey_protocol::ops::admin::keys::KeyDetail;

use super::words;
use crate::{
    context::{DeskStateStoreExt as _, use_desk},
    logic::keys::grouped,
};

/// The facts of a record, on the screen and on paper.
///
/// - `handover`: what goes to the holder.
#[component]
pub(super) fn RecordRows(handover: Handover) -> Element {
    let key = &handover.key;
    rsx! {
        Pairs { class: "pairs-dense",
            Pair { term: t!("keys-holder"), testid: "record-holder", {words::holder(key)} }
            Pair { term: t!("keys-token"),
                {handover.label.clone()}
                span { class: "cell-meta", {token_number(key)} }
            }
            Pair { term: t!("keys-valid"), {valid(key)} }
            Pair { term: t!("keys-fingerprint"),
                span { class: "mono key-groups", {grouped(&key.key.0, 16)} }
            }
            Pair { term: t!("keys-serial"),
                span { class: "mono key-groups", {grouped(&key.serial.0, 10)} }
            }
            Pair { term: t!("keys-made-by"), {made_by(&handover)} }
        }
    }
}

fn token_number(key: &KeyDetail) -> String {
    let token = key.token.clone().unwrap_or_else(|| t!("keys-token-not-told"));
    t!("keys-token-number", serial = token)
}

fn valid(key: &KeyDetail) -> String {
    let language = language();
    t!(
        "keys-valid-span",
        from = format::date(language, key.not_before.date()),
        until = format::date(language, key.not_after.date()),
    )
}

fn made_by(handover: &Handover) -> String {
    t!("keys-made-by-at", by = &handover.by, time = format::date_time(language(), handover.at))
}

/// The record as plain text, for a file: what [`RecordSheet`] says, with lines to sign on. It holds no secret.
pub(super) fn record_text(handover: &Handover, company: Option<&str>, support: Option<&str>) -> String {
    let key = &handover.key;
    let facts = [
        (t!("keys-holder"), words::holder(key)),
        (t!("keys-token"), format!("{}, {}", handover.label, token_number(key))),
        (t!("keys-valid"), valid(key)),
        (t!("keys-fingerprint"), grouped(&key.key.0, 16)),
        (t!("keys-serial"), grouped(&key.serial.0, 10)),
        (t!("keys-made-by"), made_by(handover)),
    ];
    let lost = match support {
        Some(number) => t!("keys-paper-lost", number = number),
        None => t!("keys-paper-lost-none"),
    };
    let heading = company.into_iter().map(str::to_owned).chain([t!("keys-record-heading"), String::new()]);
    let facts = facts.into_iter().map(|(name, value)| t!("keys-record-line", name = name, value = value));
    let signs = ["keys-record-by", "keys-record-to", "keys-record-date"]
        .map(|sign| t!("keys-record-line", name = t!(sign), value = "_______________________"));
    let rest = [String::new(), t!("keys-record-received"), lost, String::new()];
    heading.chain(facts).chain(rest).chain(signs).fold(String::new(), |text, line| text + &line + "\n")
}

/// The record as a sheet with room for two signatures. It holds no secret.
///
/// - `handover`: what goes to the holder.
#[component]
pub(super) fn RecordSheet(handover: Handover) -> Element {
    let company = use_desk().company().read().name.clone().unwrap_or_default();
    rsx! {
        article { class: "sheet",
            p { class: "sheet-company", {company} }
            h1 { class: "sheet-title", {t!("keys-record-heading")} }
            RecordRows { handover: handover.clone() }
            p { class: "sheet-text", {t!("keys-record-received")} }
            Support { envelope: false }
            div { class: "sheet-signs",
                p { class: "sheet-sign", {t!("keys-record-by")} }
                p { class: "sheet-sign", {t!("keys-record-to")} }
                p { class: "sheet-sign", {t!("keys-record-date")} }
            }
        }
    }
}

/// The PIN letter as a sheet: the only paper with the PIN.
///
/// - `letter`: the letter.
#[component]
pub(super) fn LetterSheet(letter: PinLetter) -> Element {
    let company = use_desk().company().read().name.clone().unwrap_or_default();
    rsx! {
        article { class: "sheet",
            p { class: "sheet-company", {company} }
            h1 { class: "sheet-title", {t!("keys-letter-heading")} }
            p { class: "sheet-text", {t!("keys-letter-to", holder = &letter.holder)} }
            Pairs { class: "pairs-dense",
                Pair { term: t!("keys-token"),
                    {letter.label.clone()}
                    " · "
                    {t!("keys-token-number", serial = &letter.serial)}
                }
                Pair { term: t!("keys-letter-made"), {format::date_time(language(), letter.at)} }
            }
            p { class: "sheet-pin-name", {t!("keys-letter-pin")} }
            p { class: "sheet-pin", {letter.pin.expose().to_owned()} }
            ol { class: "sheet-steps",
                li { {t!("keys-letter-step-1")} }
                li { {t!("keys-letter-step-2")} }
                li { {t!("keys-letter-step-3")} }
            }
            Support { envelope: true }
        }
    }
}

/// Whom to call when the key is lost.
///
/// - `envelope`: also when the envelope was open.
#[component]
fn Support(envelope: bool) -> Element {
    let support = use_desk().company().read().support.clone();
    rsx! {
        p { class: "sheet-text",
            match (support, envelope) {
                (Some(number), true) => t!("keys-paper-envelope", number = number),
                (None, true) => t!("keys-paper-envelope-none"),
                (Some(number), false) => t!("keys-paper-lost", number = number),
                (None, false) => t!("keys-paper-lost-none"),
            }
        }
    }
}
