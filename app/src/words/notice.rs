//! Notices in words: for the panel, toasts and desktop notifications.

use gridkey_client::app::{Notice, NoticeKind};
use gridkey_domain::{
    PaymentState,
    arrears::{ArrearsChange, Level},
};
use gridkey_kit::prelude::*;

use super::{is_refund_failure, payment_reason, payment_tone, sentences};
use crate::{
    platform::{Notification, Urgency},
    route::Route,
    views::parts::bill_month,
};

/// A notice in words, and the screen it leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// One line.
    pub title: String,
    /// A sentence or two, possibly empty.
    pub text: String,
    /// How grave it is.
    pub tone: Tone,
    /// The screen it leads to.
    pub route: Route,
}

/// `kind` in words.
pub fn notice(kind: &NoticeKind) -> Told {
    let language = language();
    match kind {
        NoticeKind::Arrears(event) => {
            let (id, tone) = match event.change {
                ArrearsChange::Raised => ("notice-arrears-raised", Tone::Warning),
                ArrearsChange::Escalated => ("notice-arrears-escalated", Tone::Danger),
                ArrearsChange::Eased => ("notice-arrears-eased", Tone::Warning),
                ArrearsChange::Cleared => ("notice-arrears-cleared", Tone::Good),
            };
            let late = format::money_text(event.late);
            let text = match event.level {
                Level::None => t!("notice-arrears-text-none"),
                Level::Reminder => t!("notice-arrears-text-reminder", late = late),
                Level::Warning => t!("notice-arrears-text-warning", late = late),
                Level::Final => t!("notice-arrears-text-final", late = late),
            };
            Told { title: t!(id, open = format::money_text(event.open)), text, tone, route: Route::Alarms {} }
        }
        NoticeKind::Bill { bill, total, due } => {
            let due = format::date(language, *due);
            let text = match bill_month(bill) {
                Some(month) => t!("notice-bill-text", month = format::month(language, month), due = due),
                None => t!("notice-bill-text-no-month", due = due),
            };
            let route = Route::Bill { id: bill.clone() };
            Told { title: t!("notice-bill", total = format::money_text(*total)), text, tone: Tone::Accent, route }
        }
        NoticeKind::Payment { payment, amount, state, reason, queued } => {
            // It was paid before: the news is that it was to be given back and is not.
            let kept = *state == PaymentState::Paid && reason.as_deref().is_some_and(is_refund_failure);
            let word = if kept { "not-refunded" } else { state.as_str() };
            let title = t!(&format!("notice-payment-{word}"), amount = format::money_text(*amount));
            let settled = *state == PaymentState::Paid && !kept;
            let reason = reason.as_deref().filter(|_| !settled).and_then(payment_reason).unwrap_or_default();
            let waited = if *queued { t!("notice-payment-was-queued") } else { String::new() };
            let text =
                if reason.is_empty() { waited } else { sentences(&format!("{reason}{}", stop(language)), &waited) };
            Told { title, text, tone: payment_tone(*state), route: Route::Payment { id: *payment } }
        }
        // The company's own words, shown as they are, plain.
        NoticeKind::Message { title, text } => {
            Told { title: title.clone(), text: text.clone(), tone: Tone::Accent, route: Route::Overview {} }
        }
        NoticeKind::Key { event, until } => {
            let until = until.map(|at| format::date(language, at.date()));
            let (title, text, tone) = match (event.as_str(), until) {
                ("expiring", Some(until)) => {
                    (t!("notice-key-expiring"), t!("notice-renewal-text", until = until), Tone::Warning)
                }
                ("expiring", None) => (t!("notice-key-expiring"), String::new(), Tone::Warning),
                ("renewed", Some(until)) => {
                    (t!("notice-key-renewed"), t!("notice-key-renewed-text", until = until), Tone::Good)
                }
                ("renewed", None) => (t!("notice-key-renewed"), String::new(), Tone::Good),
                ("renewal-failed", Some(until)) => {
                    let text = t!("notice-key-renewal-failed-text", until = until);
                    (t!("notice-key-renewal-failed"), text, Tone::Warning)
                }
                ("renewal-failed", None) => (t!("notice-key-renewal-failed"), String::new(), Tone::Warning),
                ("replaced", _) => (t!("notice-key-replaced"), String::new(), Tone::Accent),
                ("lost", _) => (t!("notice-key-lost"), t!("notice-key-lost-text"), Tone::Danger),
                ("unbound", _) => (t!("notice-key-unbound"), String::new(), Tone::Warning),
                ("bound", _) => (t!("notice-key-bound"), t!("notice-key-bound-text"), Tone::Accent),
                _ => (t!("notice-key-other"), String::new(), Tone::Accent),
            };
            Told { title, text, tone, route: Route::Account {} }
        }
        NoticeKind::Missed => {
            let (title, text) = (t!("notice-missed"), t!("notice-missed-text"));
            Told { title, text, tone: Tone::Warning, route: Route::Overview {} }
        }
        NoticeKind::AlarmsPaused => {
            let (title, text) = (t!("notice-paused"), t!("notice-paused-text"));
            Told { title, text, tone: Tone::Warning, route: Route::Overview {} }
        }
    }
}

/// A notice as a notification of the desktop.
pub fn notification(notice: &Notice) -> Notification {
    let told = self::notice(&notice.kind);
    // A later word on the same matter takes the earlier one's place.
    let key = match &notice.kind {
        NoticeKind::Arrears(_) => "arrears".to_owned(),
        NoticeKind::Bill { bill, .. } => format!("bill-{bill}"),
        NoticeKind::Payment { payment, .. } => format!("payment-{payment}"),
        NoticeKind::AlarmsPaused => "paused".to_owned(),
        _ => format!("notice-{}", notice.id),
    };
    let urgency = match told.tone {
        Tone::Danger => Urgency::Critical,
        Tone::Warning | Tone::Accent => Urgency::Normal,
        Tone::Good | Tone::Neutral => Urgency::Low,
    };
    let (title, body, path) = (told.title, told.text, told.route.to_string());
    Notification { key, title, body, action: t!("notices-go"), path, urgency }
}

/// What was done, as a short message.
pub fn done(word: &str) -> String {
    match word {
        "account-saved" => t!("done-account-saved"),
        "settings-saved" => t!("done-settings-saved"),
        "pin-changed" => t!("done-pin-changed"),
        "key-renewed" => t!("done-key-renewed"),
        "acknowledged" => t!("done-acknowledged"),
        "queue-sent" => t!("done-queue-sent"),
        "cancelled" => t!("done-cancelled"),
        _ => t!("done-other"),
    }
}

const fn stop(language: Language) -> &'static str {
    match language {
        Language::English => ".",
        Language::Chinese => "。",
    }
}
