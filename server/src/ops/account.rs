//! `account.*` and `settings.*`.

use gridkey_domain::account::{Account, AccountUpdate};
use gridkey_protocol::{
    cbor::{self, Encoded},
    frame::OpError,
    ops::{
        account::{Settings, SettingsUpdate},
        error,
    },
};

use super::Caller;
use crate::{core::Core, fault::internal};

/// The longest contact or address, bytes.
const LONGEST: usize = 200;

pub(super) async fn get(core: &Core, caller: &Caller) -> Result<Encoded, OpError> {
    Ok(core.platform.account_encoded(&caller.customer).await?)
}

pub(super) async fn update(core: &Core, caller: &Caller, update: AccountUpdate) -> Result<Account, OpError> {
    for (name, text) in [("contact", &update.contact), ("address", &update.address)] {
        if let Some(text) = text {
            check_text(name, text)?;
        }
    }
    if update == AccountUpdate::default() {
        return Err(OpError::fatal(error::BAD_REQUEST, "contact or address expected"));
    }
    Ok(core.platform.update_account(&caller.customer, &update).await?)
}

pub(crate) fn check_text(name: &str, text: &str) -> Result<(), OpError> {
    if text.trim().is_empty() || text.len() > LONGEST || text.chars().any(char::is_control) {
        return Err(OpError::fatal(
            error::BAD_REQUEST,
            format!("{name}: 1 to {LONGEST} bytes of text without control characters expected"),
        ));
    }
    Ok(())
}

pub(super) async fn settings(core: &Core, caller: &Caller) -> Result<Settings, OpError> {
    match core.store.settings(&caller.customer).await? {
        None => Ok(Settings::default()),
        Some(stored) => cbor::decode(&stored).map_err(|error| {
            tracing::error!(%error, "stored settings are damaged");
            internal()
        }),
    }
}

pub(super) async fn update_settings(core: &Core, caller: &Caller, update: SettingsUpdate) -> Result<Settings, OpError> {
    let changed = settings(core, caller).await?.with(update);
    let changed = changed.ok_or_else(|| OpError::fatal(error::BAD_REQUEST, "locale: en or zh-CN expected"))?;
    core.store.put_settings(&caller.customer, cbor::encode(&changed)).await?;
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_would_break_a_screen_is_refused() {
        assert!(check_text("contact", "+86 10 5550 0101").is_ok());
        assert!(check_text("address", "炉前路1号").is_ok());
        for text in ["", "  ", "a\u{0}b", "line\nbreak", &"x".repeat(LONGEST + 1)] {
            assert_eq!(check_text("contact", text).unwrap_err().code, error::BAD_REQUEST);
        }
    }
}
