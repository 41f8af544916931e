//! Certificates between server and platform, under a root of their own: the company root signs no TLS client.
//!
//! The intranet root's key signs these two certificates and is forgotten. To renew them, remove the folder and run `init`'s
//! step again, or use the operator's own intranet authority and name its files in `[platform]`.

use gridkey_domain::Timestamp;

use super::{
    ProvisionError,
    files::{self, KeyKind},
};
use crate::{
    ca::{CaSigner as _, Host, Issuer, Profile, PublicKey, SoftwareSigner, Validity, certificate::issue_root},
    config::Config,
};

/// The DNS name of the security server's client certificate.
pub const SERVER_NAME: &str = "security-server";

/// Ten years: the root and what it signs live as long as the folder.
const DAYS: u32 = 3_650;

/// Writes the intranet folder, unless `[platform]` names files of the operator's own or the folder is there.
pub async fn make(config: &Config, now: Timestamp) -> Result<bool, ProvisionError> {
    let folder = config.intranet_dir();
    let root = folder.join("root.pem");
    if config.platform.root != root || root.exists() {
        return Ok(false);
    }
    let organisation = &config.pki.organisation;
    let signer = SoftwareSigner::generate()?;
    let certificate =
        issue_root(&signer, organisation, "Intranet Root", Validity::days(now, DAYS), config.pki.arc).await?;
    let lifetimes = config.lifetimes();
    let issuer =
        Issuer::with_signer(Box::new(signer), certificate.der.clone(), organisation, config.pki.arc, lifetimes)?;

    let dns = |name: &str| Host::Dns(name.to_owned());
    let platform = vec![dns(&config.platform.name), dns("localhost"), Host::Ip([127, 0, 0, 1].into())];
    for (name, profile) in
        [(SERVER_NAME, Profile::IntranetClient(dns(SERVER_NAME))), ("platform", Profile::TlsServer(platform))]
    {
        let (secret, public) = software_key()?;
        let issued = issuer.issue(&profile, name, PublicKey::Ed25519(public), Validity::days(now, DAYS)).await?;
        let key = files::private_key_pem(KeyKind::Ed25519, &secret)?;
        files::write_private(&folder.join(format!("{name}-key.pem")), &key)?;
        files::write_public(&folder.join(format!("{name}.pem")), &files::certificates_pem(&[issued.der])?)?;
    }
    files::write_public(&root, &files::certificates_pem(&[certificate.der])?)?;
    Ok(true)
}

/// A fresh Ed25519 key for a file, with its public key.
pub fn software_key() -> Result<(zeroize::Zeroizing<[u8; 32]>, [u8; 32]), ProvisionError> {
    let signer = SoftwareSigner::generate()?;
    Ok((signer.seed(), signer.public_key()))
}
