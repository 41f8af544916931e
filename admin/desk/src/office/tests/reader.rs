//! A reader with tokens that the test lays in and takes out.

use std::sync::{Arc, Mutex};

use gridkey_domain::Timestamp;
use gridkey_protocol::{
    certificate::Purpose,
    testpki::{Leaf, TestPki},
};
use gridkey_token::{Pin, TokenError};

use super::{Bench, BenchWork, Problem, ReaderToken, TokenId, keys::lock};
use crate::{
    issue::{Action, Event, Trouble},
    maker::Hands,
};

/// What becomes of a token while it is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Well,
    /// It is pulled out when its certificates are to be written.
    PulledAtWrite,
    /// It has no room for certificates.
    Full,
    /// Its security officer has another PIN.
    OtherSoPin,
}

#[derive(Clone)]
struct Laid {
    serial: String,
    blank: bool,
    label: String,
    fate: Fate,
    in_reader: bool,
    written: bool,
}

/// The reader.
#[derive(Default)]
pub(super) struct TestBench {
    tokens: Arc<Mutex<Vec<Laid>>>,
    /// The PINs that were set.
    pins: Arc<Mutex<Vec<Pin>>>,
}

impl TestBench {
    /// Lays a blank token in.
    pub(super) fn lay(&self, serial: &str, fate: Fate) {
        let (serial, label) = (serial.to_owned(), String::new());
        lock(&self.tokens).push(Laid { serial, blank: true, label, fate, in_reader: true, written: false });
    }

    pub(super) fn take_out(&self, serial: &str) {
        self.set(serial, |token| token.in_reader = false);
    }

    pub(super) fn put_back(&self, serial: &str) {
        self.set(serial, |token| (token.in_reader, token.fate) = (true, Fate::Well));
    }

    /// Whether certificates are on it.
    pub(super) fn is_written(&self, serial: &str) -> bool {
        lock(&self.tokens).iter().any(|token| token.serial == serial && token.written)
    }

    pub(super) fn pins(&self) -> usize {
        lock(&self.pins).len()
    }

    fn set(&self, serial: &str, change: impl FnOnce(&mut Laid)) {
        if let Some(token) = lock(&self.tokens).iter_mut().find(|token| token.serial == serial) {
            change(token);
        }
    }
}

fn id(token: &Laid) -> TokenId {
    TokenId(format!("{}:{}", if token.blank { "blank" } else { "made" }, token.serial))
}

pub(super) fn blank(serial: &str) -> TokenId {
    TokenId(format!("blank:{serial}"))
}

impl Bench for TestBench {
    fn tokens(&self, _: Timestamp, _: bool) -> Result<Vec<ReaderToken>, TokenError> {
        let tokens = lock(&self.tokens);
        Ok(tokens
            .iter()
            .filter(|token| token.in_reader)
            .map(|token| ReaderToken {
                id: id(token),
                reader: "reader".into(),
                blank: token.blank,
                label: token.label.clone(),
                serial: token.serial.clone(),
                model: String::new(),
                pin_length: (4, 16),
                locked: false,
                holder: None,
            })
            .collect())
    }

    fn hands(&self, work: BenchWork) -> Result<Box<dyn Hands>, Problem> {
        let tokens = lock(&self.tokens);
        let found = tokens.iter().position(|token| token.in_reader && id(token) == work.token.token);
        let at = found.ok_or(Problem::TokenGone)?;
        if !tokens[at].blank && !work.token.erase {
            return Err(Problem::TokenNotBlank);
        }
        lock(&self.pins).push(work.user_pin);
        Ok(Box::new(TestHands { tokens: Arc::clone(&self.tokens), at, label: work.label }))
    }

    fn unblock(&self, token: &TokenId, _: &Pin, new: &Pin) -> Result<(), Problem> {
        let tokens = lock(&self.tokens);
        let found = tokens.iter().find(|known| known.in_reader && id(known) == *token).ok_or(Problem::TokenGone)?;
        if found.fate == Fate::OtherSoPin {
            return Err(Problem::WrongSoPin);
        }
        lock(&self.pins).push(new.clone());
        Ok(())
    }
}

struct TestHands {
    tokens: Arc<Mutex<Vec<Laid>>>,
    at: usize,
    label: String,
}

impl TestHands {
    fn pair(&self, purpose: Purpose) -> Leaf {
        let pki = TestPki::new();
        let mut spec = pki.spec(purpose);
        spec.seed = [100 + u8::try_from(self.at).unwrap(); 32];
        pki.issue(&spec)
    }
}

impl Hands for TestHands {
    fn carry_out(&mut self, action: &Action) -> Result<Event, Trouble> {
        let mut tokens = lock(&self.tokens);
        let token = &mut tokens[self.at];
        if !token.in_reader {
            return Err(Trouble::Removed);
        }
        match action {
            Action::SetUp if token.fate == Fate::OtherSoPin => Err(Trouble::SoPin { locked: false }),
            Action::SetUp => {
                (token.blank, token.label) = (false, self.label.clone());
                Ok(Event::SetUp { serial: token.serial.clone() })
            }
            Action::MakePairs { agreement } => Ok(Event::Pairs {
                signing: self.pair(Purpose::UsbKey).public(),
                agreement: agreement.then(|| self.pair(Purpose::Agreement).public()),
            }),
            // The played server takes the public key for a request.
            Action::Prove(_) => {
                Ok(Event::Proven { request: self.pair(Purpose::UsbKey).public().to_vec(), answer: Some([1; 32]) })
            }
            Action::Write { .. } => match token.fate {
                Fate::PulledAtWrite => {
                    token.in_reader = false;
                    Err(Trouble::Removed)
                }
                Fate::Full => Err(Trouble::Full),
                Fate::Well | Fate::OtherSoPin => {
                    token.written = true;
                    Ok(Event::Written)
                }
            },
            other => panic!("{other:?} is not the token's"),
        }
    }

    fn find_again(&mut self) -> Result<Event, Trouble> {
        let tokens = lock(&self.tokens);
        let token = &tokens[self.at];
        let keys = if token.in_reader { vec![self.pair(Purpose::UsbKey).public()] } else { Vec::new() };
        Ok(Event::Token { serial: token.serial.clone(), keys })
    }
}
