//! Tables as CSV (RFC 4180) for spreadsheets.

/// The mark by which spreadsheets know UTF-8; without it some show Chinese headings as noise.
const UTF8_MARK: char = '\u{feff}';

/// A table as CSV text: the headings, then the rows, each line ended by CRLF.
pub fn text(headings: &[String], rows: &[Vec<String>]) -> String {
    let mut out = String::from(UTF8_MARK);
    line(&mut out, headings);
    for row in rows {
        line(&mut out, row);
    }
    out
}

fn line(out: &mut String, fields: &[String]) {
    for (place, field) in fields.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        write_field(out, field);
    }
    out.push_str("\r\n");
}

fn write_field(out: &mut String, field: &str) {
    // A spreadsheet takes such a text for a formula. Numbers may begin with a minus.
    let formula = field.starts_with(['=', '+', '@', '\t', '\r'])
        || (field.starts_with('-') && !field.chars().skip(1).all(|c| c.is_ascii_digit() || c == '.'));
    let quoted = formula || field.contains([',', '"', '\n', '\r']);
    if !quoted {
        out.push_str(field);
        return;
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    out.push_str(&field.replace('"', "\"\""));
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(field: &str) -> String {
        text(&[], &[vec![field.to_owned()]]).trim_start_matches(UTF8_MARK).trim_start_matches("\r\n").to_owned()
    }

    #[test]
    fn a_table_begins_with_its_headings_and_ends_each_line() {
        let table = text(
            &["月份".into(), "kWh".into()],
            &[vec!["2026-10".into(), "1.50".into()], vec!["2026-11".into(), "2.00".into()]],
        );
        assert_eq!(table, "\u{feff}月份,kWh\r\n2026-10,1.50\r\n2026-11,2.00\r\n");
    }

    #[test]
    fn commas_quotes_and_line_breaks_stay_inside_their_field() {
        assert_eq!(one("a,b"), "\"a,b\"\r\n");
        assert_eq!(one("a \"b\""), "\"a \"\"b\"\"\"\r\n");
        assert_eq!(one("a\nb"), "\"a\nb\"\r\n");
    }

    #[test]
    fn no_field_is_a_formula_and_negative_numbers_stay_numbers() {
        assert_eq!(one("=1+1"), "\"'=1+1\"\r\n");
        assert_eq!(one("-cmd"), "\"'-cmd\"\r\n");
        assert_eq!(one("-0.45"), "-0.45\r\n");
    }
}
