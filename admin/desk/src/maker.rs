//! The hands of the flow: the token in the reader and the administrator's session. Blocks on the token where it must.

use gridkey_client::session::CallError;
use gridkey_protocol::{
    ops,
    possession::{RequestDraft, agreement_answer},
};
use gridkey_token::{
    Caution, KeyKind, Pin, Pkcs11Provider, Pkcs11Token, Token as _, TokenError, TokenKey, TokenSession as _,
    pkcs11::{ProvisioningSession, SlotChoice},
};

use crate::{
    desk::{Desk, DeskError},
    issue::{Action, Event, IssueFlow, IssueOrder, Outcome, Trouble},
};

/// The label of the pairs and certificates on a token.
const LABEL: &str = "gridkey";

/// Where a key is made.
#[derive(Clone)]
pub struct Workbench {
    /// The module of the reader with the blank token.
    pub provider: Pkcs11Provider,
    /// Which token.
    pub slot: SlotChoice,
    /// The label that the token gets, 1 to 32 bytes.
    pub label: String,
    /// The PIN of the token's security officer.
    pub so_pin: Pin,
    /// The PIN that its holder gets and must change.
    pub user_pin: Pin,
}

/// Asks the person at the desk.
pub trait Person: Send {
    /// What is being done now, for a line on the screen.
    fn told(&mut self, action: &Action);

    /// The token was pulled out: `true` once a token is in the reader again, `false` to give it up.
    fn puts_token_back(&mut self) -> bool;
}

/// What is done to the token. Blocks.
pub trait Hands: Send {
    /// Carries out an action of the token: [`Action::SetUp`], [`Action::MakePairs`], [`Action::Prove`], [`Action::Write`].
    ///
    /// # Errors
    /// What went wrong; [`Trouble::Removed`] if the token is gone.
    fn carry_out(&mut self, action: &Action) -> Result<Event, Trouble>;

    /// A token is in the reader again: says which ([`Event::Token`]), and takes it up if it is the one begun with.
    ///
    /// # Errors
    /// The token's trouble.
    fn find_again(&mut self) -> Result<Event, Trouble>;
}

/// Makes a key: carries out the whole flow.
///
/// # Errors
/// None of its own: [`Outcome`] says what came of it.
pub async fn make_key(desk: &Desk, bench: &Workbench, order: IssueOrder, person: &mut dyn Person) -> Outcome {
    let mut flow = IssueFlow::new(order);
    let mut hands = TokenHands::new(bench.clone());
    loop {
        let action = flow.action();
        if let Action::Finish(outcome) = action {
            return outcome;
        }
        person.told(&action);
        let event = match &action {
            Action::SetUp | Action::MakePairs { .. } | Action::Prove(_) | Action::Write { .. } => {
                tokio::task::block_in_place(|| hands.carry_out(&action))
            }
            Action::AwaitToken { .. } => tokio::task::block_in_place(|| {
                if person.puts_token_back() { hands.find_again() } else { Ok(Event::GivenUp) }
            }),
            action => ask(desk, action).await,
        };
        // Each action is answered by its own event or a failure.
        if flow.on(event.unwrap_or_else(Event::Failed)).is_err() {
            return Outcome::Nothing(Trouble::Token("the program lost its thread".to_owned()));
        }
    }
}

/// Carries out an action of the server.
///
/// # Errors
/// The refusal, or that the line broke.
pub async fn ask(desk: &Desk, action: &Action) -> Result<Event, Trouble> {
    let failed = |error: DeskError| server(&error);
    match action {
        Action::Challenge(body) => desk.read::<ops::KeyChallenge>(body).await.map(Event::Challenged).map_err(failed),
        Action::Issue(body) => {
            desk.act::<ops::KeyIssue>(body).await.map(|issued| Event::Issued(Box::new(issued))).map_err(failed)
        }
        Action::Bind(body) => {
            desk.act::<ops::KeyBind>(body).await.map(|key| Event::Bound(Box::new(key))).map_err(failed)
        }
        Action::Replace(body) => {
            desk.act::<ops::KeyReplace>(body).await.map(|both| Event::Bound(Box::new(both.new))).map_err(failed)
        }
        Action::Revoke(body) => desk.act::<ops::KeyRevoke>(body).await.map(|_| Event::Revoked).map_err(failed),
        _ => Err(Trouble::Token("nothing of the server's".to_owned())),
    }
}

/// The hands of a PKCS#11 token.
pub struct TokenHands {
    bench: Workbench,
    token: Option<Pkcs11Token>,
    session: Option<ProvisioningSession>,
    pairs: Option<(TokenKey, Option<TokenKey>)>,
}

impl TokenHands {
    /// Hands that have not begun.
    pub const fn new(bench: Workbench) -> Self {
        Self { bench, token: None, session: None, pairs: None }
    }
}

impl Hands for TokenHands {
    fn carry_out(&mut self, action: &Action) -> Result<Event, Trouble> {
        let done = match action {
            Action::SetUp => self.set_up(),
            Action::MakePairs { agreement } => self.make_pairs(*agreement),
            Action::Prove(challenge) => self.prove(&challenge.name, &challenge.challenge.0, &challenge.ephemeral.0),
            Action::Write { chain, agreement } => self.write(chain, agreement.as_deref()),
            _ => Err(Trouble::Token("nothing of the token's".to_owned())),
        };
        if done == Err(Trouble::Removed) {
            self.session = None;
        }
        done
    }

    fn find_again(&mut self) -> Result<Event, Trouble> {
        self.session = None;
        let Some(token) = &self.token else { return Ok(Event::GivenUp) };
        let opened = token.info().and_then(|info| {
            let session = token.provision(&self.bench.user_pin, Caution::Normal)?;
            let keys = session.keys()?;
            Ok((info.serial, keys, session))
        });
        match opened {
            Ok((serial, keys, session)) => {
                self.session = Some(session);
                let signing = keys.iter().filter(|key| key.kind == KeyKind::Ed25519).filter_map(|key| key.public);
                Ok(Event::Token { serial, keys: signing.collect() })
            }
            // Not the one looked for: ask again.
            Err(TokenError::NoToken(_) | TokenError::Removed) => {
                Ok(Event::Token { serial: String::new(), keys: Vec::new() })
            }
            Err(error) => Err(token_trouble(&error)),
        }
    }
}

impl TokenHands {
    fn set_up(&mut self) -> Result<Event, Trouble> {
        let bench = &self.bench;
        let token = bench
            .provider
            .initialise(bench.slot, &bench.label, &bench.so_pin, &bench.user_pin)
            .map_err(|error| set_up_trouble(&error))?;
        let serial = token.info().map_err(|error| token_trouble(&error))?.serial;
        self.session = Some(token.provision(&bench.user_pin, Caution::Normal).map_err(|error| token_trouble(&error))?);
        self.token = Some(token);
        Ok(Event::SetUp { serial })
    }

    fn session(&self) -> Result<&ProvisioningSession, Trouble> {
        self.session.as_ref().ok_or(Trouble::Removed)
    }

    fn make_pairs(&mut self, agreement: bool) -> Result<Event, Trouble> {
        let make = |kind| self.session()?.generate_key(kind, LABEL).map_err(|error| token_trouble(&error));
        let signing = make(KeyKind::Ed25519)?;
        let agreement = if agreement { Some(make(KeyKind::X25519)?) } else { None };
        let event = Event::Pairs { signing: public(&signing)?, agreement: agreement.as_ref().map(public).transpose()? };
        self.pairs = Some((signing, agreement));
        Ok(event)
    }

    fn prove(&self, name: &str, challenge: &[u8; 32], ephemeral: &[u8; 32]) -> Result<Event, Trouble> {
        let (signing, agreement) = self.pairs.as_ref().ok_or(Trouble::Removed)?;
        let session = self.session()?;
        let signing_public = public(signing)?;
        let bad = |error: gridkey_protocol::possession::PossessionError| Trouble::Token(error.to_string());
        let draft = RequestDraft::new(name, &signing_public, challenge).map_err(bad)?;
        let signature =
            session.sign_ed25519(&signing.key_ref(), draft.to_sign()).map_err(|error| token_trouble(&error))?;
        let request = draft.finish(&signature).map_err(bad)?;
        let answer = match agreement {
            Some(key) => {
                let shared = session.agree_x25519(&key.key_ref(), ephemeral).map_err(|error| token_trouble(&error))?;
                Some(*agreement_answer(&shared, challenge, &signing_public, &public(key)?))
            }
            None => None,
        };
        Ok(Event::Proven { request, answer })
    }

    /// Writes and reads back; the marks come last, so that a token without them is seen to be unfinished.
    fn write(&mut self, chain: &[Vec<u8>], agreement: Option<&[u8]>) -> Result<Event, Trouble> {
        let session = self.session()?;
        // The authorities first and the key's own last: what shows a leaf has the rest.
        let own = chain.first().map(Vec::as_slice);
        for der in chain.iter().skip(1).map(Vec::as_slice).chain(agreement).chain(own) {
            session.write_certificate(der, LABEL).map_err(|error| token_trouble(&error))?;
        }
        session.mark_issued_pin().map_err(|error| token_trouble(&error))?;
        Ok(Event::Written)
    }
}

fn public(key: &TokenKey) -> Result<[u8; 32], Trouble> {
    key.public.ok_or_else(|| Trouble::Token("it does not show the public half of its key".to_owned()))
}

/// What a token's failure means for the flow.
fn token_trouble(error: &TokenError) -> Trouble {
    let text = error.to_string();
    match error {
        TokenError::Removed => Trouble::Removed,
        // CKR_DEVICE_MEMORY, by the name that the module's binding gives it.
        _ if text.contains("DeviceMemory") || text.contains("DEVICE_MEMORY") => Trouble::Full,
        _ => Trouble::Token(text),
    }
}

/// What a refusal to initialise a token means: the PIN that is asked for there is the security officer's.
fn set_up_trouble(error: &TokenError) -> Trouble {
    match error {
        TokenError::WrongPin { tries } => Trouble::SoPin { locked: tries.is_locked() },
        TokenError::Locked => Trouble::SoPin { locked: true },
        TokenError::NoToken(_) => Trouble::Removed,
        error => token_trouble(error),
    }
}

fn server(error: &DeskError) -> Trouble {
    match error {
        DeskError::Call(CallError::Refused(refusal)) => refusal.into(),
        DeskError::Key(error) => Trouble::Token(format!("the administrator's: {error}")),
        other => Trouble::Lost(other.to_string()),
    }
}
