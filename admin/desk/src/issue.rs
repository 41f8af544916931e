//! From a blank token in the reader to a bound key in its holder's hand.
//!
//! [`IssueFlow`] says what is to be done next ([`Action`]) and takes what came of it ([`Event`]); tokens, sockets and people stay
//! outside. Nothing is ever half done: until the key is bound nobody can use it, a token pulled out while its certificates are
//! written is waited for, and what was issued for a token that does not come back is revoked.

use gridkey_domain::CustomerNo;
use gridkey_protocol::{
    ByteArray, ByteString,
    certificate::{Certificate, PublicKey},
    frame::OpError,
    ops::{
        admin::keys::{AdminName, BindBody, ChallengeBody, EndBody, IssueBody, Issued, KeyDetail, ReplaceBody},
        key::Challenge,
    },
};
use serde::Serialize;

#[cfg(test)]
mod tests;

/// For whom the key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// A customer.
    Customer(CustomerNo),
    /// An administrator.
    Admin(AdminName),
}

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueOrder {
    /// For whom.
    pub holder: Holder,
    /// The customer's key whose place it takes, and why.
    pub replaces: Option<(ByteArray<32>, String)>,
    /// Whether it is bound at once. If not, it waits as `issued` until somebody binds it.
    pub bind: bool,
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Initialise the blank token: label, PINs.
    SetUp,
    /// Make the pairs on it; an X25519 one too if `agreement`.
    MakePairs {
        /// Whether an X25519 pair is needed.
        agreement: bool,
    },
    /// Ask the server for a challenge.
    Challenge(ChallengeBody),
    /// Have the pairs answer it.
    Prove(Challenge),
    /// Have the certificates issued.
    Issue(IssueBody),
    /// Write them to the token and read them back.
    Write {
        /// The authentication certificate's chain, leaf first.
        chain: Vec<Vec<u8>>,
        /// The X25519 certificate.
        agreement: Option<Vec<u8>>,
    },
    /// Wait for the token, which was pulled out: the one of this serial number, with this Ed25519 key on it.
    AwaitToken {
        /// Its serial number.
        serial: String,
        /// The key.
        signing: [u8; 32],
    },
    /// Bind the key.
    Bind(BindBody),
    /// Bind it in another's place.
    Replace(ReplaceBody),
    /// Withdraw what was issued and does not reach its token.
    Revoke(EndBody),
    /// Nothing any more.
    Finish(Outcome),
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The key is ready: bound, or issued and waiting for its binding.
    Ready(Box<KeyDetail>),
    /// Nothing came of it, and nothing is left at the server that could be used.
    Nothing(Trouble),
    /// The certificates are on the token, but whether the key is bound is not known: look, and bind it by its name.
    Unbound {
        /// The key.
        key: ByteArray<32>,
        /// What happened.
        trouble: Trouble,
    },
}

/// What came of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The token is initialised.
    SetUp {
        /// Its serial number.
        serial: String,
    },
    /// The pairs are made.
    Pairs {
        /// The Ed25519 public key.
        signing: [u8; 32],
        /// The X25519 public key.
        agreement: Option<[u8; 32]>,
    },
    /// The server's challenge.
    Challenged(Challenge),
    /// The pairs' answers.
    Proven {
        /// The PKCS#10 request.
        request: Vec<u8>,
        /// The X25519 key's answer.
        answer: Option<[u8; 32]>,
    },
    /// The certificates.
    Issued(Box<Issued>),
    /// They are on the token.
    Written,
    /// A token is in the reader again.
    Token {
        /// Its serial number.
        serial: String,
        /// Its Ed25519 keys.
        keys: Vec<[u8; 32]>,
    },
    /// The key is bound.
    Bound(Box<KeyDetail>),
    /// What was issued is withdrawn.
    Revoked,
    /// The action failed.
    Failed(Trouble),
    /// The token is not coming back.
    GivenUp,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// The token was pulled out.
    #[error("the token was pulled out")]
    Removed,
    /// The token has no room left.
    #[error("the token is full")]
    Full,
    /// The PIN of the token's security officer is wrong, or locked.
    #[error("the security officer's PIN of the token is {}", if *.locked { "locked" } else { "wrong" })]
    SoPin {
        /// No try is left.
        locked: bool,
    },
    /// The token did not do it.
    #[error("the token failed: {0}")]
    Token(String),
    /// The token in the reader is not the one that was begun with.
    #[error("this is another token than the one that was begun with")]
    OtherToken,
    /// The certificates that came are for other keys than the token's.
    #[error("the certificates that came are for another token's keys")]
    OtherKeys,
    /// The server refused.
    #[error("the server refused: {code}: {message}")]
    Refused {
        /// The stable word.
        code: String,
        /// The server's sentence.
        message: String,
    },
    /// The connection to the server broke, so that it is not known whether the server did it.
    #[error("the connection to the server broke: {0}")]
    Lost(String),
}

impl From<&OpError> for Trouble {
    fn from(error: &OpError) -> Self {
        Self::Refused { code: error.code.clone(), message: error.message.clone() }
    }
}

/// The event does not fit what was to be done: a defect of the program around the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not what was awaited")]
pub struct Unexpected;

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    SetUp,
    MakePairs,
    Challenge,
    Prove(Challenge),
    Issue(IssueBody),
    Write,
    AwaitToken,
    Bind,
    Revoke(Trouble),
    Done(Outcome),
}

/// One key on its way.
#[derive(Debug, Clone)]
pub struct IssueFlow {
    order: IssueOrder,
    state: State,
    serial: String,
    signing: [u8; 32],
    agreement: Option<[u8; 32]>,
    issued: Option<Box<Issued>>,
}

impl IssueFlow {
    /// Begins.
    pub fn new(order: IssueOrder) -> Self {
        Self { order, state: State::SetUp, serial: String::new(), signing: [0; 32], agreement: None, issued: None }
    }

    /// What is to be done next.
    pub fn action(&self) -> Action {
        match &self.state {
            State::SetUp => Action::SetUp,
            State::MakePairs => Action::MakePairs { agreement: self.is_customers() },
            State::Challenge => Action::Challenge(match &self.order.holder {
                Holder::Customer(customer) => ChallengeBody { customer: Some(customer.clone()), admin: None },
                Holder::Admin(admin) => ChallengeBody { customer: None, admin: Some(admin.clone()) },
            }),
            State::Prove(challenge) => Action::Prove(challenge.clone()),
            State::Issue(body) => Action::Issue(body.clone()),
            State::Write => {
                let bytes = |der: &ByteString| der.0.clone();
                let issued = self.issued.as_deref();
                Action::Write {
                    chain: issued.map(|issued| issued.chain.iter().map(bytes).collect()).unwrap_or_default(),
                    agreement: issued.and_then(|issued| issued.agreement.as_ref().map(bytes)),
                }
            }
            State::AwaitToken => Action::AwaitToken { serial: self.serial.clone(), signing: self.signing },
            State::Bind => match (&self.order.replaces, &self.order.holder) {
                (Some((old, reason)), _) => {
                    Action::Replace(ReplaceBody { old: *old, new: self.key(), reason: reason.clone() })
                }
                (None, Holder::Customer(customer)) => {
                    Action::Bind(BindBody { key: self.key(), customer: Some(customer.clone()) })
                }
                (None, Holder::Admin(_)) => Action::Bind(BindBody { key: self.key(), customer: None }),
            },
            State::Revoke(trouble) => {
                Action::Revoke(EndBody { key: self.key(), reason: format!("never handed over: {}", short(trouble)) })
            }
            State::Done(outcome) => Action::Finish(outcome.clone()),
        }
    }

    /// Takes what came of the action.
    ///
    /// # Errors
    /// [`Unexpected`]; the flow stays where it is.
    pub fn on(&mut self, event: Event) -> Result<(), Unexpected> {
        self.state = match (&self.state, event) {
            (State::SetUp, Event::SetUp { serial }) => {
                self.serial = serial;
                State::MakePairs
            }
            (State::MakePairs, Event::Pairs { signing, agreement }) => {
                (self.signing, self.agreement) = (signing, agreement);
                State::Challenge
            }
            (State::Challenge, Event::Challenged(challenge)) => State::Prove(challenge),
            (State::Prove(_), Event::Proven { request, answer }) => State::Issue(IssueBody {
                request: ByteString(request),
                agreement: self.agreement.map(ByteArray),
                answer: answer.map(ByteArray),
                token: Some(self.serial.clone()),
            }),
            (State::Issue(_), Event::Issued(issued)) => {
                let ours = self.is_ours(&issued);
                self.issued = Some(issued);
                if ours { State::Write } else { State::Revoke(Trouble::OtherKeys) }
            }
            (State::Write, Event::Written) if self.order.bind => State::Bind,
            (State::Write, Event::Written) => self.ready(),
            (State::AwaitToken, Event::Token { serial, keys }) => {
                if serial == self.serial && keys.contains(&self.signing) {
                    State::Write
                } else {
                    // Another one in the reader: the right one may still come.
                    State::AwaitToken
                }
            }
            (State::AwaitToken, Event::GivenUp) => State::Revoke(Trouble::Removed),
            (State::Bind, Event::Bound(key)) => State::Done(Outcome::Ready(key)),
            (State::Revoke(trouble), Event::Revoked) => State::Done(Outcome::Nothing(trouble.clone())),
            (state, Event::Failed(trouble)) => self.failed(state, trouble)?,
            _ => return Err(Unexpected),
        };
        Ok(())
    }

    fn failed(&self, state: &State, trouble: Trouble) -> Result<State, Unexpected> {
        Ok(match state {
            // Nothing is issued yet: a token with pairs and no certificate is as good as blank, and is set up anew.
            State::SetUp | State::MakePairs | State::Challenge | State::Prove(_) | State::Issue(_) => {
                State::Done(Outcome::Nothing(trouble))
            }
            State::Write if trouble == Trouble::Removed => State::AwaitToken,
            State::Write | State::AwaitToken => State::Revoke(trouble),
            State::Bind => State::Done(Outcome::Unbound { key: self.key(), trouble }),
            // It was issued, is not bound and cannot be used; that it is not withdrawn either must be told.
            State::Revoke(_) => State::Done(Outcome::Unbound { key: self.key(), trouble }),
            State::Done(_) => return Err(Unexpected),
        })
    }

    fn ready(&self) -> State {
        match &self.issued {
            Some(issued) => State::Done(Outcome::Ready(Box::new(issued.key.clone()))),
            None => State::Done(Outcome::Nothing(Trouble::OtherKeys)),
        }
    }

    fn is_customers(&self) -> bool {
        matches!(self.order.holder, Holder::Customer(_))
    }

    fn key(&self) -> ByteArray<32> {
        self.issued.as_ref().map_or(ByteArray([0; 32]), |issued| issued.key.key)
    }

    /// Whether the certificates are for the pairs of this token and the key named is that certificate's.
    fn is_ours(&self, issued: &Issued) -> bool {
        let leaf = issued.chain.first().and_then(|der| Certificate::from_der(der.as_ref()).ok());
        let signing = leaf.as_ref().is_some_and(|leaf| {
            leaf.public_key() == PublicKey::Ed25519(self.signing) && leaf.fingerprint() == issued.key.key.0
        });
        let certified = issued
            .agreement
            .as_ref()
            .map(|der| Certificate::from_der(der.as_ref()).ok().map(|certificate| certificate.public_key()));
        let agreement = match (self.agreement, certified) {
            (Some(public), Some(Some(certified))) => certified == PublicKey::X25519(public),
            (None, None) => true,
            _ => false,
        };
        signing && agreement
    }
}

fn short(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Removed => "the token was pulled out",
        Trouble::Full => "the token is full",
        Trouble::SoPin { .. } => "the security officer's PIN",
        Trouble::Token(_) => "the token failed",
        Trouble::OtherToken => "another token",
        Trouble::OtherKeys => "other keys were certified",
        Trouble::Refused { .. } => "refused",
        Trouble::Lost(_) => "the connection broke",
    }
}
