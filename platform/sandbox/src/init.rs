//! `unionpay-sandbox init`: makes the gateway's certificates, a merchant's key, and a configuration file over them.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use gridkey_domain::Timestamp;
use gridkey_unionpay::testpki::{Authority, PkiError};

const EXAMPLE: &str = include_str!("../sandbox.example.toml");

/// The merchant id of the example configuration.
pub const MERCHANT: &str = "898110000000001";

/// Why the files could not be made.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The folder can't be written, or a file is there already (nothing is overwritten).
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// What is wrong.
        source: io::Error,
    },
    /// A key or certificate could not be made.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// The merchant id is not 15 letters or digits.
    #[error("a merchant id has 15 letters or digits")]
    Merchant,
}

/// Makes in `folder`: `acp-root.pem` and `acp-middle.pem` (the merchant pins them), `gateway-key.pem` and
/// `gateway-certificate.pem`, `merchant-key.pem` and `merchant-certificate.pem`, and `sandbox.toml`.
pub fn init(folder: &Path, merchant: &str, now: Timestamp) -> Result<(), InitError> {
    if merchant.len() != 15 || !merchant.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(InitError::Merchant);
    }
    fs::create_dir_all(folder).map_err(|source| InitError::File { path: folder.display().to_string(), source })?;
    let authority = Authority::generate(now)?;
    let gateway = authority.issue_gateway()?;
    let merchant_identity = authority.issue(&format!("041@{merchant}@Gridkey demo merchant@00000002"))?;
    let write = |name: &str, mode: u32, text: &str| {
        let path = folder.join(name);
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|source| InitError::File { path: path.display().to_string(), source })
    };
    write("acp-root.pem", 0o644, authority.root_pem())?;
    write("acp-middle.pem", 0o644, authority.middle_pem())?;
    write("gateway-key.pem", 0o600, &gateway.key_pem)?;
    write("gateway-certificate.pem", 0o644, &gateway.certificate_pem)?;
    write("merchant-key.pem", 0o600, &merchant_identity.key_pem)?;
    write("merchant-certificate.pem", 0o644, &merchant_identity.certificate_pem)?;
    write("sandbox.toml", 0o644, &EXAMPLE.replace(MERCHANT, merchant))
}
