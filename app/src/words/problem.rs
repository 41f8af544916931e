//! Problems in words: what happened, what to do, whom to call.

use dioxus::prelude::*;
use gridkey_client::app::{Company, Problem};
use gridkey_kit::prelude::*;
use gridkey_protocol::CloseCode;
use gridkey_token::Tries;

use super::sentences;
use crate::{context::AppStateStoreExt as _, store::AppState};

/// A problem in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What happened.
    pub headline: String,
    /// What to do next, and whom to call where that helps.
    pub what_to_do: String,
    /// A technical detail, to be told to support.
    pub detail: Option<String>,
}

/// `problem` in words. Whom to call is told by `company`, else by the program's state.
pub fn problem(problem: &Problem, company: Option<&Company>) -> Told {
    let word = word(problem);
    let mut args: Vec<(&'static str, gridkey_kit::i18n::Arg)> = Vec::new();
    match problem {
        Problem::WrongPin(Tries::Exact(tries)) => args.push(("tries", (*tries).into())),
        Problem::WrongPinHere { left } => args.push(("left", (*left).into())),
        Problem::PinLength { min, max } => args.extend([("min", (*min).into()), ("max", (*max).into())]),
        Problem::CertificateNotYet(at) | Problem::CertificateExpired(at) => {
            args.push(("date", format::date(language(), at.date()).into()));
        }
        Problem::AboveCap { amount, cap } => {
            args.extend([("amount", format::money_text(*amount).into()), ("cap", format::money_text(*cap).into())]);
        }
        Problem::AboveTotal { queued, amount, cap } => args.extend([
            ("queued", format::money_text(*queued).into()),
            ("amount", format::money_text(*amount).into()),
            ("cap", format::money_text(*cap).into()),
        ]),
        Problem::Refused(word) => args.push(("word", word.into())),
        _ => {}
    }
    let headline = gridkey_kit::i18n::translate(&format!("problem-{word}"), &args);
    // The tries left stand in the headline; what to do is the same whatever their number.
    let advice = if let Problem::WrongPin(_) = problem { "wrong-pin" } else { &word };
    let mut what_to_do = gridkey_kit::i18n::translate(&format!("problem-{advice}-do"), &args);
    if needs_a_call(problem) {
        let told = match company {
            Some(company) => call(company),
            None => call_known(),
        };
        what_to_do = sentences(&what_to_do, &told);
    }
    Told { headline, what_to_do, detail: detail(problem) }
}

/// Whom to call, in a sentence.
pub fn call(company: &Company) -> String {
    match (&company.name, &company.support) {
        (Some(name), Some(number)) => t!("problem-call", company = name, number = number),
        (None, Some(number)) => t!("problem-call-number", number = number),
        (Some(name), None) => t!("problem-call-company", company = name),
        (None, None) => t!("problem-call-nobody"),
    }
}

fn call_known() -> String {
    let known = try_consume_context::<Store<AppState>>().map(|state| state.company().cloned());
    call(&known.unwrap_or_default())
}

/// How grave a problem is, as a colour.
pub const fn problem_tone(problem: &Problem) -> Tone {
    match problem {
        Problem::PinLocked
        | Problem::ServerUntrusted(_)
        | Problem::ReceiptForged(_)
        | Problem::CertificateUntrusted(_)
        | Problem::Closed(CloseCode::Lost | CloseCode::Revoked) => Tone::Danger,
        _ => Tone::Warning,
    }
}

/// The last part of the message's name: the problem's word, or a narrower one.
fn word(problem: &Problem) -> String {
    let word = problem.word();
    match problem {
        Problem::WrongPin(tries) => match tries {
            Tries::Exact(0) | Tries::Locked => format!("{word}-locked"),
            Tries::Exact(1) | Tries::Final => format!("{word}-final"),
            Tries::Exact(_) => format!("{word}-exact"),
            Tries::Low => format!("{word}-low"),
            Tries::NotTold => word.to_owned(),
        },
        Problem::WrongPinHere { left: 0 } => format!("{word}-closed"),
        Problem::Closed(code) => format!("{word}-{}", close_word(*code)),
        Problem::Refused(code) if REFUSALS.contains(&code.as_str()) => format!("{word}-{code}"),
        _ => word.to_owned(),
    }
}

/// The refusals with words of their own; others are told by their code.
const REFUSALS: [&str; 15] = [
    "already-paid",
    "bill-in-payment",
    "amount-changed",
    "cap-exceeded",
    "order-expired",
    "order-refused",
    "key-not-bound",
    "not-found",
    "not-cancellable",
    "gateway-unavailable",
    "busy",
    "unavailable",
    "internal",
    "unsupported-format",
    "bad-request",
];

const fn close_word(code: CloseCode) -> &'static str {
    match code {
        CloseCode::SessionEnd => "session-end",
        CloseCode::GoingAway => "going-away",
        CloseCode::TooBig => "too-big",
        CloseCode::Malformed => "malformed",
        CloseCode::NotAuthenticated => "not-authenticated",
        CloseCode::Unbound => "unbound",
        CloseCode::Lost => "lost",
        CloseCode::Revoked => "revoked",
        CloseCode::ReplacedKey => "replaced-key",
        CloseCode::Expired => "expired",
        CloseCode::HandshakeTimeout => "handshake-timeout",
        CloseCode::ReplacedSession => "replaced-session",
        CloseCode::UnknownVersion => "unknown-version",
        CloseCode::TooMany => "too-many",
        CloseCode::Internal => "internal",
        CloseCode::Unavailable => "unavailable",
    }
}

/// Whether the power company has to help.
fn needs_a_call(problem: &Problem) -> bool {
    match problem {
        Problem::PinLocked
        | Problem::PinNotSet
        | Problem::KeyNotRenewable
        | Problem::CertificateUntrusted(_)
        | Problem::CertificateExpired(_)
        | Problem::ServerUntrusted(_)
        | Problem::ReceiptForged(_)
        | Problem::WrongPin(Tries::Exact(0) | Tries::Locked) => true,
        Problem::Closed(code) => matches!(
            code,
            CloseCode::NotAuthenticated
                | CloseCode::Unbound
                | CloseCode::Lost
                | CloseCode::Revoked
                | CloseCode::ReplacedKey
                | CloseCode::Expired
                | CloseCode::Internal
        ),
        Problem::Refused(code) => {
            !REFUSALS.contains(&code.as_str()) || matches!(code.as_str(), "key-not-bound" | "internal")
        }
        _ => false,
    }
}

fn detail(problem: &Problem) -> Option<String> {
    let detail = match problem {
        Problem::Configuration(detail)
        | Problem::Driver(detail)
        | Problem::KeyFailed(detail)
        | Problem::CertificateUntrusted(detail)
        | Problem::Unreachable(detail)
        | Problem::ServerUntrusted(detail)
        | Problem::Store(detail)
        | Problem::ReceiptForged(detail)
        | Problem::File(detail)
        | Problem::Internal(detail) => detail,
        _ => return None,
    };
    (!detail.is_empty()).then(|| t!("problem-detail", detail = detail))
}

#[cfg(test)]
mod tests {
    use gridkey_domain::{Fen, Timestamp};
    use gridkey_kit::i18n::Catalog;

    use super::*;
    use crate::{testing::in_english, words::SOURCES};

    fn all() -> Vec<Problem> {
        let at = Timestamp::from_seconds(1_795_334_400);
        let text = || "the cause".to_owned();
        let fen = Fen::ZERO;
        let mut all = vec![
            Problem::Configuration(text()),
            Problem::Driver(text()),
            Problem::ReaderService,
            Problem::NoKey,
            Problem::KeyRemoved,
            Problem::KeyBusy,
            Problem::KeyFailed(text()),
            Problem::KeyNotRenewable,
            Problem::LastTry,
            Problem::PinLocked,
            Problem::PinExpired,
            Problem::PinNotSet,
            Problem::PinLength { min: 6, max: 12 },
            Problem::PinRefused,
            Problem::PinSame,
            Problem::KeyLoggedOut,
            Problem::NoCertificate,
            Problem::CertificateUntrusted(text()),
            Problem::CertificateOtherKind,
            Problem::CertificateNotYet(at),
            Problem::CertificateExpired(at),
            Problem::Clock,
            Problem::Unreachable(text()),
            Problem::ServerUntrusted(text()),
            Problem::Version,
            Problem::ConnectionLost,
            Problem::Offline,
            Problem::NeverLoggedIn,
            Problem::Store(text()),
            Problem::AboveCap { amount: fen, cap: fen },
            Problem::AboveTotal { queued: fen, amount: fen, cap: fen },
            Problem::Unfinished(crate::fixture::payment_id(1)),
            Problem::NothingOpen,
            Problem::BadOrder,
            Problem::AmountUnknown,
            Problem::NoStore,
            Problem::OutcomeUnknown,
            Problem::GivenUp,
            Problem::NotCancellable,
            Problem::NoReceipt,
            Problem::ReceiptForged(text()),
            Problem::Refused("something-new".into()),
            Problem::File(text()),
            Problem::Internal(text()),
        ];
        let tries = [
            Tries::Exact(0),
            Tries::Exact(1),
            Tries::Exact(2),
            Tries::Low,
            Tries::Final,
            Tries::Locked,
            Tries::NotTold,
        ];
        all.extend(tries.map(Problem::WrongPin));
        all.extend([0, 1, 4].map(|left| Problem::WrongPinHere { left }));
        all.extend(CloseCode::ALL.map(Problem::Closed));
        all.extend(REFUSALS.map(|code| Problem::Refused(code.into())));
        all
    }

    #[test]
    fn every_problem_says_what_happened_and_what_to_do_in_both_languages() {
        let catalog = Catalog::new(SOURCES);
        for problem in all() {
            let word = word(&problem);
            let advice = if matches!(problem, Problem::WrongPin(_)) { "wrong-pin" } else { &word };
            for language in Language::ALL {
                assert!(catalog.has(language, &format!("problem-{word}")), "{word}");
                assert!(catalog.has(language, &format!("problem-{advice}-do")), "{word}");
            }
        }
    }

    #[test]
    fn no_sentence_has_a_hole() {
        for case in all() {
            let told = in_english(move || problem(&case, Some(&Company::default())));
            let all = format!("{} {} {}", told.headline, told.what_to_do, told.detail.unwrap_or_default());
            assert!(!all.contains('{') && !all.contains("problem-"), "{all}");
        }
    }

    #[test]
    fn a_wrong_pin_tells_the_tries_left() {
        let told = |tries| in_english(move || problem(&Problem::WrongPin(tries), None)).headline;
        assert_eq!(told(Tries::Exact(2)), "Wrong PIN. 2 tries left before the key locks.");
        assert_eq!(told(Tries::Exact(1)), told(Tries::Final));
    }

    #[test]
    fn a_pin_that_the_key_was_not_asked_about_threatens_the_account_and_not_the_key() {
        for left in [0, 1, 4] {
            let told = in_english(move || problem(&Problem::WrongPinHere { left }, None)).headline;
            assert!(!told.contains("locks") && told.contains("account"), "{told}");
        }
    }

    #[test]
    fn a_key_that_tells_only_of_wrong_pins_says_no_number() {
        let told = in_english(|| problem(&Problem::WrongPin(Tries::Low), None)).headline;
        assert_eq!(told, "Wrong PIN. The key counts wrong PINs and locks when there are too many.");
    }

    #[test]
    fn a_locked_key_says_whom_to_call() {
        let company = Company { support: Some("95598".into()), ..Company::default() };
        assert!(in_english(move || problem(&Problem::PinLocked, Some(&company))).what_to_do.ends_with("Call 95598."));
    }
}
