use cryptoki::error::RvError;

use super::{PinFlags, Place, check_length, may_try, read_code, refine_refusal};
use crate::error::{Remedy, TokenError};
use crate::token::{Caution, PinState, TokenInfo, Tries};

fn told(tries: Tries) -> TokenInfo {
    TokenInfo {
        label: "demo".to_owned(),
        serial: "1".to_owned(),
        manufacturer: String::new(),
        model: String::new(),
        tries,
        pin: PinState::Usable,
        pin_length: (6, 12),
    }
}

#[test]
fn the_gravest_flag_tells_the_tries() {
    let initialised = PinFlags { initialised: true, ..PinFlags::default() };
    assert_eq!(initialised.tries(), Tries::NotTold);
    assert_eq!(PinFlags { count_low: true, ..initialised }.tries(), Tries::Low);
    assert_eq!(PinFlags { count_low: true, final_try: true, ..initialised }.tries(), Tries::Final);
    assert_eq!(PinFlags { final_try: true, ..initialised }.tries(), Tries::Final);
    assert_eq!(PinFlags { count_low: true, final_try: true, locked: true, ..initialised }.tries(), Tries::Locked);
}

#[test]
fn flags_tell_the_state_of_the_pin() {
    assert_eq!(PinFlags::default().state(), PinState::NotInitialised);
    let initialised = PinFlags { initialised: true, ..PinFlags::default() };
    assert_eq!(initialised.state(), PinState::Usable);
    assert_eq!(PinFlags { to_be_changed: true, ..initialised }.state(), PinState::MustChange);
}

#[test]
fn the_last_try_is_spent_only_when_confirmed() {
    for last in [Tries::Final, Tries::Exact(1)] {
        assert!(matches!(may_try(&told(last), 6, Caution::Normal), Err(TokenError::LastTry)));
        assert!(may_try(&told(last), 6, Caution::LastTryConfirmed).is_ok());
    }
    for more in [Tries::NotTold, Tries::Low, Tries::Exact(2)] {
        assert!(may_try(&told(more), 6, Caution::Normal).is_ok());
    }
}

#[test]
fn no_try_is_spent_on_a_locked_or_blank_token_or_on_a_pin_of_impossible_length() {
    for locked in [Tries::Locked, Tries::Exact(0)] {
        assert!(matches!(may_try(&told(locked), 6, Caution::LastTryConfirmed), Err(TokenError::Locked)));
    }
    let blank = TokenInfo { pin: PinState::NotInitialised, ..told(Tries::NotTold) };
    assert!(matches!(may_try(&blank, 6, Caution::Normal), Err(TokenError::PinNotInitialised)));
    for length in [5, 13] {
        let refused = may_try(&told(Tries::NotTold), length, Caution::Normal);
        assert!(matches!(refused, Err(TokenError::PinLength { min: 6, max: 12 })));
    }
    assert!(check_length((4, 0), 200).is_ok(), "a longest of 0 is not a limit");
}

#[test]
fn a_refusal_on_a_token_that_is_locked_now_reads_as_locked() {
    let refused = || read_code(RvError::PinIncorrect, "C_Login", Place::Public);
    assert!(matches!(refine_refusal(refused(), &told(Tries::Locked)), TokenError::Locked));
    let error = refine_refusal(refused(), &told(Tries::Final));
    assert!(matches!(error, TokenError::WrongPin { tries: Tries::Final }));
    assert_eq!(error.remedy(), Remedy::TypePinAgain);
    let length = read_code(RvError::PinLenRange, "C_Login", Place::Public);
    assert!(matches!(refine_refusal(length, &told(Tries::Low)), TokenError::PinLength { min: 6, max: 12 }));
}

#[test]
fn a_token_pulled_out_in_mid_use_reads_as_removed() {
    for code in [
        RvError::DeviceRemoved,
        RvError::TokenNotPresent,
        RvError::SessionHandleInvalid,
        RvError::SessionClosed,
        RvError::SlotIdInvalid,
    ] {
        assert!(matches!(read_code(code, "C_Sign", Place::Session), TokenError::Removed), "{code:?}");
    }
    let gone = read_code(RvError::TokenNotPresent, "C_OpenSession", Place::Public);
    assert!(matches!(gone, TokenError::NoToken(_)), "before login nothing was in use");
}

#[test]
fn each_pin_code_is_an_error_of_its_own() {
    let read = |code| read_code(code, "C_Login", Place::Public);
    assert!(matches!(read(RvError::PinLocked), TokenError::Locked));
    assert!(matches!(read(RvError::PinExpired), TokenError::PinExpired));
    assert!(matches!(read(RvError::PinInvalid), TokenError::PinRefused));
    assert!(matches!(read(RvError::PinTooWeak), TokenError::PinRefused));
    assert!(matches!(read(RvError::UserPinNotInitialized), TokenError::PinNotInitialised));
    assert!(matches!(read(RvError::UserAlreadyLoggedIn), TokenError::AlreadyLoggedIn));
    assert!(matches!(read(RvError::SessionCount), TokenError::Busy));
    assert!(matches!(read_code(RvError::UserNotLoggedIn, "C_Sign", Place::Session), TokenError::LoggedOut));
    let unsupported = read_code(RvError::MechanismInvalid, "C_SignInit", Place::Session);
    assert!(matches!(unsupported, TokenError::UnsupportedMechanism(_)));
    let failed = read_code(RvError::GeneralError, "C_Sign", Place::Session);
    assert!(failed.to_string().contains("GeneralError"), "{failed}");
}
