//! One logged-in session on the server's token, and what is done with it. Owned by one thread.

use std::collections::HashMap;

use cryptoki::error::{Error, RvError};
use cryptoki::{
    mechanism::{
        Mechanism,
        aead::GcmParams,
        eddsa::{EddsaParams, EddsaSignatureScheme},
        elliptic_curve::{EcKdf, Ecdh1DeriveParams},
    },
    object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle},
    session::{Session, UserType},
    slot::Slot,
    types::{AuthPin, Ulong},
};
use zeroize::Zeroizing;

use super::{
    EnvelopeKey, HsmKey,
    keys::{self, X25519Kind},
    module::{Failure, Lease, Module},
    uri::Pkcs11Uri,
};

/// What a wrapped data key is bound to.
const DATA_KEY_AAD: &[u8] = b"gridkey.v1/data-key";
/// The form of a wrapped data key: this byte, the IV, ciphertext and tag.
const WRAPPED_V1: u8 = 1;
const IV_BYTES: usize = 12;
const TAG_BITS: u64 = 128;

/// How the configuration names the token and its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyNames {
    /// The token.
    pub token: Pkcs11Uri,
    /// The issuing key.
    pub issuing: Pkcs11Uri,
    /// The receipt key.
    pub receipt: Pkcs11Uri,
    /// The AES-256 key that wraps data keys.
    pub kek: Pkcs11Uri,
    /// The label that every envelope key carries; each has its own CKA_ID.
    pub envelope: Pkcs11Uri,
}

impl KeyNames {
    fn of(&self, key: HsmKey) -> &Pkcs11Uri {
        match key {
            HsmKey::Issuing => &self.issuing,
            HsmKey::Receipt => &self.receipt,
        }
    }
}

/// A logged-in session and the handles of its keys. Fields are dropped in order: the session before the lease.
pub struct TokenSession {
    session: Session,
    slot: Slot,
    names: KeyNames,
    issuing: ObjectHandle,
    receipt: ObjectHandle,
    kek: ObjectHandle,
    envelopes: HashMap<Vec<u8>, ObjectHandle>,
    lease: Lease,
}

impl TokenSession {
    /// Opens a session on the configured token, logs in and finds the keys.
    pub fn open(module: &std::sync::Arc<Module>, names: &KeyNames, pin: &AuthPin) -> Result<Self, Failure> {
        let lease = module.lease()?;
        let (slot, session) = log_in(&lease, &names.token, pin, false)?;
        let issuing = keys::find_one(&session, ObjectClass::PRIVATE_KEY, &names.issuing)?;
        let receipt = keys::find_one(&session, ObjectClass::PRIVATE_KEY, &names.receipt)?;
        let kek = keys::find_one(&session, ObjectClass::SECRET_KEY, &names.kek)?;
        Ok(Self { session, slot, names: names.clone(), issuing, receipt, kek, envelopes: HashMap::new(), lease })
    }

    /// Ed25519 over `message`.
    pub fn sign(&mut self, key: HsmKey, message: &[u8]) -> Result<[u8; 64], Failure> {
        let handle = match key {
            HsmKey::Issuing => self.issuing,
            HsmKey::Receipt => self.receipt,
        };
        let mechanism = Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Pure));
        let signature = self.session.sign(&mechanism, handle, message)?;
        signature.try_into().map_err(|_| Failure::Refused("the token's signature is not 64 bytes long".to_owned()))
    }

    /// X25519 with the envelope key `key_id`.
    pub fn agree(&mut self, key_id: &[u8], peer: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, Failure> {
        let handle = match self.envelopes.get(key_id) {
            Some(handle) => *handle,
            None => self.find_envelope(key_id)?,
        };
        let derived = match self.derive(handle, peer) {
            // Another thread may have destroyed the key; then it is gone, not the token.
            Err(Error::Pkcs11(RvError::KeyHandleInvalid | RvError::ObjectHandleInvalid, _)) => {
                self.envelopes.remove(key_id);
                let handle = self.find_envelope(key_id)?;
                self.derive(handle, peer)?
            }
            // Some tokens refuse such a peer with an error that elsewhere means their loss; nobody outside may bring that about.
            Err(_) if is_of_small_order(peer) => return Ok(Zeroizing::new([0; 32])),
            derived => derived?,
        };
        let secret = self.session.get_attributes(derived, &[AttributeType::Value]);
        let destroyed = self.session.destroy_object(derived);
        let secret = secret?.into_iter().find_map(|attribute| match attribute {
            Attribute::Value(secret) => Some(Zeroizing::new(secret)),
            _ => None,
        });
        destroyed?;
        let mut shared = Zeroizing::new([0; 32]);
        match secret {
            Some(secret) if secret.len() == shared.len() => shared.copy_from_slice(&secret),
            _ => return Err(Failure::Refused("the token's X25519 secret is not 32 bytes long".to_owned())),
        }
        Ok(shared)
    }

    fn derive(&self, key: ObjectHandle, peer: &[u8; 32]) -> Result<ObjectHandle, Error> {
        let template = [
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::GENERIC_SECRET),
            Attribute::Token(false),
            Attribute::Sensitive(false),
            Attribute::Extractable(true),
            Attribute::ValueLen(Ulong::new(32)),
        ];
        let mechanism = Mechanism::Ecdh1Derive(Ecdh1DeriveParams::new(EcKdf::null(), peer));
        self.session.derive_key(&mechanism, key, &template)
    }

    fn find_envelope(&mut self, key_id: &[u8]) -> Result<ObjectHandle, Failure> {
        let uri = Pkcs11Uri { id: Some(key_id.to_vec()), ..self.names.envelope.clone() };
        match keys::find_one(&self.session, ObjectClass::PRIVATE_KEY, &uri) {
            Ok(handle) => {
                self.envelopes.insert(key_id.to_vec(), handle);
                Ok(handle)
            }
            // A token that went away shows no objects at all.
            Err(Failure::NoSuchKey(what)) => Err(self.check().err().unwrap_or(Failure::NoSuchKey(what))),
            Err(failure) => Err(failure),
        }
    }

    /// Encrypts `data_key` under the kek (AES-256-GCM).
    pub fn wrap(&mut self, data_key: &[u8; 32]) -> Result<Vec<u8>, Failure> {
        let mut iv = [0; IV_BYTES];
        getrandom::fill(&mut iv).map_err(|_| Failure::Refused("no randomness from the system".to_owned()))?;
        let mut wrapped = vec![WRAPPED_V1];
        wrapped.extend_from_slice(&iv);
        let parameters = GcmParams::new(&mut iv, DATA_KEY_AAD, Ulong::new(TAG_BITS))?;
        wrapped.extend(self.session.encrypt(&Mechanism::AesGcm(parameters), self.kek, data_key)?);
        Ok(wrapped)
    }

    /// Opens what [`wrap`](Self::wrap) made.
    pub fn unwrap(&mut self, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, Failure> {
        let (head, ciphertext) = wrapped.split_at_checked(1 + IV_BYTES).ok_or(Failure::NotOpened)?;
        let (Some(&WRAPPED_V1), Some(iv)) = (head.first(), head.get(1..)) else { return Err(Failure::NotOpened) };
        let mut iv = iv.to_vec();
        let parameters = GcmParams::new(&mut iv, DATA_KEY_AAD, Ulong::new(TAG_BITS))?;
        let opened = match self.session.decrypt(&Mechanism::AesGcm(parameters), self.kek, ciphertext) {
            Ok(opened) => Zeroizing::new(opened),
            Err(Error::Pkcs11(
                RvError::EncryptedDataInvalid | RvError::EncryptedDataLenRange | RvError::GeneralError,
                _,
            )) => {
                // SoftHSM says CKR_GENERAL_ERROR for a wrong tag; only a token that still answers means it so.
                self.check()?;
                return Err(Failure::NotOpened);
            }
            Err(error) => return Err(error.into()),
        };
        let mut key = Zeroizing::new([0; 32]);
        if opened.len() != key.len() {
            return Err(Failure::NotOpened);
        }
        key.copy_from_slice(&opened);
        Ok(key)
    }

    /// Makes an envelope key.
    pub fn generate_envelope(&mut self) -> Result<EnvelopeKey, Failure> {
        let label = self.names.envelope.object.clone().unwrap_or_else(|| "envelope".to_owned());
        let session = self.lease.open_read_write(self.slot)?;
        let kind = X25519Kind::of(&self.lease, self.slot)?;
        let made = keys::generate_x25519(&session, &label, kind)?;
        Ok(EnvelopeKey { key_id: made.key_id, public: made.public })
    }

    /// Destroys the envelope key `key_id`; whether there was one.
    pub fn destroy_envelope(&mut self, key_id: &[u8]) -> Result<bool, Failure> {
        self.envelopes.remove(key_id);
        let uri = Pkcs11Uri { id: Some(key_id.to_vec()), ..self.names.envelope.clone() };
        let session = self.lease.open_read_write(self.slot)?;
        let private = keys::find_all(&session, ObjectClass::PRIVATE_KEY, &uri)?;
        let public = keys::find_all(&session, ObjectClass::PUBLIC_KEY, &uri)?;
        if private.is_empty() {
            self.check()?;
        }
        for object in private.iter().chain(&public) {
            session.destroy_object(*object)?;
        }
        Ok(!private.is_empty())
    }

    /// The public key that goes with `key`.
    pub fn public_key(&mut self, key: HsmKey) -> Result<[u8; 32], Failure> {
        let public = keys::find_one(&self.session, ObjectClass::PUBLIC_KEY, self.names.of(key))?;
        keys::read_point(&self.session, public)
    }

    /// Whether the token still shows its keys.
    pub fn check(&self) -> Result<(), Failure> {
        self.session.get_session_info()?;
        match keys::find_one(&self.session, ObjectClass::PRIVATE_KEY, &self.names.issuing) {
            Ok(_) => Ok(()),
            Err(failure) => Err(Failure::Lost(failure.to_string())),
        }
    }
}

/// Whether X25519 with `peer` is all-zero for every key: known without the key.
fn is_of_small_order(peer: &[u8; 32]) -> bool {
    let any = x25519_dalek::StaticSecret::from([1; 32]);
    !any.diffie_hellman(&x25519_dalek::PublicKey::from(*peer)).was_contributory()
}

/// Opens a session on the token that `uri` describes and logs the user in. A PIN on its last try is never spent by a program.
pub fn log_in(lease: &Lease, uri: &Pkcs11Uri, pin: &AuthPin, read_write: bool) -> Result<(Slot, Session), Failure> {
    let (slot, info) = lease.find_token(uri)?;
    let session = if read_write { lease.open_read_write(slot)? } else { lease.open(slot)? };
    if info.user_pin_locked() {
        return Err(Failure::Pin("the user PIN is locked".to_owned()));
    }
    if info.user_pin_final_try() {
        return Err(Failure::Pin("one try is left for the user PIN; enter it right once with another tool".to_owned()));
    }
    match session.login(UserType::User, Some(pin)) {
        // Another session of this process is logged in, and so is this one.
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok((slot, session)),
        Err(error) => Err(error.into()),
    }
}
