//! Keys that the test plugs in and pulls out.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use gridkey_protocol::testpki::TestPki;
use gridkey_token::{
    Caution, KeyKind, KeyMaker, KeyRef, KeySource, KeyWatch, Pin, PinCheck, PinState, PresentKey, ReaderService,
    SourceInfo, SourceKind, Token, TokenCertificate, TokenError, TokenInfo, TokenKey, TokenSession, Tries,
};
use zeroize::Zeroizing;

use super::drawer::{Drawer, Writer};
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
    drawer: Arc<Drawer>,
    name: String,
    fixed: bool,
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
            drawer: Arc::new(Drawer::of(&memory)),
            memory,
            fixed: false,
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

    /// Its keys were made once and for all.
    pub(super) fn fixed(mut self) -> Self {
        self.fixed = true;
        self
    }

    /// What it holds.
    pub(super) fn drawer(&self) -> &Drawer {
        &self.drawer
    }

    /// Somebody changes the PIN behind the program's back.
    pub(super) fn change_pin_elsewhere(&self, text: &str) {
        lock(&self.inside).pin = PinCheck::make(&Pin::new(text).unwrap()).unwrap();
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

    fn log_in(&self, pin: &Pin, caution: Caution, writes: bool) -> Result<Box<dyn TokenSession>, TokenError> {
        if *lock(&self.logins) > 0 {
            return Err(TokenError::AlreadyLoggedIn);
        }
        self.try_pin(pin, caution)?;
        *lock(&self.logins) += 1;
        Ok(Box::new(Login { key: self.clone(), writes }))
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
        Ok(self.drawer.certificates())
    }

    fn login(&self, pin: &Pin, caution: Caution) -> Result<Box<dyn TokenSession>, TokenError> {
        self.log_in(pin, caution, false)
    }

    fn makes_keys(&self) -> bool {
        !self.fixed
    }

    fn login_to_write(&self, pin: &Pin, caution: Caution) -> Result<Box<dyn TokenSession>, TokenError> {
        self.log_in(pin, caution, true)
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

/// A login, perhaps with the right to write.
pub(super) struct Login {
    key: TestKey,
    writes: bool,
}

impl Login {
    pub(super) fn write<T>(&self, work: impl FnOnce(&mut dyn Writer) -> T) -> Result<T, TokenError> {
        self.key.there()?;
        self.key.drawer.write(|| self.key.pulled.store(true, Ordering::SeqCst), work)
    }
}

impl Drop for Login {
    fn drop(&mut self) {
        *lock(&self.key.logins) -= 1;
    }
}

impl TokenSession for Login {
    fn keys(&self) -> Result<Vec<TokenKey>, TokenError> {
        self.key.there()?;
        Ok(self.key.drawer.keys())
    }

    fn sign_ed25519(&self, key: &KeyRef, message: &[u8]) -> Result<[u8; 64], TokenError> {
        self.key.there()?;
        Ok(self.key.drawer.find(KeyKind::Ed25519, key)?.sign(message))
    }

    fn agree_x25519(&self, key: &KeyRef, peer: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, TokenError> {
        self.key.there()?;
        Ok(self.key.drawer.find(KeyKind::X25519, key)?.agree(peer))
    }

    fn maker(&self) -> Option<&dyn KeyMaker> {
        self.writes.then_some(self as &dyn KeyMaker)
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
