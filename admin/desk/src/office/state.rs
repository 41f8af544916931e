//! What every screen shows, as one value.

use std::collections::HashMap;

use gridkey_client::app::{Check, Company, Connection, KeyId, Preferences};
use gridkey_domain::{CustomerNo, PaymentId, Timestamp, bill::BillSummary, key::AdminRole};
use gridkey_protocol::{
    certificate::Purpose,
    frame::Role,
    ops::{
        AdminOp,
        admin::{
            audit::Verdict,
            bills::ArrearsLine,
            customers::{CustomerDetail, CustomerLine},
            keys::{KeyDetail, KeyLife},
            payments::PaymentLine,
            rights,
            sessions::LiveSession,
            status::Status,
        },
        alarms::Alarm,
        payments::PaymentDetail,
    },
};
use gridkey_token::Tries;

use super::{
    AuditLine, AuditQuery, Deed, Doing, Import, KeyName, KeyQuery, Making, Paged, PaymentQuery, Problem, Readers,
    Section,
};

/// Everything a face shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot {
    /// Where the person stands.
    pub gate: Gate,
    /// The keys plugged in at the gate, live: those that could be the administrator's.
    pub cards: Vec<AdminCard>,
    /// The set-up check.
    pub setup: Vec<Check>,
    /// The line to the server.
    pub connection: Connection,
    /// When the server last said anything that was shown.
    pub synced: Option<Timestamp>,
    /// Who to turn to.
    pub company: Company,
    /// What this machine keeps.
    pub preferences: Preferences,
    /// Who is inside.
    pub me: Option<Me>,
    /// The figures of the first screen.
    pub status: Section<Status>,
    /// Searches for customers, as wanted, by the text searched for.
    pub customers: HashMap<String, Section<Paged<CustomerLine>>>,
    /// Customers with their keys, as wanted.
    pub customer: HashMap<CustomerNo, Section<CustomerDetail>>,
    /// Customers' bills, as wanted, newest first.
    pub bills: HashMap<CustomerNo, Section<Paged<BillSummary>>>,
    /// How customers' arrears came and went, as wanted, newest first.
    pub alarms: HashMap<CustomerNo, Section<Paged<Alarm>>>,
    /// Lists of keys, as wanted.
    pub keys: HashMap<KeyQuery, Section<Paged<KeyDetail>>>,
    /// Keys with their lives, as wanted.
    pub key: HashMap<KeyName, Section<KeyLife>>,
    /// The live sessions, oldest first, all of them.
    pub sessions: Section<Vec<LiveSession>>,
    /// Customers in arrears, by number.
    pub arrears: Section<Paged<ArrearsLine>>,
    /// Lists of payments, as wanted.
    pub payments: HashMap<PaymentQuery, Section<Paged<PaymentLine>>>,
    /// Single payments with their histories, as wanted.
    pub payment: HashMap<PaymentId, Section<PaymentDetail>>,
    /// Stretches of the audit chain, as wanted, the newest entry first.
    pub audit: HashMap<AuditQuery, Section<Paged<AuditLine>>>,
    /// Whether the audit chain holds.
    pub verdict: Section<Verdict>,
    /// What was asked to be done, and what became of it; see [`Snapshot::doing`].
    pub deeds: HashMap<Deed, Doing>,
    /// Customers from a file.
    pub import: Import,
    /// The tokens in the readers, while a screen wants them or keys are made; never the administrator's own.
    pub readers: Readers,
    /// Keys being made.
    pub making: Option<Making>,
}

impl Snapshot {
    /// What became of `deed`; [`Doing::Idle`] if it was not asked for.
    pub fn doing(&self, deed: &Deed) -> &Doing {
        self.deeds.get(deed).unwrap_or(&Doing::Idle)
    }

    /// Whether somebody is inside whose role allows `op`. The server judges anew; this is for what is offered.
    pub fn may(&self, op: AdminOp) -> bool {
        self.me.as_ref().is_some_and(|me| me.may(op))
    }
}

/// Where the person stands, from the start of the program to the open desk.
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
    /// A key is chosen; its PIN is asked for. The card is in [`Snapshot::cards`].
    Pin {
        /// The key.
        key: KeyId,
        /// What went wrong with the last attempt. [`gridkey_client::app::Problem::LastTry`] asks to confirm the last try: send
        /// [`super::Command::Unlock`] again with `last_try`.
        problem: Option<Problem>,
    },
    /// The PIN was typed. While [`UnlockStep::Session`] lasts [`Snapshot::connection`] tells of the line, which is tried again by
    /// itself; [`super::Command::LogOut`] leaves.
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
    /// Inside; [`Snapshot::me`] is there.
    Open {
        /// The key.
        key: KeyId,
    },
    /// Inside behind a curtain: the session lives, the PIN lifts it.
    Locked {
        /// The key.
        key: KeyId,
        /// What went wrong with the last attempt.
        problem: Option<Problem>,
    },
}

/// What is being done between PIN and desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnlockStep {
    /// The key checks the PIN.
    Pin,
    /// The session is being set up.
    Session,
    /// The server is asked what this key may do.
    Rights,
}

/// A key that is plugged in, as far as it can be read without a PIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminCard {
    /// Its name here.
    pub id: KeyId,
    /// The label given at initialisation.
    pub label: String,
    /// The serial number on the key.
    pub serial: String,
    /// Whose it is, if its certificate is one of this company: an administrator's, or a customer's, which opens nothing here.
    pub holder: Option<CardHolder>,
    /// The PIN tries left, as far as the key tells.
    pub tries: Tries,
    /// The PIN is still the issued one.
    pub must_change_pin: bool,
    /// The shortest and longest PIN, bytes.
    pub pin_length: (usize, usize),
    /// Why it cannot be used.
    pub problem: Option<Problem>,
}

/// What a key's certificate says, verified up to the company root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardHolder {
    /// The name in the certificate: the post of an administrator, a customer's number.
    pub name: String,
    /// [`Purpose::Administrator`] or [`Purpose::UsbKey`].
    pub kind: Purpose,
    /// SHA-256 of the certificate: the key's name at the server.
    pub key: KeyName,
    /// The certificate's serial number, hex.
    pub serial: String,
    /// Its first second.
    pub not_before: Timestamp,
    /// Its last second.
    pub not_after: Timestamp,
}

impl CardHolder {
    /// Whether it is an administrator's.
    pub fn is_admin(&self) -> bool {
        self.kind == Purpose::Administrator
    }
}

/// The administrator inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// The name of the post.
    pub name: String,
    /// What it may do, as the server's binding says.
    pub role: AdminRole,
    /// The key.
    pub key: KeyName,
    /// The serial number of its token.
    pub token: String,
    /// The certificate's last second.
    pub not_after: Timestamp,
}

impl Me {
    /// Whether the role allows `op` at all.
    pub fn may(&self, op: AdminOp) -> bool {
        rights::may(self.role, op)
    }

    /// Whether the role makes keys of this kind.
    pub fn may_make(&self, whose: Role) -> bool {
        rights::may_issue(self.role, whose)
    }

    /// Whether the role ends `key`; never its own.
    pub fn may_end(&self, key: &KeyDetail) -> bool {
        key.key != self.key && rights::may_end(self.role, key.role)
    }
}
