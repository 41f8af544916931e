//! What a person, or the face on its behalf, asks for.

use gridkey_domain::{BillId, MeterId, PaymentId, account::AccountUpdate, usage::Resolution};
use gridkey_protocol::ops::account::SettingsUpdate;
use gridkey_token::Pin;
use jiff::civil::Date;

use super::{KeyId, Preference};
use crate::{client::PayRequest, queue::Intent};

/// A stretch of a meter's history.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesQuery {
    /// The meter.
    pub meter: MeterId,
    /// The first day, in Asia/Shanghai.
    pub from: Date,
    /// The last day, inclusive.
    pub to: Date,
    /// The step.
    pub resolution: Step,
}

/// The step of a [`SeriesQuery`], ordered so that a query can be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Quarter hours, as metered.
    QuarterHour,
    /// Hours.
    Hour,
    /// Days in Asia/Shanghai.
    Day,
    /// Months in Asia/Shanghai.
    Month,
}

impl From<Step> for Resolution {
    fn from(step: Step) -> Self {
        match step {
            Step::QuarterHour => Self::QuarterHour,
            Step::Hour => Self::Hour,
            Step::Day => Self::Day,
            Step::Month => Self::Month,
        }
    }
}

/// What a screen needs. Wanting a topic loads it and keeps it fresh: it is asked for again after a push that concerns it and
/// after a reconnect.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Name, meters, contact.
    Account,
    /// Language and notifications.
    Settings,
    /// The running month.
    Usage,
    /// All bills.
    Bills,
    /// One bill with its lines.
    Bill(BillId),
    /// A stretch of a meter's history.
    Series(SeriesQuery),
    /// What is overdue.
    Arrears,
    /// How arrears came and went.
    Alarms,
    /// All payments, the ones that wait here among them.
    Payments,
    /// One payment with its history, bank page and receipt.
    Payment(PaymentId),
}

/// A command. PINs in it are wiped when it is dropped.
#[derive(Debug, Clone)]
pub enum Command {
    /// Go through the set-up check again.
    CheckSetup,
    /// This key of those present.
    Choose(KeyId),
    /// Back from the PIN to the keys.
    BackToKeys,
    /// Unlock the chosen key, open the store, connect.
    Unlock {
        /// As typed.
        pin: Pin,
        /// The person was told that this is the last try, and wants it.
        last_try: bool,
    },
    /// Replace the issued PIN with an own one, at the gate that asks for it. The issued one was typed before.
    ChooseFirstPin {
        /// The new PIN.
        new: Pin,
    },
    /// Change the PIN of the open key.
    ChangePin {
        /// The PIN until now.
        old: Pin,
        /// The new PIN.
        new: Pin,
        /// As in [`Command::Unlock`].
        last_try: bool,
    },
    /// Renew the open key's certificate: new keys on the token, in place of the old ones.
    Renew {
        /// Typed for this: the key is opened for writing with it.
        pin: Pin,
    },
    /// Hide the screens; the session stays.
    Lock,
    /// Show the screens again.
    Reveal {
        /// As typed.
        pin: Pin,
    },
    /// The person is there: the idle time begins anew.
    Activity,
    /// End the session and log the key out.
    LogOut,
    /// Try to connect at once.
    Connect,
    /// A screen needs this.
    Want(Topic),
    /// Ask for this again, by hand.
    Refresh(Topic),
    /// Sign an order and send or queue it.
    Pay {
        /// What to pay.
        request: PayRequest,
        /// Now, or whenever the server can be reached.
        intent: Intent,
        /// Typed for this order: nothing is signed without it.
        pin: Pin,
    },
    /// Leave the outcome of the last order behind.
    ForgetPaying,
    /// Send what waits, now.
    SendQueue,
    /// Ask how a payment stands; while pending this fetches a fresh bank page.
    Confirm(PaymentId),
    /// Withdraw a payment.
    Cancel(PaymentId),
    /// Acknowledge an alarm.
    Acknowledge(String),
    /// Change contact or address.
    UpdateAccount(AccountUpdate),
    /// Change what the server keeps for every device.
    UpdateSettings(SettingsUpdate),
    /// Fetch a bill as a file; it comes as [`super::AppEvent::File`].
    Document {
        /// The bill.
        bill: BillId,
        /// The form: `csv`, `pdf`, …
        format: String,
    },
    /// Fetch a payment's signed receipt as a file; it comes as [`super::AppEvent::File`].
    ReceiptFile(PaymentId),
    /// The person has seen every notice.
    ReadNotices,
    /// Change what this machine keeps.
    Prefer(Preference),
    /// End the program in order: tell the server, log the key out.
    Quit,
}
