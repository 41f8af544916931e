//! Certificates for the peers: a root, a server and a client, all Ed25519 as ours.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Result, anyhow};
use gridkey_service::tls::{Identity, Versions, client_config, read_certificates};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, PKCS_ED25519,
};
use rustls::ClientConfig;
use rustls_pki_types::PrivatePkcs8KeyDer;
use zeroize::Zeroizing;

/// What stands before the 32 bytes of an Ed25519 key.
const PKCS8_ED25519: &[u8] =
    &[0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// The files of a root, a server on loopback, and a client.
pub(crate) struct Pki {
    folder: PathBuf,
}

impl Pki {
    /// Makes them in `folder`.
    pub(crate) fn make(folder: &Path) -> Result<Self> {
        let mut root = parameters("Bench Root", &[])?;
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        root.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let root = CertifiedIssuer::self_signed(root, key_pair()?)?;
        fs::write(folder.join("root.pem"), root.pem())?;
        for (name, purpose, hosts) in [
            ("server", ExtendedKeyUsagePurpose::ServerAuth, &["127.0.0.1"][..]),
            ("client", ExtendedKeyUsagePurpose::ClientAuth, &[]),
        ] {
            let mut leaf = parameters(name, hosts)?;
            leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            leaf.extended_key_usages = vec![purpose];
            let key = key_pair()?;
            fs::write(folder.join(format!("{name}.pem")), leaf.signed_by(&key, &root)?.pem())?;
            write_private(&folder.join(format!("{name}-key.pem")), &key.serialize_pem())?;
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// A file: `root.pem`, `server.pem`, `server-key.pem` …
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// TLS 1.3 with the client's certificate, without resumption.
    pub(crate) fn client(&self) -> Result<Arc<ClientConfig>> {
        let roots = read_certificates(&self.file("root.pem"))?;
        let identity = Identity::from_pem_files(&self.file("client.pem"), &self.file("client-key.pem"))?;
        Ok(Arc::new(client_config(&roots, Some(&identity), Versions::Tls13)?))
    }
}

/// A new key in the first version of PKCS#8 (RFC 8410, 7): OpenSSL 3.0 reads no other, and `KeyPair::generate` writes the second.
fn key_pair() -> Result<KeyPair> {
    let mut der = PKCS8_ED25519.to_vec();
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut()).map_err(|error| anyhow!("no randomness: {error}"))?;
    der.extend_from_slice(seed.as_ref());
    Ok(KeyPair::from_pkcs8_der_and_sign_algo(&PrivatePkcs8KeyDer::from(der), &PKCS_ED25519)?)
}

fn parameters(name: &str, hosts: &[&str]) -> Result<CertificateParams> {
    let mut parameters = CertificateParams::new(hosts.iter().map(|host| (*host).to_owned()).collect::<Vec<_>>())?;
    parameters.distinguished_name.push(DnType::CommonName, name);
    Ok(parameters)
}

fn write_private(path: &Path, text: &str) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    Ok(std::io::Write::write_all(&mut file, text.as_bytes())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_peer_are_a_server_and_a_client_that_it_can_trust() {
        let folder = std::env::temp_dir().join(format!("gridkey-bench-pki-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let made = Pki::make(&folder).and_then(|pki| pki.client());
        let key = fs::read_to_string(folder.join("server-key.pem"));
        fs::remove_dir_all(&folder).unwrap();
        assert!(made.is_ok(), "{:?}", made.err());
        // One line of base64 holds the first version whole; the second takes two.
        assert_eq!(key.unwrap().lines().count(), 3);
    }
}
