//! The gateway's times: Beijing time as `YYYYMMDDhhmmss`.

use gridkey_domain::Timestamp;
use jiff::civil::DateTime;

/// `at` as the gateway writes it.
pub fn format(at: Timestamp) -> String {
    at.civil().strftime("%Y%m%d%H%M%S").to_string()
}

/// The instant of a `YYYYMMDDhhmmss` in Beijing time; `None` for anything else.
pub fn parse(text: &str) -> Option<Timestamp> {
    if text.len() != 14 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    DateTime::strptime("%Y%m%d%H%M%S", text).ok().map(Timestamp::from_civil)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_beijing() {
        let at: Timestamp = "2022-09-03T06:54:48Z".parse().unwrap();
        assert_eq!(format(at), "20220903145448");
        assert_eq!(parse("20220903145448"), Some(at));
    }

    #[test]
    fn other_texts_are_no_times() {
        for text in ["", "2022090314544", "20221303145448", "2022-09-03 14:54", "20220903145448 "] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
