//! Problems from errors: many causes, fewer things that a person can do.

use gridkey_protocol::{CloseCode, certificate::ChainError, handshake::HandshakeError, ops::error::NOT_CANCELLABLE};
use gridkey_token::TokenError;

use super::Problem;
use crate::{
    client::{ClientError, PayError},
    config::ConfigError,
    key::KeyError,
    queue::{AdmitError, CancelError},
    random::NoRandomness,
    session::{CallError, SessionFailure},
    store::StoreError,
    transport::{ChannelError, ConnectError},
};

impl From<&TokenError> for Problem {
    fn from(error: &TokenError) -> Self {
        match error {
            TokenError::WrongPin { tries } if tries.is_locked() => Self::PinLocked,
            TokenError::WrongPin { tries } => Self::WrongPin(*tries),
            TokenError::LastTry => Self::LastTry,
            TokenError::Locked => Self::PinLocked,
            TokenError::PinExpired => Self::PinExpired,
            TokenError::PinNotInitialised => Self::PinNotSet,
            TokenError::PinLength { min, max } => Self::PinLength { min: *min, max: *max },
            TokenError::PinRefused | TokenError::NotAPin(_) => Self::PinRefused,
            TokenError::AlreadyLoggedIn | TokenError::Busy => Self::KeyBusy,
            TokenError::LoggedOut => Self::KeyLoggedOut,
            TokenError::Removed => Self::KeyRemoved,
            TokenError::NoToken(_) => Self::NoKey,
            TokenError::ModuleNotLoadable { .. } => Self::Driver(error.to_string()),
            TokenError::CertificateMissing(_) => Self::NoCertificate,
            TokenError::BadCertificate(_) => Self::CertificateUntrusted(error.to_string()),
            TokenError::Randomness => Self::Internal(error.to_string()),
            // Among them kinds that a later version of the token crate may add.
            _ => Self::KeyFailed(error.to_string()),
        }
    }
}

impl From<&KeyError> for Problem {
    fn from(error: &KeyError) -> Self {
        match error {
            KeyError::Token(error) => error.as_ref().into(),
            KeyError::NoCertificate => Self::NoCertificate,
            KeyError::NotTrusted(ChainError::Purpose) => Self::CertificateOtherKind,
            KeyError::NotTrusted(reason) => Self::CertificateUntrusted(reason.to_string()),
            KeyError::NotYet(from) => Self::CertificateNotYet(*from),
            KeyError::Expired(until) => Self::CertificateExpired(*until),
            KeyError::NoAgreement => Self::NoStore,
            KeyError::Driver => Self::KeyFailed(error.to_string()),
        }
    }
}

impl From<&StoreError> for Problem {
    fn from(error: &StoreError) -> Self {
        match error {
            StoreError::NoAgreementKey => Self::NoStore,
            StoreError::Key(error) => error.into(),
            StoreError::Random(error) => error.into(),
            StoreError::OtherKey(_)
            | StoreError::OtherCustomer
            | StoreError::Newer { .. }
            | StoreError::File { .. }
            | StoreError::Busy
            | StoreError::Damaged(_)
            | StoreError::Database(_)
            | StoreError::Thread => Self::Store(error.to_string()),
        }
    }
}

impl From<&NoRandomness> for Problem {
    fn from(error: &NoRandomness) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<&ConfigError> for Problem {
    fn from(error: &ConfigError) -> Self {
        Self::Configuration(error.to_string())
    }
}

impl From<&ConnectError> for Problem {
    fn from(error: &ConnectError) -> Self {
        match error {
            ConnectError::Resolve { host } => Self::Unreachable(host.clone()),
            ConnectError::Unreachable { authority, .. } | ConnectError::Timeout { authority } => {
                Self::Unreachable(authority.clone())
            }
            ConnectError::Untrusted(reason) => Self::ServerUntrusted(reason.clone()),
            ConnectError::Clock => Self::Clock,
            ConnectError::Tls(_) | ConnectError::Http(_) => Self::Unreachable(error.to_string()),
            ConnectError::Subprotocol => Self::Version,
            ConnectError::Channel(error) => error.into(),
        }
    }
}

impl From<&ChannelError> for Problem {
    fn from(error: &ChannelError) -> Self {
        match error {
            ChannelError::Closed(CloseCode::UnknownVersion) => Self::Version,
            ChannelError::Closed(code) => Self::Closed(*code),
            ChannelError::ClosedOtherwise(_) | ChannelError::Broken(_) => Self::ConnectionLost,
            ChannelError::TooBig | ChannelError::Malformed => Self::Version,
        }
    }
}

impl From<&SessionFailure> for Problem {
    fn from(failure: &SessionFailure) -> Self {
        match failure {
            SessionFailure::Connect(error) => error.into(),
            SessionFailure::Handshake(HandshakeError::Expired) => Self::Clock,
            SessionFailure::Handshake(HandshakeError::UnknownVersion(_)) | SessionFailure::Rules(_) => Self::Version,
            SessionFailure::Handshake(error) => Self::ServerUntrusted(error.to_string()),
            SessionFailure::Key(error) => error.into(),
            SessionFailure::Channel(error) => error.into(),
            SessionFailure::Silence | SessionFailure::HandshakeTimeout => Self::ConnectionLost,
            SessionFailure::Store(error) => error.as_ref().into(),
            SessionFailure::Random(error) => error.into(),
        }
    }
}

impl From<&CallError> for Problem {
    fn from(error: &CallError) -> Self {
        match error {
            CallError::NotConnected => Self::Offline,
            CallError::Refused(refusal) if refusal.code == NOT_CANCELLABLE => Self::NotCancellable,
            CallError::Refused(refusal) => Self::Refused(refusal.code.clone()),
            CallError::Lost | CallError::NoAnswer => Self::ConnectionLost,
            CallError::BadAnswer(_) => Self::Version,
            CallError::BadRequest(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<&ClientError> for Problem {
    fn from(error: &ClientError) -> Self {
        match error {
            ClientError::Offline => Self::Offline,
            ClientError::Session(failure) => failure.as_ref().into(),
            ClientError::Call(error) => error.into(),
            ClientError::Store(error) => error.as_ref().into(),
            ClientError::Key(error) => error.into(),
            ClientError::NeverLoggedIn => Self::NeverLoggedIn,
            ClientError::NoSuchPayment(_) => Self::Refused(gridkey_protocol::ops::error::NOT_FOUND.to_owned()),
            ClientError::NoReceipt(..) => Self::NoReceipt,
            ClientError::Receipt(reason) => Self::ReceiptForged(reason.to_string()),
            ClientError::Cancel(CancelError::InDoubt) => Self::OutcomeUnknown,
            ClientError::Cancel(CancelError::AtServer | CancelError::Ended) => Self::NotCancellable,
            ClientError::Random(error) => error.into(),
        }
    }
}

impl From<&PayError> for Problem {
    fn from(error: &PayError) -> Self {
        match error {
            PayError::Client(error) => error.into(),
            PayError::Admit(AdmitError::AboveCap { amount, cap }) => Self::AboveCap { amount: *amount, cap: *cap },
            PayError::Admit(AdmitError::AboveTotal { queued, amount, cap }) => {
                Self::AboveTotal { queued: *queued, amount: *amount, cap: *cap }
            }
            PayError::Admit(AdmitError::Unfinished(payment)) => Self::Unfinished(*payment),
            PayError::AmountUnknown(_) => Self::AmountUnknown,
            PayError::NothingOpen(_) => Self::NothingOpen,
            PayError::Malformed => Self::BadOrder,
            PayError::NoStore => Self::NoStore,
            PayError::OutcomeUnknown(_) => Self::OutcomeUnknown,
            PayError::Refused { error, .. } => Self::Refused(error.code.clone()),
            PayError::GivenUp { .. } => Self::GivenUp,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use gridkey_token::Tries;

    use super::*;

    #[test]
    fn the_same_cause_is_the_same_problem_however_deep_it_comes_from() {
        let removed = || KeyError::from(TokenError::Removed);
        let by_session = ClientError::Session(Arc::new(SessionFailure::Key(removed())));
        for error in [ClientError::Key(removed()), by_session, ClientError::from(StoreError::Key(removed()))] {
            assert_eq!(Problem::from(&PayError::Client(error)), Problem::KeyRemoved);
        }
    }

    #[test]
    fn the_last_wrong_pin_is_told_as_locked() {
        let wrong = |tries| Problem::from(&TokenError::WrongPin { tries });
        assert_eq!(wrong(Tries::Exact(0)), Problem::PinLocked);
        assert_eq!(wrong(Tries::Exact(2)), Problem::WrongPin(Tries::Exact(2)));
    }

    #[test]
    fn a_refusal_of_the_server_keeps_its_code_and_a_wrong_clock_is_told_as_one() {
        for code in CloseCode::ALL {
            let failure = SessionFailure::Channel(ChannelError::Closed(code));
            let wanted = if code == CloseCode::UnknownVersion { Problem::Version } else { Problem::Closed(code) };
            assert_eq!(Problem::from(&failure), wanted);
        }
        for failure in
            [SessionFailure::Connect(ConnectError::Clock), SessionFailure::Handshake(HandshakeError::Expired)]
        {
            assert_eq!(Problem::from(&failure), Problem::Clock);
        }
    }
}
