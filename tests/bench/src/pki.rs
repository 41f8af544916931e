//! Certificates for the peers: a root, a server and a client, all Ed25519 as ours.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Result;
use gridkey_service::tls::{Identity, Versions, client_config, read_certificates};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, PKCS_ED25519,
};
use rustls::ClientConfig;

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
        let root = CertifiedIssuer::self_signed(root, KeyPair::generate_for(&PKCS_ED25519)?)?;
        fs::write(folder.join("root.pem"), root.pem())?;
        for (name, purpose, hosts) in [
            ("server", ExtendedKeyUsagePurpose::ServerAuth, &["127.0.0.1"][..]),
            ("client", ExtendedKeyUsagePurpose::ClientAuth, &[]),
        ] {
            let mut leaf = parameters(name, hosts)?;
            leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            leaf.extended_key_usages = vec![purpose];
            let key = KeyPair::generate_for(&PKCS_ED25519)?;
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
