//! The tokens in the readers, other than the administrator's own.

use super::{CardHolder, Problem};

/// Names a token in a reader: while it is there it is the same, and another never has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId(pub String);

/// What is in the readers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readers {
    /// They were looked at.
    pub known: bool,
    /// The tokens, in a stable order.
    pub tokens: Vec<ReaderToken>,
    /// Why they cannot be looked at.
    pub problem: Option<Problem>,
}

impl Readers {
    /// The blank ones.
    pub fn blanks(&self) -> impl Iterator<Item = &ReaderToken> {
        self.tokens.iter().filter(|token| token.blank)
    }
}

/// A token in a reader, as it tells about itself without a PIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderToken {
    /// Its name here.
    pub id: TokenId,
    /// The reader's name.
    pub reader: String,
    /// It was never initialised, or is as good as blank to the module.
    pub blank: bool,
    /// Its label; empty for a blank one.
    pub label: String,
    /// Its serial number; blank ones may have none.
    pub serial: String,
    /// The model.
    pub model: String,
    /// The shortest and longest PIN that it takes, bytes.
    pub pin_length: (usize, usize),
    /// Its PIN is locked.
    pub locked: bool,
    /// Whose it is, if it bears a certificate of this company.
    pub holder: Option<CardHolder>,
}
