//! What happens once: notices and files.

use std::sync::Arc;

use gridkey_domain::{BillId, Fen, PaymentId, PaymentState, Timestamp, arrears::ArrearsEvent};
use jiff::civil::Date;

use super::Problem;

/// Something that happens once, told to whoever listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppEvent {
    /// Something new to tell the person, as a desktop notification if it is wanted. It is also in
    /// [`super::Snapshot::notices`] until read; what was told in an earlier session is there only.
    Notice(Notice),
    /// A file to save.
    File(OutgoingFile),
    /// Something asked for was done, a stable word for a short message: `account-saved`, `settings-saved`, `pin-changed`,
    /// `key-renewed`, `acknowledged`, `queue-sent`, `cancelled`.
    Done(&'static str),
    /// Something asked for was not done.
    Failed(Problem),
    /// The program may end: the server was told and the key logged out.
    Quit,
}

/// Something the person should hear of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its place among the notices of this run.
    pub id: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What.
    pub kind: NoticeKind,
    /// Whether the person's settings ask for a desktop notification of it.
    pub notify: bool,
}

/// What a notice is about. Each kind has a screen that it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeKind {
    /// Arrears rose, fell or ended.
    Arrears(ArrearsEvent),
    /// A new electronic bill.
    Bill {
        /// The bill.
        bill: BillId,
        /// Its amount, fen.
        total: Fen,
        /// The last day to pay it without a late charge.
        due: Date,
    },
    /// A payment reached a state worth telling.
    Payment {
        /// The payment.
        payment: PaymentId,
        /// Its amount, fen.
        amount: Fen,
        /// Its state.
        state: PaymentState,
        /// Why, a stable word.
        reason: Option<String>,
        /// It had waited in the queue of this machine.
        queued: bool,
    },
    /// A message of the power company, plain text.
    Message {
        /// One line.
        title: String,
        /// The text.
        text: String,
    },
    /// Something about the customer's keys: `expiring`, `renewed`, `replaced`, `lost`, `unbound`, `bound`.
    Key {
        /// The word.
        event: String,
        /// The certificate's last second, where it matters.
        until: Option<Timestamp>,
    },
    /// Messages were missed for good; everything was asked for anew.
    Missed,
    /// No alarms come any more until the key is back and logged in.
    AlarmsPaused,
}

/// A file that the person asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingFile {
    /// A name to save it under, without a folder.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its content.
    pub content: Arc<[u8]>,
}
