//! Keys that the test plugs in and pulls out.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use gridkey_protocol::testpki::TestPki;
use gridkey_token::{
    Caution, KeyRef, KeySource, KeyWatch, Pin, PinCheck, PinState, PresentKey, ReaderService, SourceInfo, SourceKind,
    Token, TokenCertificate, TokenError, TokenInfo, TokenKey, TokenSession, Tries,
};
use zeroize::Zeroizing;

use crate::testing::MemoryToken;

/// What opens every key made here, until it is changed.
pub(super) const PIN: &str = "246810";

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
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
    memory: MemoryToken,
    name: String,
    inside: Arc<Mutex<Inside>>,
    pulled: Arc<AtomicBool>,
    logins: Arc<Mutex<u32>>,
}

impl TestKey {
    pub(super) fn new(name: &str) -> Self {
        Self::of(name, MemoryToken::new(&TestPki::new()))
    }

    pub(super) fn of(name: &str, memory: MemoryToken) -> Self {
        let pin = PinCheck::make(&Pin::new(PIN).unwrap()).unwrap();
        Self {
            memory,
            name: name.into(),
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

    pub(super) fn with_tries(self, tries: u32) -> Self {
        lock(&self.inside).tries = tries;
        self
    }

    pub(super) fn tries(&self) -> u32 {
        lock(&self.inside).tries
    }

    /// How many sessions are logged in to it now.
    pub(super) fn logged_in(&self) -> u32 {
        *lock(&self.logins)
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
        let tries = Tries::Exact(inside.tries);
        Ok(TokenInfo {
            label: self.name.clone(),
            serial: self.name.clone(),
            tries,
            pin: inside.state,
            ..self.memory.info()?
        })
    }

    fn certificates(&self) -> Result<Vec<TokenCertificate>, TokenError> {
        self.there()?;
        self.memory.certificates()
    }

    fn login(&self, pin: &Pin, caution: Caution) -> Result<Box<dyn TokenSession>, TokenError> {
        if *lock(&self.logins) > 0 {
            return Err(TokenError::AlreadyLoggedIn);
        }
        self.try_pin(pin, caution)?;
        *lock(&self.logins) += 1;
        Ok(Box::new(Login(self.clone())))
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

struct Login(TestKey);

impl Drop for Login {
    fn drop(&mut self) {
        *lock(&self.0.logins) -= 1;
    }
}

impl TokenSession for Login {
    fn keys(&self) -> Result<Vec<TokenKey>, TokenError> {
        self.0.there()?;
        self.0.memory.keys()
    }

    fn sign_ed25519(&self, key: &KeyRef, message: &[u8]) -> Result<[u8; 64], TokenError> {
        self.0.there()?;
        self.0.memory.sign_ed25519(key, message)
    }

    fn agree_x25519(&self, key: &KeyRef, peer: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, TokenError> {
        self.0.there()?;
        self.0.memory.agree_x25519(key, peer)
    }

    fn logout(self: Box<Self>) -> Result<(), TokenError> {
        self.0.there()
    }
}

type Listener = Box<dyn FnMut() + Send>;

/// The keys of the machine.
#[derive(Default)]
pub(super) struct TestKeys {
    plugged: Mutex<Vec<TestKey>>,
    listeners: Mutex<Vec<Listener>>,
    broken: AtomicBool,
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

    /// The driver cannot be loaded, or can again.
    pub(super) fn break_driver(&self, broken: bool) {
        self.broken.store(broken, Ordering::SeqCst);
        self.changed();
    }

    fn changed(&self) {
        lock(&self.listeners).iter_mut().for_each(|tell| tell());
    }
}

impl KeySource for TestKeys {
    fn present(&self) -> Result<Vec<PresentKey>, TokenError> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(TokenError::ModuleNotLoadable { path: "module.so".into(), reason: "no such file".into() });
        }
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
        SourceInfo {
            kind: SourceKind::Pkcs11,
            path: "module.so".into(),
            readers: ReaderService::Missing("none".into()),
        }
    }
}
