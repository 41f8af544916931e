//! What return codes and token flags mean, as pure functions.

use cryptoki::error::{Error, RvError};

use crate::error::TokenError;
use crate::token::{Caution, PinState, TokenInfo, Tries};

/// The token flags that speak of the user PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PinFlags {
    /// `CKF_USER_PIN_INITIALIZED`
    pub initialised: bool,
    /// `CKF_USER_PIN_COUNT_LOW`
    pub count_low: bool,
    /// `CKF_USER_PIN_FINAL_TRY`
    pub final_try: bool,
    /// `CKF_USER_PIN_LOCKED`
    pub locked: bool,
    /// `CKF_USER_PIN_TO_BE_CHANGED`
    pub to_be_changed: bool,
}

impl PinFlags {
    /// The tries left. The gravest flag wins: tokens set several at once. PKCS#11 has no exact count.
    pub fn tries(self) -> Tries {
        match self {
            Self { locked: true, .. } => Tries::Locked,
            Self { final_try: true, .. } => Tries::Final,
            Self { count_low: true, .. } => Tries::Low,
            _ => Tries::NotTold,
        }
    }

    /// The PIN's state.
    pub fn state(self) -> PinState {
        match self {
            Self { initialised: false, .. } => PinState::NotInitialised,
            Self { to_be_changed: true, .. } => PinState::MustChange,
            _ => PinState::Usable,
        }
    }
}

/// Where a return code came up: the same code means other things before and inside a logged-in session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Looking for a token, reading it, or logging in.
    Public,
    /// Using a logged-in session.
    Session,
}

/// Whether a try may be spent on a token that tells `info`.
pub(crate) fn may_try(info: &TokenInfo, pin_bytes: usize, caution: Caution) -> Result<(), TokenError> {
    if info.pin == PinState::NotInitialised {
        return Err(TokenError::PinNotInitialised);
    }
    if info.tries.is_locked() {
        return Err(TokenError::Locked);
    }
    check_length(info.pin_length, pin_bytes)?;
    if info.tries.is_last() && caution == Caution::Normal {
        return Err(TokenError::LastTry);
    }
    Ok(())
}

/// Whether a PIN's length is within the token's limits; a longest of 0 means that the token does not tell.
pub(crate) fn check_length((min, max): (usize, usize), pin_bytes: usize) -> Result<(), TokenError> {
    if pin_bytes < min || (max > 0 && pin_bytes > max) {
        return Err(TokenError::PinLength { min, max });
    }
    Ok(())
}

/// Puts what the token tells after a refused PIN into the error.
pub(crate) fn refine_refusal(refused: TokenError, info: &TokenInfo) -> TokenError {
    match refused {
        TokenError::WrongPin { .. } if info.tries.is_locked() => TokenError::Locked,
        TokenError::WrongPin { .. } => TokenError::WrongPin { tries: info.tries },
        TokenError::PinLength { .. } => TokenError::PinLength { min: info.pin_length.0, max: info.pin_length.1 },
        other => other,
    }
}

/// Reads an error of `cryptoki`; `step` names what was being done, for codes that say no more than "failed".
pub(crate) fn read(error: &Error, step: &str, place: Place) -> TokenError {
    match error {
        Error::Pkcs11(code, function) => read_code(*code, &format!("{step}, C_{function}"), place),
        Error::NullFunctionPointer | Error::NotSupported => TokenError::UnsupportedMechanism("a function it needs"),
        other => TokenError::Device { function: step.to_owned(), code: other.to_string() },
    }
}

/// Reads a return code.
pub fn read_code(code: RvError, function: &str, place: Place) -> TokenError {
    use RvError as Rv;
    match (code, place) {
        (Rv::PinIncorrect, _) => TokenError::WrongPin { tries: Tries::NotTold },
        (Rv::PinLocked, _) => TokenError::Locked,
        (Rv::PinExpired, _) => TokenError::PinExpired,
        (Rv::PinLenRange, _) => TokenError::PinLength { min: 0, max: 0 },
        (Rv::PinInvalid | Rv::PinTooWeak, _) => TokenError::PinRefused,
        (Rv::UserPinNotInitialized, _) => TokenError::PinNotInitialised,
        (Rv::UserAlreadyLoggedIn | Rv::UserAnotherAlreadyLoggedIn | Rv::UserTooManyTypes, _) => {
            TokenError::AlreadyLoggedIn
        }
        (Rv::UserNotLoggedIn, Place::Session) => TokenError::LoggedOut,
        // A module that lost its token drops the sessions on it, so a handle gone invalid tells the same.
        (
            Rv::DeviceRemoved
            | Rv::TokenNotPresent
            | Rv::SlotIdInvalid
            | Rv::SessionHandleInvalid
            | Rv::SessionClosed
            | Rv::CryptokiNotInitialized,
            Place::Session,
        ) => TokenError::Removed,
        (Rv::DeviceRemoved | Rv::TokenNotPresent | Rv::SlotIdInvalid, Place::Public) => {
            TokenError::NoToken(String::new())
        }
        (Rv::SessionCount | Rv::OperationActive | Rv::SessionExists, _) => TokenError::Busy,
        (
            Rv::MechanismInvalid
            | Rv::MechanismParamInvalid
            | Rv::FunctionNotSupported
            | Rv::CurveNotSupported
            | Rv::DomainParamsInvalid
            | Rv::KeyTypeInconsistent
            | Rv::KeyFunctionNotPermitted,
            _,
        ) => TokenError::UnsupportedMechanism("this kind of key or operation"),
        (Rv::DataLenRange | Rv::DataInvalid | Rv::DeviceMemory | Rv::ArgumentsBad, Place::Session) => {
            TokenError::Argument(format!("the key refuses this input ({function}: {code:?})"))
        }
        _ => TokenError::Device { function: function.to_owned(), code: format!("{code:?}") },
    }
}

#[cfg(test)]
mod tests;
