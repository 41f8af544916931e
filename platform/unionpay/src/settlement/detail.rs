//! The list of a day's transactions (`…ZM_…`): lines of fixed columns, left-justified, one space between them. Read by
//! bytes, since the texts in it are GBK; the columns used here are ASCII.

use gridkey_domain::{Fen, Timestamp};
use jiff::civil::Date;

use crate::time;

/// Widths of the columns, without the space behind each.
const WIDTHS: [usize; 42] = [
    3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32, 13,
    13, 8, 32, 13, 13, 12, 2, 1, 32, 98,
];
/// Bytes of a line.
const LINE: usize = 607;
/// The most lines read.
const MOST: usize = 200_000;
const TRACE: usize = 3;
const SENT: usize = 4;
const AMOUNT: usize = 6;
const REFERENCE: usize = 9;
const ORDER: usize = 11;
const KIND: usize = 19;
const ORIGINAL: usize = 26;
const MERCHANT: usize = 27;

/// Why a list can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DetailError {
    /// A line is not of its length.
    #[error("line {line} of the settlement file has {length} bytes, not 607")]
    Length {
        /// From 1.
        line: usize,
        /// Its length.
        length: usize,
    },
    /// A column holds something else than it should.
    #[error("line {line} of the settlement file: {column} is not in its form")]
    Column {
        /// From 1.
        line: usize,
        /// Which.
        column: &'static str,
    },
    /// Too many lines.
    #[error("the settlement file has too many lines")]
    TooMany,
}

/// A transaction that the gateway settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// `txnType`: 01 a payment, 04 a refund.
    pub kind: String,
    /// `merId`.
    pub merchant: String,
    /// `orderId`, its first 32 letters.
    pub order: String,
    /// The amount, fen.
    pub amount: Fen,
    /// The gateway's reference (`queryId`).
    pub reference: String,
    /// The reference of the payment that a refund gives back; empty for a payment.
    pub original: String,
    /// The day of the file.
    pub day: Date,
}

/// Reads the lines of the list of `day`.
///
/// # Errors
/// [`DetailError`]; a list is read whole or not at all.
pub fn read(list: &[u8], day: Date) -> Result<Vec<Settled>, DetailError> {
    let mut lines: Vec<&[u8]> = list.split(|byte| *byte == b'\n').collect();
    if lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    if lines.len() > MOST {
        return Err(DetailError::TooMany);
    }
    lines.iter().enumerate().map(|(index, line)| read_line(index + 1, line, day)).collect()
}

fn read_line(line: usize, bytes: &[u8], day: Date) -> Result<Settled, DetailError> {
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    if bytes.len() != LINE {
        return Err(DetailError::Length { line, length: bytes.len() });
    }
    let text = |index: usize, column: &'static str| {
        let from: usize = WIDTHS.iter().take(index).map(|width| width + 1).sum();
        let width = WIDTHS.get(index).copied().unwrap_or_default();
        let field = bytes.get(from..from + width).unwrap_or_default().trim_ascii();
        let plain = field.iter().all(u8::is_ascii_alphanumeric);
        let text = std::str::from_utf8(field).ok().filter(|_| plain);
        text.map(str::to_owned).ok_or(DetailError::Column { line, column })
    };
    let amount = text(AMOUNT, "the amount")?;
    let amount = Some(&amount).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let amount = amount.and_then(|text| text.parse().ok()).and_then(|fen| Fen::new(fen).ok());
    let filled = |index, column| {
        let text = text(index, column)?;
        if text.is_empty() { Err(DetailError::Column { line, column }) } else { Ok(text) }
    };
    Ok(Settled {
        kind: filled(KIND, "the kind")?,
        merchant: filled(MERCHANT, "the merchant")?,
        order: filled(ORDER, "the order")?,
        amount: amount.ok_or(DetailError::Column { line, column: "the amount" })?,
        reference: filled(REFERENCE, "the reference")?,
        original: text(ORIGINAL, "the original reference")?,
        day,
    })
}

/// The line of a transaction settled at `at`, with its end; for whoever plays the gateway.
pub fn write(settled: &Settled, at: Timestamp) -> String {
    let sent = time::format(at);
    let mut line = String::with_capacity(LINE + 2);
    for (index, width) in WIDTHS.into_iter().enumerate() {
        let amount = format!("{:012}", settled.amount.get());
        let field = match index {
            0 => "S56",
            TRACE => settled.reference.get(14..20).unwrap_or_default(),
            SENT => sent.get(4..).unwrap_or_default(),
            AMOUNT => &amount,
            REFERENCE => &settled.reference,
            ORDER => &settled.order,
            KIND => &settled.kind,
            ORIGINAL => &settled.original,
            MERCHANT => &settled.merchant,
            _ => "",
        };
        let field: String = field.chars().take(width).collect();
        line.push_str(&format!("{field:width$}"));
        line.push(' ');
    }
    line.pop();
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: Date = Date::constant(2026, 3, 1);

    fn settled() -> impl Strategy<Value = Settled> {
        ("0[14]", "[0-9A-Z]{15}", "[0-9a-f]{8,32}", 1..=999_999_999_999_u64, "[0-9]{21}", "([0-9]{21})?").prop_map(
            |(kind, merchant, order, amount, reference, original)| Settled {
                kind,
                merchant,
                order,
                amount: Fen::new(amount).unwrap(),
                reference,
                original,
                day: DAY,
            },
        )
    }

    fn text(lines: &[Settled]) -> String {
        lines.iter().map(|line| write(line, Timestamp::from_seconds(1_772_000_000))).collect()
    }

    proptest! {
        #[test]
        fn a_list_reads_back_as_written(lines in proptest::collection::vec(settled(), 0..6)) {
            prop_assert_eq!(read(text(&lines).as_bytes(), DAY), Ok(lines));
        }

        #[test]
        fn a_cut_list_is_refused_or_shorter_by_whole_lines(
            lines in proptest::collection::vec(settled(), 1..4), at: prop::sample::Index,
        ) {
            let text = text(&lines);
            let cut = at.index(text.len());
            if let Ok(read) = read(&text.as_bytes()[..cut], DAY) {
                prop_assert!(lines.starts_with(&read));
            }
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>, fill in any::<u8>()) {
            let _ = read(&bytes, DAY);
            let _ = read(&[fill; LINE], DAY);
        }
    }

    #[test]
    fn columns_lie_where_the_gateway_puts_them() {
        assert_eq!(WIDTHS.iter().map(|width| width + 1).sum::<usize>(), LINE + 1);
        let from = |index: usize| -> usize { WIDTHS[..index].iter().map(|width| width + 1).sum() };
        let places = [AMOUNT, REFERENCE, ORDER, KIND, ORIGINAL, MERCHANT].map(from);
        assert_eq!(places, [66, 87, 112, 215, 271, 293]);
    }

    #[test]
    fn texts_in_gbk_do_not_disturb_the_columns() {
        let line = Settled {
            kind: "01".into(),
            merchant: "898110000000001".into(),
            order: "0198".repeat(8),
            amount: Fen::new(476_800).unwrap(),
            reference: "201509061122031906248".into(),
            original: String::new(),
            day: DAY,
        };
        let mut bytes = write(&line, Timestamp::from_seconds(0)).into_bytes();
        bytes[327..331].copy_from_slice(&[0xb5, 0xe7, 0xc1, 0xa6]);
        assert_eq!(read(&bytes, DAY), Ok(vec![line]));
        bytes[66] = b'x';
        assert_eq!(read(&bytes, DAY), Err(DetailError::Column { line: 1, column: "the amount" }));
    }
}
