//! Why a payment is in its state, in words for the desk.

use gridkey_kit::prelude::*;

/// The reasons with words of their own.
pub(super) const KNOWN: [&str; 29] = [
    "signed",
    "taken-over",
    "gateway-confirmed",
    "gateway-refused",
    "gateway-pending",
    "gateway-no-answer",
    "gateway-doubtful",
    "gateway-not-found",
    "gateway-unreachable",
    "gateway-untrusted",
    "gateway-mismatch",
    "gateway-unavailable",
    "pay-timeout",
    "unused",
    "not-after-passed",
    "by-customer",
    "key-lost",
    "key-unbound",
    "key-revoked",
    "key-replaced",
    "order-refused",
    "amount-changed",
    "refund-asked",
    "gateway-refunded",
    "refund-refused",
    "refund-not-reached",
    "not-refundable",
    "credit-used",
    "server",
];

/// Why, in words; `None` where there is nothing to say. A word of a newer server is shown as it is.
pub(super) fn reason_words(word: &str) -> Option<String> {
    let word = match word {
        // The state says it.
        "" | "submitted" | "submit" => return None,
        "no-answer" => "gateway-no-answer",
        "not-after" => "not-after-passed",
        "withdrawn" => "by-customer",
        other => other,
    };
    Some(if KNOWN.contains(&word) {
        t!(&format!("admin-payments-reason-{word}"))
    } else {
        t!("admin-payments-reason-other", word = word)
    })
}

/// A reason that programs give, in words; `None` for what a person may have written.
pub fn known_reason(word: &str) -> Option<String> {
    KNOWN.contains(&word).then(|| t!(&format!("admin-payments-reason-{word}")))
}

/// Whether the reason tells of a refund that did not come about.
pub(super) fn is_failed_refund(word: &str) -> bool {
    matches!(word, "refund-refused" | "refund-not-reached" | "not-refundable" | "credit-used")
}
