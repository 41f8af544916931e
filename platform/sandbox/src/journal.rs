//! What must survive a restart: one JSON record a line, on the disk before anyone hears of it.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    path::Path,
};

use gridkey_domain::{Fen, Timestamp};
use serde::{Deserialize, Serialize};

/// What names a payment: merchant, order and time together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// `merId`.
    #[serde(rename = "merId")]
    pub merchant: String,
    /// `orderId`.
    #[serde(rename = "orderId")]
    pub order: String,
    /// `txnTime` as sent.
    #[serde(rename = "txnTime")]
    pub time: String,
}

/// What a merchant asked the gateway to collect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// `txnAmt`.
    pub amount: Fen,
    /// `frontUrl`.
    pub front_url: String,
    /// `backUrl`.
    pub back_url: String,
    /// `payTimeout`.
    pub pay_timeout: Option<Timestamp>,
    /// `bizType`.
    pub biz_type: String,
    /// `reqReserved`, echoed.
    pub reserved: Option<String>,
    /// Names the payment on the bank's pages.
    pub token: String,
}

/// A refund that was taken up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repayment {
    /// The payment.
    pub payment: Identity,
    /// The amount given back, fen.
    pub amount: Fen,
    /// Why it failed after it was taken up: the code that queries give. None if the money went back.
    pub failed: Option<String>,
    /// The gateway's reference.
    pub query_id: String,
    /// When.
    pub at: Timestamp,
    /// `backUrl`.
    pub back_url: String,
    /// `bizType`.
    pub biz_type: String,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum Record {
    /// The bank page was opened for the first time.
    Opened {
        /// Which payment.
        #[serde(flatten)]
        identity: Identity,
        /// What for.
        #[serde(flatten)]
        terms: Terms,
    },
    /// The payer's account was debited.
    Debited {
        /// Which payment.
        #[serde(flatten)]
        identity: Identity,
        /// The gateway's reference.
        #[serde(rename = "queryId")]
        query_id: String,
        /// When.
        at: Timestamp,
    },
    /// The payer left or the bank declined; another try may follow.
    Declined {
        /// Which payment.
        #[serde(flatten)]
        identity: Identity,
        /// The code that queries give.
        code: String,
    },
    /// Money goes back to the payer, or was refused to.
    Refunded {
        /// Which refund.
        #[serde(flatten)]
        identity: Identity,
        /// What of.
        refund: Repayment,
    },
    /// The merchant answered the notification, or the last try is over.
    NotifyEnded {
        /// Which payment.
        #[serde(flatten)]
        identity: Identity,
        /// Whether the merchant answered.
        delivered: bool,
    },
}

/// The file. A torn last line, as a crash leaves it, is cut off: nobody heard of what it would have said.
#[derive(Debug)]
pub struct Journal(File);

impl Journal {
    /// Opens or makes the file and reads what it holds.
    pub fn open(path: &Path) -> io::Result<(Self, Vec<Record>)> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let mut records = Vec::new();
        let mut good = 0;
        let mut reader = BufReader::new(&file);
        let mut line = String::new();
        loop {
            line.clear();
            let length = reader.read_line(&mut line)?;
            if length == 0 || !line.ends_with('\n') {
                break;
            }
            records.push(serde_json::from_str(&line).map_err(io::Error::other)?);
            good += length as u64;
        }
        file.set_len(good)?;
        file.seek(SeekFrom::End(0))?;
        Ok((Self(file), records))
    }

    /// Adds a record; it is on the disk when this returns.
    pub fn append(&mut self, record: &Record) -> io::Result<()> {
        let mut line = serde_json::to_vec(record).map_err(io::Error::other)?;
        line.push(b'\n');
        self.0.write_all(&line)?;
        self.0.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn debit(order: &str) -> Record {
        Record::Debited {
            identity: Identity { merchant: "M".into(), order: order.into(), time: "20260301200000".into() },
            query_id: "1".into(),
            at: Timestamp::from_seconds(7),
        }
    }

    #[test]
    fn records_survive_and_a_torn_line_is_cut() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        let (mut journal, records) = Journal::open(&path).unwrap();
        assert!(records.is_empty());
        journal.append(&debit("a")).unwrap();
        journal.append(&debit("b")).unwrap();
        drop(journal);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 5]).unwrap();
        let (mut journal, records) = Journal::open(&path).unwrap();
        assert_eq!(records, [debit("a")]);
        journal.append(&debit("c")).unwrap();
        assert_eq!(Journal::open(&path).unwrap().1, [debit("a"), debit("c")]);
    }
}
