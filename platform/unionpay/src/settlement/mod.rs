//! The gateway's settlement file (对账文件): what it settled for us on a day, asked for with txnType 76/01 on a host of its own.
//!
//! The answer is signed like any other; its `fileContent` is base64 of a zlib stream of a ZIP archive ([`archive`]), in
//! which the entry whose name holds `ZM_` lists one transaction a line ([`detail`]). The file of a day is there on the
//! next morning. Money is never booked on it: it says what to ask about.

pub mod archive;
pub mod detail;

use gridkey_domain::Timestamp;
use jiff::{SignedDuration, civil::Date};

use self::{
    archive::ArchiveError,
    detail::{DetailError, Settled},
};
use crate::{
    Message,
    consume::VERSION,
    query::AnswerError,
    signing::{SignError, SigningKey},
    time,
    verify::Verified,
};

/// The path below the file host's base URL.
pub const FILE_PATH: &str = "/";
/// The longest answer with a file, bytes.
pub const MAX_ANSWER: usize = 2 * 1024 * 1024;
/// A settlement day ends an hour before midnight.
const DAY_ENDS_BEFORE_MIDNIGHT: i64 = 3600;

/// Why a day's file can't be used. An operator must look; the same file fails again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The archive can't be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A line is not in its form.
    #[error(transparent)]
    Detail(#[from] DetailError),
    /// There is no list of transactions in it.
    #[error("the settlement file holds no list of transactions")]
    NoList,
}

/// What the gateway answered when asked for a day's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileAnswer {
    /// The transactions settled on that day.
    Settled(Vec<Settled>),
    /// There is no file of that day, or not yet (98).
    NotThere,
    /// Turned down with this code.
    Refused {
        /// `respCode`.
        code: String,
    },
}

/// The day on which the gateway settles what was paid at `at`.
pub fn settle_date(at: Timestamp) -> Date {
    at.plus_seconds(DAY_ENDS_BEFORE_MIDNIGHT).date()
}

/// The signed request for the file of `day`, sent at `now`.
pub fn sign_request(merchant: &str, day: Date, now: Timestamp, key: &SigningKey) -> Result<Message, SignError> {
    let mut message = Message::new()
        .with("version", VERSION)
        .with("encoding", "UTF-8")
        .with("txnType", "76")
        .with("txnSubType", "01")
        .with("bizType", "000000")
        .with("accessType", "0")
        .with("merId", merchant)
        .with("txnTime", &time::format(now))
        .with("settleDate", &day_text(day))
        .with("fileType", "00");
    key.sign_request(&mut message)?;
    Ok(message)
}

/// `settleDate`: month and day. The gateway keeps files for less than a year.
pub fn day_text(day: Date) -> String {
    day.strftime("%m%d").to_string()
}

/// The day of a reference (`queryId`), which begins with the gateway's time; `None` if it does not.
pub fn day_of_reference(reference: &str) -> Option<Date> {
    reference.get(..14).and_then(time::parse).map(settle_date)
}

impl FileAnswer {
    /// Reads the answer for the file of `day`.
    ///
    /// # Errors
    /// The outer one if the answer is not about what was asked, the inner one if the file can't be used.
    pub fn read(answer: &Verified, merchant: &str, day: Date) -> Result<Result<Self, FileError>, AnswerError> {
        let expected = day_text(day);
        for (name, expected) in [("merId", merchant), ("settleDate", expected.as_str()), ("txnType", "76")] {
            match answer.get(name) {
                None => return Err(AnswerError::Missing(name)),
                Some(found) if found == expected => {}
                Some(found) => {
                    let (found, expected) = (found.to_owned(), expected.to_owned());
                    return Err(AnswerError::Mismatch { field: name, found, expected });
                }
            }
        }
        match answer.get("respCode").ok_or(AnswerError::Missing("respCode"))? {
            "00" => {}
            "98" => return Ok(Ok(Self::NotThere)),
            code => return Ok(Ok(Self::Refused { code: code.to_owned() })),
        }
        let content = answer.get("fileContent").ok_or(AnswerError::Missing("fileContent"))?;
        Ok(list(content, day).map(Self::Settled))
    }
}

fn list(content: &str, day: Date) -> Result<Vec<Settled>, FileError> {
    let entries = archive::open(content)?;
    let list = entries.iter().find(|entry| entry.name.contains("ZM_")).ok_or(FileError::NoList)?;
    Ok(detail::read(&list.content, day)?)
}

/// How long ago a day's file may lie, days: `settleDate` names no year.
pub const OLDEST_DAYS: i64 = 300;

/// The days from `from` to `to`, both included, that a file can be asked for at `today`.
pub fn days(from: Date, to: Date, today: Date) -> Vec<Date> {
    let oldest = today.saturating_sub(SignedDuration::from_hours(24 * OLDEST_DAYS));
    from.max(oldest).series(jiff::Span::new().days(1)).take_while(|day| *day <= to).collect()
}
