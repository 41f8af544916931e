//! What every screen shows, as one value.

use std::collections::BTreeMap;

use gridkey_domain::{
    BillId, CustomerNo, Fen, PaymentId, Timestamp,
    account::Account,
    arrears::Arrears,
    bill::{Bill, BillSummary},
    payment::Transition,
    usage::{UsagePoint, UsageSummary},
};
use gridkey_protocol::ops::{account::Settings, alarms::Alarm};
use gridkey_token::Tries;

use super::{Notice, Preferences, Problem, Section, SeriesQuery};
use crate::{
    bill_check::Finding,
    client::{PayOutcome, PaymentView, RenewStep, VerifiedReceipt},
    queue::Caps,
};

/// Everything a face shows. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot {
    /// Where the person stands.
    pub gate: Gate,
    /// The keys plugged in, live.
    pub keys: Vec<KeyCard>,
    /// The set-up check.
    pub setup: Vec<Check>,
    /// The line to the server.
    pub connection: Connection,
    /// Why nothing is kept on this machine while this account is open: no order can wait here, and nothing is shown offline.
    pub store: Option<Problem>,
    /// When the server last said anything that was shown.
    pub synced: Option<Timestamp>,
    /// Who to turn to.
    pub company: Company,
    /// What this machine keeps.
    pub preferences: Preferences,
    /// Whose account is open.
    pub customer: Option<CustomerNo>,
    /// Name, meters, contact.
    pub account: Section<Account>,
    /// Language and notifications.
    pub settings: Section<Settings>,
    /// The running month.
    pub usage: Section<UsageSummary>,
    /// Stretches of history, as wanted.
    pub series: BTreeMap<SeriesQuery, Section<Vec<UsagePoint>>>,
    /// All bills, newest first.
    pub bills: Section<Vec<BillSummary>>,
    /// Bills with their lines, as wanted.
    pub bill: BTreeMap<BillId, Section<BillView>>,
    /// What is overdue.
    pub arrears: Section<Arrears>,
    /// How arrears came and went, newest first.
    pub alarms: Section<Vec<Alarm>>,
    /// All payments, newest first, the ones that wait here among them.
    pub payments: Section<Vec<PaymentItem>>,
    /// Payments in full, as wanted.
    pub payment: BTreeMap<PaymentId, Section<PaymentStory>>,
    /// What waits on this machine.
    pub queue: QueueView,
    /// The order being made.
    pub paying: Paying,
    /// The PIN being changed.
    pub pin_change: Doing,
    /// The open key's certificate being renewed.
    pub renewal: Renewal,
    /// Contact or address being changed.
    pub account_change: Doing,
    /// Settings being changed.
    pub settings_change: Doing,
    /// The queue being sent by hand.
    pub sending: Doing,
    /// A document or receipt being fetched.
    pub fetching: Doing,
    /// What the person has not seen yet, newest first.
    pub notices: Vec<Notice>,
}

/// Where the person stands, from the start of the program to the open account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Gate {
    /// The program has just started.
    #[default]
    Starting,
    /// The installation lacks something: see the set-up check.
    Broken(Problem),
    /// Waiting for a key to be plugged in, or chosen from several.
    Keys {
        /// Why the last key went, if it did not go in peace.
        problem: Option<Problem>,
    },
    /// A key is chosen; its PIN is asked for. The card is in [`Snapshot::keys`].
    Pin {
        /// The key.
        key: KeyId,
        /// What went wrong with the last attempt.
        problem: Option<Problem>,
    },
    /// The PIN was typed.
    Unlocking {
        /// The key.
        key: KeyId,
        /// What is being done.
        step: UnlockStep,
    },
    /// The issued PIN was right and must be replaced with an own one now.
    FirstPin {
        /// The key.
        key: KeyId,
        /// What went wrong with the last attempt.
        problem: Option<Problem>,
        /// A new one was sent to the key.
        busy: bool,
    },
    /// The account is open.
    Open {
        /// The key.
        key: KeyId,
    },
    /// The account is open behind a curtain: the session lives, the PIN lifts it.
    Locked {
        /// The key.
        key: KeyId,
        /// What went wrong with the last attempt.
        problem: Option<Problem>,
    },
}

/// What is being done between PIN and account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnlockStep {
    /// The key checks the PIN.
    Pin,
    /// The offline store is being opened.
    Store,
    /// The session is being set up.
    Session,
}

/// Names a key that is plugged in, for as long as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub String);

/// A key that is plugged in, as far as it can be read without a PIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyCard {
    /// Its name here.
    pub id: KeyId,
    /// The label given at initialisation.
    pub label: String,
    /// The serial number on the key.
    pub serial: String,
    /// Whose it is, if its certificate is one of this company.
    pub holder: Option<Holder>,
    /// The PIN tries left, as far as the key tells.
    pub tries: Tries,
    /// The PIN is still the issued one.
    pub must_change_pin: bool,
    /// The shortest and longest PIN, characters.
    pub pin_length: (usize, usize),
    /// Why it cannot be used.
    pub problem: Option<Problem>,
}

/// What a key's certificate says, verified up to the company root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The subject: the customer number.
    pub customer: String,
    /// The issuer's organisation.
    pub issuer: String,
    /// The certificate's serial number, hex.
    pub serial: String,
    /// Its first second.
    pub not_before: Timestamp,
    /// Its last second.
    pub not_after: Timestamp,
    /// From when it should be renewed: two thirds of its life.
    pub renew_from: Timestamp,
}

/// The line to the server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Connection {
    /// None, and none is under way.
    #[default]
    Offline,
    /// Under way.
    Connecting,
    /// Logged in.
    Online {
        /// Since when.
        since: Timestamp,
        /// The session's name, for support.
        session: String,
    },
    /// It failed and is tried again by itself.
    Waiting {
        /// When.
        until: Timestamp,
        /// What failed.
        problem: Problem,
    },
    /// It failed, and trying again does not mend it.
    Refused(Problem),
}

impl Connection {
    /// Whether the server can be asked now.
    pub const fn is_online(&self) -> bool {
        matches!(self, Self::Online { .. })
    }
}

/// Who to turn to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Company {
    /// The company's name, from its root certificate.
    pub name: Option<String>,
    /// The telephone number for lost keys and questions.
    pub support: Option<String>,
    /// The server's host and port.
    pub server: Option<String>,
}

/// One line of the set-up check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What is checked.
    pub item: CheckItem,
    /// What was found.
    pub state: CheckState,
}

/// What the set-up check looks at, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckItem {
    /// Server address and company root.
    Installation,
    /// The PKCS#11 module.
    Driver,
    /// The service for smart card readers.
    Reader,
    /// A key with a certificate of this company.
    Key,
    /// This machine's clock.
    Clock,
    /// The server.
    Server,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckState {
    /// Its turn has not come.
    Waiting,
    /// It is being looked at.
    Running,
    /// All well; a detail to show (a path, a name, a host), possibly empty.
    Ok(String),
    /// It does not matter here.
    NotNeeded,
    /// Something is wrong.
    Failed(Problem),
}

/// A bill with what the rules say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillView {
    /// The bill.
    pub bill: Bill,
    /// Where the bill departs from the tariff's rules, reckoned on this machine; empty if it is right.
    pub findings: Vec<Finding>,
}

/// A payment in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentItem {
    /// The payment.
    pub view: PaymentView,
    /// Until when it may be executed, if it was signed on this machine.
    pub not_after: Option<Timestamp>,
}

/// A payment in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentStory {
    /// The payment, with its bank page while pending.
    pub view: PaymentView,
    /// Every state it was in, oldest first.
    pub history: Vec<Transition>,
    /// Until when it may be executed, if it was signed on this machine.
    pub not_after: Option<Timestamp>,
    /// The receipt, verified, once paid.
    pub receipt: Option<VerifiedReceipt>,
    /// Why there is no receipt though it is paid.
    pub receipt_problem: Option<Problem>,
}

/// What waits on this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueView {
    /// The orders, oldest first.
    pub orders: Vec<PaymentItem>,
    /// The sum of what waits, fen.
    pub total: Fen,
    /// The limits.
    pub caps: Option<Caps>,
    /// How long a new order may be executed, seconds.
    pub order_seconds: i64,
}

/// The order being made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Paying {
    /// None.
    #[default]
    Idle,
    /// The key signs, the order is sent.
    Signing,
    /// It came about.
    Ended(PayOutcome),
    /// It did not.
    Failed(Problem),
}

/// Something under way that has no other result than being done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Doing {
    /// Nothing is under way.
    #[default]
    Idle,
    /// Under way.
    Busy,
    /// The last one failed.
    Failed(Problem),
}

/// Where the renewal of the open key's certificate stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Renewal {
    /// It is not due; see [`Holder::renew_from`].
    #[default]
    NotDue,
    /// Two thirds of the certificate's life are over.
    Due,
    /// The server invited to it.
    Offered {
        /// The certificate's last second.
        until: Option<Timestamp>,
    },
    /// Under way.
    UnderWay(RenewStep),
    /// The last try failed; unless the key is gone, the old certificate works as before and it may be tried again.
    Failed(Problem),
    /// The new certificate is in use.
    Done {
        /// Its last second.
        until: Timestamp,
    },
}

impl Renewal {
    /// Whether a person should begin it: it is due, or a try failed.
    pub const fn is_wanted(&self) -> bool {
        matches!(self, Self::Due | Self::Offered { .. } | Self::Failed(_))
    }

    /// Whether it is under way, so that nothing else may use key and store.
    pub const fn is_busy(&self) -> bool {
        matches!(
            self,
            Self::UnderWay(
                RenewStep::Pin | RenewStep::Pairs | RenewStep::Certify | RenewStep::Write | RenewStep::Store
            )
        )
    }
}
