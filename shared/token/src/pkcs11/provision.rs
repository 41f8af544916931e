//! Setting a token up: PINs, keys, certificates. Used by the issuer, not in daily life.
//!
//! OpenPGP cards cannot be set up this way: OpenSC neither makes their keys nor writes their certificates as the
//! ordinary user, and its 0.23 erases the wrong certificate when told to delete one.

use cryptoki::error::Error;
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, CertificateType, KeyType, ObjectClass};
use cryptoki::session::UserType;
use cryptoki::slot::Slot;
use der::{Decode, Encode};
use x509_cert::Certificate;
use zeroize::Zeroizing;

use super::codes::{self, Place};
use super::objects::{self, PARAMS_ED25519, PARAMS_X25519};
use super::session::Pkcs11Session;
use super::{Access, Pkcs11Provider, Pkcs11Token, open_session, slots};
use crate::certificate::TokenCertificate;
use crate::error::TokenError;
use crate::key::{KeyId, KeyKind, KeyRef, PublicKey, TokenKey};
use crate::pin::Pin;
use crate::token::{Caution, KeyMaker, TokenSession};

/// Which slot to initialise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotChoice {
    /// The first blank one.
    FirstBlank,
    /// This one, which must be blank.
    Blank(u64),
    /// This one, destroying whatever it holds. Needs its security officer's PIN.
    Erase(u64),
}

/// The keys made for a customer or administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// Signs and authenticates.
    pub ed25519: TokenKey,
    /// Opens the offline store.
    pub x25519: TokenKey,
}

impl Pkcs11Provider {
    /// Initialises a token: label (at most 32 bytes), security officer's PIN, user PIN. Returns it, named by its URI.
    ///
    /// # Errors
    /// [`TokenError::NoToken`] when no slot is blank, [`TokenError::Argument`] for a label too long or a slot not
    /// blank, [`TokenError::WrongPin`] for a wrong security officer's PIN of a token to erase, [`TokenError::PinLength`],
    /// [`TokenError::Device`].
    pub fn initialise(
        &self,
        choice: SlotChoice,
        label: &str,
        so_pin: &Pin,
        user_pin: &Pin,
    ) -> Result<Pkcs11Token, TokenError> {
        if label.is_empty() || label.len() > 32 {
            return Err(TokenError::Argument("a token's label takes 1 to 32 bytes".to_owned()));
        }
        // All of it is one use: the slot's number means this token only as long as the module is not initialised anew.
        let _entered = self.module().enter();
        let slot = self.choose(choice, user_pin)?;
        let failed = |step: &'static str| move |error: Error| codes::read(&error, step, Place::Public);
        let context = self.module().context();
        context.init_token(slot, so_pin.as_secret(), label).map_err(failed("initialising the token"))?;
        let session = open_session(self.module(), slot, Access::ReadWrite)?;
        session.login(UserType::So, Some(so_pin.as_secret())).map_err(failed("login of the security officer"))?;
        let set = session.init_pin(user_pin.as_secret()).map_err(failed("setting the user PIN"));
        let out = session.logout().map_err(failed("logout of the security officer"));
        set.and(out)?;
        // Listed anew: the slot's number may differ from now on.
        let tokens = self.tokens()?;
        let made = tokens.iter().find(|token| token.slot_id == slot.id() && token.info.label == label);
        let made = made.or_else(|| tokens.iter().find(|token| token.initialised && token.info.label == label));
        let made = made.ok_or_else(|| TokenError::NoToken(label.to_owned()))?;
        Ok(self.token(&made.uri()))
    }

    fn choose(&self, choice: SlotChoice, user_pin: &Pin) -> Result<Slot, TokenError> {
        let tokens = slots::list(self.module())?;
        let found = match choice {
            SlotChoice::FirstBlank => tokens.iter().find(|token| !token.initialised),
            SlotChoice::Blank(id) | SlotChoice::Erase(id) => tokens.iter().find(|token| token.slot_id == id),
        };
        let found = found.ok_or_else(|| TokenError::NoToken("an uninitialised token".to_owned()))?;
        if found.initialised && !matches!(choice, SlotChoice::Erase(_)) {
            return Err(TokenError::Argument(format!("the token in slot {} is initialised already", found.slot_id)));
        }
        codes::check_length(found.info.pin_length, user_pin.byte_len())?;
        Slot::try_from(found.slot_id).map_err(|error| codes::read(&error, "choosing the slot", Place::Public))
    }
}

impl Pkcs11Token {
    /// Sets a forgotten or locked user PIN anew, with the security officer's. The new one is an issued PIN: its holder must change
    /// it. No program may have the token open meanwhile.
    ///
    /// # Errors
    /// [`TokenError::WrongPin`] or [`TokenError::Locked`] for the security officer's PIN, [`TokenError::PinLength`],
    /// [`TokenError::Busy`], and those of [`crate::Token::login`].
    pub fn unblock(&self, so_pin: &Pin, new: &Pin) -> Result<(), TokenError> {
        let slot = slots::find(self.module, &self.uri)?;
        codes::check_length(slots::read_info(self.module, slot)?.pin_length, new.byte_len())?;
        let failed = |step: &'static str| move |error: Error| codes::read(&error, step, Place::Public);
        let session = open_session(self.module, slot, Access::ReadWrite)?;
        session.login(UserType::So, Some(so_pin.as_secret())).map_err(failed("login of the security officer"))?;
        let set = session.init_pin(new.as_secret()).map_err(failed("setting the user PIN"));
        let out = session.logout().map_err(failed("logout of the security officer"));
        set.and(out)?;
        drop(session);
        self.provision(new, Caution::Normal)?.mark_issued_pin()
    }
}

/// A login that may write objects. Signs and agrees too, as any [`TokenSession`].
#[derive(Debug)]
pub struct ProvisioningSession {
    session: Pkcs11Session,
}

impl ProvisioningSession {
    pub(super) fn new(session: Pkcs11Session) -> Self {
        Self { session }
    }

    /// Makes an Ed25519 and an X25519 pair that never leave the token.
    ///
    /// # Errors
    /// [`TokenError::UnsupportedMechanism`], [`TokenError::Device`].
    pub fn generate(&self, label: &str) -> Result<Generated, TokenError> {
        let ed25519 = self.generate_key(KeyKind::Ed25519, label)?;
        let x25519 = self.generate_key(KeyKind::X25519, label)?;
        Ok(Generated { ed25519, x25519 })
    }

    /// Makes one pair, with a random identifier.
    ///
    /// # Errors
    /// As [`ProvisioningSession::generate`].
    pub fn generate_key(&self, kind: KeyKind, label: &str) -> Result<TokenKey, TokenError> {
        let mut id = vec![0; 16];
        getrandom::fill(&mut id).map_err(|_| TokenError::Randomness)?;
        let (mechanism, key_type) = self.generation(kind)?;
        let params = match kind {
            KeyKind::Ed25519 => PARAMS_ED25519,
            KeyKind::X25519 => PARAMS_X25519,
        };
        let signs = kind == KeyKind::Ed25519;
        let mut public = vec![
            Attribute::Token(true),
            Attribute::Private(false),
            Attribute::KeyType(key_type),
            Attribute::EcParams(params.to_vec()),
            Attribute::Id(id.clone()),
            Attribute::Label(label.as_bytes().to_vec()),
        ];
        let mut private = vec![
            Attribute::Token(true),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::KeyType(key_type),
            Attribute::Id(id.clone()),
            Attribute::Label(label.as_bytes().to_vec()),
        ];
        if signs {
            public.push(Attribute::Verify(true));
            private.push(Attribute::Sign(true));
        } else {
            private.push(Attribute::Derive(true));
        }
        self.session.run("making a key", |session| session.generate_key_pair(&mechanism, &public, &private))?;
        let wanted = KeyRef::by_id(KeyId::new(id));
        self.session.read_keys()?;
        let (_, key) = self.session.find(kind, &wanted)?;
        if key.public.is_none() {
            return Err(TokenError::Device {
                function: "making a key".to_owned(),
                code: "the token does not show its public half".to_owned(),
            });
        }
        Ok(key)
    }

    /// How this token makes such a pair: Montgomery keys where the module knows them, else as SoftHSM does it.
    fn generation(&self, kind: KeyKind) -> Result<(Mechanism<'static>, KeyType), TokenError> {
        let known = self
            .session
            .module()
            .context()
            .get_mechanism_list(self.session.slot())
            .map_err(|error| codes::read(&error, "listing mechanisms", Place::Session))?;
        if kind == KeyKind::X25519 && known.contains(&MechanismType::ECC_MONTGOMERY_KEY_PAIR_GEN) {
            Ok((Mechanism::EccMontgomeryKeyPairGen, KeyType::EC_MONTGOMERY))
        } else if known.contains(&MechanismType::ECC_EDWARDS_KEY_PAIR_GEN) {
            Ok((Mechanism::EccEdwardsKeyPairGen, KeyType::EC_EDWARDS))
        } else {
            Err(TokenError::UnsupportedMechanism("making keys on Curve25519"))
        }
    }

    /// Stores a certificate beside its key, in place of an older one, and reads it back. An authority's certificate
    /// (for the chain) needs no key and gets an identifier of its own.
    ///
    /// # Errors
    /// [`TokenError::KeyMissing`] when the token does not hold the certified key, [`TokenError::BadCertificate`],
    /// [`TokenError::Device`].
    pub fn write_certificate(&self, der: &[u8], label: &str) -> Result<KeyId, TokenError> {
        let bad = |error: der::Error| TokenError::BadCertificate(error.to_string());
        let parsed = Certificate::from_der(der).map_err(bad)?;
        let new = TokenCertificate::new(der.to_vec(), KeyId::default(), label.to_owned());
        let public = new.public.ok_or_else(|| TokenError::BadCertificate("its key is of another kind".to_owned()))?;
        let id = if new.authority { KeyId::derive_from(&public) } else { self.holder_of(public)?.id };
        let tbs = parsed.tbs_certificate();
        let template = [
            Attribute::Class(ObjectClass::CERTIFICATE),
            Attribute::CertificateType(CertificateType::X_509),
            Attribute::Token(true),
            Attribute::Private(false),
            Attribute::Subject(tbs.subject().to_der().map_err(bad)?),
            Attribute::Issuer(tbs.issuer().to_der().map_err(bad)?),
            Attribute::SerialNumber(tbs.serial_number().to_der().map_err(bad)?),
            Attribute::Id(id.as_bytes().to_vec()),
            Attribute::Label(label.as_bytes().to_vec()),
            Attribute::Value(der.to_vec()),
        ];
        self.session.run("writing a certificate", |session| {
            let older = objects::certificate_objects(session)?;
            session.create_object(&template)?;
            // The new one is there before the old one goes, so that a crash leaves two rather than none.
            for (object, _) in older.into_iter().filter(|(_, certificate)| certificate.id == id) {
                session.destroy_object(object)?;
            }
            Ok(())
        })?;
        let stored = self.session.run("reading a certificate back", objects::certificates)?;
        if stored.iter().any(|certificate| certificate.id == id && certificate.der == der) {
            Ok(id)
        } else {
            Err(TokenError::Device {
                function: "writing a certificate".to_owned(),
                code: "read back differs".to_owned(),
            })
        }
    }

    /// Says on the token that its PIN is still the issued one, so that [`crate::PinState::MustChange`] is told until
    /// [`crate::Token::change_pin`]. For tokens that do not say so themselves (`CKF_USER_PIN_TO_BE_CHANGED`).
    ///
    /// # Errors
    /// [`TokenError::Device`].
    pub fn mark_issued_pin(&self) -> Result<(), TokenError> {
        self.session.run("marking the PIN as issued", objects::mark_issued_pin)
    }

    /// Deletes the certificates under an identifier; tells how many there were.
    ///
    /// # Errors
    /// [`TokenError::Device`].
    pub fn delete_certificates(&self, id: &KeyId) -> Result<usize, TokenError> {
        self.session.run("deleting certificates", |session| {
            let found = objects::certificate_objects(session)?;
            let doomed: Vec<_> = found.into_iter().filter(|(_, certificate)| certificate.id == *id).collect();
            for (object, _) in &doomed {
                session.destroy_object(*object)?;
            }
            Ok(doomed.len())
        })
    }

    /// Deletes a key pair for good. What was sealed to it can never be opened again.
    ///
    /// # Errors
    /// [`TokenError::KeyMissing`], [`TokenError::Device`].
    pub fn delete_key(&self, kind: KeyKind, key: &KeyRef) -> Result<(), TokenError> {
        let (private, found) = self.session.find(kind, key)?;
        self.session.run("deleting a key", |session| {
            for public in objects::public_halves(session, &found.id, kind)? {
                session.destroy_object(public)?;
            }
            session.destroy_object(private)
        })?;
        self.session.read_keys().map(|_| ())
    }

    fn holder_of(&self, public: PublicKey) -> Result<TokenKey, TokenError> {
        let wanted = KeyRef { id: KeyId::default(), public: Some(public) };
        self.session.read_keys()?;
        self.session.find(public.kind, &wanted).map(|(_, key)| key)
    }
}

impl TokenSession for ProvisioningSession {
    fn keys(&self) -> Result<Vec<TokenKey>, TokenError> {
        self.session.keys()
    }

    fn sign_ed25519(&self, key: &KeyRef, message: &[u8]) -> Result<[u8; 64], TokenError> {
        self.session.sign_ed25519(key, message)
    }

    fn agree_x25519(&self, key: &KeyRef, peer: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, TokenError> {
        self.session.agree_x25519(key, peer)
    }

    fn maker(&self) -> Option<&dyn KeyMaker> {
        Some(self)
    }

    fn logout(self: Box<Self>) -> Result<(), TokenError> {
        Box::new(self.session).logout()
    }
}

impl KeyMaker for ProvisioningSession {
    fn make_key(&self, kind: KeyKind, label: &str) -> Result<TokenKey, TokenError> {
        self.generate_key(kind, label)
    }

    fn store_certificate(&self, der: &[u8], label: &str) -> Result<KeyId, TokenError> {
        self.write_certificate(der, label)
    }

    fn remove_key(&self, kind: KeyKind, key: &KeyRef) -> Result<(), TokenError> {
        let found = self.session.find(kind, key).map(|(_, found)| found.id)?;
        if !found.is_empty() {
            self.delete_certificates(&found)?;
        }
        self.delete_key(kind, key)
    }
}
