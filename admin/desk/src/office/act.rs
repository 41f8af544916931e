//! What is done, and what came of it. Each act is signed by the administrator's key and stands in the audit chain.

use gridkey_client::app::KeyId;
use gridkey_domain::{BillId, CustomerNo, PaymentId};
use gridkey_protocol::ops::{
    admin::{
        bills::{BillPushBody, BillPushed},
        customers::{CreateBody, CustomerDetail, UpdateBody},
        keys::{BindBody, EndBody, Ended, KeyDetail, ReplaceBody, Replaced},
        payments::RefundBody,
        sessions::CutBody,
    },
    payments::PaymentDetail,
};

use super::{KeyName, PinLetter, Problem, TokenId};

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Make a customer.
    CreateCustomer(CreateBody),
    /// Change a customer's contact or address.
    UpdateCustomer(UpdateBody),
    /// Hand an issued key to its holder.
    BindKey(BindBody),
    /// A key is given back.
    UnbindKey(EndBody),
    /// A key is reported lost.
    LoseKey(EndBody),
    /// A key's certificates are withdrawn.
    RevokeKey(EndBody),
    /// An issued key takes another's place.
    ReplaceKey(ReplaceBody),
    /// End a live session.
    CutSession(CutBody),
    /// Send a bill once more.
    PushBill(BillPushBody),
    /// Give a payment back.
    Refund(RefundBody),
    /// Save the audit entries of a case; they come as [`super::OfficeEvent::File`].
    Export(Case),
    /// Save the newest revocation list; it comes as [`super::OfficeEvent::File`].
    SaveCrl,
}

impl Act {
    /// The name under which it is followed. What has the same name is never done twice at once.
    pub fn deed(&self) -> Deed {
        match self {
            Self::CreateCustomer(body) => Deed::CreateCustomer(body.customer.clone()),
            Self::UpdateCustomer(body) => Deed::UpdateCustomer(body.customer.clone()),
            Self::BindKey(body) => Deed::Key(body.key),
            Self::UnbindKey(body) | Self::LoseKey(body) | Self::RevokeKey(body) => Deed::Key(body.key),
            Self::ReplaceKey(body) => Deed::Key(body.old),
            Self::CutSession(body) => Deed::CutSession(body.session.clone()),
            Self::PushBill(body) => Deed::PushBill(body.bill.clone()),
            Self::Refund(body) => Deed::Refund(body.payment),
            Self::Export(case) => Deed::Export(case.clone()),
            Self::SaveCrl => Deed::SaveCrl,
        }
    }
}

/// Which audit entries: at least one of the two.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Case {
    /// Entries that concern this customer.
    pub customer: Option<CustomerNo>,
    /// Entries that name this payment.
    pub payment: Option<PaymentId>,
}

/// The name under which an act is followed: what is done to what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Deed {
    /// A customer is made.
    CreateCustomer(CustomerNo),
    /// A customer is changed.
    UpdateCustomer(CustomerNo),
    /// A key is bound, ended or replaced (then the one that goes).
    Key(KeyName),
    /// A session is ended.
    CutSession(String),
    /// A bill is sent once more.
    PushBill(BillId),
    /// A payment is given back.
    Refund(PaymentId),
    /// A case is exported.
    Export(Case),
    /// The revocation list is saved.
    SaveCrl,
    /// The PIN of a token in the reader is set anew.
    Unblock(TokenId),
    /// The PIN of the administrator's own key is changed.
    ChangePin(KeyId),
}

/// Where an act stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Doing {
    /// Not asked for, or forgotten ([`super::Command::Forget`]).
    #[default]
    Idle,
    /// Under way; the same deed is not begun again meanwhile.
    Running,
    /// Done.
    Done(Outcome),
    /// Not done. With [`gridkey_client::app::Problem::OutcomeUnknown`] it may have been done all the same: look before repeating.
    Failed(Problem),
}

impl Doing {
    /// Whether it is under way.
    pub const fn is_running(&self) -> bool {
        matches!(self, Self::Running)
    }

    /// What went wrong, if it did.
    pub const fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Failed(problem) => Some(problem),
            _ => None,
        }
    }
}

/// What came of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The customer as it is now.
    Customer(Box<CustomerDetail>),
    /// The key as it is now.
    Bound(Box<KeyDetail>),
    /// The key's life is over; with the sessions that were cut and the orders that were refused.
    Ended(Box<Ended>),
    /// A key took another's place.
    Replaced(Box<Replaced>),
    /// The session is gone.
    Cut,
    /// The bill stands in the customer's stream.
    Pushed(BillPushed),
    /// The payment as it stands now.
    Refunding(Box<PaymentDetail>),
    /// A file was handed out under this name, with so many entries or bytes.
    File {
        /// Its name.
        name: String,
        /// Audit entries of a case, bytes of a revocation list.
        count: u64,
    },
    /// The token has a new PIN, which its holder must change.
    Unblocked(Box<PinLetter>),
    /// The PIN is changed.
    PinChanged,
}
