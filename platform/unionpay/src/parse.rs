//! Reading what the gateway sends: synchronous answers (plain `k=v&k=v`) and notifications (a form post).

use std::fmt;

use crate::Message;

/// The longest body read, bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// The most fields read.
const MAX_FIELDS: usize = 128;

/// Why a body is no message. The sender erred; the same bytes fail again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Longer than [`MAX_BODY`] (or what was allowed), or too many fields.
    #[error("the body is too large")]
    TooLarge,
    /// Not `name=value` pairs: an HTML page, "Invalid request.", or nothing.
    #[error("the body is not made of name=value pairs: {0}")]
    NotPairs(Excerpt),
    /// Not UTF-8, the encoding of every message here.
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// A `%` without two hex digits behind it.
    #[error("the body has a broken percent escape")]
    BrokenEscape,
    /// A `{` or `[` without its end.
    #[error("field {0} has a bracket without its end")]
    OpenBracket(String),
    /// A field twice; which of the two is signed is undefined, so neither is trusted.
    #[error("field {0} occurs twice")]
    Duplicate(String),
}

/// The beginning of a body that could not be read, made safe to print.
#[derive(Clone, PartialEq, Eq)]
pub struct Excerpt(String);

impl Excerpt {
    fn of(body: &str) -> Self {
        Self(body.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect())
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.trim().is_empty() { f.write_str("(empty)") } else { write!(f, "{:?}", self.0) }
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads a synchronous answer: nothing is URL-encoded, each pair splits at its first `=`, `+` stays `+`, and an `&` inside
/// `{…}` or `[…]` at the start of a value belongs to the value. Empty values are kept: the signature covers them as `k=`.
pub fn parse_answer(body: &[u8]) -> Result<Message, ParseError> {
    parse_answer_within(body, MAX_BODY)
}

/// The same for an answer of at most `longest` bytes, as one with a file is.
pub fn parse_answer_within(body: &[u8], longest: usize) -> Result<Message, ParseError> {
    let text = text(body, longest)?;
    let text = text.trim_end_matches(['\r', '\n']);
    // The gateway may wrap the whole answer in one pair of braces.
    let text = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')).unwrap_or(text);
    let mut message = Message::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').ok_or_else(|| ParseError::NotPairs(Excerpt::of(text)))?;
        check_name(name, text)?;
        let end = value_end(name, after)?;
        let (value, tail) = after.split_at_checked(end).ok_or(ParseError::NotUtf8)?;
        add(&mut message, name.to_owned(), value.to_owned())?;
        rest = match tail.strip_prefix('&') {
            Some("") => return Err(ParseError::NotPairs(Excerpt::of(text))),
            Some(next) => next,
            None => "",
        };
    }
    if message.is_empty() { Err(ParseError::NotPairs(Excerpt::of(text))) } else { Ok(message) }
}

/// Reads a form post: pairs at `&`, each side URL-decoded once as UTF-8, then empty values are dropped, as the gateway does
/// before it signs.
pub fn parse_form(body: &[u8]) -> Result<Message, ParseError> {
    let text = text(body, MAX_BODY)?;
    let mut message = Message::new();
    let mut seen = Message::new();
    for pair in text.trim_end_matches(['\r', '\n']).split('&') {
        let (name, value) = pair.split_once('=').ok_or_else(|| ParseError::NotPairs(Excerpt::of(text)))?;
        let (name, value) = (unescape(name)?, unescape(value)?);
        check_name(&name, text)?;
        if value.is_empty() {
            add(&mut seen, name, value)?;
        } else {
            add(&mut message, name, value)?;
        }
    }
    if let Some((name, _)) = seen.fields().find(|(name, _)| message.get(name).is_some()) {
        return Err(ParseError::Duplicate(name.to_owned()));
    }
    if message.is_empty() { Err(ParseError::NotPairs(Excerpt::of(text))) } else { Ok(message) }
}

fn text(body: &[u8], longest: usize) -> Result<&str, ParseError> {
    if body.len() > longest {
        return Err(ParseError::TooLarge);
    }
    std::str::from_utf8(body).map_err(|_| ParseError::NotUtf8)
}

/// Field names are short and alphanumeric; anything else means that the body is something else.
fn check_name(name: &str, body: &str) -> Result<(), ParseError> {
    if name.is_empty() || name.len() > 64 || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return Err(ParseError::NotPairs(Excerpt::of(body)));
    }
    Ok(())
}

/// Where the value at the start of `after` ends: at the first `&` outside a bracket that the value began with. Brackets
/// inside a value (`成功[0000000]`) hold no `&` in practice, but are honoured all the same, one level deep.
fn value_end(name: &str, after: &str) -> Result<usize, ParseError> {
    let mut open: Option<u8> = None;
    for (at, byte) in after.bytes().enumerate() {
        match (open, byte) {
            (None, b'&') => return Ok(at),
            (None, b'{') => open = Some(b'}'),
            (None, b'[') => open = Some(b']'),
            (Some(close), _) if byte == close => open = None,
            _ => {}
        }
    }
    if open.is_some() { Err(ParseError::OpenBracket(name.to_owned())) } else { Ok(after.len()) }
}

fn add(message: &mut Message, name: String, value: String) -> Result<(), ParseError> {
    if message.len() >= MAX_FIELDS {
        return Err(ParseError::TooLarge);
    }
    let label = name.clone();
    if message.add_received(name, value) { Ok(()) } else { Err(ParseError::Duplicate(label)) }
}

fn unescape(text: &str) -> Result<String, ParseError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut digit =
                    || rest.next().and_then(|d| char::from(d).to_digit(16)).and_then(|d| u8::try_from(d).ok());
                let (high, low) = (digit().ok_or(ParseError::BrokenEscape)?, digit().ok_or(ParseError::BrokenEscape)?);
                bytes.push(high << 4 | low);
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).map_err(|_| ParseError::NotUtf8)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_answer_splits_at_the_first_equals_sign_and_keeps_plus() {
        let message = parse_answer(b"respCode=00&signature=a+b/c==&respMsg=ok").unwrap();
        assert_eq!(message.get("signature"), Some("a+b/c=="));
        assert_eq!(message.len(), 3);
    }

    #[test]
    fn an_ampersand_inside_brackets_belongs_to_the_value() {
        let message = parse_answer(b"tokenPayData={token=1&trId=2}&list=[a=1&b=2]&respCode=00").unwrap();
        assert_eq!(message.get("tokenPayData"), Some("{token=1&trId=2}"));
        assert_eq!(message.get("list"), Some("[a=1&b=2]"));
        assert_eq!(message.get("respCode"), Some("00"));
    }

    #[test]
    fn an_answer_keeps_empty_values_because_they_are_signed() {
        assert_eq!(parse_answer(b"a=&b=1").unwrap().sign_string(), "a=&b=1");
    }

    #[test]
    fn one_pair_of_braces_around_an_answer_is_taken_off() {
        assert_eq!(parse_answer(b"{a=1&b=2}").unwrap().get("b"), Some("2"));
    }

    #[test]
    fn a_form_is_decoded_once_and_loses_empty_values() {
        let message = parse_form(b"respMsg=%E6%88%90%E5%8A%9F&signature=a%2Bb+c&reserved=").unwrap();
        assert_eq!(message.get("respMsg"), Some("成功"));
        assert_eq!(message.get("signature"), Some("a+b c"));
        assert_eq!(message.get("reserved"), None);
    }

    #[test]
    fn a_field_twice_is_refused_even_when_one_is_empty() {
        let duplicate = ParseError::Duplicate("a".into());
        assert_eq!(parse_answer(b"a=1&a=1"), Err(duplicate.clone()));
        assert_eq!(parse_form(b"a=1&a=2"), Err(duplicate.clone()));
        assert_eq!(parse_form(b"a=1&a="), Err(duplicate));
    }

    #[test]
    fn what_is_no_message_is_named_and_quoted_safely() {
        for body in ["", "Invalid request.", "<html>\u{7}", "&a=1", "a=1&", "a=1&&b=2"] {
            assert!(matches!(parse_answer(body.as_bytes()), Err(ParseError::NotPairs(_))), "{body}");
        }
        assert_eq!(
            parse_answer(b"Invalid request.").unwrap_err().to_string(),
            "the body is not made of name=value pairs: \"Invalid request.\""
        );
        assert_eq!(parse_form(b"a=%zz"), Err(ParseError::BrokenEscape));
        assert_eq!(parse_form(b"a=%2"), Err(ParseError::BrokenEscape));
        assert_eq!(parse_form(b"a=%ff"), Err(ParseError::NotUtf8));
        assert_eq!(parse_answer(b"a={1&b=2"), Err(ParseError::OpenBracket("a".into())));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(body in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = parse_answer(&body);
            let _ = parse_form(&body);
        }

        #[test]
        fn what_looks_like_pairs_never_panics(body in "[a-c=&{}\\[\\]%+成]{0,60}") {
            let _ = parse_answer(body.as_bytes());
            let _ = parse_form(body.as_bytes());
        }

        #[test]
        fn a_form_reads_back_as_written(fields in proptest::collection::btree_map("[a-zA-Z]{1,12}", "\\PC{1,20}", 1..12)) {
            let mut message = Message::new();
            for (name, value) in &fields {
                message.set(name, value);
            }
            prop_assume!(!message.is_empty());
            prop_assert_eq!(parse_form(message.to_form().as_bytes()), Ok(message));
        }

        #[test]
        fn an_answer_reads_back_as_written(
            fields in proptest::collection::btree_map("[a-zA-Z]{1,12}", "[^&{}\\[\\]\\pC]{1,20}|\\{[a-z=&]{0,8}\\}", 1..12),
        ) {
            let mut message = Message::new();
            for (name, value) in &fields {
                message.set(name, value);
            }
            prop_assume!(!message.is_empty());
            prop_assert_eq!(parse_answer(message.to_answer().as_bytes()), Ok(message));
        }
    }
}
