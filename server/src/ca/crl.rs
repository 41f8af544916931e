//! The revocation list (RFC 5280, 5): version 2, with number and reasons.

use der::{Encode as _, oid::AssociatedOid as _};
use gridkey_domain::Timestamp;
use x509_cert::{
    Version,
    crl::{RevokedCert, TbsCertList},
    ext::pkix::{AuthorityKeyIdentifier, CrlNumber, CrlReason},
    serial_number::SerialNumber,
};

use super::{
    CaError,
    certificate::{self, Authority, ed25519, to_time},
    profile::extension,
};
use crate::store::{KeyState, RevokedKey};

/// Builds and signs a revocation list.
pub(super) async fn build(
    authority: &Authority<'_>,
    number: u64,
    this_update: Timestamp,
    next_update: Timestamp,
    revoked: &[RevokedKey],
) -> Result<Vec<u8>, CaError> {
    let mut entries: Vec<RevokedCert> = Vec::new();
    for key in revoked {
        for serial in &key.serials {
            entries.push(RevokedCert {
                serial_number: SerialNumber::new(serial).map_err(CaError::Damaged)?,
                revocation_date: to_time(key.at)?,
                crl_entry_extensions: Some(vec![extension(false, CrlReason::OID, &reason(key.state))?]),
            });
        }
    }
    let key_identifier = der::asn1::OctetString::new(authority.key_id.clone()).map_err(CaError::Encoding)?;
    let issuer = AuthorityKeyIdentifier { key_identifier: Some(key_identifier), ..Default::default() };
    let number = CrlNumber(der::asn1::Uint::new(&number.to_be_bytes()).map_err(CaError::Encoding)?);
    let list = TbsCertList {
        version: Version::V2,
        signature: ed25519(),
        issuer: authority.name.clone(),
        this_update: to_time(this_update)?,
        next_update: Some(to_time(next_update)?),
        // An empty list must be absent (5.1.2.6).
        revoked_certificates: (!entries.is_empty()).then_some(entries),
        crl_extensions: Some(vec![
            extension(false, AuthorityKeyIdentifier::OID, &issuer)?,
            extension(false, CrlNumber::OID, &number)?,
        ]),
    };
    certificate::sign(&list.to_der().map_err(CaError::Encoding)?, authority.signer).await
}

fn reason(state: KeyState) -> CrlReason {
    match state {
        KeyState::Lost => CrlReason::KeyCompromise,
        KeyState::Replaced => CrlReason::Superseded,
        KeyState::Revoked => CrlReason::PrivilegeWithdrawn,
        KeyState::Unbound | KeyState::Expired | KeyState::Blank | KeyState::Issued | KeyState::Bound => {
            CrlReason::CessationOfOperation
        }
    }
}
