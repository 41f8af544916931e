//! The reader in which keys are made.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use gridkey_domain::Timestamp;
use gridkey_protocol::certificate::TrustAnchor;
use gridkey_token::{
    Pin, Pkcs11Provider, TokenError,
    pkcs11::{SlotChoice, TokenDescription},
};

use super::{CardHolder, Problem, ReaderToken, TokenChoice, TokenId, presence::whose};
use crate::maker::{Hands, TokenHands, Workbench};

/// What a key is made with.
#[derive(Debug, Clone)]
pub struct BenchWork {
    /// On which token.
    pub token: TokenChoice,
    /// The label that it gets.
    pub label: String,
    /// The PIN of its security officer.
    pub so_pin: Pin,
    /// The PIN that its holder gets.
    pub user_pin: Pin,
}

/// The reader in which keys are made. Everything here blocks.
pub trait Bench: Send + Sync {
    /// The tokens in it, blank ones too, in a stable order; `anew` reads certificates again that were read before.
    ///
    /// # Errors
    /// The module's.
    fn tokens(&self, now: Timestamp, anew: bool) -> Result<Vec<ReaderToken>, TokenError>;

    /// What makes a key on a token.
    ///
    /// # Errors
    /// [`Problem::TokenGone`], [`Problem::TokenNotBlank`], the module's.
    fn hands(&self, work: BenchWork) -> Result<Box<dyn Hands>, Problem>;

    /// Sets a token's user PIN anew; its holder must change it.
    ///
    /// # Errors
    /// [`Problem::WrongSoPin`], [`Problem::SoPinLocked`], [`Problem::TokenGone`], the token's.
    fn unblock(&self, token: &TokenId, so_pin: &Pin, new: &Pin) -> Result<(), Problem>;
}

/// The tokens of a PKCS#11 module.
pub(super) struct Pkcs11Bench {
    module: PathBuf,
    anchor: Arc<TrustAnchor>,
    /// Whose the tokens are that were read before.
    known: Mutex<HashMap<TokenId, CardHolder>>,
}

impl Pkcs11Bench {
    /// The tokens of `module`, of a company whose root is `anchor`.
    pub(super) fn new(module: PathBuf, anchor: Arc<TrustAnchor>) -> Self {
        Self { module, anchor, known: Mutex::default() }
    }

    fn find(&self, id: &TokenId) -> Result<(Pkcs11Provider, TokenDescription), Problem> {
        let provider = Pkcs11Provider::open(&self.module).map_err(|error| Problem::from(&error))?;
        let tokens = provider.tokens().map_err(|error| Problem::from(&error))?;
        let found = tokens.into_iter().find(|token| id_of(token) == *id).ok_or(Problem::TokenGone)?;
        Ok((provider, found))
    }
}

fn id_of(token: &TokenDescription) -> TokenId {
    TokenId(token.uri().to_string())
}

impl Bench for Pkcs11Bench {
    fn tokens(&self, now: Timestamp, anew: bool) -> Result<Vec<ReaderToken>, TokenError> {
        let provider = Pkcs11Provider::open(&self.module)?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if anew {
            known.clear();
        }
        let mut tokens = Vec::new();
        for token in provider.tokens()? {
            let id = id_of(&token);
            if token.initialised && !known.contains_key(&id) {
                let read = whose(&provider.token(&token.uri()), &self.anchor, now);
                known.extend(read.ok().map(|holder| (id.clone(), holder)));
            }
            tokens.push(ReaderToken {
                holder: known.get(&id).filter(|_| token.initialised).cloned(),
                id,
                reader: token.reader,
                blank: !token.initialised,
                label: if token.initialised { token.info.label } else { String::new() },
                serial: token.info.serial,
                model: token.info.model,
                pin_length: token.info.pin_length,
                locked: token.info.tries.is_locked(),
            });
        }
        known.retain(|id, _| tokens.iter().any(|token| token.id == *id));
        tokens.sort_by(|a, b| (a.blank, &a.reader, &a.id).cmp(&(b.blank, &b.reader, &b.id)));
        Ok(tokens)
    }

    fn hands(&self, work: BenchWork) -> Result<Box<dyn Hands>, Problem> {
        let (provider, token) = self.find(&work.token.token)?;
        let slot = match (token.initialised, work.token.erase) {
            (false, _) => SlotChoice::Blank(token.slot_id),
            (true, true) => SlotChoice::Erase(token.slot_id),
            (true, false) => return Err(Problem::TokenNotBlank),
        };
        let BenchWork { label, so_pin, user_pin, .. } = work;
        Ok(Box::new(TokenHands::new(Workbench { provider, slot, label, so_pin, user_pin })))
    }

    fn unblock(&self, token: &TokenId, so_pin: &Pin, new: &Pin) -> Result<(), Problem> {
        let (provider, token) = self.find(token)?;
        provider.token(&token.uri()).unblock(so_pin, new).map_err(|error| match &error {
            TokenError::WrongPin { tries } if !tries.is_locked() => Problem::WrongSoPin,
            TokenError::WrongPin { .. } | TokenError::Locked => Problem::SoPinLocked,
            TokenError::NoToken(_) | TokenError::Removed => Problem::TokenGone,
            error => error.into(),
        })
    }
}
