//! What went wrong, told apart by what a person can do about it.

use gridkey_domain::{Fen, PaymentId, Timestamp};
use gridkey_protocol::CloseCode;
use gridkey_token::Tries;

/// Why something did not happen. Each has its own words on the screen (`problem-WORD`) and says what to do (`problem-WORD-do`);
/// the cause in full goes to the log. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The configuration lacks something or is wrong.
    Configuration(String),
    /// The PKCS#11 module is missing or does not start.
    Driver(String),
    /// No service for smart card readers runs.
    ReaderService,
    /// No key is plugged in.
    NoKey,
    /// The key was pulled out.
    KeyRemoved,
    /// Another program uses the key.
    KeyBusy,
    /// The key or its driver failed.
    KeyFailed(String),
    /// The key cannot be renewed by this program: its keys were made once and for all.
    KeyNotRenewable,
    /// The PIN is wrong; a try is spent.
    WrongPin(Tries),
    /// The PIN is not the one that opened the account; the key was not asked and counts nothing.
    WrongPinHere {
        /// How many more until the account is closed; none: it was closed.
        left: u32,
    },
    /// Only one try is left; none was spent.
    LastTry,
    /// No try is left.
    PinLocked,
    /// The PIN must be changed first.
    PinExpired,
    /// The key never got a PIN.
    PinNotSet,
    /// The PIN's length is outside what the key takes, in characters.
    PinLength {
        /// Shortest.
        min: usize,
        /// Longest.
        max: usize,
    },
    /// The key does not take this new PIN.
    PinRefused,
    /// The new PIN is the old one.
    PinSame,
    /// The key was logged out by another program.
    KeyLoggedOut,
    /// The key holds no certificate.
    NoCertificate,
    /// The key's certificate is not one of this company for a customer.
    CertificateUntrusted(String),
    /// The key is the company's and not a customer's: an administrator's.
    CertificateOtherKind,
    /// The certificate's time has not come, or this machine's clock is slow.
    CertificateNotYet(Timestamp),
    /// The certificate's time is over, or this machine's clock is fast.
    CertificateExpired(Timestamp),
    /// The server's certificate is out of its time, or this machine's clock is wrong.
    Clock,
    /// No network, or nobody answers at this address.
    Unreachable(String),
    /// Who answered is not the power company's server.
    ServerUntrusted(String),
    /// The server ended or refused the session.
    Closed(CloseCode),
    /// Server and program do not understand each other.
    Version,
    /// The connection ended or nothing came in time.
    ConnectionLost,
    /// There is no connection, and nothing about this was kept.
    Offline,
    /// The key was never logged in on this machine while connected.
    NeverLoggedIn,
    /// The offline store of this machine is damaged, full or held by another program.
    Store(String),
    /// The order is above the limit for one order.
    AboveCap {
        /// The order's amount, fen.
        amount: Fen,
        /// The limit, fen.
        cap: Fen,
    },
    /// The queue would be above its limit.
    AboveTotal {
        /// What waits already, fen.
        queued: Fen,
        /// The order's amount, fen.
        amount: Fen,
        /// The limit, fen.
        cap: Fen,
    },
    /// A payment for one of these bills has not ended.
    Unfinished(PaymentId),
    /// Nothing is left to pay.
    NothingOpen,
    /// What is to be paid makes no order: nothing, a bill twice, or too much.
    BadOrder,
    /// The bill's amount is not known offline.
    AmountUnknown,
    /// This key cannot keep anything on this machine.
    NoStore,
    /// It was sent and no answer came: it may have arrived, and is being asked about.
    OutcomeUnknown,
    /// It surely did not arrive and was given up; nothing is paid.
    GivenUp,
    /// It can no longer be withdrawn.
    NotCancellable,
    /// The payment has no receipt yet.
    NoReceipt,
    /// The receipt is not genuine.
    ReceiptForged(String),
    /// The server refused, with its word (`already-paid`, `bill-in-payment`, `amount-changed`, …).
    Refused(String),
    /// A file could not be written.
    File(String),
    /// Anything else; see the log.
    Internal(String),
}

impl Problem {
    /// The stable word, part of the message's name.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Configuration(_) => "configuration",
            Self::Driver(_) => "driver",
            Self::ReaderService => "reader-service",
            Self::NoKey => "no-key",
            Self::KeyRemoved => "key-removed",
            Self::KeyBusy => "key-busy",
            Self::KeyFailed(_) => "key-failed",
            Self::KeyNotRenewable => "key-not-renewable",
            Self::WrongPin(_) => "wrong-pin",
            Self::WrongPinHere { .. } => "wrong-pin-here",
            Self::LastTry => "last-try",
            Self::PinLocked => "pin-locked",
            Self::PinExpired => "pin-expired",
            Self::PinNotSet => "pin-not-set",
            Self::PinLength { .. } => "pin-length",
            Self::PinRefused => "pin-refused",
            Self::PinSame => "pin-same",
            Self::KeyLoggedOut => "key-logged-out",
            Self::NoCertificate => "no-certificate",
            Self::CertificateUntrusted(_) => "certificate-untrusted",
            Self::CertificateOtherKind => "certificate-other-kind",
            Self::CertificateNotYet(_) => "certificate-not-yet",
            Self::CertificateExpired(_) => "certificate-expired",
            Self::Clock => "clock",
            Self::Unreachable(_) => "unreachable",
            Self::ServerUntrusted(_) => "server-untrusted",
            Self::Closed(_) => "closed",
            Self::Version => "version",
            Self::ConnectionLost => "connection-lost",
            Self::Offline => "offline",
            Self::NeverLoggedIn => "never-logged-in",
            Self::Store(_) => "store",
            Self::AboveCap { .. } => "above-cap",
            Self::AboveTotal { .. } => "above-total",
            Self::Unfinished(_) => "unfinished",
            Self::NothingOpen => "nothing-open",
            Self::BadOrder => "bad-order",
            Self::AmountUnknown => "amount-unknown",
            Self::NoStore => "no-store",
            Self::OutcomeUnknown => "outcome-unknown",
            Self::GivenUp => "given-up",
            Self::NotCancellable => "not-cancellable",
            Self::NoReceipt => "no-receipt",
            Self::ReceiptForged(_) => "receipt-forged",
            Self::Refused(_) => "refused",
            Self::File(_) => "file",
            Self::Internal(_) => "internal",
        }
    }
}
