//! Finding tokens among the slots of a module.

use cryptoki::slot::{Slot, TokenInfo as RawInfo};

use super::codes::{self, PinFlags, Place};
use super::module::Module;
use super::{Access, objects, open_session};
use crate::error::TokenError;
use crate::presence;
use crate::token::{PinState, TokenInfo};
use crate::uri::Pkcs11Uri;

/// A token as found in a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenDescription {
    /// The slot's number; it may change when the token is plugged in again.
    pub slot_id: u64,
    /// The reader's name.
    pub reader: String,
    /// Whether the token has been initialised (it is blank otherwise).
    pub initialised: bool,
    /// What the token tells about itself.
    pub info: TokenInfo,
}

impl TokenDescription {
    /// A URI that means this token and no other.
    pub fn uri(&self) -> Pkcs11Uri {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Pkcs11Uri {
            token: given(&self.info.label),
            serial: given(&self.info.serial),
            manufacturer: given(&self.info.manufacturer),
            model: given(&self.info.model),
            // Blank tokens have nothing else to tell them apart.
            slot_id: (!self.initialised).then_some(self.slot_id),
            ..Pkcs11Uri::default()
        }
    }

    pub(crate) fn matches(&self, uri: &Pkcs11Uri) -> bool {
        let same = |wanted: &Option<String>, value: &str| wanted.as_deref().is_none_or(|wanted| wanted == value);
        same(&uri.token, &self.info.label)
            && same(&uri.serial, &self.info.serial)
            && same(&uri.manufacturer, &self.info.manufacturer)
            && same(&uri.model, &self.info.model)
            && uri.slot_id.map_or(self.initialised, |wanted| wanted == self.slot_id)
    }
}

/// Every slot that holds a readable token.
pub(super) fn list(module: &'static Module) -> Result<Vec<TokenDescription>, TokenError> {
    Ok(survey(module)?.0)
}

/// The one slot whose token `uri` describes.
pub(super) fn find(module: &'static Module, uri: &Pkcs11Uri) -> Result<Slot, TokenError> {
    let (tokens, unreadable) = survey(module)?;
    let matching: Vec<&TokenDescription> = tokens.iter().filter(|token| token.matches(uri)).collect();
    match matching.as_slice() {
        [one] => Slot::try_from(one.slot_id).map_err(|error| codes::read(&error, "choosing the slot", Place::Public)),
        [] if !unreadable.is_empty() && presence::any_held_exclusively(&unreadable) => Err(TokenError::Busy),
        [] => Err(TokenError::NoToken(uri.to_string())),
        several => Err(TokenError::SeveralTokens(several.iter().map(|token| token.uri().to_string()).collect())),
    }
}

/// What the token in `slot` tells now.
pub(super) fn read_info(module: &'static Module, slot: Slot) -> Result<TokenInfo, TokenError> {
    let _entered = module.enter();
    module
        .context()
        .get_token_info(slot)
        .map(|raw| describe(&raw))
        .map_err(|error| codes::read(&error, "reading the token's state", Place::Public))
}

/// The PIN's state with what the token itself cannot say: whether the PIN is still the issued one. Opens a session for
/// a moment.
pub(super) fn pin_state(module: &'static Module, slot: Slot, told: PinState) -> PinState {
    if told != PinState::Usable {
        return told;
    }
    let marks = open_session(module, slot, Access::ReadOnly).and_then(|session| {
        let found = objects::issued_pin_marks(&session);
        found.map_err(|error| codes::read(&error, "looking for the mark of the issued PIN", Place::Public))
    });
    match marks {
        Ok(marks) if marks.is_empty() => told,
        Ok(_) => PinState::MustChange,
        // A token busy or just pulled out: whoever uses it next hears of that.
        Err(error) => {
            tracing::debug!(%error, "not known whether the PIN is still the issued one");
            told
        }
    }
}

/// Tokens that can be read, and the readers' names of those that cannot.
fn survey(module: &'static Module) -> Result<(Vec<TokenDescription>, Vec<String>), TokenError> {
    let _entered = module.enter();
    if module.is_down() {
        return Ok(Default::default());
    }
    let context = module.context();
    let slots =
        context.get_slots_with_token().map_err(|error| codes::read(&error, "listing the slots", Place::Public))?;
    let (mut tokens, mut unreadable) = (Vec::new(), Vec::new());
    for slot in slots {
        let reader =
            context.get_slot_info(slot).map(|info| info.slot_description().trim_end().to_owned()).unwrap_or_default();
        match context.get_token_info(slot) {
            Ok(raw) => tokens.push(TokenDescription {
                slot_id: slot.id(),
                reader,
                initialised: raw.token_initialized(),
                info: describe(&raw),
            }),
            // Pulled out between the two calls, unknown to the module, or held by another program.
            Err(error) => {
                tracing::debug!(%reader, %error, "a slot's token cannot be read");
                unreadable.push(reader);
            }
        }
    }
    Ok((tokens, unreadable))
}

fn describe(raw: &RawInfo) -> TokenInfo {
    let flags = PinFlags {
        initialised: raw.user_pin_initialized(),
        count_low: raw.user_pin_count_low(),
        final_try: raw.user_pin_final_try(),
        locked: raw.user_pin_locked(),
        to_be_changed: raw.user_pin_to_be_changed(),
    };
    let text = |value: &str| value.trim_end().to_owned();
    TokenInfo {
        label: text(raw.label()),
        serial: text(raw.serial_number()),
        manufacturer: text(raw.manufacturer_id()),
        model: text(raw.model()),
        tries: flags.tries(),
        pin: flags.state(),
        pin_length: (raw.min_pin_length(), raw.max_pin_length()),
    }
}
