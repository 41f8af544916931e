//! Identifiers of customers, meters, bills and payments.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::calendar::Month;

/// The text is not an identifier of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a {0}")]
pub struct IdError(&'static str);

/// Letters, digits and `-`, at most 40 bytes: safe in a URL path, a file name and a log line.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.len() <= 40 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                if is_plain(text) { Ok(Self(text.to_owned())) } else { Err(IdError($what)) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

text_id!(
    /// A customer number, such as `1100000001`.
    CustomerNo, "customer number"
);
text_id!(
    /// A meter number, such as `M1000000011`.
    MeterId, "meter number"
);
text_id!(
    /// A bill number: `B-YYYY-MM-METER`.
    BillId, "bill number"
);

impl BillId {
    /// The bill of `meter` for `month`. A meter has one bill a month.
    pub fn of(month: Month, meter: &MeterId) -> Self {
        Self(format!("B-{month}-{meter}"))
    }
}

/// A payment's identifier: the UUIDv7 (RFC 9562) that the client drew when the order was signed. It is the idempotency
/// key from the client's queue to the gateway. 16 bytes on the wire, 32 lower-case hex digits as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaymentId([u8; 16]);

impl PaymentId {
    /// The identifier in these bytes; they must be a UUID of version 7, variant 10.
    pub fn from_bytes(bytes: [u8; 16]) -> Result<Self, IdError> {
        if bytes[6] >> 4 == 7 && bytes[8] >> 6 == 0b10 { Ok(Self(bytes)) } else { Err(IdError("UUIDv7")) }
    }

    /// Its 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// A fresh identifier from the Unix time in milliseconds and 10 random bytes (RFC 9562, 5.7).
    pub fn from_parts(unix_ms: u64, random: [u8; 10]) -> Self {
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&unix_ms.to_be_bytes()[2..]);
        bytes[6..].copy_from_slice(&random);
        bytes[6] = 0x70 | (bytes[6] & 0x0f);
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
        Self(bytes)
    }
}

impl fmt::Display for PaymentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for PaymentId {
    type Err = IdError;

    /// Reads 32 hex digits, with or without the dashes of a UUID.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let digits: Vec<u8> = text.bytes().filter(|b| *b != b'-').collect();
        if digits.len() != 32 {
            return Err(IdError("UUIDv7"));
        }
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let nibble = |digit: u8| char::from(digit).to_digit(16).ok_or(IdError("UUIDv7"));
            *byte = u8::try_from(nibble(pair[0])? << 4 | nibble(pair[1])?).map_err(|_| IdError("UUIDv7"))?;
        }
        Self::from_bytes(bytes)
    }
}

impl Serialize for PaymentId {
    /// Bytes in a binary format, hex in a readable one.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { serializer.serialize_bytes(&self.0) }
    }
}

impl<'de> Deserialize<'de> for PaymentId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = PaymentId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a UUIDv7 in 16 bytes")
            }

            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<PaymentId, E> {
                let bytes = bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))?;
                PaymentId::from_bytes(bytes).map_err(E::custom)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<PaymentId, E> {
                text.parse().map_err(E::custom)
            }
        }

        if deserializer.is_human_readable() {
            deserializer.deserialize_str(Visitor)
        } else {
            deserializer.deserialize_bytes(Visitor)
        }
    }
}

/// Names a refund: drawn before anything is sent, so that the same refund is given once however often it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RefundId(PaymentId);

impl RefundId {
    /// A fresh one, as [`PaymentId::from_parts`].
    pub fn from_parts(unix_ms: u64, random: [u8; 10]) -> Self {
        Self(PaymentId::from_parts(unix_ms, random))
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for RefundId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for RefundId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        text.parse().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_could_not_stand_in_a_path_or_a_log_line() {
        for text in ["", "../x", "a b", "a\n", "号", &"1".repeat(41)] {
            assert!(text.parse::<CustomerNo>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_bill_is_named_by_month_and_meter() {
        let meter: MeterId = "M1000000011".parse().unwrap();
        assert_eq!(BillId::of("2016-01".parse().unwrap(), &meter).as_str(), "B-2016-01-M1000000011");
    }

    #[test]
    fn only_a_version_7_uuid_names_a_payment() {
        assert!(PaymentId::from_bytes([0x11; 16]).is_err());
        let id = PaymentId::from_parts(1_795_334_400_000, [0xff; 10]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!("01a20244e8007000800000000000002a".parse::<PaymentId>().is_ok());
        assert!("01a20244e800400080000000000000zz".parse::<PaymentId>().is_err());
    }
}
