//! Problems in words: what happened, what to do, whom to call.

use dioxus::prelude::*;
use gridkey_client::app::Problem as Common;
use gridkey_desk::office::{Company, Problem};
use gridkey_kit::{i18n::Arg, prelude::*};
use gridkey_protocol::CloseCode;
use gridkey_token::Tries;

use super::sentences;
use crate::{context::DeskStateStoreExt as _, store::DeskState};

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

/// The common problems that an administrator is told in other words than a customer.
const OWN: [&str; 20] = [
    "certificate-expired",
    "certificate-untrusted",
    "closed-expired",
    "closed-lost",
    "closed-not-authenticated",
    "closed-replaced-key",
    "closed-revoked",
    "closed-unbound",
    "configuration",
    "last-try",
    "no-certificate",
    "no-key",
    "offline",
    "outcome-unknown",
    "pin-locked",
    "pin-not-set",
    "refused",
    "unreachable",
    "wrong-pin-here",
    "wrong-pin-here-closed",
];

/// `problem` in words.
pub fn problem(problem: &Problem) -> Told {
    let word = match problem {
        Problem::Common(common) => return common_problem(common),
        other => other.word(),
    };
    let args: Vec<(&'static str, Arg)> = match problem {
        Problem::CustomersKey(customer) => vec![("customer", customer.as_str().into())],
        _ => Vec::new(),
    };
    let text = |id: &str| gridkey_kit::i18n::translate(id, &args);
    let detail = match problem {
        Problem::BadRequest(detail) | Problem::TokenFailed(detail) => some_detail(detail),
        _ => None,
    };
    let (headline, what_to_do) = (text(&format!("admin-problem-{word}")), text(&format!("admin-problem-{word}-do")));
    Told { headline, what_to_do, detail }
}

/// A problem that the customers' program has, too, in words for an administrator.
pub fn common_problem(problem: &Common) -> Told {
    let (word, advice) = (word(problem), advice(problem));
    let args = args(problem);
    let text = |word: &str, end: &str| {
        let begin = if OWN.contains(&word) { "admin-problem" } else { "problem" };
        gridkey_kit::i18n::translate(&format!("{begin}-{word}{end}"), &args)
    };
    let mut what_to_do = text(&advice, "-do");
    if let Common::ServerUntrusted(_) | Common::Configuration(_) = problem {
        what_to_do = sentences(&what_to_do, &call_known());
    }
    Told { headline: text(&word, ""), what_to_do, detail: detail(problem) }
}

/// Whom to call, in a sentence; nothing if nobody is known.
pub fn call(company: &Company) -> String {
    match (&company.name, &company.support) {
        (Some(name), Some(number)) => t!("problem-call", company = name, number = number),
        (None, Some(number)) => t!("problem-call-number", number = number),
        _ => String::new(),
    }
}

fn call_known() -> String {
    let known = try_consume_context::<Store<DeskState>>().map(|state| state.company().cloned());
    call(&known.unwrap_or_default())
}

/// How grave a problem is, as a colour.
pub const fn problem_tone(problem: &Problem) -> Tone {
    match problem {
        Problem::Common(
            Common::PinLocked
            | Common::ServerUntrusted(_)
            | Common::CertificateUntrusted(_)
            | Common::Closed(CloseCode::Lost | CloseCode::Revoked),
        )
        | Problem::CustomersKey(_)
        | Problem::NotAdministrator
        | Problem::OtherKeys
        | Problem::SoPinLocked => Tone::Danger,
        _ => Tone::Warning,
    }
}

/// The last part of the message's name: the problem's word, or a narrower one.
fn word(problem: &Common) -> String {
    let word = problem.word();
    match problem {
        Common::WrongPin(tries) => match tries {
            Tries::Exact(0) | Tries::Locked => format!("{word}-locked"),
            Tries::Exact(1) | Tries::Final => format!("{word}-final"),
            Tries::Exact(_) => format!("{word}-exact"),
            Tries::Low => format!("{word}-low"),
            Tries::NotTold => word.to_owned(),
        },
        Common::WrongPinHere { left: 0 } => format!("{word}-closed"),
        Common::Closed(code) => format!("{word}-{}", close_word(*code)),
        _ => word.to_owned(),
    }
}

/// As [`word`], for what to do: the tries left stand in the headline, and the advice is the same whatever their number.
fn advice(problem: &Common) -> String {
    match problem {
        Common::WrongPin(_) => problem.word().to_owned(),
        other => word(other),
    }
}

fn args(problem: &Common) -> Vec<(&'static str, Arg)> {
    match problem {
        Common::WrongPin(Tries::Exact(tries)) => vec![("tries", (*tries).into())],
        Common::WrongPinHere { left } => vec![("left", (*left).into())],
        Common::PinLength { min, max } => vec![("min", (*min).into()), ("max", (*max).into())],
        Common::CertificateNotYet(at) | Common::CertificateExpired(at) => {
            vec![("date", format::date(language(), at.date()).into())]
        }
        Common::Refused(word) => vec![("word", word.into())],
        _ => Vec::new(),
    }
}

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

fn detail(problem: &Common) -> Option<String> {
    match problem {
        Common::Configuration(detail)
        | Common::Driver(detail)
        | Common::KeyFailed(detail)
        | Common::CertificateUntrusted(detail)
        | Common::Unreachable(detail)
        | Common::ServerUntrusted(detail)
        | Common::Store(detail)
        | Common::File(detail)
        | Common::Internal(detail) => some_detail(detail),
        _ => None,
    }
}

fn some_detail(detail: &str) -> Option<String> {
    (!detail.is_empty()).then(|| t!("problem-detail", detail = detail))
}

#[cfg(test)]
mod tests {
    use gridkey_domain::Timestamp;
    use gridkey_kit::i18n::{Catalog, Language};

    use super::*;
    use crate::{testing::in_english, words::SOURCES};

    fn commons() -> Vec<Common> {
        let at = Timestamp::from_seconds(1_795_334_400);
        let text = || "the cause".to_owned();
        let mut all = vec![
            Common::Configuration(text()),
            Common::Driver(text()),
            Common::ReaderService,
            Common::NoKey,
            Common::KeyRemoved,
            Common::KeyBusy,
            Common::KeyFailed(text()),
            Common::LastTry,
            Common::PinLocked,
            Common::PinExpired,
            Common::PinNotSet,
            Common::PinLength { min: 6, max: 12 },
            Common::PinRefused,
            Common::PinSame,
            Common::KeyLoggedOut,
            Common::NoCertificate,
            Common::CertificateUntrusted(text()),
            Common::CertificateOtherKind,
            Common::CertificateNotYet(at),
            Common::CertificateExpired(at),
            Common::Clock,
            Common::Unreachable(text()),
            Common::ServerUntrusted(text()),
            Common::Version,
            Common::ConnectionLost,
            Common::Offline,
            Common::OutcomeUnknown,
            Common::Refused("something-new".into()),
            Common::File(text()),
            Common::Internal(text()),
        ];
        let tries = [Tries::Exact(0), Tries::Exact(1), Tries::Exact(2), Tries::Low, Tries::Final, Tries::NotTold];
        all.extend(tries.map(Common::WrongPin));
        all.extend([0, 1, 4].map(|left| Common::WrongPinHere { left }));
        all.extend(CloseCode::ALL.map(Common::Closed));
        all
    }

    fn all() -> Vec<Problem> {
        let text = || "the cause".to_owned();
        let mut all = vec![
            Problem::CustomersKey("1100000001".into()),
            Problem::NotAdministrator,
            Problem::NotAllowed,
            Problem::OwnKey,
            Problem::KeyBound,
            Problem::KeyState,
            Problem::KeySucceeded,
            Problem::KeyKnown,
            Problem::ProofRefused,
            Problem::CustomerExists,
            Problem::NotFound,
            Problem::Unavailable,
            Problem::Unsupported,
            Problem::NotRefundable,
            Problem::CreditUsed,
            Problem::BadRequest(text()),
            Problem::NoReaderModule,
            Problem::TokenGone,
            Problem::TokenNotBlank,
            Problem::TokenFull,
            Problem::OtherToken,
            Problem::OtherKeys,
            Problem::TokenFailed(text()),
            Problem::WrongSoPin,
            Problem::SoPinLocked,
            Problem::BadLabel,
            Problem::Stopped,
        ];
        all.extend(commons().into_iter().map(Problem::Common));
        all
    }

    #[test]
    fn every_problem_says_what_happened_and_what_to_do_in_both_languages() {
        let catalog = Catalog::new(SOURCES);
        for problem in all() {
            let words = match &problem {
                Problem::Common(common) => [word(common), advice(common) + "-do"],
                other => [other.word().to_owned(), format!("{}-do", other.word())],
            };
            for (language, id) in
                Language::ALL.into_iter().flat_map(|language| words.iter().map(move |id| (language, id)))
            {
                let own = problem.common().is_none() || OWN.contains(&id.trim_end_matches("-do"));
                let id = if own { format!("admin-problem-{id}") } else { format!("problem-{id}") };
                assert!(catalog.has(language, &id), "{id} in {}", language.tag());
            }
        }
    }

    #[test]
    fn no_sentence_has_a_hole() {
        for case in all() {
            let told = in_english(move || problem(&case));
            let all = format!("{} {} {}", told.headline, told.what_to_do, told.detail.unwrap_or_default());
            assert!(!all.contains('{') && !all.contains("problem-"), "{all}");
        }
    }

    #[test]
    fn an_administrator_is_not_told_to_call_the_power_company() {
        for case in all() {
            let told = in_english(move || problem(&case));
            assert!(!told.what_to_do.contains("all your power company"), "{}", told.what_to_do);
        }
    }
}
