//! From bytes to a [`Value`], refusing every second spelling.

use std::collections::HashSet;

use super::Value;
use crate::limits;

/// Arrays and maps within each other; the deepest message of the contract has six.
const DEPTH: usize = 16;
/// Keys of a map that are compared one by one.
const FEW_KEYS: usize = 16;

/// What is wrong with the bytes, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{fault} at byte {offset}")]
pub struct CborError {
    /// Where, in bytes from the start.
    pub offset: usize,
    /// What.
    pub fault: CborFault,
}

/// What the contract's CBOR does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CborFault {
    /// The bytes end within the value.
    #[error("the value is cut short")]
    Truncated,
    /// Bytes follow the value.
    #[error("bytes follow the value")]
    Trailing,
    /// A length or number is written longer than needed.
    #[error("a head is longer than needed")]
    LongHead,
    /// A string, array or map of indefinite length, or a stray break.
    #[error("indefinite lengths are not allowed")]
    Indefinite,
    /// A reserved head.
    #[error("a reserved head")]
    Reserved,
    /// A tag.
    #[error("tags are not allowed")]
    Tag,
    /// A float.
    #[error("floats are not allowed")]
    Float,
    /// A simple value other than `false`, `true` and `null`.
    #[error("only false, true and null are allowed")]
    Simple,
    /// An integer beyond ±2^63.
    #[error("the integer is out of range")]
    Range,
    /// A text string that is not UTF-8.
    #[error("text is not UTF-8")]
    Utf8,
    /// A map key that is not text.
    #[error("map keys must be text")]
    Key,
    /// A map key that came before.
    #[error("a map key occurs twice")]
    DuplicateKey,
    /// Too many levels of arrays and maps.
    #[error("nested too deep")]
    Depth,
}

/// Reads exactly one value that fills `bytes`.
pub fn parse(bytes: &[u8]) -> Result<Value, CborError> {
    let mut parser = Parser { bytes, offset: 0 };
    let value = parser.value(0)?;
    if parser.offset == bytes.len() { Ok(value) } else { Err(parser.fault(CborFault::Trailing)) }
}

struct Parser<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Parser<'a> {
    fn fault(&self, fault: CborFault) -> CborError {
        CborError { offset: self.offset, fault }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], CborError> {
        let end = self.offset.checked_add(count).filter(|end| *end <= self.bytes.len());
        let slice = end.and_then(|end| self.bytes.get(self.offset..end));
        let slice = slice.ok_or_else(|| self.fault(CborFault::Truncated))?;
        self.offset += count;
        Ok(slice)
    }

    /// Major type and argument, in the shortest form only.
    fn head(&mut self) -> Result<(u8, u64), CborError> {
        let at = self.offset;
        let initial = self.take(1)?.first().copied().unwrap_or_default();
        let (major, short) = (initial >> 5, initial & 0x1f);
        let fault = |fault| CborError { offset: at, fault };
        if major == 7 && (24..=27).contains(&short) {
            return Err(fault(if short == 24 { CborFault::Simple } else { CborFault::Float }));
        }
        let (width, least) = match short {
            0..=23 => return Ok((major, u64::from(short))),
            24 => (1, 24),
            25 => (2, 1 << 8),
            26 => (4, 1 << 16),
            27 => (8, 1 << 32),
            28..=30 => return Err(fault(CborFault::Reserved)),
            _ => return Err(fault(CborFault::Indefinite)),
        };
        let argument = self.take(width)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        if argument < least { Err(fault(CborFault::LongHead)) } else { Ok((major, argument)) }
    }

    fn length(&self, argument: u64) -> Result<usize, CborError> {
        // An element takes at least a byte, so a longer length than what is left can only be a lie.
        usize::try_from(argument)
            .ok()
            .filter(|length| *length <= self.bytes.len() - self.offset)
            .ok_or_else(|| self.fault(CborFault::Truncated))
    }

    fn text(&mut self, argument: u64) -> Result<String, CborError> {
        let length = self.length(argument)?;
        let at = self.offset;
        let text = std::str::from_utf8(self.take(length)?);
        text.map(str::to_owned).map_err(|_| CborError { offset: at, fault: CborFault::Utf8 })
    }

    fn value(&mut self, depth: usize) -> Result<Value, CborError> {
        let at = self.offset;
        let (major, argument) = self.head()?;
        let fault = |fault| CborError { offset: at, fault };
        if matches!(major, 4 | 5) && depth >= DEPTH {
            return Err(fault(CborFault::Depth));
        }
        match major {
            0 if argument <= limits::INTEGER => Ok(Value::Unsigned(argument)),
            1 => {
                let magnitude = i64::try_from(argument).map_err(|_| fault(CborFault::Range))?;
                Ok(Value::Negative(-1 - magnitude))
            }
            0 => Err(fault(CborFault::Range)),
            2 => {
                let length = self.length(argument)?;
                Ok(Value::Bytes(self.take(length)?.to_vec()))
            }
            3 => Ok(Value::Text(self.text(argument)?)),
            4 => {
                let length = self.length(argument)?;
                (0..length).map(|_| self.value(depth + 1)).collect::<Result<_, _>>().map(Value::Array)
            }
            5 => self.map(argument, depth),
            6 => Err(fault(CborFault::Tag)),
            _ => match argument {
                20 => Ok(Value::Bool(false)),
                21 => Ok(Value::Bool(true)),
                22 => Ok(Value::Null),
                _ => Err(fault(CborFault::Simple)),
            },
        }
    }

    fn map(&mut self, argument: u64, depth: usize) -> Result<Value, CborError> {
        let length = self.length(argument)?;
        // To look through a few keys is quicker than to hash them; to look through many would be quadratic.
        let mut keys = (length > FEW_KEYS).then(HashSet::new);
        let mut entries: Vec<(String, Value)> = Vec::new();
        for _ in 0..length {
            let at = self.offset;
            let (major, argument) = self.head()?;
            if major != 3 {
                return Err(CborError { offset: at, fault: CborFault::Key });
            }
            let key = self.text(argument)?;
            let twice = match &mut keys {
                Some(keys) => !keys.insert(key.clone()),
                None => entries.iter().any(|(known, _)| *known == key),
            };
            if twice {
                return Err(CborError { offset: at, fault: CborFault::DuplicateKey });
            }
            entries.push((key, self.value(depth + 1)?));
        }
        Ok(Value::Map(entries))
    }
}
