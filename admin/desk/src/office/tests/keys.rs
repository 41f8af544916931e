//! Keys that the test plugs in and pulls out.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use gridkey_domain::Timestamp;
use gridkey_protocol::{
    certificate::Purpose,
    testpki::{Leaf, TestPki},
};
use gridkey_token::{
    Caution, KeyId, KeyKind, KeyRef, KeySource, KeyWatch, Pin, PinCheck, PinState, PresentKey, ReaderService,
    SourceInfo, SourceKind, Token, TokenCertificate, TokenError, TokenInfo, TokenKey, TokenSession, Tries,
};
use zeroize::Zeroizing;

/// What opens every key made here, until it is changed.
pub(super) const PIN: &str = "246810";

pub(super) fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Inside {
    pin: PinCheck,
    tries: u32,
    state: PinState,
}

/// A key with a PIN, that can be pulled out.
#[derive(Clone)]
pub(super) struct TestKey {
    name: String,
    leaf: Option<Leaf>,
    inside: Arc<Mutex<Inside>>,
    pulled: Arc<AtomicBool>,
    logins: Arc<AtomicU32>,
}

impl TestKey {
    /// An administrator's.
    pub(super) fn admin() -> Self {
        Self::of("admin", Some(TestPki::new().leaf(Purpose::Administrator)))
    }

    /// A customer's.
    pub(super) fn customer() -> Self {
        Self::of("customer", Some(TestPki::new().usbkey("1100000001", 1)))
    }

    /// An administrator's, good from and until.
    pub(super) fn valid(from: Timestamp, to: Timestamp) -> Self {
        let pki = TestPki::new();
        let mut spec = pki.spec(Purpose::Administrator);
        (spec.not_before, spec.not_after) = (from, to);
        Self::of("old", Some(pki.issue(&spec)))
    }

    pub(super) fn of(name: &str, leaf: Option<Leaf>) -> Self {
        let pin = PinCheck::make(&Pin::new(PIN).unwrap()).unwrap();
        Self {
            name: name.into(),
            leaf,
            inside: Arc::new(Mutex::new(Inside { pin, tries: 3, state: PinState::Usable })),
            pulled: Arc::default(),
            logins: Arc::default(),
        }
    }

    /// Its PIN is the issued one.
    pub(super) fn issued(self) -> Self {
        lock(&self.inside).state = PinState::MustChange;
        self
    }

    pub(super) fn tries(&self) -> u32 {
        lock(&self.inside).tries
    }

    /// How many sessions are logged in to it now.
    pub(super) fn logged_in(&self) -> u32 {
        self.logins.load(Ordering::SeqCst)
    }

    fn there(&self) -> Result<(), TokenError> {
        if self.pulled.load(Ordering::SeqCst) { Err(TokenError::Removed) } else { Ok(()) }
    }

    fn try_pin(&self, pin: &Pin, caution: Caution) -> Result<(), TokenError> {
        self.there()?;
        let mut inside = lock(&self.inside);
        match inside.tries {
            0 => return Err(TokenError::Locked),
            1 if caution == Caution::Normal => return Err(TokenError::LastTry),
            _ => {}
        }
        if inside.pin.recognises(pin)? {
            inside.tries = 3;
            Ok(())
        } else {
            inside.tries -= 1;
            Err(TokenError::WrongPin { tries: Tries::Exact(inside.tries) })
        }
    }
}

impl Token for TestKey {
    fn info(&self) -> Result<TokenInfo, TokenError> {
        let inside = lock(&self.inside);
        Ok(TokenInfo {
            label: self.name.clone(),
            serial: self.name.clone(),
            manufacturer: String::new(),
            model: String::new(),
            tries: Tries::Exact(inside.tries),
            pin: inside.state,
            pin_length: (4, 12),
        })
    }

    fn certificates(&self) -> Result<Vec<TokenCertificate>, TokenError> {
        self.there()?;
        let chain = self.leaf.iter().flat_map(|leaf| leaf.chain.iter().rev());
        Ok(chain.map(|der| TokenCertificate::new(der.clone(), KeyId::new(vec![1]), String::new())).collect())
    }

    fn login(&self, pin: &Pin, caution: Caution) -> Result<Box<dyn TokenSession>, TokenError> {
        if self.logged_in() > 0 {
            return Err(TokenError::AlreadyLoggedIn);
        }
        self.try_pin(pin, caution)?;
        self.logins.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(Login { key: self.clone() }))
    }

    fn change_pin(&self, old: &Pin, new: &Pin, caution: Caution) -> Result<(), TokenError> {
        self.try_pin(old, caution)?;
        if new.byte_len() < 4 {
            return Err(TokenError::PinLength { min: 4, max: 12 });
        }
        let mut inside = lock(&self.inside);
        inside.pin = PinCheck::make(new)?;
        inside.state = PinState::Usable;
        Ok(())
    }
}

struct Login {
    key: TestKey,
}

impl Drop for Login {
    fn drop(&mut self) {
        self.key.logins.fetch_sub(1, Ordering::SeqCst);
    }
}

impl TokenSession for Login {
    fn keys(&self) -> Result<Vec<TokenKey>, TokenError> {
        self.key.there()?;
        let key = |leaf: &Leaf| {
            let public = Some(leaf.public());
            TokenKey { id: KeyId::new(vec![1]), label: String::new(), kind: KeyKind::Ed25519, public }
        };
        Ok(self.key.leaf.iter().map(key).collect())
    }

    fn sign_ed25519(&self, _: &KeyRef, message: &[u8]) -> Result<[u8; 64], TokenError> {
        self.key.there()?;
        Ok(self.key.leaf.as_ref().unwrap().sign(message))
    }

    fn agree_x25519(&self, _: &KeyRef, _: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, TokenError> {
        Err(TokenError::UnsupportedMechanism("X25519"))
    }

    fn logout(self: Box<Self>) -> Result<(), TokenError> {
        self.key.there()
    }
}

type Listener = Box<dyn FnMut() + Send>;

/// The keys of the machine.
#[derive(Default)]
pub(super) struct TestKeys {
    plugged: Mutex<Vec<TestKey>>,
    listeners: Mutex<Vec<Listener>>,
}

impl TestKeys {
    pub(super) fn plug_in(&self, key: &TestKey) {
        key.pulled.store(false, Ordering::SeqCst);
        lock(&self.plugged).push(key.clone());
        self.changed();
    }

    pub(super) fn pull(&self, key: &TestKey) {
        key.pulled.store(true, Ordering::SeqCst);
        lock(&self.plugged).retain(|known| known.name != key.name);
        self.changed();
    }

    fn changed(&self) {
        lock(&self.listeners).iter_mut().for_each(|tell| tell());
    }
}

impl KeySource for TestKeys {
    fn present(&self) -> Result<Vec<PresentKey>, TokenError> {
        let present = |key: &TestKey| Ok(PresentKey { id: key.name.clone(), info: key.info()?, reader: "slot".into() });
        lock(&self.plugged).iter().map(present).collect()
    }

    fn open(&self, id: &str) -> Result<Box<dyn Token>, TokenError> {
        let found = lock(&self.plugged).iter().find(|key| key.name == id).cloned();
        found.map_or_else(|| Err(TokenError::NoToken(id.into())), |key| Ok(Box::new(key) as Box<dyn Token>))
    }

    fn watch(&self, on_change: Listener) -> Option<KeyWatch> {
        lock(&self.listeners).push(on_change);
        self.changed();
        // There is no thread to hold on to.
        None
    }

    fn describe(&self) -> SourceInfo {
        SourceInfo { kind: SourceKind::Software, path: "keys".into(), readers: ReaderService::NotUsed }
    }
}
