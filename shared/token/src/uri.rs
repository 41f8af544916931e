//! `pkcs11:` URIs (RFC 7512), naming a token and, where wanted, an object on it.
//!
//! Knows nothing of tokens: text in, fields out. Attributes that are not understood are refused rather than ignored,
//! since dropping one could make the URI match another token. `pin-value` is refused because a URI ends up in command
//! lines and configuration files.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use thiserror::Error;

/// A parsed `pkcs11:` URI. Absent fields match anything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pkcs11Uri {
    /// `token`: the token's label.
    pub token: Option<String>,
    /// `manufacturer`: the token's.
    pub manufacturer: Option<String>,
    /// `serial`: the token's.
    pub serial: Option<String>,
    /// `model`: the token's.
    pub model: Option<String>,
    /// `slot-id`.
    pub slot_id: Option<u64>,
    /// `object`: the object's label.
    pub object: Option<String>,
    /// `id`: the object's CKA_ID, raw bytes.
    pub id: Option<Vec<u8>>,
    /// `type`: the object's class.
    pub object_type: Option<ObjectType>,
    /// `module-path`: which PKCS#11 module to load.
    pub module_path: Option<PathBuf>,
    /// `pin-source` when it is a file. Read by the caller only; nothing here opens it.
    pub pin_source: Option<PathBuf>,
}

/// The values of `type` (RFC 7512 §2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectType {
    /// A private key.
    Private,
    /// A public key.
    Public,
    /// A certificate.
    Cert,
    /// A secret key.
    SecretKey,
    /// A data object.
    Data,
}

/// Why a text is no usable `pkcs11:` URI.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UriError {
    /// Another scheme, or none.
    #[error("a PKCS#11 URI begins with `pkcs11:`")]
    Scheme,
    /// An attribute without `=`.
    #[error("`{0}` is no name=value")]
    NoValue(String),
    /// Given twice.
    #[error("`{0}` is given twice")]
    Twice(String),
    /// Not understood here.
    #[error("the attribute `{0}` is not supported")]
    Unknown(String),
    /// A character that must be percent-encoded, or a broken percent-encoding.
    #[error("`{0}` holds a character that must be percent-encoded, or a broken percent-encoding")]
    Encoding(String),
    /// A value outside what the attribute takes.
    #[error("the value of `{0}` is not valid")]
    Value(String),
    /// `pin-value`: PINs do not belong in URIs.
    #[error("`pin-value` is refused: a PIN does not belong in a URI; use `pin-source` with a file")]
    PinValue,
}

impl FromStr for Pkcs11Uri {
    type Err = UriError;

    fn from_str(text: &str) -> Result<Self, UriError> {
        let rest = match text.split_at_checked(7) {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("pkcs11:") => rest,
            _ => return Err(UriError::Scheme),
        };
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        let mut uri = Self::default();
        for attribute in path.split(';').filter(|_| !path.is_empty()) {
            let (name, value) = attribute.split_once('=').ok_or_else(|| UriError::NoValue(attribute.to_owned()))?;
            uri.set_path_attribute(name, decode(name, value, PATH_EXTRA)?)?;
        }
        for attribute in query.into_iter().filter(|query| !query.is_empty()).flat_map(|query| query.split('&')) {
            let (name, value) = attribute.split_once('=').ok_or_else(|| UriError::NoValue(attribute.to_owned()))?;
            if name == "pin-value" {
                return Err(UriError::PinValue);
            }
            uri.set_query_attribute(name, decode(name, value, QUERY_EXTRA)?)?;
        }
        Ok(uri)
    }
}

impl Pkcs11Uri {
    fn set_path_attribute(&mut self, name: &str, value: Vec<u8>) -> Result<(), UriError> {
        match name {
            "token" => set(&mut self.token, name, text(name, value)?),
            "manufacturer" => set(&mut self.manufacturer, name, text(name, value)?),
            "serial" => set(&mut self.serial, name, text(name, value)?),
            "model" => set(&mut self.model, name, text(name, value)?),
            "object" => set(&mut self.object, name, text(name, value)?),
            "id" => set(&mut self.id, name, value),
            "slot-id" => {
                let digits = text(name, value)?;
                // `parse` alone would also take a leading plus sign.
                let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
                set(&mut self.slot_id, name, number.ok_or_else(|| UriError::Value(name.to_owned()))?)
            }
            "type" => {
                let kind = match value.as_slice() {
                    b"private" => ObjectType::Private,
                    b"public" => ObjectType::Public,
                    b"cert" => ObjectType::Cert,
                    b"secret-key" => ObjectType::SecretKey,
                    b"data" => ObjectType::Data,
                    _ => return Err(UriError::Value(name.to_owned())),
                };
                set(&mut self.object_type, name, kind)
            }
            _ => Err(UriError::Unknown(name.to_owned())),
        }
    }

    fn set_query_attribute(&mut self, name: &str, value: Vec<u8>) -> Result<(), UriError> {
        match name {
            "module-path" => set(&mut self.module_path, name, PathBuf::from(text(name, value)?)),
            "pin-source" => {
                let source = text(name, value)?;
                // RFC 7512 §2.4 lets `|` start a program; nothing here runs one.
                let path = match source.strip_prefix("file:") {
                    Some(path) => path.strip_prefix("//").unwrap_or(path),
                    None => &source,
                };
                if path.is_empty() || path.starts_with('|') {
                    return Err(UriError::Value(name.to_owned()));
                }
                set(&mut self.pin_source, name, PathBuf::from(path))
            }
            _ => Err(UriError::Unknown(name.to_owned())),
        }
    }
}

impl fmt::Display for Pkcs11Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slot_id = self.slot_id.map(|id| id.to_string());
        let path = [
            ("token", self.token.as_deref()),
            ("manufacturer", self.manufacturer.as_deref()),
            ("serial", self.serial.as_deref()),
            ("model", self.model.as_deref()),
            ("slot-id", slot_id.as_deref()),
            ("object", self.object.as_deref()),
            ("type", self.object_type.map(ObjectType::as_str)),
        ];
        let mut parts: Vec<String> = path
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| format!("{name}={}", encode(value.as_bytes(), PATH_EXTRA))))
            .collect();
        if let Some(id) = &self.id {
            // Each byte encoded, as RFC 7512 §2.3 asks for `id`.
            parts.push(format!("id={}", id.iter().map(|byte| format!("%{byte:02X}")).collect::<String>()));
        }
        write!(f, "pkcs11:{}", parts.join(";"))?;
        let query = [("module-path", &self.module_path), ("pin-source", &self.pin_source)];
        let query: Vec<String> = query
            .into_iter()
            .filter_map(|(name, path)| {
                let path = path.as_ref()?.to_string_lossy().into_owned();
                let prefix = if name == "pin-source" { "file:" } else { "" };
                // A path that itself begins with `//` or `file:` keeps its meaning only behind an empty authority.
                let prefix = if prefix == "file:" && path.starts_with("//") { "file://" } else { prefix };
                Some(format!("{name}={prefix}{}", encode(path.as_bytes(), QUERY_EXTRA)))
            })
            .collect();
        if query.is_empty() { Ok(()) } else { write!(f, "?{}", query.join("&")) }
    }
}

impl ObjectType {
    fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Public => "public",
            Self::Cert => "cert",
            Self::SecretKey => "secret-key",
            Self::Data => "data",
        }
    }
}

/// `pk11-res-avail` and `pk11-path-chars` beside the unreserved ones (RFC 7512 §2.3).
const PATH_EXTRA: &[u8] = b":[]@!$'()*+,=&";
/// The same for the query, where `&` separates.
const QUERY_EXTRA: &[u8] = b":[]@!$'()*+,=/?|";

fn is_plain(byte: u8, extra: &[u8]) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || extra.contains(&byte)
}

fn decode(name: &str, value: &str, extra: &[u8]) -> Result<Vec<u8>, UriError> {
    let broken = || UriError::Encoding(name.to_owned());
    let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16)).ok_or_else(broken);
    let mut bytes = value.bytes();
    let mut decoded = Vec::with_capacity(value.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
                u8::try_from(high * 16 + low).map_err(|_| broken())?
            }
            plain if is_plain(plain, extra) => plain,
            _ => return Err(broken()),
        });
    }
    Ok(decoded)
}

fn encode(value: &[u8], extra: &[u8]) -> String {
    value
        .iter()
        .map(|&byte| if is_plain(byte, extra) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn text(name: &str, value: Vec<u8>) -> Result<String, UriError> {
    String::from_utf8(value).map_err(|_| UriError::Value(name.to_owned()))
}

fn set<T>(field: &mut Option<T>, name: &str, value: T) -> Result<(), UriError> {
    if field.is_some() {
        return Err(UriError::Twice(name.to_owned()));
    }
    *field = Some(value);
    Ok(())
}

#[cfg(test)]
mod tests;
