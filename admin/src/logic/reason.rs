//! Reasons: what a person types before something ends.

/// The longest reason, bytes of UTF-8.
pub const LONGEST: usize = 200;

/// What is wrong with a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadReason {
    /// Nothing was typed.
    Empty,
    /// It is longer than [`LONGEST`]: so many bytes.
    Long(usize),
}

/// A typed reason as it is sent: without the spaces around it, its lines joined.
///
/// # Errors
/// [`BadReason`].
pub fn reason(typed: &str) -> Result<String, BadReason> {
    let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.len() {
        0 => Err(BadReason::Empty),
        length if length > LONGEST => Err(BadReason::Long(length)),
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_of_one_to_two_hundred_bytes() {
        assert_eq!(reason("  left in\n a taxi "), Ok("left in a taxi".to_owned()));
        assert_eq!(reason(" \n"), Err(BadReason::Empty));
        assert_eq!(reason(&"x".repeat(LONGEST)).map(|text| text.len()), Ok(LONGEST));
        assert_eq!(reason(&"失".repeat(67)), Err(BadReason::Long(201)));
    }
}
