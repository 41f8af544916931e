//! What each kind of certificate carries: exactly one purpose, so that none passes for another.

use std::{fmt, net::IpAddr, str::FromStr};

use der::{
    asn1::{Ia5String, ObjectIdentifier, OctetString},
    oid::AssociatedOid as _,
};
use x509_cert::ext::{
    Extension,
    pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName, name::GeneralName},
};

use super::CaError;

const SERVER_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");

/// The operator's OID arc `A`, under which the purposes of gridkey.v1 lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct Arc(ObjectIdentifier);

impl Arc {
    /// The documentation arc, 1.3.6.1.4.1.32473.1.
    pub const DOCUMENTATION: Self = Self(ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1"));

    /// The arc itself.
    pub fn oid(&self) -> ObjectIdentifier {
        self.0
    }

    /// `A.number`.
    fn purpose(&self, number: u32) -> Result<ObjectIdentifier, CaError> {
        self.0.push_arc(number).map_err(|_| CaError::Name("the OID arc"))
    }
}

impl FromStr for Arc {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let oid: ObjectIdentifier = text.parse().map_err(|_| "not an OID")?;
        // Room for the purpose number.
        oid.push_arc(4).map_err(|_| "the OID is too long")?;
        Ok(Self(oid))
    }
}

impl TryFrom<String> for Arc {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl serde::Serialize for Arc {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A host that a TLS certificate is for: a DNS name or an IP address.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub enum Host {
    /// A DNS name, lower case.
    Dns(String),
    /// An address.
    Ip(IpAddr),
}

impl FromStr for Host {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(address) = text.parse() {
            return Ok(Self::Ip(address));
        }
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        if text.len() <= 253 && text.split('.').all(label) {
            Ok(Self::Dns(text.to_ascii_lowercase()))
        } else {
            Err("neither a DNS name nor an IP address")
        }
    }
}

impl TryFrom<String> for Host {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => f.write_str(name),
            Self::Ip(address) => address.fmt(f),
        }
    }
}

impl serde::Serialize for Host {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A kind of certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Profile {
    /// The company root: signs the issuing certificate only (path length 1).
    Root,
    /// The issuing key: signs end entities only (path length 0).
    Issuing,
    /// A USBKEY's Ed25519 key: authenticates and signs orders.
    UsbKey,
    /// An administrator's Ed25519 key: clientAuth and `A.3`.
    Admin,
    /// The HSM's X25519 envelope key: `A.1`.
    Envelope,
    /// The HSM's Ed25519 receipt key: `A.2`.
    Receipt,
    /// A USBKEY's X25519 key for the offline store: `A.4`.
    Agreement,
    /// A TLS server of these hosts.
    TlsServer(Vec<Host>),
    /// A TLS client of this DNS name, under the intranet root only: the company root signs no TLS client.
    IntranetClient(Host),
}

impl Profile {
    /// The extensions that make the kind; all critical but the alternative names.
    pub(super) fn extensions(&self, arc: Arc) -> Result<Vec<Extension>, CaError> {
        let (ca, path_length) = match self {
            Self::Root => (true, Some(1)),
            Self::Issuing => (true, Some(0)),
            _ => (false, None),
        };
        let usage = match self {
            Self::Root | Self::Issuing => KeyUsages::KeyCertSign | KeyUsages::CRLSign,
            Self::UsbKey | Self::Admin => KeyUsages::DigitalSignature | KeyUsages::NonRepudiation,
            Self::Receipt | Self::TlsServer(_) | Self::IntranetClient(_) => KeyUsages::DigitalSignature.into(),
            Self::Envelope | Self::Agreement => KeyUsages::KeyAgreement.into(),
        };
        let mut extensions = vec![
            extension(true, BasicConstraints::OID, &BasicConstraints { ca, path_len_constraint: path_length })?,
            extension(true, KeyUsage::OID, &KeyUsage(usage))?,
        ];
        let purposes = match self {
            Self::Root | Self::Issuing => Vec::new(),
            Self::UsbKey | Self::IntranetClient(_) => vec![CLIENT_AUTH],
            Self::Admin => vec![CLIENT_AUTH, arc.purpose(3)?],
            Self::Envelope => vec![arc.purpose(1)?],
            Self::Receipt => vec![arc.purpose(2)?],
            Self::Agreement => vec![arc.purpose(4)?],
            Self::TlsServer(_) => vec![SERVER_AUTH],
        };
        if !purposes.is_empty() {
            extensions.push(extension(true, ExtendedKeyUsage::OID, &ExtendedKeyUsage(purposes))?);
        }
        let hosts = match self {
            Self::TlsServer(hosts) => hosts.as_slice(),
            Self::IntranetClient(host) => std::slice::from_ref(host),
            _ => &[],
        };
        if !hosts.is_empty() {
            let names = hosts.iter().map(general_name).collect::<Result<_, _>>()?;
            extensions.push(extension(false, SubjectAltName::OID, &SubjectAltName(names))?);
        }
        Ok(extensions)
    }
}

fn general_name(host: &Host) -> Result<GeneralName, CaError> {
    Ok(match host {
        Host::Dns(name) => GeneralName::DnsName(Ia5String::new(name).map_err(|_| CaError::Name("the host name"))?),
        Host::Ip(address) => GeneralName::from(*address),
    })
}

/// An extension holding `value`.
pub(super) fn extension(critical: bool, oid: ObjectIdentifier, value: &impl der::Encode) -> Result<Extension, CaError> {
    let der = value.to_der().map_err(CaError::Encoding)?;
    Ok(Extension { extn_id: oid, critical, extn_value: OctetString::new(der).map_err(CaError::Encoding)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_or_addresses() {
        assert_eq!("Server.Example".parse(), Ok(Host::Dns("server.example".into())));
        assert_eq!("127.0.0.1".parse(), Ok(Host::Ip([127, 0, 0, 1].into())));
        for text in ["", "a b", "-a", "a..b", "https://x", "*.example", "名"] {
            assert!(text.parse::<Host>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_arc_leaves_room_for_the_purposes() {
        assert_eq!("1.3.6.1.4.1.32473.1".parse(), Ok(Arc::DOCUMENTATION));
        assert!("1.3.x".parse::<Arc>().is_err());
    }
}
