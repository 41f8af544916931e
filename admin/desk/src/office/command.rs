//! What a person, or the face on its behalf, asks for.

use gridkey_client::app::{KeyId, Preference};
use gridkey_token::Pin;

use super::{Act, Deed, Job, TokenId, Topic};

/// A command. PINs in it are wiped when it is dropped.
#[derive(Debug, Clone)]
pub enum Command {
    /// Go through the set-up check again.
    CheckSetup,
    /// This key of those present.
    Choose(KeyId),
    /// Back from the PIN to the keys.
    BackToKeys,
    /// Unlock the chosen key and connect.
    Unlock {
        /// As typed.
        pin: Pin,
        /// The person was told that this is the last try, and wants it.
        last_try: bool,
    },
    /// Replace the issued PIN with an own one, at the gate that asks for it. The issued one was typed before.
    ChooseFirstPin {
        /// The new PIN.
        new: Pin,
    },
    /// Change the PIN of the own key; followed as [`Deed::ChangePin`].
    ChangePin {
        /// The PIN until now.
        old: Pin,
        /// The new PIN.
        new: Pin,
        /// As in [`Command::Unlock`].
        last_try: bool,
    },
    /// Hide the screens; the session stays.
    Lock,
    /// Show the screens again.
    Reveal {
        /// As typed.
        pin: Pin,
    },
    /// The person is there: the idle time begins anew.
    Activity,
    /// End the session and log the key out.
    LogOut,
    /// Try to connect at once.
    Connect,
    /// A screen shows this from now on. Each [`Command::Want`] of a screen has its [`Command::Leave`].
    Want(Topic),
    /// The screen shows it no more: it is not refreshed as time passes. What is known stays for a while.
    Leave(Topic),
    /// Ask for this again, by hand.
    Refresh(Topic),
    /// The next page of a list.
    More(Topic),
    /// Do something.
    Do(Act),
    /// Leave what became of a deed behind; a PIN in it is wiped.
    Forget(Deed),
    /// Customers from a file.
    Import(ImportCommand),
    /// Keys being made.
    Making(MakingCommand),
    /// Set a forgotten or locked PIN of a token in a reader anew; followed as [`Deed::Unblock`].
    Unblock {
        /// The token.
        token: TokenId,
        /// Its security officer's PIN.
        so_pin: Pin,
    },
    /// Change one thing of what this machine keeps; the others stay as they are by then.
    Prefer(Preference),
    /// End the program in order: tell the server, log the key out.
    Quit,
}

/// What is asked for about a file of customers.
#[derive(Debug, Clone)]
pub enum ImportCommand {
    /// Read and check a file: every row is looked at before anything is sent.
    Read {
        /// Its name, for the person.
        name: String,
        /// Its content: CSV in UTF-8.
        content: Vec<u8>,
    },
    /// Make the customers of the checked file, row by row; again for those that failed.
    Start,
    /// Stop after the row under way.
    Stop,
    /// Leave the file behind.
    Forget,
}

/// Keys to make.
#[derive(Debug, Clone)]
pub struct MakeOrder {
    /// One by one, in this order.
    pub jobs: Vec<Job>,
    /// The PIN of the tokens' security officer: set on blank tokens, needed for those that are erased. Kept until
    /// [`MakingCommand::Forget`] or the end of the session, then wiped.
    pub so_pin: Pin,
    /// The token for the first job; `None` waits for one.
    pub token: Option<TokenChoice>,
}

/// The token to make a key on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenChoice {
    /// Which.
    pub token: TokenId,
    /// Set it up although it is not blank: everything on it is lost.
    pub erase: bool,
}

/// What is asked for about keys being made.
#[derive(Debug, Clone)]
pub enum MakingCommand {
    /// Begin. Not while others are being made.
    Begin(MakeOrder),
    /// Make the waiting job's key on this token.
    Use(TokenChoice),
    /// Pass the waiting job over.
    Skip,
    /// The token that was pulled out is not coming back: what was issued for it is revoked.
    GiveUp,
    /// Go on to the next job without waiting for the made key to be taken out.
    Next,
    /// Begin no further job; the one under way goes on to its end.
    Stop,
    /// A job that failed or was skipped is to be tried again, after the others.
    Again(usize),
    /// The PIN letter of this job is in its envelope: the PIN is wiped here.
    LetterDone(usize),
    /// Leave everything behind once nothing is under way; PINs are wiped.
    Forget,
}
