//! `pkcs11:` URIs (RFC 7512), by which the configuration names tokens and objects.
//!
//! A PIN never stands in a URI: `pin-value` and `pin-source` are refused, as the PIN comes from the file or environment
//! variable that the configuration names.

use std::{fmt, str::FromStr};

/// The attributes of a `pkcs11:` URI that Gridkey understands. What is absent matches anything.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct Pkcs11Uri {
    /// CK_TOKEN_INFO label.
    pub token: Option<String>,
    /// CK_TOKEN_INFO manufacturerID.
    pub manufacturer: Option<String>,
    /// CK_TOKEN_INFO serialNumber.
    pub serial: Option<String>,
    /// CK_TOKEN_INFO model.
    pub model: Option<String>,
    /// CKA_LABEL of the object.
    pub object: Option<String>,
    /// CKA_ID of the object.
    pub id: Option<Vec<u8>>,
    /// Class of the object.
    pub class: Option<ObjectType>,
}

/// The `type` attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectType {
    /// `public`
    Public,
    /// `private`
    Private,
    /// `cert`
    Certificate,
    /// `secret-key`
    SecretKey,
    /// `data`
    Data,
}

/// Why a text is not a URI that can be used here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UriError {
    /// It does not begin with `pkcs11:`.
    #[error("a PKCS#11 URI begins with \"pkcs11:\"")]
    Scheme,
    /// Not `name=value` with characters allowed by RFC 7512.
    #[error("malformed attribute {0:?} in a PKCS#11 URI")]
    Malformed(String),
    /// The same attribute twice.
    #[error("attribute {0:?} appears twice in a PKCS#11 URI")]
    Twice(String),
    /// An attribute that Gridkey does not know; ignoring it could match another token than the one meant.
    #[error("attribute {0:?} of a PKCS#11 URI is not supported")]
    Unsupported(String),
    /// `pin-value` or `pin-source`.
    #[error("a PKCS#11 URI must not carry a PIN; the configuration names a file or environment variable for it")]
    Pin,
}

impl FromStr for Pkcs11Uri {
    type Err = UriError;

    fn from_str(text: &str) -> Result<Self, UriError> {
        let scheme = text.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("pkcs11:"));
        let rest = scheme.and_then(|_| text.get(7..)).ok_or(UriError::Scheme)?;
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        let mut uri = Self::default();
        for attribute in path.split(';').filter(|attribute| !attribute.is_empty()) {
            uri.add(attribute)?;
        }
        match query.map(|query| query.split(['=', '&']).next().unwrap_or_default()) {
            None | Some("") => {}
            Some("pin-value" | "pin-source") => return Err(UriError::Pin),
            Some(name) => return Err(UriError::Unsupported(name.to_owned())),
        }
        Ok(uri)
    }
}

impl Pkcs11Uri {
    fn add(&mut self, attribute: &str) -> Result<(), UriError> {
        let malformed = || UriError::Malformed(attribute.split('=').next().unwrap_or_default().to_owned());
        let (name, value) = attribute.split_once('=').ok_or_else(malformed)?;
        if matches!(name, "pin-value" | "pin-source") {
            return Err(UriError::Pin);
        }
        let bytes = percent_decode(value).ok_or_else(malformed)?;
        let text = || String::from_utf8(bytes.clone()).map_err(|_| malformed());
        let twice = || UriError::Twice(name.to_owned());
        let set = |slot: &mut Option<String>| match slot.replace(text()?) {
            Some(_) => Err(twice()),
            None => Ok(()),
        };
        match name {
            "token" => set(&mut self.token),
            "manufacturer" => set(&mut self.manufacturer),
            "serial" => set(&mut self.serial),
            "model" => set(&mut self.model),
            "object" => set(&mut self.object),
            "id" => match self.id.replace(bytes) {
                Some(_) => Err(twice()),
                None => Ok(()),
            },
            "type" => {
                let class = match text()?.as_str() {
                    "public" => ObjectType::Public,
                    "private" => ObjectType::Private,
                    "cert" => ObjectType::Certificate,
                    "secret-key" => ObjectType::SecretKey,
                    "data" => ObjectType::Data,
                    _ => return Err(malformed()),
                };
                match self.class.replace(class) {
                    Some(_) => Err(twice()),
                    None => Ok(()),
                }
            }
            _ => Err(UriError::Unsupported(name.to_owned())),
        }
    }

    /// Whether it says anything about a token.
    pub fn names_token(&self) -> bool {
        self.token.is_some() || self.serial.is_some() || self.manufacturer.is_some() || self.model.is_some()
    }

    /// Whether it says which object.
    pub fn names_object(&self) -> bool {
        self.object.is_some() || self.id.is_some()
    }

    /// Whether each token attribute that `other` names is the same here.
    pub fn is_at_least(&self, other: &Self) -> bool {
        let same = |own: &Option<String>, other: &Option<String>| other.is_none() || own == other;
        same(&self.token, &other.token)
            && same(&self.serial, &other.serial)
            && same(&self.manufacturer, &other.manufacturer)
            && same(&self.model, &other.model)
    }

    /// The object of that label: what a plain word in the configuration means.
    pub fn of_label(label: &str) -> Self {
        Self { object: Some(label.to_owned()), ..Self::default() }
    }

    /// A URI, or a plain label of an object.
    pub fn object_or_label(text: &str) -> Result<Self, UriError> {
        if text.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("pkcs11:")) {
            text.parse()
        } else {
            Ok(Self::of_label(text))
        }
    }
}

impl TryFrom<String> for Pkcs11Uri {
    type Error = UriError;

    fn try_from(text: String) -> Result<Self, UriError> {
        text.parse()
    }
}

impl fmt::Display for Pkcs11Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("pkcs11:")?;
        let class = self.class.map(|class| match class {
            ObjectType::Public => "public",
            ObjectType::Private => "private",
            ObjectType::Certificate => "cert",
            ObjectType::SecretKey => "secret-key",
            ObjectType::Data => "data",
        });
        let attributes = [
            ("token", self.token.as_deref().map(str::as_bytes)),
            ("manufacturer", self.manufacturer.as_deref().map(str::as_bytes)),
            ("serial", self.serial.as_deref().map(str::as_bytes)),
            ("model", self.model.as_deref().map(str::as_bytes)),
            ("object", self.object.as_deref().map(str::as_bytes)),
            ("id", self.id.as_deref()),
            ("type", class.map(str::as_bytes)),
        ];
        let mut separator = "";
        for (name, value) in attributes {
            let Some(value) = value else { continue };
            write!(f, "{separator}{name}=")?;
            separator = ";";
            for byte in value {
                if name != "id" && is_unreserved(*byte) {
                    write!(f, "{}", char::from(*byte))?;
                } else {
                    write!(f, "%{byte:02X}")?;
                }
            }
        }
        Ok(())
    }
}

impl serde::Serialize for Pkcs11Uri {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Decodes a path attribute (`pk11-pchar`); `None` for a character that has to be percent-encoded.
fn percent_decode(value: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |digit: Option<u8>| digit.and_then(|digit| char::from(digit).to_digit(16));
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(u8::try_from(high << 4 | low).ok()?);
        } else if is_unreserved(byte) || b":[]@!$'()*+,=&".contains(&byte) {
            bytes.push(byte);
        } else {
            return None;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_tokens_and_objects_with_percent_encoding() {
        let uri: Pkcs11Uri =
            "pkcs11:token=Grid%20key%3B1;serial=ab12;object=issuing;id=%01%ff%00;type=private".parse().unwrap();
        assert_eq!(uri.token.as_deref(), Some("Grid key;1"));
        assert_eq!(uri.serial.as_deref(), Some("ab12"));
        assert_eq!(uri.object.as_deref(), Some("issuing"));
        assert_eq!(uri.id.as_deref(), Some(&[1, 0xff, 0][..]));
        assert_eq!(uri.class, Some(ObjectType::Private));
        assert_eq!(uri.to_string().parse(), Ok(uri));
    }

    #[test]
    fn a_pin_in_a_uri_is_refused() {
        for text in ["pkcs11:token=a?pin-value=1234", "pkcs11:token=a?pin-source=file:/x", "pkcs11:pin-value=1"] {
            assert_eq!(text.parse::<Pkcs11Uri>(), Err(UriError::Pin), "{text}");
        }
    }

    #[test]
    fn what_could_widen_the_match_is_refused() {
        assert_eq!("token=a".parse::<Pkcs11Uri>(), Err(UriError::Scheme));
        assert_eq!("pkcs11:slot-id=1".parse::<Pkcs11Uri>(), Err(UriError::Unsupported("slot-id".into())));
        assert_eq!("pkcs11:token=a;token=b".parse::<Pkcs11Uri>(), Err(UriError::Twice("token".into())));
        for text in ["pkcs11:token", "pkcs11:token=%4", "pkcs11:token=%zz", "pkcs11:token=a b", "pkcs11:token=%ff"] {
            assert_eq!(text.parse::<Pkcs11Uri>(), Err(UriError::Malformed("token".into())), "{text}");
        }
    }

    #[test]
    fn a_plain_word_is_a_label() {
        assert_eq!(Pkcs11Uri::object_or_label("kek"), Ok(Pkcs11Uri::of_label("kek")));
        assert_eq!(Pkcs11Uri::object_or_label("pkcs11:object=kek"), Ok(Pkcs11Uri::of_label("kek")));
    }

    proptest::proptest! {
        #[test]
        fn any_token_label_is_written_and_read_back(label in "\\PC{1,32}", id in proptest::collection::vec(0_u8.., 0..20)) {
            let uri = Pkcs11Uri { token: Some(label), id: Some(id), ..Pkcs11Uri::default() };
            proptest::prop_assert_eq!(uri.to_string().parse(), Ok(uri));
        }

        #[test]
        fn any_text_is_parsed_or_refused(text in "\\PC{0,60}") {
            let _ = text.parse::<Pkcs11Uri>();
            let _ = format!("pkcs11:{text}").parse::<Pkcs11Uri>();
        }
    }
}
