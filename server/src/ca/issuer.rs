//! The issuing service: what admin operations, the running server and its commands ask for certificates.

use std::sync::Arc as Shared;

use gridkey_domain::{CustomerNo, Timestamp};

use super::{
    Arc, CaError, CaSigner, Host, HsmSigner, Issued, Profile, PublicKey, Validity,
    certificate::{self, Authority},
    crl,
};
use crate::{
    hsm::{EnvelopeKey, Hsm},
    store::{AdminRole, EnvelopeRecord, KeyRecord, KeyState, RevokedKey, Role},
};

/// How long certificates live, in days, and what names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lifetimes {
    /// USBKEY and administrators' certificates.
    pub key_days: u32,
    /// Envelope certificates; at most 30.
    pub envelope_days: u32,
    /// TLS certificates.
    pub tls_days: u32,
    /// The receipt certificate.
    pub receipt_days: u32,
}

/// The certificates of a USBKEY.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyCertificates {
    /// The record to store: state `issued`, not bound yet.
    pub record: KeyRecord,
    /// The authentication certificate.
    pub authentication: Issued,
    /// The X25519 certificate, if an agreement key was given.
    pub agreement: Option<Issued>,
}

/// Issues certificates and revocation lists under the HSM's `issuing` key. Cheap to share in an `Arc`.
pub struct Issuer {
    certificate: Vec<u8>,
    signer: Box<dyn CaSigner>,
    organisation: String,
    arc: Arc,
    lifetimes: Lifetimes,
}

impl Issuer {
    /// The issuer whose certificate is `certificate` (DER); fails if that can't be read. `arc` is the operator's OID arc.
    pub fn new(
        hsm: Shared<dyn Hsm>,
        certificate: Vec<u8>,
        organisation: &str,
        arc: Arc,
        lifetimes: Lifetimes,
    ) -> Result<Self, CaError> {
        let public = certificate::public_key_of(&certificate)?;
        Self::with_signer(Box::new(HsmSigner::new(hsm, public)), certificate, organisation, arc, lifetimes)
    }

    /// The same with any signing key, which must be that of `certificate`.
    pub fn with_signer(
        signer: Box<dyn CaSigner>,
        certificate: Vec<u8>,
        organisation: &str,
        arc: Arc,
        lifetimes: Lifetimes,
    ) -> Result<Self, CaError> {
        Authority::of(&certificate, signer.as_ref())?;
        Ok(Self { certificate, signer, organisation: organisation.to_owned(), arc, lifetimes })
    }

    /// The issuing certificate, DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// `issued` and what is between it and the root: leaf first, without the root.
    pub fn chain_of(&self, issued: &Issued) -> Vec<Vec<u8>> {
        vec![issued.der.clone(), self.certificate.clone()]
    }

    /// A certificate of any kind; the named operations below choose kind, subject and time.
    pub async fn issue(
        &self,
        profile: &Profile,
        common_name: &str,
        public: PublicKey,
        validity: Validity,
    ) -> Result<Issued, CaError> {
        let authority = Authority::of(&self.certificate, self.signer.as_ref())?;
        let subject = certificate::subject(&self.organisation, common_name)?;
        certificate::issue(&authority, profile, subject, public, validity, self.arc).await
    }

    /// The certificates of a customer's key: Ed25519 `authentication`, and X25519 `agreement` for the offline store.
    pub async fn customer_key(
        &self,
        customer: &CustomerNo,
        authentication: [u8; 32],
        agreement: Option<[u8; 32]>,
        now: Timestamp,
    ) -> Result<KeyCertificates, CaError> {
        let validity = Validity::days(now, self.lifetimes.key_days);
        let name = customer.as_str();
        let issued = self.issue(&Profile::UsbKey, name, PublicKey::Ed25519(authentication), validity).await?;
        let agreement = match agreement {
            Some(key) => Some(self.issue(&Profile::Agreement, name, PublicKey::X25519(key), validity).await?),
            None => None,
        };
        Ok(self.key(name, None, issued, agreement, now))
    }

    /// An administrator's certificate; `name` is the company's name for the post, such as `admin-1`. The role stands in the store
    /// only, so that it can be judged anew for each act.
    pub async fn admin_key(
        &self,
        name: &str,
        role: AdminRole,
        authentication: [u8; 32],
        now: Timestamp,
    ) -> Result<KeyCertificates, CaError> {
        let validity = Validity::days(now, self.lifetimes.key_days);
        let issued = self.issue(&Profile::Admin, name, PublicKey::Ed25519(authentication), validity).await?;
        Ok(self.key(name, Some(role), issued, None, now))
    }

    fn key(
        &self,
        name: &str,
        admin: Option<AdminRole>,
        issued: Issued,
        agreement: Option<Issued>,
        now: Timestamp,
    ) -> KeyCertificates {
        let record = KeyRecord {
            fingerprint: issued.fingerprint,
            serial: issued.serial.clone(),
            role: if admin.is_some() { Role::Admin } else { Role::Customer },
            customer: None,
            state: KeyState::Issued,
            chain: self.chain_of(&issued),
            agreement: agreement.as_ref().map(|issued| issued.der.clone()),
            not_before: issued.validity.not_before,
            not_after: issued.validity.not_after,
            since: now,
            reason: "issued".to_owned(),
            admin,
            name: name.to_owned(),
            token: None,
            succeeds: None,
            successor: None,
        };
        KeyCertificates { record, authentication: issued, agreement }
    }

    /// The certificate of a fresh envelope key, as the store keeps it.
    pub async fn envelope(&self, key: &EnvelopeKey, now: Timestamp) -> Result<EnvelopeRecord, CaError> {
        let validity = Validity::days(now, self.lifetimes.envelope_days);
        let issued = self.issue(&Profile::Envelope, "envelope", PublicKey::X25519(key.public), validity).await?;
        Ok(EnvelopeRecord {
            fingerprint: issued.fingerprint,
            key_id: key.key_id.clone(),
            chain: self.chain_of(&issued),
            not_before: issued.validity.not_before,
            not_after: issued.validity.not_after,
        })
    }

    /// The certificate of the receipt key.
    pub async fn receipt(&self, public: [u8; 32], now: Timestamp) -> Result<Issued, CaError> {
        let validity = Validity::days(now, self.lifetimes.receipt_days);
        self.issue(&Profile::Receipt, "receipt", PublicKey::Ed25519(public), validity).await
    }

    /// A TLS server's certificate for `hosts`.
    pub async fn tls_server(&self, public: [u8; 32], hosts: Vec<Host>, now: Timestamp) -> Result<Issued, CaError> {
        let validity = Validity::days(now, self.lifetimes.tls_days);
        self.issue(&Profile::TlsServer(hosts), "session", PublicKey::Ed25519(public), validity).await
    }

    /// The revocation list, DER. `number` must grow from list to list.
    pub async fn crl(
        &self,
        number: u64,
        this_update: Timestamp,
        next_update: Timestamp,
        revoked: &[RevokedKey],
    ) -> Result<Vec<u8>, CaError> {
        let authority = Authority::of(&self.certificate, self.signer.as_ref())?;
        crl::build(&authority, number, this_update, next_update, revoked).await
    }
}
