//! Where a payment stands, in words.

use gridkey_domain::PaymentState;
use gridkey_kit::prelude::*;

/// A payment's state in a word or two. `in_doubt`: it went out and its answer is outstanding.
pub fn payment_state(state: PaymentState, in_doubt: bool) -> String {
    if in_doubt { t!("payment-state-in-doubt") } else { t!(&format!("payment-state-{state}")) }
}

/// What a payment's state means for the person, in a sentence or two.
pub fn payment_text(state: PaymentState, in_doubt: bool) -> String {
    if in_doubt { t!("payment-text-in-doubt") } else { t!(&format!("payment-text-{state}")) }
}

/// What a payment's state means, as a colour.
pub const fn payment_tone(state: PaymentState) -> Tone {
    match state {
        PaymentState::Paid => Tone::Good,
        PaymentState::Submitted | PaymentState::Accepted | PaymentState::Refunding | PaymentState::Refunded => {
            Tone::Accent
        }
        PaymentState::Queued | PaymentState::Pending | PaymentState::Unknown => Tone::Warning,
        PaymentState::Refused => Tone::Danger,
        PaymentState::Expired | PaymentState::Cancelled => Tone::Neutral,
    }
}

/// Why a payment is in its state; `None` where there is nothing more to say. A word of a newer server is shown as it is.
pub fn payment_reason(word: &str) -> Option<String> {
    let known = match word {
        "" => return None,
        "gateway-doubtful" | "gateway-no-answer" | "gateway-not-found" | "gateway-pending" | "no-answer" => "asking",
        "gateway-unreachable" | "gateway-untrusted" | "gateway-mismatch" | "gateway-unavailable" => {
            "gateway-unreachable"
        }
        "not-after" => "not-after-passed",
        "key-revoked" | "key-replaced" => "key-unbound",
        "withdrawn" => "by-customer",
        "not-refundable" => "refund-refused",
        other => other,
    };
    const KNOWN: [&str; 27] = [
        "gateway-confirmed",
        "gateway-refused",
        "pay-timeout",
        "unused",
        "not-after-passed",
        "by-customer",
        "asking",
        "gateway-unreachable",
        "key-lost",
        "key-unbound",
        "submitted",
        "signed",
        "server",
        "taken-over",
        "already-paid",
        "bill-in-payment",
        "amount-changed",
        "cap-exceeded",
        "order-expired",
        "order-refused",
        "key-not-bound",
        "refund-asked",
        "gateway-refunded",
        "refund-refused",
        "refund-not-reached",
        "credit-used",
        "submit",
    ];
    Some(if KNOWN.contains(&known) {
        t!(&format!("payment-reason-{}", if known == "submit" { "submitted" } else { known }))
    } else {
        t!("payment-reason-other", word = word)
    })
}

/// Whether a payment is `paid` for this reason because it was to be given back and is not.
pub fn is_refund_failure(reason: &str) -> bool {
    matches!(reason, "refund-refused" | "refund-not-reached" | "not-refundable" | "credit-used")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::SOURCES;

    #[test]
    fn every_state_has_its_words_in_both_languages() {
        let catalog = gridkey_kit::i18n::Catalog::new(SOURCES);
        for state in PaymentState::ALL {
            for language in Language::ALL {
                assert!(catalog.has(language, &format!("payment-state-{state}")), "{state}");
                assert!(catalog.has(language, &format!("payment-text-{state}")), "{state}");
            }
        }
    }

    #[test]
    fn every_reason_of_the_contract_has_its_words() {
        let catalog = gridkey_kit::i18n::Catalog::new(SOURCES);
        let contract = include_str!("../../../docs/protocol.md");
        let table = contract.split("| reason | state | means |").nth(1).unwrap().split("\n\n").next().unwrap();
        let mut found = 0;
        for cell in table.lines().skip(2).filter_map(|row| row.split('|').nth(1)) {
            for word in cell.split('`').skip(1).step_by(2) {
                found += 1;
                let words = crate::testing::in_english(|| payment_reason(word)).unwrap_or_default();
                assert!(!words.contains(word) || !words.contains("Reason given"), "{word}: {words}");
            }
        }
        assert!(found > 12 && catalog.has(Language::English, "payment-reason-other"));
    }
}
